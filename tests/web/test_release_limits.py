"""What may never be released, and a limit that counts what one person releases of a provider in a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, SAGEGREEN, WEEK, delivered

REASON = {"listed": "Agreed with the social worker", "note": ""}
BEFORE = NOW - timedelta(hours=2)


def drafted():
    """Draft, and the holds by code; of tolerance by person."""
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run

    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))
    return {hold.person_id if hold.code == "TOL" else hold.code: hold for hold in open_holds()}


def shown(hold):
    return f"{hold.hold}:{hold.amount_pence}:{hold.state}"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def two_held(pages):
    """Two weeks of Sagegreen over tolerance, £209.10 and £436.65, and an officer with a limit of £500."""
    from almoner.office.accounts.operations import change_access
    from almoner.office.accounts.queries import accesses_of
    from almoner.office.accounts.roles import Role

    extra = {"outcome": "extra", "delivered_minutes": 60}
    record("actuals", *delivered("LN-204417", WEEK, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)), at=BEFORE)
    record("actuals", *({"line_id": "LN-204417", "date": WEEK + n * DAY, "start_time": None, **extra} for n in (1, 3)), at=BEFORE)
    access = next(one for one in accesses_of("", side="council") if one.email == pages["payments_officer"])
    change_access(access_id=access.access_id, role=Role.PAYMENTS_OFFICER, places=(), by="tests", at=NOW - DAY, limit_pence=50_000)
    found = drafted()
    return found["4000217737"], found["4000217735"]


def state_of(hold):
    from almoner.office.runs.holds import open_holds

    return next(found.state for found in open_holds() if found.hold == hold.hold)


def test_what_is_released_of_a_provider_in_a_day_counts_against_the_limit(two_held, signed_in, monkeypatch):
    first, second = two_held
    officer = signed_in("payments_officer")
    officer.post(f"/console/holds/{first.hold}", {"what": "release", "hold": shown(first), **REASON})
    assert state_of(first) == "released"
    page = text(officer.get(f"/console/holds/{second.hold}"))
    assert "above your limit of £500.00 for one provider in a day. You have released £209.10 of this provider today." in page
    refused = officer.post(f"/console/holds/{second.hold}", {"what": "release", "hold": shown(second), **REASON})
    assert refused.status_code == 409 and "OVER-LIMIT" in text(refused)
    assert state_of(second) == "approver"
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY).isoformat())
    again = f"{second.hold}:{second.amount_pence}:approver"
    officer.post(f"/console/holds/{second.hold}", {"what": "release", "hold": again, **REASON})
    assert state_of(second) == "released", "the next day is another day"


def test_one_decision_of_many_counts_together_and_the_page_says_so_first(two_held, signed_in):
    first, second = two_held
    officer = signed_in("payments_officer")
    page = text(officer.get(f"/console/holds/decide?hold={first.hold}&hold={second.hold}"))
    assert "Check before you decide 1 hold" in page and "1 left out" in page and "for one provider in a day" in page
    done = officer.post(
        "/console/holds/decide", {"what": "release", "hold": [shown(first), shown(second)], **REASON}, follow=True
    )  # fmt: skip
    assert "1 released" in text(done)
    assert sorted((state_of(first), state_of(second))) == ["approver", "released"]


def test_another_draft_does_not_forget_what_was_released_today(two_held, signed_in):
    first, second = two_held
    officer = signed_in("payments_officer")
    officer.post(f"/console/holds/{first.hold}", {"what": "release", "hold": shown(first), **REASON})
    from almoner.office.runs.operations import draft_run

    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW + timedelta(minutes=1))
    refused = officer.post(f"/console/holds/{second.hold}", {"what": "release", "hold": shown(second), **REASON})
    assert refused.status_code == 409 and "OVER-LIMIT" in text(refused)


def test_what_another_must_end_is_released_by_nobody(pages, signed_in):
    """Bank details a second person has not verified, a missing creditor reference, and a line the provider has not agreed."""
    unverified = {
        "party_id": SAGEGREEN, "sort_code": "200000", "account_number": "12345999", "account_name": "S",
        "valid_from": date(2026, 5, 1), "entered_by": "Ann", "verified_by": "ANN ",
    }  # fmt: skip
    record("bank_accounts", unverified, at=BEFORE)
    record("providers", {"provider_id": "4002", "name": "Thornfield Care"}, at=BEFORE)
    record("actuals", {"line_id": "LN-204800", "date": WEEK, "delivered_minutes": 30}, at=BEFORE)
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), at=BEFORE)
    found = drafted()
    for code in ("BNK", "CRD", "AGR"):
        for role in ("payments_officer", "payments_approver"):
            client, hold = signed_in(role), found[code]
            assert "It cannot be released, only mended" in text(client.get(f"/console/holds/{hold.hold}")), code
            refused = client.post(f"/console/holds/{hold.hold}", {"what": "release", "hold": shown(hold), **REASON})
            assert refused.status_code == 409 and "NOT-RELEASABLE" in text(refused), code
    assert f'value="{found["BNK"].hold}"' not in text(signed_in("payments_officer").get("/console/holds"))


def test_a_team_manager_asks_about_what_was_handed_to_them_only(two_held, signed_in):
    first, _ = two_held
    asking = {"what": "ask", "hold": shown(first), "listed": "", "note": "Who asked for them?"}
    refused = signed_in("team_manager").post(f"/console/holds/{first.hold}", asking)
    assert refused.status_code == 409 and "HOLD-ROLE" in text(refused) and state_of(first) == "open"
