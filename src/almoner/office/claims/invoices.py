"""What an invoice to a funder takes, and invoices as they were made. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.office.claims.models import Invoice, InvoiceFile
from almoner.office.claims.queries import Row, asked, book_of, of_book
from almoner.office.records.canonical import canonical_rows

READY = """
SELECT receipt, run_id, number, funder_id, line_id, week, month, kind, amount_pence, state, cause, called FROM book
WHERE funder_id = ? AND month <= ? AND state IN ('agreed', 'to_agree') AND approved
ORDER BY line_id, week, run_id, number
"""
SUMMED = """
SELECT count(*) AS receipts, coalesce(sum(amount_pence), 0)::BIGINT AS total_pence,
    count(*) FILTER (state = 'to_agree') AS waiting, coalesce(sum(amount_pence) FILTER (state = 'to_agree'), 0)::BIGINT AS waiting_pence,
    count(*) FILTER (month < ?) AS earlier, coalesce(sum(amount_pence) FILTER (month < ?), 0)::BIGINT AS earlier_pence
FROM ready
"""
ON_INVOICE = "SELECT * FROM book WHERE invoice_id = ? ORDER BY line_id, week, run_id, number"


@dataclass(frozen=True)
class Ready:
    """What an invoice would take now: its receipts (a table), and what they come to. `waiting`: those nobody has answered; `earlier`: those
    of months before. `basis` names exactly these receipts."""

    rows: pa.Table
    receipts: int
    total_pence: int
    waiting: int
    waiting_pence: int
    earlier: int
    earlier_pence: int
    basis: str


@dataclass(frozen=True)
class InvoiceShown:
    """An invoice, or a credit note when its total is below zero. Pence."""

    number: int
    funder_id: str
    month: date
    receipts: int
    total_pence: int
    by: str
    at: datetime
    basis: str

    @property
    def reference(self) -> str:
        """`INV-000017`."""
        return f"INV-{self.number:06}"

    @property
    def kind(self) -> str:
        """What it is called."""
        return "Credit note" if self.total_pence < 0 else "Invoice"


def ready_for(funder_id: str, month: date, *, book: pa.Table | None = None) -> Ready:
    """What an invoice to a funder takes: every receipt of weeks that end by the month's last day, of approved runs, neither disputed nor
    invoiced. Settled disputes and corrections of earlier months are among them."""
    with in_memory() as memory:
        memory.register("book", book_of(funder_id) if book is None else book)
        rows = asked(memory, READY, [funder_id, month])
        memory.register("ready", rows)
        summed = asked(memory, SUMMED, [month, month]).to_pylist()[0]
    named = canonical_rows(rows.select(["receipt", "amount_pence"]))
    return Ready(rows, basis=hashlib.sha256(f"{funder_id} {month}\n".encode() + named).hexdigest(), **summed)


def invoices_of(funder_id: str, *, month: date | None = None) -> list[InvoiceShown]:
    """The invoices to a funder, or to every one when empty, the latest first; of one month when given."""
    found = Invoice.objects.order_by("-number")
    if funder_id:
        found = found.filter(funder_id=funder_id)
    if month is not None:
        found = found.filter(month=month)
    return [_shown(one) for one in found]


def invoice_shown(reference: str, funder_id: str = "") -> InvoiceShown | None:
    """The invoice of a reference like `INV-000017`; None when there is none, or it is another funder's than the one named."""
    number = reference.removeprefix("INV-")
    if not number.isdecimal() or len(number) > 12:
        return None
    found = Invoice.objects.filter(number=int(number)).first()
    return _shown(found) if found and funder_id in ("", found.funder_id) else None


def invoice_on(basis: str) -> InvoiceShown | None:
    """The invoice made of exactly these receipts; None when there is none."""
    found = Invoice.objects.filter(basis=basis).first()
    return _shown(found) if found else None


def invoice_rows(invoice: InvoiceShown) -> list[Row]:
    """The receipts on an invoice, in the order it has them (`queries.book_of`)."""
    return of_book(book_of(invoice.funder_id), ON_INVOICE, [invoice.number])


def invoice_file(invoice: InvoiceShown, kind: str) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of an invoice's `pdf` or `csv`; None for another kind."""
    found = InvoiceFile.objects.filter(invoice_id=invoice.number, kind=kind).first()
    return (found.name, found.media_type, bytes(found.content)) if found else None


def receipts_named(rows: Sequence[Row], funder_id: str) -> str:
    """What names a list of receipts as a page showed it: the same list again has the same."""
    told = "\n".join([funder_id, *sorted(f"{row['receipt']} {row['amount_pence']}" for row in rows)])
    return hashlib.sha256(told.encode()).hexdigest()


def _shown(found: Invoice) -> InvoiceShown:
    return InvoiceShown(int(found.number), found.funder_id, found.month, found.receipts, found.total_pence, found.by, found.at, found.basis)
