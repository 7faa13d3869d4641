"""A funder's invoices and credit notes, and what they come to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.claims.invoice_tables import kept_file, receipts_on
from almoner.office.claims.invoices import InvoiceShown, invoice_shown, invoices_of
from almoner.office.furniture.listing import Heading, Listing, Row, answer

LISTED = (
    Heading("reference", "Number", "id", link=lambda row: row["address"]),
    Heading("kind", "Kind"),
    Heading("day", "Date", "date"),
    Heading("month", "Care up to the end of"),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("total_pence", "Amount", "pounds", total=True),
)


def invoices_page(request: HttpRequest) -> HttpResponse:
    """Every invoice and credit note to the funder, with the balance of them all."""
    rows = invoice_listing(invoices_of(reader_of(request).organisation_id), "partner-invoice")
    empty = "There is no invoice yet. The council makes one for each month, of every receipt that is not disputed."
    table = Listing("invoices", "Invoices and balance", LISTED, rows, "-reference", empty, "reference", "invoices")
    return answer(request, "claims/invoices.html", table)


def invoice_page(request: HttpRequest, invoice: str) -> HttpResponse:
    """One invoice with its receipts."""
    found = _own(request, reader_of(request), invoice)
    context = {"invoice": found, "file_page": "partner-invoice-file", "back": reverse("partner-invoices"), "back_words": "Invoices"}
    return answer(request, "claims/invoice.html", receipts_on(found, "partner-receipt", request.at), context)  # type: ignore[attr-defined]


def invoice_download(request: HttpRequest, invoice: str, kind: str) -> HttpResponse:
    """The invoice's PDF, or the CSV of its receipts, as they were made."""
    return kept_file(_own(request, reader_of(request), invoice), kind)


def invoice_listing(invoices: list[InvoiceShown], page: str) -> list[Row]:
    """Invoices as rows of a table."""
    return [
        {
            "reference": one.reference, "address": reverse(page, args=[one.reference]), "kind": one.kind, "day": one.at.date(),
            "month": f"{one.month:%B %Y}", "receipts": one.receipts, "total_pence": one.total_pence,
        }
        for one in invoices
    ]  # fmt: skip


def _own(request: HttpRequest, reader: Reader, invoice: str) -> InvoiceShown:
    found = invoice_shown(invoice, reader.organisation_id)
    if found is None:
        note_refusal(page="partner-invoice", code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    return found
