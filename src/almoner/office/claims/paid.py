"""What funders have paid of their invoices, what is unpaid, and how old that is. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from almoner.office.claims.invoices import InvoiceShown
from almoner.office.claims.models import InvoicePayment
from almoner.office.furniture.words import local
from almoner.office.runs.hold_rows import total_of

AGES = (("Under 30 days", 29), ("30 to 60 days", 60), ("61 to 90 days", 90))
"""Most days of each age of what is unpaid; anything older is the last."""
OLDEST = "Over 90 days"


@dataclass(frozen=True)
class Paid:
    """One payment of an invoice, pence with the sign of its total; `takes_back`: the payment that this one undoes, by its place;
    `is_back`: whether another one undoes it."""

    place: int
    amount_pence: int
    paid_on: date
    reference: str
    takes_back: int | None
    text: str
    by: str
    at: datetime
    is_back: bool


@dataclass(frozen=True)
class Standing:
    """What was paid of an invoice and what is left of it, in pence, and how many days ago it was made."""

    invoice: InvoiceShown
    payments: tuple[Paid, ...]
    paid_pence: int
    unpaid_pence: int
    days: int

    @property
    def age(self) -> str:
        """How old what is unpaid is, in words; empty when nothing is."""
        if not self.unpaid_pence:
            return ""
        return next((words for words, most in AGES if self.days <= most), OLDEST)


def standings_of(invoices: Sequence[InvoiceShown], at: datetime) -> list[Standing]:
    """What was paid of each of these invoices, in their order."""
    found: dict[int, list[InvoicePayment]] = {}
    for row in InvoicePayment.objects.filter(invoice_id__in=[one.number for one in invoices]).order_by("invoice_id", "place"):
        found.setdefault(row.invoice_id, []).append(row)
    return [_standing(one, found.get(one.number, []), at) for one in invoices]


def _standing(invoice: InvoiceShown, rows: Sequence[InvoicePayment], at: datetime) -> Standing:
    undone = {row.takes_back for row in rows}
    payments = tuple(
        Paid(
            row.place, row.amount_pence, row.paid_on, row.reference, row.takes_back, row.text, row.by, row.at, row.place in undone,
        )
        for row in rows
    )  # fmt: skip
    paid = total_of(one.amount_pence for one in payments)
    days = (local(at).date() - local(invoice.at).date()).days
    unpaid = total_of([invoice.total_pence, *(-one.amount_pence for one in payments)])
    return Standing(invoice, payments, paid, unpaid, days)


def unpaid_by_age(standings: Sequence[Standing]) -> list[tuple[str, int, int]]:
    """How many invoices and credit notes are unpaid, and pence in all, by their age."""
    rows = []
    for words in (*(words for words, _ in AGES), OLDEST):
        theirs = [one for one in standings if one.age == words]
        rows.append((words, len(theirs), total_of(one.unpaid_pence for one in theirs)))
    return rows
