"""Many rates at once: what an uplift is said to do is what the runs post, and one that was mistyped does not pass unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.office.changes.test_changes import MIA, OLA, authorise, other_provider, pay_all, they_post_what_was_said
from tests.office.runs.little import MONDAY, found_council, later, record

from almoner.office.changes.kinds import Uplift

SECOND_WEEK = MONDAY + timedelta(days=7)


def propose(change, hours=3):
    from almoner.office.changes.operations import propose_change

    return propose_change(change=change, reason="The year's uplift.", evidence="Cabinet, 3 March", at=later(hours), **MIA)


def own_rate():
    """L4 has a rate of its own."""
    record("line_rates", {"line_id": "L4", "rate": 130_000, "unit": "hour", "valid_from": MONDAY})


UPLIFTS = {
    # Through the last day of May: a week reported of L1 and L2, three planned of L4 and in the placement.
    # 24.60: twice seven visits of an hour at 24.00 raised by 2.5% to 24.60, paid by two lines.
    "a service": (Uplift(SECOND_WEEK, service="home care", basis_points=250), 2 * 7 * 60),
    "a contract": (Uplift(SECOND_WEEK, contract_id="K1", basis_points=333), 2 * 7 * 80),
    "a placement from mid-week": (Uplift(SECOND_WEEK + timedelta(days=2), contract_id="K2", basis_points=100), 500 + 2 * 700),
    "lines by a percentage": (Uplift(SECOND_WEEK, lines=(("L1", None),), basis_points=250), 7 * 60),
    "lines to rates": (Uplift(SECOND_WEEK, lines=(("L1", 250_000), ("L4", 140_000))), 7 * 100 + 3 * 3 * 100),
    "a rate of the line's own": (Uplift(SECOND_WEEK, service="day care", basis_points=1_000), 3 * 3 * 130),
}


@pytest.mark.parametrize("what", UPLIFTS)
def test_what_an_uplift_is_said_to_do(office, what):
    found_council()
    other_provider()
    own_rate()
    change, difference = UPLIFTS[what]
    order = propose(change)
    assert order.steps[0].effect["payments"] == difference and order.line_id == order.person_id == ""


def test_what_uplifts_say_the_runs_of_the_three_books_then_post(office):
    found_council()
    other_provider()
    own_rate()
    pay_all(2)
    they_post_what_was_said(replace(change, second_reason="One upon another.") for change, _ in UPLIFTS.values())


def test_a_mistyped_percentage_is_refused_without_a_second_reason_and_marked_line_by_line(office):
    from almoner.office.changes.consequences import consequence_of
    from almoner.office.changes.queries import orders
    from almoner.office.changes.refusals import OverTheLimit
    from almoner.office.changes.uplift_lines import over_the_limit, uplift_lines

    found_council()
    mistyped = Uplift(SECOND_WEEK, service="home care", basis_points=3_000)
    with pytest.raises(OverTheLimit):
        propose(mistyped)
    assert orders() == []
    found = consequence_of(mistyped, later(3))
    assert over_the_limit(found, later(3)) == "All 2 lines change by more than 10%, or fall."
    rows = uplift_lines(found, later(3))
    assert [(row["line_id"], row["before"], row["after"], row["percent"], row["outlier"]) for row in rows] == [
        (line, "£24.00 an hour", "£31.20 an hour", "30%", "▲ Outlier: more than 10% more") for line in ("L1", "L2")
    ]
    assert propose(Uplift(SECOND_WEEK, service="home care", basis_points=3_000, second_reason="Three years at once.")).state == "waiting"


def test_outliers_come_first_and_a_fall_is_one(office):
    from almoner.office.changes.consequences import consequence_of
    from almoner.office.changes.uplift_lines import uplift_lines

    found_council()
    change = Uplift(SECOND_WEEK, lines=(("L1", 246_000), ("L2", 239_000)))
    rows = uplift_lines(consequence_of(change, later(3)), later(3))
    assert [(row["line_id"], row["percent"], row["outlier"]) for row in rows] == [
        ("L2", "−0.41%", "▲ Outlier: the rate falls"),
        ("L1", "2.5%", ""),
    ]


def test_the_limit_of_the_day_holds(office):
    from almoner.office.changes.operations import set_limit
    from almoner.office.changes.refusals import OverTheLimit

    found_council()
    today = later(3).date()
    assert set_limit(name="uplift", value=200, from_date=today, reason="A quiet year.", by="sue", at=later(2.5))
    assert not set_limit(name="uplift", value=200, from_date=today, reason="Pressed twice.", by="sue", at=later(2.6))
    with pytest.raises(OverTheLimit) as refused:
        propose(Uplift(SECOND_WEEK, service="home care", basis_points=250))
    assert "more than 2%" in refused.value.message
    assert set_limit(name="uplift_week", value=50, from_date=today, reason="A quiet year.", by="sue", at=later(2.7))
    with pytest.raises(OverTheLimit) as refused:
        propose(Uplift(SECOND_WEEK, service="day care", basis_points=150))
    assert refused.value.message == "A week would cost £0.54 more, and the limit is £0.50."


def test_rates_between_two_others_end_the_one_before_and_leave_the_one_after(office):
    from almoner.office.records.queries import table_known

    found_council()
    later_on = MONDAY + timedelta(days=21)
    record("rates", {"contract_id": "K1", "element": "care", "unit": "hour", "rate": 240_000, "valid_from": date(2026, 1, 5),
                     "valid_to": later_on - timedelta(days=1)},
           {"contract_id": "K1", "element": "care", "unit": "hour", "rate": 250_000, "valid_from": later_on}, at=later(1))  # fmt: skip
    authorise(propose(Uplift(SECOND_WEEK, contract_id="K1", basis_points=250)))
    rates = [
        (row["rate"], row["valid_from"], row["valid_to"])
        for row in table_known("rates", later(5)).sort_by("valid_from").to_pylist()
        if row["contract_id"] == "K1"
    ]
    assert rates == [
        (240_000, date(2026, 1, 5), SECOND_WEEK - timedelta(days=1)), (246_000, SECOND_WEEK, later_on - timedelta(days=1)),
        (250_000, later_on, None),
    ]  # fmt: skip


REFUSED = {
    "no such contract": ("ChangeRefused", Uplift(SECOND_WEEK, contract_id="K9", basis_points=100)),
    "no such line": ("ChangeRefused", Uplift(SECOND_WEEK, lines=(("L9", 1),))),
    "the rate it has": ("NothingChanges", Uplift(SECOND_WEEK, lines=(("L1", 240_000),))),
    "rounded to nothing": ("NothingChanges", Uplift(SECOND_WEEK, contract_id="K1", basis_points=1, step=1000)),
    "several prices": ("ChangeRefused", Uplift(SECOND_WEEK, lines=(("L3", 7_100_000),))),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_uplift_that_cannot_be_is_refused_in_a_sentence(office, what):
    from almoner.office.changes import refusals

    found_council()
    record("rates", {"contract_id": "K2", "element": "bed", "unit": "week", "day_type": "bank_holiday", "rate": 1, "valid_from": MONDAY})
    name, change = REFUSED[what]
    with pytest.raises(getattr(refusals, name)) as refused:
        propose(change)
    assert refused.value.remedy.endswith(".")


def test_the_same_uplift_twice_is_one_order_and_its_proposer_does_not_authorise_it(office):
    from almoner.office.changes.operations import authorise_change
    from almoner.office.changes.refusals import OwnChange

    found_council()
    change = Uplift(SECOND_WEEK, service="home care", basis_points=250)
    order = propose(change)
    assert propose(change, hours=3.5).number == order.number
    with pytest.raises(OwnChange):
        authorise_change(number=order.number, shown=dict(order.steps[0].effect), at=later(4), **MIA)
    assert authorise_change(number=order.number, shown=dict(order.steps[0].effect), at=later(4), **OLA).state == "in_force"
