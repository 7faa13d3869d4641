"""The life of a run: each step, each refusal, drafts side by side, facts that come later, and what is carried."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.office.runs.little import MONDAY, found_council, later, record, rows, visit

THROUGH = MONDAY + timedelta(days=13)


@pytest.fixture
def little(office):
    found_council()
    return office


def draft(hours=1, *, book="payments", through=THROUGH, **more):
    from almoner.office.runs.operations import draft_run

    return draft_run(book=book, through=through, by="ann", at=later(hours), **more).run


def seal(run, hours=2):
    from almoner.office.runs.operations import seal_run

    return seal_run(run=run, by="ann", at=later(hours))


def posted(run):
    from almoner.office.runs.queries import receipts_of

    return {(r["line_id"], r["week"], r["kind"]): r["amount_pence"] for r in receipts_of(run).to_pylist()}


def payments(run):
    from almoner.office.runs.queries import payments_of

    return {p["payee_id"]: p for p in payments_of(run).to_pylist()}


def journal(act):
    from almoner.office.journal.queries import entries

    return [entry for entry in entries() if entry.act == act]


def test_a_run_goes_from_draft_to_settled_and_each_act_is_one_line_in_the_journal(little):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run, settle_run
    from almoner.office.runs.queries import run_shown

    run = draft()
    assert run_shown(run).state == "draft"
    sealed = seal(run)
    assert (sealed.receipts, sealed.receipts_pence, sealed.payments) == (8, 2_144_00, 2)
    assert run_shown(run).state == "sealed"
    approve_run(run=run, by="bob", at=later(3))
    assert run_shown(run).state == "approved"
    issued = issue_run(run=run, by="cat", at=later(4), council=Council())
    assert run_shown(run).state == "issued" and dict(issued.left_out).keys() == {"bacs", "pain001"}
    settled = settle_run(run=run, by="cat", at=later(5))
    assert (settled.paid, settled.paid_pence, settled.bounced) == (2, 2_144_00, 0)
    shown = run_shown(run)
    assert shown.state == "settled"
    assert [(event.event, event.by) for event in shown.events] == [
        ("sealed", "ann"), ("approved", "bob"), ("issued", "cat"), ("settled", "cat"),
    ]  # fmt: skip
    for act in ("draft_run", "seal_run", "approve_run", "issue_run", "settle_run"):
        assert [entry.subject for entry in journal(act)] == [run]


@pytest.mark.parametrize("state", ["draft", "sealed", "approved", "issued", "settled"])
def test_every_step_from_every_other_state_is_refused_and_changes_nothing(little, state):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run, write_out
    from almoner.office.runs.operations import approve_run, discard_run, settle_run
    from almoner.office.runs.queries import run_shown
    from almoner.office.runs.refusals import DiscardSealed, WrongState

    run = draft()
    steps = {
        "sealed": lambda: seal(run),
        "approved": lambda: approve_run(run=run, by="bob", at=later(3)),
        "issued": lambda: issue_run(run=run, by="bob", at=later(4), council=Council(), formats=["ledger"]),
        "settled": lambda: settle_run(run=run, by="bob", at=later(5)),
    }
    states = ["draft", *steps]
    for step in states[1 : states.index(state) + 1]:
        steps[step]()
    allowed = states[states.index(state) + 1] if state != "settled" else None
    for step, take in steps.items():
        if step == allowed or (step == "issued" and state in ("issued", "settled")):
            continue
        with pytest.raises(WrongState) as refusal:
            take()
        assert refusal.value.code == "STATE" and refusal.value.remedy
    if state != "draft":
        with pytest.raises(DiscardSealed):
            discard_run(run=run, by="ann", at=later(6))
    if state not in ("issued", "settled"):
        with pytest.raises(WrongState):
            write_out(run=run, folder=little / "out")
    assert run_shown(run).state == state


def test_an_unknown_run_is_refused_by_every_step(little):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run, write_out
    from almoner.office.runs.operations import approve_run, discard_run, seal_run, settle_run
    from almoner.office.runs.refusals import NoSuchRun

    at = later(1)
    for step in (
        lambda: seal_run(run="R-0009", by="ann", at=at),
        lambda: approve_run(run="R-0009", by="ann", at=at),
        lambda: issue_run(run="R-0009", by="ann", at=at, council=Council()),
        lambda: settle_run(run="R-0009", by="ann", at=at),
        lambda: discard_run(run="R-0009", by="ann", at=at),
        lambda: write_out(run="R-0009", folder=little),
    ):
        with pytest.raises(NoSuchRun):
            step()


def test_whoever_sealed_a_run_does_not_approve_it_however_the_name_is_spelled(little):
    from almoner.office.runs.operations import approve_run
    from almoner.office.runs.refusals import SamePerson

    run = draft()
    seal(run)
    for name in ("ann", "Ann", " ann "):
        with pytest.raises(SamePerson):
            approve_run(run=run, by=name, at=later(3))
    approve_run(run=run, by="anna", at=later(3))


def test_a_discarded_draft_leaves_nothing_behind_and_its_number_is_never_given_again(little):
    from almoner.office.runs.models import Draft, DraftTable
    from almoner.office.runs.operations import discard_run
    from almoner.office.runs.queries import run_shown

    first = draft()
    discard_run(run=first, by="ann", at=later(2))
    assert not Draft.objects.exists() and not DraftTable.objects.exists() and run_shown(first) is None
    second = draft(3)
    assert second != first
    assert seal(second, 4).receipts == 8


def test_of_two_drafts_over_the_same_keys_only_one_is_sealed(little):
    from almoner.office.runs.operations import discard_run
    from almoner.office.runs.refusals import Overlap

    first, second = draft(1), draft(2)
    seal(second, 3)
    with pytest.raises(Overlap) as refusal:
        seal(first, 4)
    assert second in refusal.value.message
    discard_run(run=first, by="ann", at=later(5))
    again = draft(6)
    assert posted(again) == {} and seal(again, 7).receipts == 0


def test_drafts_of_different_books_or_cycles_do_not_stand_in_each_others_way(little):
    weekly, four_weekly = draft(1, cycle="weekly"), draft(1, cycle="four_weekly")
    claims, charges = draft(1, book="claims"), draft(1, book="charges")
    for run in (four_weekly, weekly, claims, charges):
        seal(run, 2)
    assert {line for line, _, _ in posted(weekly)} == {"L3"}
    assert {line for line, _, _ in posted(four_weekly)} == {"L1", "L2", "L4"}
    everything = draft(3)
    assert seal(everything, 4).receipts == 0


def test_a_cycle_of_charges_is_refused(little):
    from almoner.office.runs.refusals import CycleOfCharges

    with pytest.raises(CycleOfCharges):
        draft(book="charges", cycle="weekly")


def test_sealing_twice_gives_nothing_the_second_time(little):
    seal(draft(1), 2)
    again = draft(3)
    assert seal(again, 4).receipts == 0
    whole = draft(5, full=True)
    assert seal(whole, 6).receipts == 0


def test_facts_recorded_after_a_draft_wait_and_are_shown_with_their_value(little):
    from almoner.office.runs.preview import waiting
    from almoner.office.runs.queries import run_shown

    run = draft(1)
    record("actuals", visit("L1", MONDAY, 90, submitted_at=datetime(2026, 6, 1, 11)), at=later(2), by="provider")
    since = waiting(run_shown(run), at=later(3))
    assert since.facts == {"actuals": 1} and since.difference_pence == 12_00
    assert since.receipts.to_pylist()[0]["line_id"] == "L1"
    assert seal(run, 4).receipts_pence == 2_144_00, "what came later is not in it"
    since = waiting(run_shown(run), at=later(5))
    assert since.difference_pence == 12_00, "and waits for the next run"
    following = draft(6)
    seal(following, 7)
    assert posted(following) == {("L1", MONDAY, "adjustment"): 12_00}
    assert waiting(run_shown(following), at=later(8)).facts == {}


def test_a_fact_entered_at_an_earlier_time_than_the_draft_but_later_in_truth_waits_for_the_next_run(little):
    run = draft(5)
    record("actuals", visit("L1", MONDAY, 90, submitted_at=datetime(2026, 6, 1, 11)), at=later(4), by="slow clock")
    seal(run, 6)
    following = draft(7)
    seal(following, 8)
    assert posted(following) == {("L1", MONDAY, "adjustment"): 12_00}


def test_a_draft_of_another_version_is_refused(little, monkeypatch):
    from almoner.office.runs.operations import sealing
    from almoner.office.runs.refusals import DraftStale

    run = draft()
    monkeypatch.setattr(sealing, "code_version", lambda: "9.9.9+other")
    with pytest.raises(DraftStale):
        seal(run)


def test_a_draft_altered_behind_the_back_is_refused(little):
    from almoner.office.runs.models import DraftTable
    from almoner.office.runs.refusals import DraftStale
    from almoner.office.runs.stored import from_parquet, to_parquet

    run = draft()
    kept = DraftTable.objects.get(draft_id=run, role="result", name="receipts")
    table = from_parquet(bytes(kept.content))
    DraftTable.objects.filter(pk=kept.pk).update(content=to_parquet(table.slice(1)))
    with pytest.raises(DraftStale):
        seal(run)


def test_each_receipt_says_which_fact_changed_and_who_changed_it(little):
    from almoner.office.runs.queries import receipts_of

    seal(draft(1), 2)
    new = {"contract_id": "K2", "element": "bed", "unit": "week", "rate": 7_700_000, "valid_from": MONDAY + timedelta(days=7)}
    record("rates", new, at=later(3), by="maria")
    record("absences", {"person_id": "P1", "kind": "hospital", "first_day": MONDAY, "last_day": MONDAY}, at=later(3), by="ward clerk")
    died = MONDAY + timedelta(days=8)
    record("people", {"person_id": "P2", "family_name": "P2", "date_of_death": died}, at=later(3), by="registrar")
    run = draft(4)
    seal(run, 5)
    causes = {r["line_id"]: r["cause"] for r in receipts_of(run).to_pylist()}
    assert causes["L3"] == "Changed since: a rate (maria, 1 June 2026)."
    assert causes["L1"] == "Changed since: an absence (ward clerk, 1 June 2026)."
    assert causes["L2"] == "Changed since: the day of death (registrar, 1 June 2026)."
    assert all("maria" not in cause for line, cause in causes.items() if line != "L3")


def test_a_debt_is_carried_until_it_is_earned_back_and_no_penny_is_lost(little):
    seal(draft(1), 2)
    assert payments("R-0001")["V2"]["amount_pence"] == 1_400_00
    record("people", {"person_id": "P3", "family_name": "P3", "date_of_death": MONDAY - timedelta(days=1)}, at=later(3), by="registrar")
    second = draft(4)
    sealed = seal(second, 5)
    debt = payments(second)["V2"]
    assert (debt["receipts_pence"], debt["amount_pence"], debt["carried_out_pence"]) == (-1_400_00, 0, -1_400_00)
    assert sealed.carried == 1
    signed = {"authorised_on": date(2026, 1, 1), "agreed_on": date(2026, 1, 1)}
    record("people", {"person_id": "P4"}, at=later(6))
    record(
        "lines", {"line_id": "L9", "person_id": "P4", "contract_id": "K2", "element": "bed", "start_date": MONDAY, **signed}, at=later(6)
    )
    third = draft(7, through=MONDAY + timedelta(days=6))
    seal(third, 8)
    part = payments(third)["V2"]
    assert (part["receipts_pence"], part["carried_in_pence"], part["amount_pence"], part["carried_out_pence"]) == (
        700_00,
        -1_400_00,
        0,
        -700_00,
    )
    fourth = draft(9, through=MONDAY + timedelta(days=20))
    seal(fourth, 10)
    rest = payments(fourth)["V2"]
    assert (rest["receipts_pence"], rest["carried_in_pence"], rest["amount_pence"], rest["carried_out_pence"]) == (
        1_400_00,
        -700_00,
        700_00,
        0,
    )


def test_a_repayment_plan_recovers_a_debt_by_instalments(little):
    from almoner.office.runs.operations import agree_repayment, bring_balances
    from almoner.office.runs.refusals import ReasonMissing

    bring_balances(owed_pence={"V2": -1_000_00}, reason="old system", by="ann", at=later(0))
    with pytest.raises(ReasonMissing):
        agree_repayment(payee_id="V2", instalment_pence=300_00, reason=" ", by="ann", at=later(0))
    agree_repayment(payee_id="V2", instalment_pence=300_00, reason="agreed by letter", by="ann", at=later(0))
    paid = []
    for n in range(4):
        run = draft(1 + 2 * n, through=MONDAY + timedelta(days=7 * n + 6))
        seal(run, 2 + 2 * n)
        paid.append((payments(run)["V2"]["amount_pence"], payments(run)["V2"]["carried_out_pence"]))
    assert paid == [(400_00, -700_00), (400_00, -400_00), (400_00, -100_00), (600_00, 0)]


def test_what_bounced_is_due_again_in_the_next_run(little):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import Outcome, approve_run, settle_run
    from almoner.office.runs.refusals import NotSettled

    run = draft(1)
    seal(run, 2)
    approve_run(run=run, by="bob", at=later(3))
    issue_run(run=run, by="bob", at=later(4), council=Council(), formats=["ledger"])
    reference = payments(run)["V2"]["reference"]
    with pytest.raises(NotSettled):
        settle_run(run=run, by="bob", at=later(5), outcomes={"BX-9999-00001": Outcome("bounced")})
    with pytest.raises(NotSettled):
        settle_run(run=run, by="bob", at=later(5), outcomes={reference: Outcome("lost")})
    settled = settle_run(run=run, by="bob", at=later(5), outcomes={reference: Outcome("bounced", "account closed")})
    assert (settled.paid_pence, settled.bounced_pence) == (744_00, 1_400_00)
    following = draft(6)
    assert seal(following, 7).payments_pence == 1_400_00
    again = payments(following)["V2"]
    assert (again["receipts_pence"], again["carried_in_pence"], again["amount_pence"], again["carried_out_pence"]) == (
        0,
        1_400_00,
        1_400_00,
        0,
    )


def test_what_was_paid_before_opens_a_book_once(little):
    from almoner.office.runs.operations import approve_run, import_prior_receipts
    from almoner.office.runs.queries import run_shown
    from almoner.office.runs.refusals import BookBegun, WrongState

    before = rows(
        "prior_receipts",
        {"book": "payments", "provider_id": "V1", "payee_id": "V1", "line_id": "L1", "person_id": "P1", "week": MONDAY, "amount": 100_00},
        {"book": "charges", "payee_id": "P3", "person_id": "P3", "week": MONDAY, "amount": 50_00},
    )
    opened = import_prior_receipts(before, by="ann", at=later(1))
    assert {book: sealed.receipts_pence for book, sealed in opened.items()} == {"payments": 100_00, "charges": 50_00}
    shown = run_shown(opened["payments"].run)
    assert (shown.origin, shown.state) == ("imported", "sealed")
    with pytest.raises(BookBegun):
        import_prior_receipts(before, by="ann", at=later(2))
    with pytest.raises(WrongState):
        approve_run(run=shown.run, by="bob", at=later(2))
    run = draft(3)
    seal(run, 4)
    assert posted(run)[("L1", MONDAY, "adjustment")] == 68_00
    charges = draft(5, book="charges")
    seal(charges, 6)
    assert posted(charges)[("", MONDAY, "adjustment")] == 40_00


def test_no_rows_open_no_book(little):
    from almoner.core.tables import PRIOR_RECEIPTS
    from almoner.office.runs.operations import import_prior_receipts

    assert import_prior_receipts(PRIOR_RECEIPTS.empty(), by="ann", at=later(1)) == {}
