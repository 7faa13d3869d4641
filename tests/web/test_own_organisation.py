"""Who works for an organisation decides nothing about it at the council, in whatever spelling of their address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.paying import run_through
from tests.web.vale import DAY, ICB, NOW, SAGEGREEN, WEEK, delivered

BOTH = " Payments_Officer@TEST.example"
WHO = {"by": BOTH, "at": NOW}


@pytest.fixture
def works_for_both(pages):
    """The payments officer has access to Sagegreen too."""
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    give_access(
        email=pages["payments_officer"].upper(), name="Both", role=Role.PROVIDER_USER, organisation_id=SAGEGREEN, by="tests", at=NOW
    )  # fmt: skip
    return pages


def the_hold():
    from almoner.office.runs.holds import open_holds

    return next(hold for hold in open_holds() if hold.code == "TOL")


def test_a_hold_of_theirs_is_neither_decided_nor_asked_about(works_for_both):
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.runs.operations import Decider, ask_provider, decide_holds, draft_run

    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))
    hold = the_hold().hold
    for decision in ("release", "uphold"):
        decided = decide_holds(holds={hold: None}, decision=decision, reason="so", decider=Decider(BOTH), **WHO)
        assert decided.holds == () and [type(because) for _, because in decided.refused] == [OwnOrganisation]
    with pytest.raises(OwnOrganisation):
        ask_provider(hold=hold, note="Which?", **WHO)
    assert the_hold().state == "open"
    another = decide_holds(holds={hold: None}, decision="release", reason="so", decider=Decider("ann"), by="ann", at=NOW)
    assert [found.hold for found in another.holds] == [hold]


def test_the_page_says_so_in_a_sentence(works_for_both, signed_in):
    from almoner.office.runs.operations import draft_run

    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))
    client = signed_in("payments_officer")
    page = client.get("/account/organisation").content.decode()
    council = page.split('name="access"')[1].split('value="')[1].split('"')[0]
    client.post("/account/organisation", {"access": council})
    told = {"what": "release", "hold": f"{the_hold().hold}:20910:open", "listed": "Evidence seen", "note": ""}
    refused = client.post(f"/console/holds/{the_hold().hold}", told)
    assert refused.status_code == 409 and "You work for 4001 too, so you do not decide about it." in refused.content.decode()


def test_bank_details_of_theirs_are_neither_entered_verified_nor_sent_back(works_for_both):
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.changes.operations import enter_account, send_account_back, verify_account

    new = {"sort_code": "200000", "account_number": "12345999"}
    entered = {"party_id": SAGEGREEN, "account_name": "S", "valid_from": (NOW + DAY).date(), "evidence": "letter", "modulus": None, **new}
    with pytest.raises(OwnOrganisation):
        enter_account(**entered, **WHO)
    enter_account(**entered, by="ann", at=NOW)
    waiting = {"party_id": SAGEGREEN, "valid_from": (NOW + DAY).date()}
    with pytest.raises(OwnOrganisation):
        verify_account(**waiting, **new, how="Called them", **WHO)
    with pytest.raises(OwnOrganisation):
        send_account_back(**waiting, reason="no", **WHO)


def test_a_query_of_theirs_is_neither_answered_accepted_nor_closed_for_the_council(works_for_both):
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.enquiries.operations import About, Told, accept, answer, close, open_query, reply

    made = open_query(
        kind="death", side="provider", organisation_id=SAGEGREEN, about=About(person_id="4000217735"), told=Told(date(2026, 6, 2)),
        text="She died.", by="jo@provider.example", by_name="Jo", at=NOW,
    )  # fmt: skip
    who = {"number": made.number, "by_name": "Both", **WHO}
    for act in (lambda: accept(text="So.", **who), lambda: answer(text="So.", **who), lambda: close(side="council", **who)):
        with pytest.raises(OwnOrganisation):
            act()
    assert reply(text="And more.", side="provider", **who).state == "with_team", "for the organisation they speak as before"


def test_receipts_of_theirs_are_not_looked_at_nor_a_run_approved_that_pays_them(works_for_both):
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.runs.operations import approve_run, draft_run
    from almoner.office.runs.operations.checks import look_at_receipts, watch_line
    from almoner.office.runs.queries import draft_table

    run = run_through(at=NOW - timedelta(hours=3), upto="sealed")
    with pytest.raises(OwnOrganisation):
        approve_run(run=run, **WHO)
    with pytest.raises(OwnOrganisation):
        watch_line(line_id="LN-204417", is_on=True, reason="so", **WHO)
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), *delivered("LN-204502", WEEK, (8, 0, 30)), at=NOW - timedelta(hours=2))
    draft = draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1)).run
    payees = [row["provider_id"] for row in draft_table(draft, "result", "receipts").to_pylist()]
    theirs, others = (payees.index(provider) + 1 for provider in (SAGEGREEN, "4002"))
    with pytest.raises(OwnOrganisation):
        look_at_receipts(run=draft, rule="first", numbers=[theirs], **WHO)
    assert look_at_receipts(run=draft, rule="first", numbers=[others], **WHO) == 1


def test_change_orders_of_theirs_are_neither_proposed_authorised_nor_sent_back(works_for_both):
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.changes.consequences import consequence_of
    from almoner.office.changes.kinds import Change, Uplift
    from almoner.office.changes.operations import authorise_change, propose_change, send_back_change

    end = Change(line_id="LN-204417", kind="end", on=date(2026, 6, 30))
    uplift = Uplift(date(2026, 7, 1), service="home care", basis_points=300)
    for change in (end, uplift):
        with pytest.raises(OwnOrganisation):
            propose_change(change=change, reason="Moves.", by_name="Both", **WHO)
    made = propose_change(change=end, reason="Moves.", by="mia", by_name="Mia", at=NOW)
    shown = dict(consequence_of(end, NOW).told)
    with pytest.raises(OwnOrganisation):
        authorise_change(number=made.number, shown=shown, by_name="Both", **WHO)
    with pytest.raises(OwnOrganisation):
        send_back_change(number=made.number, text="No.", by_name="Both", **WHO)
    elsewhere = Change(line_id="LN-300001", kind="end", on=date(2026, 6, 30))
    assert propose_change(change=elsewhere, reason="Moves.", by_name="Both", **WHO).state == "waiting"


def test_a_dispute_of_theirs_is_not_answered_or_settled_and_their_funder_not_invoiced_by_them(pages):
    from tests.office.claims.claiming import claimed_weeks, partner

    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.refusals import OwnOrganisation
    from almoner.office.accounts.roles import Role
    from almoner.office.claims.operations import answer_dispute, dispute_receipt, make_invoice, settle_dispute
    from almoner.office.claims.operations.acts import Who
    from almoner.office.exchange.council import Council

    first, *_ = claimed_weeks()
    give_access(email=pages["finance"], name="F", role=Role.PARTNER_READER, organisation_id=ICB, by="tests", at=NOW)
    dispute_receipt(
        funder_id=ICB, receipt=first, reason="evidence", disputed_pence=4305, text="Please send the plan.", who=partner(), at=NOW - DAY
    )  # fmt: skip
    told = {"receipt": first, "text": "So.", "who": Who("council", pages["finance"].upper(), "Finance"), "at": NOW}
    with pytest.raises(OwnOrganisation):
        answer_dispute(**told)
    with pytest.raises(OwnOrganisation):
        settle_dispute(outcome="agreed", **told)
    with pytest.raises(OwnOrganisation):
        make_invoice(funder_id=ICB, month=date(2026, 6, 1), basis="0" * 64, council=Council("Vale"), by=pages["finance"], at=NOW)
