"""What frustrated visits and absences pay from a day on: said in pounds first, put in force by a second person, paid by the next run."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.changes.test_changes import MIA, pay_all, they_post_what_was_said
from tests.office.runs.little import MONDAY, found_council, later, record, visit

from almoner.office.changes.kinds import Policy

SECOND_WEEK = MONDAY + timedelta(days=7)


def propose(change, hours=3):
    from almoner.office.changes.operations import propose_change

    return propose_change(change=change, reason="As agreed with providers.", evidence="Minutes", at=later(hours), **MIA)


def happened():
    """Two frustrated visits in each week, a hospital stay in the second, and what it pays so far."""
    told = {"outcome": "frustrated", "reason": "no reply", "delivered_minutes": None}
    days = [MONDAY + timedelta(days=n) for n in (1, 2, 8, 9)]
    record("actuals", *({**visit("L1", day), **told} for day in days))
    record("absences", {"person_id": "P3", "kind": "hospital", "first_day": SECOND_WEEK, "last_day": SECOND_WEEK + timedelta(days=3)})
    record("frustration_policy", {"contract_id": "K1", "reason": "no reply", "percent": 10_000, "valid_from": date(2026, 1, 5)})


POLICIES = {
    "frustrated, half": (Policy("frustrated", SECOND_WEEK, "no reply", 5_000, service="home care"), -2 * 1200),
    "frustrated, for a day": (Policy("frustrated", MONDAY, "no reply", 10_000, 1, contract_id="K1"), -2 * 2400),
    "another reason": (Policy("frustrated", MONDAY, "in hospital", 0, service="home care"), None),
    # Four of seven days away, at half of £100.00 a day.
    "hospital": (Policy("absence", SECOND_WEEK, "hospital", 5_000, service="residential"), -4 * 5_000),
    "hospital, from the third day": (Policy("absence", SECOND_WEEK, "hospital", 0, 3, contract_id="K2"), -2 * 10_000),
}


@pytest.mark.parametrize("what", POLICIES)
def test_what_a_policy_is_said_to_do(office, what):
    found_council()
    happened()
    # Weeks that are not paid would be held over tolerance; those that are only lose what the visits no longer pay.
    pay_all(2)
    change, difference = POLICIES[what]
    order = propose(change)
    assert order.steps[0].effect.get("payments") == difference and order.is_setting


def test_what_policies_say_the_runs_of_the_three_books_then_post(office):
    found_council()
    happened()
    pay_all(2)
    they_post_what_was_said(change for change, _ in POLICIES.values())


REFUSED = {
    "no such service": ("ChangeRefused", Policy("frustrated", MONDAY, "", 5_000, service="gardening")),
    "a placement has no visits": ("ChangeRefused", Policy("frustrated", MONDAY, "", 5_000, contract_id="K2")),
    "so already": ("NothingChanges", Policy("frustrated", SECOND_WEEK, "no reply", 10_000, contract_id="K1")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_policy_that_cannot_be_is_refused(office, what):
    from almoner.office.changes import refusals

    found_council()
    happened()
    name, change = REFUSED[what]
    with pytest.raises(getattr(refusals, name)) as refused:
        propose(change)
    assert refused.value.remedy.endswith(".")


def test_a_limit_is_set_from_today_on_with_a_reason_and_a_line_in_the_journal(office):
    from almoner.office.changes.limits import LIMITS, limit_on
    from almoner.office.changes.operations import set_limit
    from almoner.office.changes.refusals import LimitRefused
    from almoner.office.journal.queries import entries

    today = later(3).date()
    for wrong in ({"name": "no-such"}, {"value": -1}, {"from_date": today - timedelta(days=1)}, {"reason": " "}):
        with pytest.raises(LimitRefused):
            set_limit(**{"name": "uplift", "value": 300, "from_date": today, "reason": "Less.", "by": "sue", "at": later(3), **wrong})
    assert set_limit(name="uplift", value=300, from_date=today + timedelta(days=5), reason="Less.", by="sue", at=later(3))
    assert (limit_on("uplift", today), limit_on("uplift", today + timedelta(days=5))) == (LIMITS["uplift"].usual, 300)
    assert [entry.summary["value"] for entry in entries(act="set_limit")] == [300]
