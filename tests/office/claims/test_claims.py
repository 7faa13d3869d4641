"""Claims from the run to the invoice: agreed, disputed, settled, corrected; pounds equal to the claims book of the sealed runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.claims.claiming import HOUR, claim, claimed_weeks, council, partner
from tests.office.runs.little import record
from tests.web.vale import ICB, NOW, WEEK, found_vale

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def vale(office):
    found_vale()
    return office


def states():
    from almoner.office.claims.queries import claim_rows

    return {row["receipt"]: row["state"] for row in claim_rows(ICB)}


def claims_book() -> int:
    """What the sealed runs claim of the ICB in all, in pence, added up from their receipts."""
    from almoner.office.runs.models import Receipt

    return sum(Receipt.objects.filter(book="claims", funder_id=ICB).values_list("amount_pence", flat=True))


def invoice(month=JUNE, at=NOW):
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.exchange.council import Council

    return make_invoice(
        funder_id=ICB,
        month=month,
        basis=ready_for(ICB, month).basis,
        council=Council("Vale County Council", "01632 960100"),
        by="fay",
        at=at,
    )


def dispute(receipt, **more):
    from almoner.office.claims.operations import dispute_receipt

    told = {"reason": "dates", "disputed_pence": 4305, "text": "It ended before.", "who": partner(), "at": NOW - HOUR, **more}
    dispute_receipt(funder_id=ICB, receipt=receipt, **told)


def settle(receipt, outcome="agreed", at=NOW):
    from almoner.office.claims.operations import settle_dispute

    settle_dispute(receipt=receipt, outcome=outcome, text="Agreed by telephone with the ICB.", who=council(), at=at)


def drop_share_from(day):
    """The ICB's share ends before a day: a fact, from which the next run takes back what was claimed since."""
    share = {"line_id": "LN-204502", "share_order": 1, "funder_id": ICB, "percent": 5000, "valid_from": date(2026, 4, 6)}
    record("shares", {**share, "valid_to": day - timedelta(days=1)}, at=NOW + HOUR)


def on_invoices() -> int:
    from almoner.office.claims.models import Invoice, InvoiceReceipt

    printed = sum(InvoiceReceipt.objects.values_list("amount_pence", flat=True))
    assert printed == sum(Invoice.objects.values_list("total_pence", flat=True))
    return printed


def test_from_dispute_to_settlement_to_invoice_to_the_penny(vale):
    from almoner.office.claims.invoices import invoice_rows

    first, second, third = claimed_weeks()
    assert claims_book() == 3 * 4305 and set(states().values()) == {"to_agree"}
    dispute(first)
    may = invoice(MAY)
    # The disputed receipt stays out; the other one of May goes in, and June's waits for its own month.
    assert (may.reference, may.receipts, may.total_pence, may.kind) == ("INV-000001", 1, 4305, "Invoice")
    assert states() == {first: "disputed", second: "invoiced", third: "to_agree"}
    settle(first)
    assert states()[first] == "agreed"
    june = invoice(JUNE)
    assert [row["receipt"] for row in invoice_rows(june)] == [first, third] and june.total_pence == 8610
    assert on_invoices() == claims_book() and set(states().values()) == {"invoiced"}


def test_a_claim_given_up_is_corrected_by_facts_and_credited_never_before_it_was_claimed(vale):
    from almoner.office.claims.refusals import NotCorrected

    *_, third = claimed_weeks()
    dispute(third)
    with pytest.raises(NotCorrected):
        settle(third, "corrected")
    drop_share_from(WEEK)
    taken_back = claim(weeks=(), at=NOW + 2 * HOUR)
    assert claims_book() == 2 * 4305
    # The correction waits with what it corrects: neither is invoiced before the dispute is settled.
    assert states()[taken_back] == "disputed"
    assert invoice(at=NOW + 3 * HOUR).total_pence == 2 * 4305
    settle(third, "corrected", at=NOW + 4 * HOUR)
    both = invoice(at=NOW + 5 * HOUR)
    assert (both.receipts, both.total_pence) == (2, 0) and on_invoices() == claims_book()


def test_a_correction_after_the_invoice_is_a_credit_note(vale):
    claimed_weeks()
    invoice()
    drop_share_from(WEEK)
    claim(weeks=(), at=NOW + 2 * HOUR)
    credit = invoice(at=NOW + 3 * HOUR)
    assert (credit.kind, credit.reference, credit.total_pence) == ("Credit note", "INV-000002", -4305)
    assert on_invoices() == claims_book() == 2 * 4305


def test_pressed_twice_is_the_same_invoice_and_numbers_have_no_gap(vale):
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.claims.refusals import ClaimsMoved, NothingToInvoice
    from almoner.office.exchange.council import Council

    claimed_weeks()
    may, june = ready_for(ICB, MAY).basis, ready_for(ICB, JUNE).basis
    pressed = {"funder_id": ICB, "month": MAY, "basis": may, "council": Council(), "by": "fay", "at": NOW}
    assert make_invoice(**pressed) == make_invoice(**pressed)
    with pytest.raises(ClaimsMoved):
        make_invoice(**{**pressed, "month": JUNE, "basis": june})
    assert invoice(JUNE).reference == "INV-000002"
    with pytest.raises(NothingToInvoice):
        invoice(JUNE)


def test_what_nobody_approved_is_not_invoiced_and_what_is_invoiced_not_disputed(vale):
    from almoner.office.claims.refusals import ClaimInvoiced, NothingToInvoice
    from almoner.office.runs.operations import approve_run

    first = claim(approved=False)
    with pytest.raises(NothingToInvoice):
        invoice()
    approve_run(run=first.partition(".")[0], by="tom", at=NOW)
    invoice()
    with pytest.raises(ClaimInvoiced):
        dispute(first)


def test_what_is_said_of_a_dispute_stands_with_its_files_and_once(vale):
    from almoner.office.claims.operations import answer_dispute, reply_to_dispute
    from almoner.office.claims.queries import claim_row, file_of, open_disputes, said_of
    from almoner.office.claims.refusals import ClaimDisputed, ClaimNotDisputed, DisputeIncomplete
    from almoner.office.furniture.attachments import AttachmentRefused, Sent

    first, *_ = claimed_weeks()
    run, number = first.split(".")[0], 1
    with pytest.raises(ClaimNotDisputed):
        answer_dispute(receipt=first, text="What?", who=council(), at=NOW)
    for wrong in ({"disputed_pence": 4306}, {"disputed_pence": 0}, {"reason": "mood"}, {"text": " "}):
        with pytest.raises(DisputeIncomplete):
            dispute(first, **wrong)
    with pytest.raises(AttachmentRefused):
        dispute(first, files=[Sent("run.exe", b"MZ")])
    for _ in range(2):
        dispute(first, files=[Sent("letter.txt", b"not ours")])
    with pytest.raises(ClaimDisputed):
        dispute(first, text="And another thing.")
    assert [(row["receipt"], row["is_answered"]) for row in open_disputes()] == [(first, False)]
    for _ in range(2):
        answer_dispute(receipt=first, text="The line ran to 30 May.", who=council(), at=NOW)
    assert [(row["receipt"], row["is_answered"]) for row in open_disputes(ICB)] == [(first, True)] and open_disputes("QYY") == []
    reply_to_dispute(funder_id=ICB, receipt=first, text="We see.", who=partner(), at=NOW)
    said = said_of(run, number)
    assert [one.act for one in said] == ["disputed", "answered", "replied"]
    assert file_of(run, number, said[0].files[0].number) == ("letter.txt", "text/plain", b"not ours")
    assert file_of(run, 2, said[0].files[0].number) is None
    assert claim_row(first)["since"] == NOW - HOUR
    settle(first)
    settle(first)
    assert len(said_of(run, number)) == 4


def test_months_by_where_their_receipts_stand_and_how_old_disputes_are(vale):
    from almoner.office.claims.queries import months_of

    first, _, third = claimed_weeks()
    dispute(first, at=NOW - timedelta(days=31))
    dispute(third, at=NOW - timedelta(days=91))
    june, may = months_of(ICB, NOW.date())
    assert (may.month, may.receipts, may.claimed_pence, may.waiting_pence) == (MAY, 2, 8610, 4305)
    assert (may.disputed_pence, may.to_60_pence, may.over_90_pence) == (4305, 4305, 0)
    assert (june.disputed_pence, june.over_90_pence, june.ready_pence, june.oldest_dispute) == (4305, 4305, 0, 91)
    assert months_of("", NOW.date()) == [june, may] and months_of("QYY", NOW.date()) == []


def test_the_documents_say_the_total_and_no_name(vale):
    import csv
    import io

    from almoner.office.claims.invoices import invoice_file

    claimed_weeks()
    made = invoice()
    name, media_type, pdf = invoice_file(made, "pdf")
    assert name == "INV-000001.pdf" and media_type == "application/pdf" and pdf.startswith(b"%PDF") and b"/StructTreeRoot" in pdf
    _, _, content = invoice_file(made, "csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == made.total_pence == 12915
    assert {row["line_id"] for row in rows} == {"LN-204502"} and [row["month"] for row in rows] == ["2026-05", "2026-05", "2026-06"]
    assert not any(word in content.decode() for word in ("Price", "4000217736", "Sagegreen"))


def test_a_share_that_changes_within_a_week_is_told_with_its_day():
    from almoner.office.runs.claimed import share_of_week

    until = {"percent": 4000, "amount_per_week": None, "valid_from": date(2026, 4, 6), "valid_to": date(2026, 6, 3), "share_order": 1}
    since = {**until, "percent": 5000, "valid_from": date(2026, 6, 4), "valid_to": None}
    both = {**since, "percent": None, "amount_per_week": 10000}
    assert share_of_week([until, since], WEEK) == "40% of the cost until 3 June 2026, 50% of the cost from 4 June 2026"
    assert share_of_week([until], WEEK) == "40% of the cost until 3 June 2026, none from 4 June 2026"
    assert share_of_week([both, since], WEEK + timedelta(days=7)) == "£100.00 a week, then 50% of the cost"


def test_a_disputed_correction_does_not_keep_back_what_was_claimed_before_it(vale):
    first, second, third = claimed_weeks()
    drop_share_from(WEEK)
    taken_back = claim(weeks=(), at=NOW + 2 * HOUR)
    dispute(taken_back, reason="share", at=NOW + 3 * HOUR)
    assert states() == {first: "to_agree", second: "to_agree", third: "to_agree", taken_back: "disputed"}
    assert invoice(at=NOW + 4 * HOUR).total_pence == 12915
