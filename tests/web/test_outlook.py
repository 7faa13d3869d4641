"""What a provider may expect is what the next run then posts, and it is worked out again when something concerns it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from tests.web.vale import NOW, SAGEGREEN, THORNFIELD, WEEK, delivered, record

COLUMNS = ("payee_id", "person_id", "line_id", "week", "kind", "amount_pence")


def looked(provider=SAGEGREEN, at=NOW):
    from almoner.office.runs.outlook import outlook

    return outlook(provider, at=at)


def posted(receipts, provider):
    return [tuple(row[name] for name in COLUMNS) for row in receipts.to_pylist() if row["payee_id"] == provider]


def paid(through, at):
    from almoner.office.runs.operations import draft_run, seal_run

    run = draft_run(book="payments", through=through, cycle="weekly", by="ann", at=at).run
    seal_run(run=run, by="ann", at=at)
    return run


@pytest.mark.parametrize("provider", [SAGEGREEN, THORNFIELD])
def test_what_is_expected_is_what_the_run_posts(pages, provider):
    from almoner.office.runs.queries import holds_of, payments_of, receipts_of

    at = NOW
    for week, change in ((WEEK, None), (WEEK + timedelta(days=7), _rate_from_april), (WEEK + timedelta(days=14), _end_in_april)):
        if change:
            change(at - timedelta(hours=1))
        expected = looked(provider, at).payments[0]
        assert expected.period.from_date == week
        run = paid(expected.period.last_day, at)
        assert posted(expected.receipts, provider) == posted(receipts_of(run), provider)
        held = [row["amount_pence"] for row in holds_of(run).to_pylist() if row["provider_id"] == provider]
        assert expected.held_pence == sum(held)
        due = {row["payee_id"]: row for row in payments_of(run).to_pylist()}.get(provider)
        assert expected.result.amount_pence == (due["amount_pence"] if due else 0)
        assert expected.result.carried_out_pence == (due["carried_out_pence"] if due else 0)
        at += timedelta(days=7)
    if provider == SAGEGREEN:
        assert expected.result.carried_out_pence < 0, "the story ends in a debt, and begins with a hold"


def _rate_from_april(at):
    record("rates", {"contract_id": "HC-EXACT", "element": "care", "unit": "hour", "rate": 252000, "valid_from": date(2026, 5, 25)}, at=at)


def _end_in_april(at):
    from almoner.office.records.queries import table_known

    row = next(row for row in table_known("lines").to_pylist() if row["line_id"] == "LN-204417")
    row.pop("row")
    record("lines", {**row, "end_date": date(2026, 5, 26)}, at=at)


def test_the_whole_week_held_for_tolerance_is_not_expected(pages):
    expected = looked().payments[0]
    assert [row["amount_pence"] for row in expected.holds.to_pylist() if row["code"] == "TOL"] == [209_10]
    assert {row["line_id"]: row["amount_pence"] for row in expected.receipts.to_pylist()} == {"LN-204417": 387_45}
    assert expected.receipts_pence == 387_45 and expected.period.pay_date == date(2026, 6, 16)


def test_weeks_nobody_told_of_are_worth_what_is_planned(pages):
    found = looked()
    awaited = [(row["line_id"], row["week"]) for row in found.awaited.to_pylist()]
    assert ("LN-204417", WEEK) in awaited and ("LN-204417", date(2026, 5, 25)) not in awaited
    assert ("LN-204710", WEEK) not in awaited and ("LN-204417", WEEK + timedelta(days=7)) not in awaited
    worth = {(row["line_id"], row["week"]): row for row in found.worth.to_pylist()}
    assert worth["LN-204417", WEEK]["payable_pence"] == 387_45
    assert worth["LN-204502", found.whole_weeks["LN-204502"]]["gross_pence"] == 86_10


def test_it_is_remembered_until_something_concerns_it(pages):
    first = looked()
    assert looked() is first
    elsewhere = delivered("LN-300001", WEEK, (9, 0, 60))
    record("actuals", *elsewhere, at=NOW + timedelta(minutes=1))
    assert looked(at=NOW + timedelta(minutes=2)) is first
    told = {"submitted_at": datetime(2026, 6, 8, 10), "delivered_minutes": 45}
    record("actuals", {"line_id": "LN-204417", "date": WEEK, "start_time": time(8), **told}, at=NOW + timedelta(minutes=3))
    again = looked(at=NOW + timedelta(minutes=4))
    assert again is not first and again.payments[0].held_pence > first.payments[0].held_pence
    assert again is looked(at=NOW + timedelta(minutes=5))


def test_a_run_that_is_sealed_changes_what_is_expected(pages):
    first = looked()
    paid(first.payments[0].period.last_day, NOW)
    after = looked(at=NOW + timedelta(minutes=1))
    assert after is not first and after.payments[0].period.from_date == WEEK + timedelta(days=7)
    assert after.payments[0].receipts_pence == 0 and after.payments[0].held_pence == 209_10
