"""Holds: named alike in every run, released or upheld by a person with a reason, paid by the next run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, visit

THROUGH = MONDAY + timedelta(days=13)


@pytest.fixture
def held(office):
    """The week of 4 May on L1 claims twice its plan."""
    from almoner.office.runs.operations import draft_run, seal_run

    found_council()
    record("actuals", *({**visit("L1", MONDAY + timedelta(days=d), 120), "planned_minutes": 60} for d in range(7)), at=later(1))
    run = draft_run(book="payments", through=THROUGH, by="ann", at=later(2)).run
    seal_run(run=run, by="ann", at=later(3))
    return run


def the_hold():
    from almoner.office.runs.holds import open_holds

    (found,) = [hold for hold in open_holds() if hold.code == "TOL"]
    return found


def pay(hours):
    from almoner.office.runs.operations import draft_run, seal_run

    run = draft_run(book="payments", through=THROUGH, by="ann", at=later(hours)).run
    return seal_run(run=run, by="ann", at=later(hours + 1))


def test_a_hold_has_one_id_in_every_run_that_finds_it(held):
    from almoner.office.runs.queries import holds_of

    first = the_hold()
    second = pay(4)
    assert second.receipts == 0 and second.holds == 1
    assert the_hold().hold == first.hold and the_hold().run == second.run
    assert holds_of(held).column("hold_id").to_pylist() == [first.hold]
    assert first.amount_pence == 372_00, "both lines of the provider's week: 14 hours at £24 and 3 at £12"


def test_a_released_hold_is_paid_by_the_next_run_and_says_why(held):
    from almoner.office.runs.operations import release_hold
    from almoner.office.runs.queries import receipts_of

    release_hold(hold=the_hold().hold, reason="agreed with the social worker", by="bob", at=later(4))
    assert the_hold().decided == "released by bob: agreed with the social worker"
    sealed = pay(5)
    assert sealed.receipts_pence == 372_00 and sealed.holds == 0
    assert {row["kind"] for row in receipts_of(sealed.run).to_pylist()} == {"regular"}
    assert pay(7).receipts == 0


def test_an_upheld_hold_stays(held):
    from almoner.office.runs.operations import uphold_hold

    uphold_hold(hold=the_hold().hold, reason="not agreed", by="bob", at=later(4))
    assert the_hold().decided == "upheld by bob: not agreed"
    assert pay(5).receipts == 0


def test_a_release_is_void_once_more_is_submitted(held):
    from datetime import datetime

    from almoner.office.runs.operations import release_hold

    release_hold(hold=the_hold().hold, reason="agreed", by="bob", at=later(4))
    more = {**visit("L1", MONDAY, 200), "planned_minutes": 60, "submitted_at": datetime(2026, 6, 2, 9)}
    record("actuals", more, at=later(5))
    sealed = pay(6)
    assert sealed.receipts == 0 and sealed.holds == 1


def test_refusals_about_holds(held):
    from almoner.office.runs.operations import release_hold
    from almoner.office.runs.refusals import NoSuchHold, NotReleasable, ReasonMissing

    with pytest.raises(NoSuchHold):
        release_hold(hold="H-0000000000", reason="x", by="bob", at=later(4))
    with pytest.raises(ReasonMissing):
        release_hold(hold=the_hold().hold, reason="  ", by="bob", at=later(4))
    record("actuals", visit("L404", MONDAY), at=later(4))
    pay(5)
    from almoner.office.runs.holds import open_holds

    (unplaced,) = [hold for hold in open_holds() if hold.code == "UNP"]
    with pytest.raises(NotReleasable):
        release_hold(hold=unplaced.hold, reason="pay it", by="bob", at=later(7))


def test_actuals_of_an_unknown_line_are_paid_once_the_line_is_entered(held):
    from datetime import date

    record("actuals", visit("L404", MONDAY - timedelta(days=30)), at=later(4))
    assert pay(5).holds == 2
    assert pay(7).holds == 2, "still shown, though nothing changed"
    record("people", {"person_id": "P9"}, at=later(9))
    signed = {"authorised_on": date(2026, 1, 1), "agreed_on": date(2026, 1, 1)}
    line = {"line_id": "L404", "person_id": "P9", "contract_id": "K1", "element": "care", "start_date": MONDAY - timedelta(days=60)}
    record("lines", {**line, **signed}, at=later(9))
    assert pay(10).receipts_pence == 24_00


def test_an_authorisation_dated_ahead_is_paid_when_its_day_has_come_though_no_fact_changed(office):
    from datetime import date

    from almoner.office.runs.operations import draft_run, seal_run

    found_council()
    record("people", {"person_id": "P9"}, at=later(1))
    line = {"line_id": "L9", "person_id": "P9", "contract_id": "K2", "element": "bed", "start_date": MONDAY, "agreed_on": date(2026, 1, 1)}
    record("lines", {**line, "authorised_on": THROUGH + timedelta(days=5)}, at=later(1))
    first = draft_run(book="payments", through=THROUGH, by="ann", at=later(2)).run
    assert seal_run(run=first, by="ann", at=later(3)).holds == 2
    second = draft_run(book="payments", through=THROUGH + timedelta(days=7), by="ann", at=later(4)).run
    seal_run(run=second, by="ann", at=later(5))
    from almoner.office.runs.queries import receipts_like

    assert [row["amount_pence"] for row in receipts_like(run=second, line="L9").to_pylist()] == [700_00] * 3
