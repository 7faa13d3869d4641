"""A run reads as far back as it must, and no further for more years behind it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, rows, visit
from tests.office.runs.test_incremental import draft, result

SIGNED = {"authorised_on": MONDAY - timedelta(days=4000), "agreed_on": MONDAY - timedelta(days=4000)}
SEALED_THROUGH, THROUGH = MONDAY + timedelta(days=90), MONDAY + timedelta(days=118)


def seal(run, hours):
    from almoner.office.runs.operations import seal_run

    seal_run(run=run, by="ann", at=later(hours))


def nobody_in(line, days_later, **more):
    """A visit to which nobody opened, so many days after the council began."""
    return visit(line, MONDAY + timedelta(days=days_later), 0, planned_minutes=60, outcome="frustrated", **more)


def long_away():
    """Nobody opens to L1's visits from the 21st day on, every ninth day until the run before has passed: each is paid whole for 90 days."""
    found_council()
    record("frustration_policy", {"contract_id": "K1", "percent": 10_000, "max_days": 90, "valid_from": MONDAY})
    record("actuals", *(nobody_in("L1", day) for day in range(20, 90, 9)))


def paid_in_the_end(*days, hours):
    """What is posted for L1's last weeks when nobody opened on these days, by week; as a run of what is new says and one of everything."""
    record("actuals", *(nobody_in("L1", day) for day in days), at=later(hours))
    part, whole = draft("payments", THROUGH, hours + 1), draft("payments", THROUGH, hours + 1, full=True)
    assert [result(part, name) for name in ("receipts", "holds")] == [result(whole, name) for name in ("receipts", "holds")]
    return {(row["week"] - MONDAY).days: row["amount_pence"] for row in result(part, "receipts") if row["line_id"] == "L1"}


SAID = [datetime(2026, 7, 1, 9), datetime(2026, 7, 3, 9)]


@pytest.mark.parametrize(
    ("between", "paid"),
    [
        pytest.param([], {105: 24_00}, id="never in"),
        pytest.param([visit("L1", MONDAY + timedelta(days=50))], {105: 24_00, 112: 24_00}, id="in once"),
        pytest.param(
            [visit("L1", MONDAY + timedelta(days=50), submitted_at=SAID[0]), nobody_in("L1", 50, submitted_at=SAID[1])],
            {105: 24_00},
            id="in once, then said to have been away",
        ),
        pytest.param(
            [nobody_in("L1", 50, submitted_at=SAID[0]), visit("L1", MONDAY + timedelta(days=50), submitted_at=SAID[1])],
            {105: 24_00, 112: 24_00},
            id="away, then said to have been in",
        ),
        pytest.param(
            [visit("L1", MONDAY + timedelta(days=50), submitted_at=SAID[1]), nobody_in("L1", 50, submitted_at=SAID[0])],
            {105: 24_00, 112: 24_00},
            id="the earlier word recorded later",
        ),
    ],
)
def test_days_of_frustrated_visits_count_from_long_before(office, between, paid):
    long_away()
    for number, said in enumerate(between):
        record("actuals", said, at=later(1 + number))
    seal(draft("payments", SEALED_THROUGH, 4), 5)
    assert paid_in_the_end(106, 115, hours=6) == paid


def test_a_visit_withdrawn_long_ago_does_not_end_a_run_of_frustrated_ones(office):
    long_away()
    seen = visit("L1", MONDAY + timedelta(days=50))
    record("actuals", seen, at=later(1))
    record("actuals", seen, at=later(2), withdrawn=True)
    seal(draft("payments", SEALED_THROUGH, 4), 5)
    assert paid_in_the_end(106, 115, hours=6) == {105: 24_00}


def test_a_visit_only_now_said_to_be_frustrated_is_previewed_with_those_long_before(office):
    from almoner.office.runs.preview import preview_person

    long_away()
    said = [nobody_in("L1", day) for day in (106, 145)]
    week, through = MONDAY + timedelta(days=140), MONDAY + timedelta(days=146)
    shown = preview_person("P1", from_week=week, through=through, at=later(1), reported=rows("actuals", said[1]))
    record("actuals", *said, at=later(2))
    whole = [row for row in result(draft("payments", through, 3), "receipts") if row["line_id"] == "L1" and row["week"] == week]
    assert [row for row in shown.receipts.to_pylist() if row["line_id"] == "L1"] == whole == [], "more than 90 days"


def council_with(years):
    """Two people who have had care so long, one in weeks from Saturday, by the same carer, with a visit to a closed door each week,
    and decisions on holds of every week."""
    first = MONDAY - timedelta(days=364 * years)
    record("people", *({"person_id": person, "family_name": person} for person in ("P1", "P2")))
    record("providers", {"provider_id": "V1", "name": "Alder Care", "creditor_reference": "C1"})
    record(
        "contracts",
        *(
            {
                "contract_id": contract, "provider_id": "V1", "service_type": "home care", "basis": "actuals", "week_start": start,
                "cycle": "four_weekly",
            }
            for contract, start in (("K1", "monday"), ("K2", "saturday"))
        ),
    )  # fmt: skip
    rate = {"element": "care", "unit": "hour", "rate": 240000, "valid_from": first}
    record("rates", *({"contract_id": contract, **rate} for contract in ("K1", "K2")))
    record("frustration_policy", *({"contract_id": k, "percent": 5_000, "max_days": 3, "valid_from": first} for k in ("K1", "K2")))
    line = {"element": "care", "start_date": first, **SIGNED}
    record("lines", *({"line_id": f"L{n}", "person_id": f"P{n}", "contract_id": f"K{n}", **line} for n in (1, 2)))
    record("actuals", *visits(first, MONDAY + timedelta(days=28)))
    decided = {"code": "TOL", "decision": "release", "reason": "seen", "by": "ann", "at": datetime(2026, 6, 1)}
    weeks = [MONDAY - timedelta(days=7 * weeks) for weeks in range(52 * years)]
    whom = ({"person_id": "P1"}, {"line_id": "L1"}, {"person_id": "P1", "line_id": "L1"}, {"provider_id": "V1"})
    record("releases", *({**decided, **named, "week": week} for week in weeks for named in whom))


def visits(first, until):
    """Daily visits of one carer to both; on Thursdays one of them opens to nobody."""
    found = []
    for day in (first + timedelta(days=n) for n in range((until - first).days)):
        found.append(visit("L1", day, carer_id="C1"))
        door_shut = {"outcome": "frustrated", "delivered_minutes": 0} if day.isoweekday() == 4 else {}
        found.append(visit("L2", day, carer_id="C1", **{"start_time": time(10), **door_shut}))
    return found


def rows_read(years):
    """How many rows of each table a run reads that follows on such a council, after late words and a word corrected."""
    from almoner.office.runs.queries import draft_table

    council_with(years)
    seal(draft("payments", MONDAY + timedelta(days=27), 1), 2)
    record("actuals", *visits(MONDAY + timedelta(days=28), MONDAY + timedelta(days=56)), at=later(3))
    record("actuals", visit("L1", MONDAY - timedelta(days=60), 45, submitted_at=datetime(2026, 6, 1), carer_id="C1"), at=later(3))
    run = draft("payments", MONDAY + timedelta(days=55), 4)
    return {name: draft_table(run, "input", name).num_rows for name in ("actuals", "prior_receipts", "releases")}


@pytest.mark.parametrize("years", [1, 3])
def test_more_years_behind_are_not_more_to_read(office, years):
    assert rows_read(years) == {"actuals": 332, "prior_receipts": 40, "releases": 55}


def test_nothing_is_looked_up_by_running_through_all_there_is(office, monkeypatch):
    from django.db import connection

    from almoner.office.records import bulk, queries
    from almoner.office.runs import recent

    council_with(1)
    seal(draft("payments", MONDAY + timedelta(days=27), 1), 2)
    record("actuals", *visits(MONDAY + timedelta(days=28), MONDAY + timedelta(days=56)), at=later(3))
    plans = []

    def planned(select, columns, parameters=(), order=(), **packed):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET enable_seqscan = off")  # on every connection: some questions are asked side by side
            cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {select}", list(parameters))
            plans.extend(row[-1] for row in cursor.fetchall())
        return bulk.read_rows(select, columns, parameters, order, **packed)

    for module in (queries, recent):
        monkeypatch.setattr(module, "read_rows", planned)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    draft("payments", MONDAY + timedelta(days=55), 4)
    big = ("almoner_actuals", "almoner_receipts")
    looked_at = [plan for plan in plans if any(name in plan for name in (*big, "actuals_", "receipts_"))]
    assert len(looked_at) > 3
    through_all = [plan for plan in looked_at if plan.startswith("SCAN") or "Seq Scan" in plan or "PRIMARY KEY (rowid<?)" in plan]
    assert through_all == []
