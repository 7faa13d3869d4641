"""New bank details: two people, and the old account until the new one's first day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import T0, found_council, later

FROM = date(2026, 6, 15)
DIGITS = {"sort_code": "20-00-01", "account_number": "8765 4321"}
PRIYA, RAVI = "priya@council.example", "ravi@council.example"


def enter(hours=1, by=PRIYA, **more):
    from almoner.office.changes.operations import enter_account

    entered = {"party_id": "V1", "account_name": "Alder Care", "valid_from": FROM, "evidence": "letter DOC-1", **DIGITS, **more}
    enter_account(modulus=None, by=by, at=later(hours), **entered)


def verify(hours=2, by=RAVI, **more):
    from almoner.office.changes.operations import verify_account

    verify_account(party_id="V1", valid_from=FROM, **{**DIGITS, "how": "Called the director."} | more, by=by, at=later(hours))


def states(hours=5):
    from almoner.office.parties.queries import accounts_of

    return [(account.valid_from, account.ending, account.verified_by) for account in accounts_of("V1", later(hours))]


def payees_held(through, hours):
    from tests.office.runs.test_incremental import draft, result

    return {hold["provider_id"] for hold in result(draft("payments", through, hours), "holds") if hold["code"] == "BNK"}


def test_the_old_account_holds_until_the_first_day_and_then_payments_wait_for_a_second_person(office):
    found_council()
    enter()
    assert states() == [(date(2020, 1, 1), "670", "bob"), (FROM, "321", "")]
    assert payees_held(FROM - timedelta(days=1), 3) == set()
    assert payees_held(FROM + timedelta(days=6), 4) == {"V1"}
    verify(hours=24 * 15)
    assert payees_held(FROM + timedelta(days=6), 24 * 15 + 1) == set()
    assert states(24 * 16)[-1] == (FROM, "321", RAVI)


def test_the_enterer_does_not_verify_and_the_digits_must_agree(office):
    from almoner.office.changes.refusals import AccountRefused, AccountsDiffer, NotWaiting, OwnChange
    from almoner.office.records.queries import facts_head

    found_council()
    enter()
    before = facts_head()
    for refused, more in (
        (OwnChange, {"by": PRIYA.upper()}), (AccountsDiffer, {"account_number": "87654322"}), (AccountRefused, {"how": " "}),
    ):  # fmt: skip
        with pytest.raises(refused):
            verify(**more)
    assert facts_head() == before
    verify()
    with pytest.raises(NotWaiting):
        verify(hours=3)


def test_details_sent_back_leave_the_account_before(office):
    from almoner.office.changes.operations import send_account_back

    found_council()
    enter()
    send_account_back(party_id="V1", valid_from=FROM, reason="The director knows nothing of it.", by=RAVI, at=later(2))
    assert states() == [(date(2020, 1, 1), "670", "bob")]
    assert payees_held(FROM + timedelta(days=6), 4) == set()


def test_entering_twice_enters_once_and_the_journal_has_no_digits(office):
    import json

    from almoner.office.journal.queries import entries
    from almoner.office.records.queries import facts_head

    found_council()
    enter()
    head = facts_head()
    enter(hours=1.1)
    assert facts_head() == head
    told = list(entries(act="enter_bank_details"))
    assert len(told) == 1 and "8765" not in json.dumps(told[0].summary) and told[0].summary["evidence"] == "letter DOC-1"


REFUSED = {
    "no such provider": {"party_id": "V9"},
    "seven digits": {"account_number": "1234567"},
    "a letter": {"sort_code": "20-00-0A"},
    "no name": {"account_name": " "},
    "no evidence": {"evidence": ""},
    "from today": {"valid_from": T0.date()},
}


@pytest.mark.parametrize("what", REFUSED)
def test_details_that_cannot_be_are_refused(office, what):
    from almoner.office.changes.refusals import AccountRefused

    found_council()
    with pytest.raises(AccountRefused):
        enter(**REFUSED[what])
    assert len(states()) == 1
