"""An invoice on the pages of both sides: its receipts as a table, and its files."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse

from almoner.office.claims.invoices import InvoiceShown, invoice_file, invoice_rows
from almoner.office.claims.receipts import shown_rows
from almoner.office.furniture.listing import Heading, Listing, download

ON_IT = (
    Heading("receipt", "Receipt", "id", link=lambda row: row["address"]),
    Heading("line_id", "Line", "id"),
    Heading("called", "Your reference"),
    Heading("scheme", "Scheme"),
    Heading("week_words", "Week"),
    Heading("kind_words", "Kind"),
    Heading("amount_pence", "Amount", "pounds", total=True),
)


def kept_file(invoice: InvoiceShown, kind: str) -> HttpResponse:
    """A file of an invoice as a download; 404 for a kind there is not."""
    kept = invoice_file(invoice, kind)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])


def receipts_on(invoice: InvoiceShown, page: str, at: datetime) -> Listing:
    """The receipts of an invoice as a table."""
    found = shown_rows(invoice_rows(invoice), invoice.funder_id, at)
    rows = [{**row, "address": reverse(page, args=[row["receipt"]])} for row in found]
    return Listing(
        invoice.reference, f"Receipts of {invoice.reference}", ON_IT, rows, "line_id", "It has no receipts.", "receipt", "receipts"
    )
