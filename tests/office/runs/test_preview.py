"""One person's weeks worked out alone are what a run of everybody would post for that person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, rows, visit
from tests.office.runs.test_incremental import draft, entered, result


def plain(table):
    columns = [name for name in table.column_names if name not in ("cause", "message", "remedy")]
    return table.select(columns).to_pylist()


def alone(person, **more):
    from almoner.office.runs.preview import preview_person

    found = preview_person(person, **{"workings": False, **more})
    return plain(found.receipts), plain(found.holds)


def sharing_carers(tables):
    """People whose carers came to others too."""
    whose = {row["line_id"]: row["person_id"] for row in tables["lines"]}
    came: dict[str, set[str]] = {}
    for row in tables["actuals"]:
        if row.get("carer_id") and row["line_id"] in whose:
            came.setdefault(row["carer_id"], set()).add(whose[row["line_id"]])
    return sorted({person for people in came.values() if len(people) > 1 for person in people})


@pytest.mark.parametrize("book", ["payments", "charges"])
def test_a_person_alone_is_paid_as_among_all(office, book):
    tables, councils = entered(2)
    window = councils[0].window
    run = draft(book, window.last, 1)
    receipts, holds = result(run, "receipts"), result(run, "holds")
    from_week = window.first + timedelta(days=7)
    shared, people = sharing_carers(tables), sorted({row["person_id"] for row in tables["people"]})
    assert len(shared) > 5
    found = 0
    for person in sorted({*shared[:12], *people[::9]}):
        wanted = [[row for row in rows if row["person_id"] == person and row["week"] >= from_week] for rows in (receipts, holds)]
        posted, held = alone(person, book=book, from_week=from_week, through=window.last, at=later(2))
        assert (posted, [row for row in held if row["person_id"]]) == (wanted[0], wanted[1]), person
        found += len(wanted[0])
    assert found > 5


def test_a_carer_who_was_elsewhere_is_seen_however_long_ago(office):
    found_council()
    here, there = {"carer_id": "C1", "start_time": time(10)}, {"carer_id": "C1", "start_time": time(9, 30)}
    days = [MONDAY + timedelta(days=n) for n in (0, 45)]
    record("actuals", *(visit("L1", day, **here) for day in days), *(visit("L2", day, **there) for day in days), at=later(1))
    run = draft("payments", MONDAY + timedelta(days=48), 2)
    wanted = [row for row in result(run, "holds") if row["person_id"] == "P1"]
    doubled = [row["week"] for row in wanted if row["code"] == "DUP"]
    assert doubled == [MONDAY, MONDAY + timedelta(days=42)]
    posted, held = alone("P1", from_week=MONDAY, through=MONDAY + timedelta(days=48), at=later(3))
    assert held == wanted
    assert posted == [row for row in result(run, "receipts") if row["person_id"] == "P1"]


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


def test_a_whole_submission_is_previewed_as_it_would_be_paid(office):
    found_council()
    noon = {"carer_id": "C1", "submitted_at": datetime(2026, 6, 2, 9)}
    said = [
        visit("L2", MONDAY, 60, **{**noon, "start_time": time(12)}),
        visit("L1", MONDAY, 60, **{**noon, "start_time": time(12, 30)}),
        visit("L1", MONDAY + timedelta(days=1), 60, **{**noon, "start_time": time(12, 30), "carer_id": "C2"}),
        visit("L9", MONDAY, 60, **noon),
    ]
    whole = {"from_week": MONDAY, "through": MONDAY + timedelta(days=13)}
    before = alone("P1", at=later(1), reported=rows("actuals", *said), **whole)
    record("actuals", *said, at=later(2))
    run = draft("payments", whole["through"], 3)
    assert before == tuple([row for row in result(run, name) if row["person_id"] in ("P1", "")] for name in ("receipts", "holds"))
    assert {row["code"] for row in before[1]} == {"DUP", "UNP"}
    # Without what is reported of P2 the carer is nowhere else.
    assert {row["code"] for row in alone("P1", at=later(1), reported=rows("actuals", *said[1:3]), **whole)[1]} == set()


def test_receipts_brought_in_without_the_person_still_count(office):
    from almoner.office.runs.operations import import_prior_receipts

    found_council()
    prior = [
        {"book": "payments", "payee_id": "V1", "line_id": "L1", "week": MONDAY, "amount": 100_00},
        {"book": "charges", "payee_id": "P3", "week": MONDAY, "amount": 10_00},
    ]
    import_prior_receipts(rows("prior_receipts", *prior), by="ann", at=later(0))
    whole = {"from_week": MONDAY, "through": MONDAY + timedelta(days=6), "at": later(1)}
    paid, charged = alone("P1", **whole)[0], alone("P3", book="charges", **whole)[0]
    assert [(row["kind"], row["amount_pence"]) for row in paid if row["line_id"] == "L1"] == [("adjustment", 68_00)]
    assert [(row["kind"], row["amount_pence"]) for row in charged] == [("adjustment", 80_00)]


@pytest.mark.parametrize("through", [date(2033, 6, 5), date(9999, 12, 31)])
def test_days_nobody_knows_are_refused_in_drafts_and_previews(office, through):
    from almoner.office.records.models import Horizon
    from almoner.office.runs.operations import draft_run
    from almoner.office.runs.refusals import DaysNotKnown

    found_council()
    with pytest.raises(DaysNotKnown, match="Bank holidays are known from") as refused:
        draft_run(book="payments", through=through, by="ann", at=later(1))
    assert refused.value.code == "DAY-NOT-KNOWN" and not Horizon.objects.exists()
    with pytest.raises(DaysNotKnown):
        alone("P1", from_week=MONDAY, through=through, at=later(1))


def test_many_people_in_one_calculation_are_paid_as_among_all(office):
    from almoner.office.runs.preview import preview_people

    tables, councils = entered(2)
    window = councils[0].window
    run = draft("payments", window.last, 1)
    people = sorted({*sharing_carers(tables)[:6], *sorted({row["person_id"] for row in tables["people"]})[::4]})
    found = preview_people(people, from_week=window.first, through=window.last, at=later(2), workings=False)
    wanted = [
        [row for row in result(run, name) if row["person_id"] in people and row["week"] >= window.first] for name in ("receipts", "holds")
    ]
    assert [plain(found.receipts), [row for row in plain(found.holds) if row["person_id"]]] == wanted
    assert len(people) > 10 and len(wanted[0]) > 20 and wanted[1]
