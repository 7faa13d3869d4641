"""What a change is said to do before it is saved is what a run posts after it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import MONDAY, default, found_council, later, record, rows
from tests.office.runs.test_incremental import draft, result

from almoner.core.tables import TABLES

THROUGH = MONDAY + timedelta(days=13)


def pay(at):
    """Both weeks paid, in the three books."""
    from almoner.office.runs.operations import draft_run, seal_run

    for book in ("payments", "claims", "charges"):
        drafted = draft_run(book=book, through=THROUGH, by="priya", at=later(at))
        seal_run(run=drafted.run, by="priya", at=later(at))


def line(line_id, **changed):
    """A line as it stands, with something changed."""
    from almoner.office.records.queries import table_known

    known = next(row for row in table_known("lines", later(500)).to_pylist() if row["line_id"] == line_id)
    return {**{name: value for name, value in known.items() if name != "row"}, **changed}


def person(person_id, **changed):
    return {"person_id": person_id, "family_name": person_id, **changed}


CHANGES = {
    "a line ended a week earlier": lambda: ("P1", "lines", [line("L1", end_date=MONDAY + timedelta(days=6))]),
    "a shared line ended": lambda: ("P2", "lines", [line("L2", end_date=MONDAY + timedelta(days=6))]),
    "a dearer rate of its own": lambda: ("P1", "line_rates", [{"line_id": "L1", "rate": 252000, "unit": "hour", "valid_from": MONDAY}]),
    "a death": lambda: ("P1", "people", [person("P1", date_of_death=MONDAY + timedelta(days=9))]),
    "a death in a placement": lambda: ("P3", "people", [person("P3", date_of_death=MONDAY + timedelta(days=9))]),
    "a hospital stay": lambda: (
        "P1", "absences", [{"person_id": "P1", "kind": "hospital", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=3)}]
    ),
    "another provider's contract": lambda: ("P1", "lines", [line("L1", contract_id="K4")]),
    "a contribution": lambda: ("P3", "contributions", [{"person_id": "P3", "amount_per_week": 12_000, "valid_from": MONDAY}]),
}  # fmt: skip


def another_contract():
    contract = {"contract_id": "K4", "provider_id": "V2", "service_type": "home care", "basis": "actuals", "cycle": "four_weekly"}
    record("contracts", contract)
    record("rates", {"contract_id": "K4", "element": "care", "unit": "hour", "rate": 300_000, "valid_from": date(2026, 1, 5)})


@pytest.mark.parametrize("what", CHANGES)
def test_an_effect_is_what_a_run_posts_afterwards(office, what):
    from almoner.office.runs.effects import effect_of

    found_council()
    another_contract()
    pay(2)
    person_id, table, facts = CHANGES[what]()
    filled = [{**{c.name: default(c) for c in TABLES[table].columns}, **fact} for fact in facts]
    effect = effect_of([person_id], {table: rows(table, *filled)}, from_week=MONDAY, through=THROUGH, at=later(3))
    record(table, *filled, at=later(4))
    posted = {}
    for hours, book in enumerate(("payments", "claims", "charges"), 5):
        run = draft(book, THROUGH, hours)
        posted |= {(book, r["payee_id"], r["line_id"], r["week"]): r["amount_pence"] for r in result(run, "receipts")}
    said = {(r["book"], r["payee_id"], r["line_id"], r["week"]): r["difference_pence"] for r in effect.weeks.to_pylist()}
    assert said == posted and said, what
    assert all(r["then_pence"] - r["now_pence"] == r["difference_pence"] for r in effect.weeks.to_pylist())
    assert all(r["paid_pence"] == r["now_pence"] for r in effect.weeks.to_pylist()), "everything was paid, so now is what was paid"
    assert sum(effect.totals.values()) == sum(posted.values())
    assert all(r["taken_back_pence"] == max(0, r["paid_pence"] - max(0, r["then_pence"])) for r in effect.weeks.to_pylist())


def test_visits_after_an_earlier_end_are_said_to_be_held(office):
    from almoner.office.runs.effects import effect_of

    found_council()
    pay(2)
    ended = rows("lines", line("L1", end_date=MONDAY + timedelta(days=9)))
    effect = effect_of(["P1"], {"lines": ended}, from_week=MONDAY, through=THROUGH, at=later(3))
    assert {hold["code"] for hold in effect.holds.to_pylist()} == {"DAT"}
    second = next(row for row in effect.weeks.to_pylist() if row["line_id"] == "L1")
    assert (second["paid_pence"], second["then_pence"], second["visits"]) == (7 * 2400, 3 * 2400, 7)


def test_nothing_is_written_by_looking(office):
    from almoner.office.journal.queries import journal_head
    from almoner.office.records.queries import facts_head
    from almoner.office.runs.effects import effect_of

    found_council()
    before = facts_head(), journal_head()
    effect = effect_of(["P1"], {"people": rows("people", person("P1"))}, from_week=MONDAY, through=THROUGH, at=later(3))
    assert effect.weeks.num_rows == 0 and effect.totals == {} and (facts_head(), journal_head()) == before
