"""One person's weeks worked out alone are what a run of everybody would post for that person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, rows, visit
from tests.office.runs.test_incremental import draft, entered, result


@pytest.mark.parametrize("book", ["payments", "charges"])
def test_a_person_alone_is_paid_as_among_all(office, book):
    from almoner.office.runs.preview import preview_person

    tables, councils = entered(2)
    window = councils[0].window
    whole = result(draft(book, window.last, 1), "receipts")
    from_week = window.first + timedelta(days=7)
    people = sorted({row["person_id"] for row in tables["people"]})
    found = 0
    for person in people[::4]:
        alone = preview_person(person, book=book, from_week=from_week, through=window.last, at=later(2), workings=False)
        columns = [name for name in alone.receipts.column_names if name != "cause"]
        wanted = [row for row in whole if row["person_id"] == person and row["week"] >= from_week]
        assert alone.receipts.select(columns).to_pylist() == wanted, person
        found += len(wanted)
    assert found > 5


def test_what_is_about_to_be_submitted_is_worked_out_before_it_is_recorded(office):
    from almoner.office.runs.preview import preview_person

    found_council()
    more = rows("actuals", visit("L1", MONDAY, 90, submitted_at=datetime(2026, 6, 2, 9)), visit("L1", MONDAY + timedelta(days=14)))
    whole = {"from_week": MONDAY, "through": MONDAY + timedelta(days=20), "at": later(1)}
    before, after = preview_person("P1", **whole), preview_person("P1", reported=more, **whole)

    def paid(reckoned):
        return {row["week"]: row["amount_pence"] for row in reckoned.receipts.to_pylist() if row["line_id"] == "L1"}

    first, third = MONDAY, MONDAY + timedelta(days=14)
    assert paid(before) == {first: 168_00, MONDAY + timedelta(days=7): 168_00}
    assert paid(after) == {**paid(before), first: 180_00, third: 24_00}
    assert after.workings["days"].num_rows > 0
