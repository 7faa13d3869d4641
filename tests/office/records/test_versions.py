"""Facts as they stand now and as they stood: the version in force of every key."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from tests.office.records.rows import MONDAY, facts, line, plain, record, visit

from almoner.core.tables import TABLES

HOUR = timedelta(hours=1)


def known(name: str, as_of: datetime | None = None, **restriction: object) -> pa.Table:
    from almoner.office.records.queries import table_known

    return table_known(name, as_of, **restriction)


def test_every_column_comes_back_as_it_was_recorded(office: Path, at: datetime) -> None:
    """Every kind of cell, blanks and odd characters among them, is read back the same."""
    odd = 'late, "traffic"\n\\.\n\\N\ttab\r\nend \\'
    record(
        "actuals",
        visit(minutes=35, comment=odd, units=150, actual_start_time=time(8, 5, 30), submitted=datetime(2026, 10, 12, 9, 30, 1)),
        visit("Ł2", date(2026, 12, 31), comment="\\N", start_time=time(23, 59)),
        visit("", outcome="missed", reason="NULL"),
        at=at,
    )
    record("contracts", {"contract_id": "C1", "provider_id": "V1", "service_type": "x", "basis": "actuals", "cap_at_planned": True}, at=at)
    expected = facts(
        "actuals",
        visit(minutes=35, comment=odd, units=150, actual_start_time=time(8, 5, 30), submitted=datetime(2026, 10, 12, 9, 30, 1)),
        visit("Ł2", date(2026, 12, 31), comment="\\N", start_time=time(23, 59)),
        visit("", outcome="missed", reason="NULL"),
    )
    found = known("actuals")
    assert found.schema == TABLES["actuals"].schema
    assert found.drop_columns(["row"]).equals(expected.drop_columns(["row"]))
    assert found.column("row").to_pylist() == [1, 2, 3]
    contract = known("contracts").to_pylist()[0]
    assert (contract["cap_at_planned"], contract["pays_last_day"], contract["cycle_anchor"]) == (True, True, date(2026, 4, 6))


def test_a_later_version_stands_and_the_past_can_be_asked_for(office: Path, at: datetime) -> None:
    record("lines", line(cost_code="old"), line("L2"), at=at)
    record("lines", line(cost_code="new"), at=at + HOUR)
    assert plain(known("lines"), "row", "line_id", "cost_code") == [(2, "L2", None), (3, "L1", "new")]
    assert plain(known("lines", at), "row", "line_id", "cost_code") == [(1, "L1", "old"), (2, "L2", None)]
    assert plain(known("lines", at + HOUR), "cost_code") == [(None,), ("new",)]
    assert known("lines", at - HOUR).num_rows == 0


def test_a_withdrawn_fact_is_gone_from_then_on_and_may_come_back(office: Path, at: datetime) -> None:
    record("lines", line(), line("L2"), at=at)
    record("lines", line(), at=at + HOUR, withdrawn=True)
    record("lines", line(cost_code="again"), at=at + 2 * HOUR)
    assert plain(known("lines", at + HOUR), "line_id") == [("L2",)]
    assert plain(known("lines"), "line_id", "cost_code") == [("L2", None), ("L1", "again")]


def test_blank_cells_of_a_key_are_equal_to_blank_cells(office: Path, at: datetime) -> None:
    policy = {"contract_id": "C1", "percent": 100_00, "valid_from": MONDAY}
    record("frustration_policy", policy, {**policy, "reason": "hospital"}, at=at)
    record("frustration_policy", {**policy, "percent": 50_00}, at=at)
    assert plain(known("frustration_policy"), "reason", "percent") == [("hospital", 100_00), (None, 50_00)]


def test_a_moment_entered_out_of_order_is_seen_from_its_own_moment(office: Path, at: datetime) -> None:
    record("lines", line(), at=at + HOUR)
    record("lines", line("L2"), at=at)
    assert plain(known("lines", at), "line_id") == [("L2",)]
    assert plain(known("lines", at + HOUR), "line_id") == [("L1",), ("L2",)]


@pytest.mark.parametrize("later_first", [False, True])
def test_of_two_submissions_of_a_visit_the_later_stands_in_whatever_order_they_came(office: Path, at: datetime, later_first: bool) -> None:
    early = visit(minutes=20, submitted=datetime(2026, 10, 6, 9, 0))
    late = visit(minutes=40, submitted=datetime(2026, 10, 7, 9, 0))
    for row in (late, early) if later_first else (early, late):
        record("actuals", row, visit("L2", minutes=5), at=at)
    assert plain(known("actuals"), "line_id", "delivered_minutes") == [("L1", 40), ("L2", 5)]


def test_a_submission_with_a_moment_beats_one_without(office: Path, at: datetime) -> None:
    record("actuals", visit(minutes=20, submitted=datetime(2026, 10, 6, 9, 0)), at=at)
    record("actuals", visit(minutes=40), at=at + HOUR)
    assert plain(known("actuals"), "delivered_minutes") == [(20,)]


def test_people_lines_and_days_restrict_what_is_read(office: Path, at: datetime) -> None:
    record("people", {"person_id": "P1"}, {"person_id": "P2"}, at=at)
    record("lines", line(), line("L2", person_id="P2"), line("L3", person_id="P2"), at=at)
    record("lines", line("L3", person_id="P1"), at=at + HOUR)
    record("actuals", visit(), visit(day=date(2026, 10, 12)), visit("L2"), visit("L3"), at=at)
    assert plain(known("people", people=["P2"]), "person_id") == [("P2",)]
    assert plain(known("lines", people=["P1"]), "line_id") == [("L1",), ("L3",)], "a line that moved to another person goes with them"
    assert plain(known("lines", at, people=["P1"]), "line_id") == [("L1",)]
    assert plain(known("lines", at, people=["P2"]), "line_id") == [("L2",), ("L3",)]
    assert plain(known("lines", people=["P2"]), "line_id") == [("L2",)]
    assert plain(known("actuals", people=["P1"]), "line_id") == [("L1",), ("L1",), ("L3",)]
    assert plain(known("actuals", lines=["L2"]), "line_id") == [("L2",)]
    assert plain(known("actuals", from_date=date(2026, 10, 6), until_date=date(2026, 10, 13)), "date") == [(date(2026, 10, 12),)]
    assert known("actuals", lines=[]).num_rows == 0


def test_the_tables_together_are_those_kept_as_versions(office: Path, at: datetime) -> None:
    from almoner.office.records.queries import tables_known

    record("lines", line(), at=at)
    tables = tables_known()
    assert set(TABLES) - set(tables) == {"prior_receipts"}
    assert {name: table.schema for name, table in tables.items()} == {name: TABLES[name].schema for name in tables}
    assert {name for name, table in tables.items() if table.num_rows} == {"lines"}


def test_what_a_run_looked_at_stays_all_that_was_known_then(office: Path, at: datetime) -> None:
    """A fact recorded after a run settled its moment is recorded later than it, whatever moment its writer gives."""
    from django.db import transaction

    from almoner.office.records.operations import fix_as_of

    with transaction.atomic():
        as_of = fix_as_of(at + HOUR)
    record("lines", line(), at=at)
    assert known("lines", as_of).num_rows == 0
    assert known("lines", as_of + timedelta(microseconds=1)).num_rows == 1


def test_facts_are_written_only_inside_a_transaction(office: Path, at: datetime) -> None:
    from almoner.office.records.operations import append_versions

    with pytest.raises(AssertionError, match="one transaction"):
        append_versions("lines", facts("lines", line()), by="clerk", at=at)


def test_the_tables_of_a_person_hold_what_hangs_on_their_lines_and_all_decisions(office: Path, at: datetime) -> None:
    from almoner.office.records.queries import tables_known

    contract = {"service_type": "home care", "basis": "actuals"}
    rate = {"element": "care", "unit": "hour", "rate": 250_000, "valid_from": MONDAY}
    account = {"sort_code": "010203", "account_number": "12345678", "account_name": "V", "valid_from": MONDAY}
    record("people", {"person_id": "P1"}, {"person_id": "P2"}, at=at)
    record("providers", {"provider_id": "V1", "name": "Oak"}, {"provider_id": "V2", "name": "Elm"}, at=at)
    record("bank_accounts", {"party_id": "V1", **account}, {"party_id": "V2", **account}, at=at)
    record(
        "contracts", {"contract_id": "C1", "provider_id": "V1", **contract}, {"contract_id": "C2", "provider_id": "V2", **contract}, at=at
    )
    record("rates", {"contract_id": "C1", **rate}, {"contract_id": "C2", **rate}, at=at)
    record("lines", line(), line("L2", person_id="P2", contract_id="C2"), at=at)
    record("actuals", visit(), visit("L2"), at=at)
    record("releases", {"code": "TOL", "reason": "x"}, {"code": "TOL", "person_id": "P2", "reason": "y"}, at=at)
    tables = tables_known(people=["P2"])
    counts = {name: table.num_rows for name, table in tables.items() if table.num_rows}
    assert counts == {
        "people": 1, "providers": 1, "bank_accounts": 1, "contracts": 1, "rates": 1, "lines": 1, "actuals": 1, "releases": 2,
    }  # fmt: skip
    assert plain(tables["rates"], "contract_id") == [("C2",)]
    assert plain(tables["bank_accounts"], "party_id") == [("V2",)]
    nobody = tables_known(people=[])
    assert {name for name, table in nobody.items() if table.num_rows} == {"releases"}


def test_many_versions_are_sorted_out_in_memory_as_the_database_would(office: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Superseded, resubmitted out of order, withdrawn, back again, keys with blanks: at every moment the same rows stand either way."""
    from almoner.office.records import queries

    rng = Random(7)
    for hour in range(12):
        visits = [
            visit(f"L{rng.randrange(3)}", MONDAY + timedelta(days=rng.randrange(3)), minutes=rng.randrange(60),
                  submitted=rng.choice([None, datetime(2026, 10, 12, rng.randrange(9, 12))]),
                  start_time=rng.choice([None, time(8), time(9)]))
            for _ in range(9)
        ]  # fmt: skip
        unlike = list({(v["line_id"], v["date"], v["start_time"], v["submitted_at"]): v for v in visits}.values())
        record("actuals", *unlike, at=at + hour * HOUR, withdrawn=hour % 4 == 3)
        record(
            "lines", *(line(f"L{n}", cost_code=str(hour)) for n in rng.sample(range(5), 2)), at=at + hour * HOUR, withdrawn=hour % 3 == 2
        )
    stood = 0
    for moment in [at + hour * HOUR for hour in range(12)]:
        for name, days in (("actuals", {}), ("actuals", {"from_date": MONDAY + timedelta(days=1)}), ("lines", {})):
            asked = known(name, moment, **days)
            with monkeypatch.context() as patch:
                patch.setattr(queries, "MANY", 0)
                assert known(name, moment, **days).equals(asked)
            stood += asked.num_rows
    assert stood > 100
