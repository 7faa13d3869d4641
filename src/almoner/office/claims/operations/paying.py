"""What a funder paid of an invoice, and of a credit note what it was paid back: written down by finance from the bank's statement."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import transaction

from almoner.core.money import pounds
from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.claims.invoices import invoice_shown
from almoner.office.claims.models import InvoicePayment
from almoner.office.claims.operations.acts import one_at_a_time
from almoner.office.claims.paid import Paid, Standing, standings_of
from almoner.office.claims.refusals import PaymentRefused
from almoner.office.furniture.words import day, local
from almoner.office.journal.operations import write

MOST_REFERENCE = 60


def record_payment(*, invoice: str, amount_pence: int, paid_on: date, reference: str, by: str, at: datetime) -> Paid:
    """Write down that `amount_pence` (above zero) of an invoice was paid on a day, under the bank's reference; of a credit note, paid back.

    The same amount, day and reference of the same invoice again is that payment. Raises PaymentRefused for more than is unpaid, a day
    ahead, or no reference; OwnOrganisation.
    """
    reference = reference.strip()
    with transaction.atomic():
        one_at_a_time()
        standing = _standing(invoice, at)
        refuse_own(by, [standing.invoice.funder_id])
        _check(reference, paid_on, at)
        signed = -amount_pence if standing.invoice.total_pence < 0 else amount_pence
        told = (signed, paid_on, reference)
        for one in standing.payments:
            if (one.amount_pence, one.paid_on, one.reference) == told and not one.is_back and one.takes_back is None:
                return one
        if not 0 < amount_pence <= abs(standing.unpaid_pence) or (signed < 0) != (standing.unpaid_pence < 0):
            raise PaymentRefused(
                f"{pounds(amount_pence)} is more than is unpaid of {invoice}: {pounds(abs(standing.unpaid_pence))}.",
                "Enter what is of this invoice here, and the rest on the invoice that it is of.",
            )
        _add(standing, signed, paid_on, reference, None, "", by=by, at=at)
        write(
            act="record_invoice_payment", by=by, at=at, subject=standing.invoice.reference,
            summary={"funder": standing.invoice.funder_id, "pence": signed, "on": paid_on.isoformat()},
        )  # fmt: skip
        return _standing(invoice, at).payments[-1]


def take_back_payment(*, invoice: str, place: int, text: str, by: str, at: datetime) -> Paid:
    """Write down that a payment was entered in error, and why: that much is unpaid again. Pressed twice it is taken back once.

    Raises PaymentRefused without a reason or where there is no such payment; OwnOrganisation.
    """
    if not text.strip():
        raise PaymentRefused("The reason is missing.", "Say why it is taken back, like ‘it was of INV-000012’.")
    with transaction.atomic():
        one_at_a_time()
        standing = _standing(invoice, at)
        refuse_own(by, [standing.invoice.funder_id])
        if (done := next((one for one in standing.payments if one.takes_back == place), None)) is not None:
            return done
        entered = next((one for one in standing.payments if one.place == place and one.takes_back is None), None)
        if entered is None:
            raise PaymentRefused(f"{invoice} has no payment {place}.", "Look at the payments on its page.")
        _add(standing, -entered.amount_pence, entered.paid_on, entered.reference, place, text.strip(), by=by, at=at)
        write(
            act="take_back_invoice_payment", by=by, at=at, subject=standing.invoice.reference,
            summary={"funder": standing.invoice.funder_id, "pence": -entered.amount_pence, "payment": place},
        )  # fmt: skip
        return _standing(invoice, at).payments[-1]


def _standing(invoice: str, at: datetime) -> Standing:
    found = invoice_shown(invoice)
    if found is None:
        raise PaymentRefused(f"There is no invoice {invoice}.", "Check its number.")
    return standings_of([found], at)[0]


def _check(reference: str, paid_on: date, at: datetime) -> None:
    if not reference or len(reference) > MOST_REFERENCE:
        raise PaymentRefused(
            "The bank's reference is missing or too long.", f"Enter it as on the statement, in {MOST_REFERENCE} characters."
        )
    if paid_on > local(at).date():
        raise PaymentRefused(f"{day(paid_on)} is ahead.", "Enter the day on which the money came.")


def _add(
    standing: Standing, signed: int, paid_on: date, reference: str, takes_back: int | None, text: str, *, by: str, at: datetime
) -> None:
    InvoicePayment.objects.create(
        invoice_id=standing.invoice.number, place=len(standing.payments) + 1, amount_pence=signed, paid_on=paid_on, reference=reference,
        takes_back=takes_back, text=text, by=by, at=at.astimezone(UTC),
    )  # fmt: skip
