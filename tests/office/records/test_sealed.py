"""What was recorded cannot be changed: the databases refuse it, and what gets past them shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from tests.office.records.rows import MONDAY, line, record, visit

from almoner.core.tables import TABLES


def execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def messages() -> list[str]:
    from almoner.office.records.queries import troubles_in_facts

    return [f"{trouble.where} {trouble.message}" for trouble in troubles_in_facts()]


@contextmanager
def unsealed(table: str) -> Iterator[None]:
    """Behind the application's back: the triggers taken away and put back."""
    from django.db import connection

    from almoner.office.records.sealing import opening_statements, sealing_statements

    for statement in opening_statements(table, connection.vendor):
        execute(statement)
    yield
    for statement in sealing_statements(table, connection.vendor):
        execute(statement)


@pytest.fixture
def recorded(office: Path, at: datetime) -> None:
    record("lines", line(), line("L2"), line("L3"), at=at)
    record("actuals", visit(), visit("L2"), at=at)
    record("lines", line("L4"), at=at)
    assert messages() == []


CHANGES = [
    "UPDATE almoner_lines SET cost_code = 'x'",
    "UPDATE almoner_lines SET cost_code = cost_code WHERE version = 1",
    "DELETE FROM almoner_lines WHERE version = 2",
    "DELETE FROM almoner_recordings",
    "UPDATE almoner_recordings SET recorded_by = 'another'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_recorded_row_refuses_every_change(recorded: None, change: str) -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="sealed: rows are added, never changed"):
        execute(change)
    assert messages() == []


def test_neither_replacing_nor_truncating_gets_past(recorded: None) -> None:
    from django.db import DatabaseError, connection

    replace = f"INSERT OR REPLACE INTO almoner_journal VALUES (1, 'x', 'x', '{MONDAY}', 'x', '{{}}', 1, 'x')"
    truncate = "TRUNCATE almoner_lines CASCADE"
    from django.db import transaction

    from almoner.office.journal.operations import write

    with transaction.atomic():
        write(act="act", by="clerk", at=datetime.fromisoformat("2026-11-02T09:00:00+00:00"), subject="s")
    with pytest.raises(DatabaseError, match="sealed"):
        execute(replace if connection.vendor == "sqlite" else truncate)
    columns = 'number, act, "by", at, subject, summary, form, sha256'
    upsert = f"INSERT INTO almoner_journal ({columns}) VALUES (1, 'x', 'x', '2026-11-02', 'x', '{{}}', 1, 'x') "
    with pytest.raises(DatabaseError, match="sealed"):
        execute(upsert + "ON CONFLICT (number) DO UPDATE SET act = 'changed'")


def test_every_table_of_versions_is_sealed_and_every_other_that_should_be(office: Path) -> None:
    from django.db import connection

    from almoner.office.records.sealing import sealed_tables
    from almoner.office.records.versions import VERSIONED, database_table

    sealed = sealed_tables(connection)
    assert set(VERSIONED) == set(TABLES) - {"prior_receipts"}
    assert {database_table(name) for name in VERSIONED} <= sealed
    others = {"import_batches", "imported_files", "imported_tables", "import_findings", "recordings", "journal", "idempotency_keys"}
    assert {f"almoner_{name}" for name in others} <= sealed
    assert "almoner_horizon" not in sealed


def test_the_models_are_the_migrations(office: Path) -> None:
    from django.core.management import call_command

    call_command(
        "makemigrations", "records", "journal", "parties", "people", "care", "actuals", "funding", "charging", check=True, dry_run=True
    )


@pytest.mark.parametrize(
    ("cells", "why"),
    [({"weekday": "someday"}, "a day not on the list"), ({"minutes": -1}, "negative minutes"), ({"carers": 21}, "too many carers")],
)
def test_the_database_itself_refuses_impossible_cells(office: Path, at: datetime, cells: dict[str, object], why: str) -> None:
    from datetime import time

    from django.db import IntegrityError

    row = {"line_id": "L1", "weekday": "monday", "start_time": time(8, 0), "minutes": 30, "valid_from": MONDAY, **cells}
    with pytest.raises(IntegrityError):
        record("schedule", row, at=at)


BEHIND = {
    "altered": ("almoner_lines", "UPDATE almoner_lines SET cost_code = 'x' WHERE version = 2", "lines 1 to 3 differs"),
    "its recorder altered": ("almoner_lines", "UPDATE almoner_lines SET recorded_by = 'x' WHERE version = 4", "lines 4 to 4 differs"),
    "its moment altered": (
        "almoner_lines",
        "UPDATE almoner_lines SET recorded_at = '2026-11-02 09:00:01' WHERE version = 4",
        "lines 4 to 4 differs",
    ),
    "withdrawn": ("almoner_actuals", "UPDATE almoner_actuals SET withdrawn = true WHERE version = 2", "actuals 1 to 2 differs"),
    "removed": ("almoner_lines", "DELETE FROM almoner_lines WHERE version = 3", "lines 1 to 3 differs"),
    "the last removed": ("almoner_lines", "DELETE FROM almoner_lines WHERE version = 4", "lines 4 to 4 differs"),
    "renumbered": (
        "almoner_lines",
        "UPDATE almoner_lines SET version = 9 WHERE version = 4",
        "lines has 1 versions that no recording speaks of",
    ),
    "a recording removed": ("almoner_recordings", "DELETE FROM almoner_recordings WHERE number = 2", "recording 2 is missing"),
    "a recording altered": (
        "almoner_recordings",
        "UPDATE almoner_recordings SET recorded_by = 'x' WHERE number = 3",
        "lines 4 to 4 differs",
    ),
    "a recording forged": ("almoner_recordings", "UPDATE almoner_recordings SET sha256 = 'x' WHERE number = 1", "lines 1 to 3 differs"),
}


@pytest.mark.parametrize("how", BEHIND)
def test_what_is_changed_behind_the_back_shows(recorded: None, how: str) -> None:
    table, statement, expected = BEHIND[how]
    with unsealed(table):
        execute(statement)
    assert any(expected in message for message in messages()), messages()


def test_rows_that_were_swapped_show(recorded: None) -> None:
    with unsealed("almoner_lines"):
        for old, new in ((1, 99), (2, 1), (99, 2)):
            execute(f"UPDATE almoner_lines SET version = {new} WHERE version = {old}")
    assert any("lines 1 to 3 differs" in message for message in messages())


def test_an_added_row_shows(recorded: None) -> None:
    from django.db import connection

    copied = "line_id, person_id, contract_id, element, start_date, chargeable, recorded_at, recorded_by, withdrawn"
    execute(f"INSERT INTO almoner_lines (version, {copied}) SELECT 5, {copied} FROM almoner_lines WHERE version = 1")
    assert connection.vendor in ("sqlite", "postgresql")
    assert messages() == ["lines has 1 versions that no recording speaks of"]


def test_a_removed_last_recording_shows_against_the_head_kept_elsewhere(recorded: None) -> None:
    from almoner.office.records.queries import facts_head

    head = facts_head()
    with unsealed("almoner_recordings"), unsealed("almoner_lines"):
        execute("DELETE FROM almoner_recordings WHERE number = 3")
        execute("DELETE FROM almoner_lines WHERE version = 4")
    assert messages() == []
    assert facts_head() != head
