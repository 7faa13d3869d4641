"""Which ids and days the facts recorded in a stretch of time speak about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.office.records.rows import MONDAY, line, plain, record, visit

HOUR = timedelta(hours=1)


def changed(after: datetime, until: datetime, *columns: str) -> list[tuple[Any, ...]]:
    from almoner.office.records.queries import changed_between

    return sorted(plain(changed_between(after, until), "table_name", *columns), key=str)


def test_only_what_was_recorded_in_that_time(office: Path, at: datetime) -> None:
    record("lines", line(), at=at)
    record("lines", line("L2"), at=at + HOUR)
    record("lines", line("L3"), at=at + 2 * HOUR)
    record("lines", line("L4"), at=at + 3 * HOUR)
    assert changed(at, at + 2 * HOUR, "line_id") == [("lines", "L2"), ("lines", "L3")]
    assert changed(at + 3 * HOUR, at + 9 * HOUR, "line_id") == []


def test_the_version_before_says_its_ids_and_days_too(office: Path, at: datetime) -> None:
    record("lines", line(end_date=date(2026, 12, 1)), line("L2"), at=at)
    record("lines", line(person_id="P2", start_date=date(2026, 11, 2)), at=at + HOUR, by="other")
    columns = ("line_id", "person_id", "contract_id", "first_day", "last_day", "recorded_by", "recorded_on")
    assert changed(at, at + HOUR, *columns) == [
        ("lines", "L1", "P1", "C1", MONDAY, date(2026, 12, 1), "other", date(2026, 11, 2)),
        ("lines", "L1", "P2", "C1", date(2026, 11, 2), None, "other", date(2026, 11, 2)),
    ]


def test_each_table_names_the_days_it_speaks_about(office: Path, at: datetime) -> None:
    tuesday, week = MONDAY + timedelta(days=1), timedelta(days=7)
    account = {"party_id": "V1", "sort_code": "010203", "account_number": "12345678", "account_name": "V", "valid_from": MONDAY}
    record("actuals", visit(day=tuesday), visit(day=tuesday, kind="week", start_time=None), at=at)
    record("absences", {"person_id": "P1", "kind": "hospital", "first_day": MONDAY, "last_day": MONDAY + week}, at=at)
    record("rates", {"contract_id": "C1", "element": "care", "unit": "hour", "rate": 1, "valid_from": MONDAY}, at=at)
    record("people", {"person_id": "P1", "date_of_death": tuesday}, at=at)
    record("bank_accounts", account, at=at)
    columns = ("person_id", "line_id", "contract_id", "provider_id", "first_day", "last_day")
    assert changed(at - HOUR, at, *columns) == [
        ("absences", "P1", None, None, None, MONDAY, MONDAY + week),
        ("actuals", None, "L1", None, None, tuesday, tuesday),
        ("actuals", None, "L1", None, None, tuesday - timedelta(days=6), tuesday + timedelta(days=6)),
        ("bank_accounts", None, None, None, "V1", MONDAY, None),
        ("people", "P1", None, None, None, None, None),
        ("rates", None, None, "C1", None, MONDAY, None),
    ]


def test_the_recorders_day_is_the_local_one(office: Path) -> None:
    """Half past eleven at night in summer, UTC, is the next day here."""
    from datetime import UTC

    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    record("lines", line(), at=late)
    assert changed(late - HOUR, late, "recorded_on") == [("lines", date(2026, 7, 2))]


def test_nothing_changed_is_an_empty_table(office: Path, at: datetime) -> None:
    from almoner.office.records.queries import CHANGES, changed_between

    assert changed_between(at, at + HOUR).equals(CHANGES.empty_table())
