"""A funder's invoices and credit notes, and what they come to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.claims.invoice_tables import kept_file, receipts_on
from almoner.office.claims.invoices import InvoiceShown, invoice_shown, invoices_of
from almoner.office.claims.paid import Standing, standings_of
from almoner.office.furniture.listing import Heading, Listing, Row, answer
from almoner.office.furniture.words import local

LISTED = (
    Heading("reference", "Number", "id", link=lambda row: row["address"]),
    Heading("kind", "Kind"),
    Heading("day", "Date", "date"),
    Heading("month", "Care up to the end of"),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("total_pence", "Amount", "pounds", total=True),
    Heading("paid_pence", "Paid", "pounds", total=True),
    Heading("unpaid_pence", "Unpaid", "pounds", total=True),
    Heading("age", "Unpaid for", further=True),
)


def invoices_page(request: HttpRequest) -> HttpResponse:
    """Every invoice and credit note to the funder, with the balance of them all."""
    found = standings_of(invoices_of(reader_of(request).organisation_id), request.at)  # type: ignore[attr-defined]
    rows = invoice_listing(found, "partner-invoice")
    empty = "There is no invoice yet. The council makes one for each month, of every receipt that is not disputed."
    table = Listing("invoices", "Invoices and balance", LISTED, rows, "-reference", empty, "reference", "invoices")
    return answer(request, "claims/invoices.html", table)


def invoice_page(request: HttpRequest, invoice: str) -> HttpResponse:
    """One invoice with its receipts."""
    found = _own(request, reader_of(request), invoice)
    context = {
        "invoice": found, "file_page": "partner-invoice-file", "back": reverse("partner-invoices"), "back_words": "Invoices",
        "standing": standings_of([found], request.at)[0], "may_act": False,  # type: ignore[attr-defined]
        "may_ask": may("partner-query-new", reader_of(request).role, "POST"),
    }  # fmt: skip
    return answer(request, "claims/invoice.html", receipts_on(found, "partner-receipt", request.at), context)  # type: ignore[attr-defined]


def invoice_download(request: HttpRequest, invoice: str, kind: str) -> HttpResponse:
    """The invoice's PDF, or the CSV of its receipts, as they were made."""
    return kept_file(_own(request, reader_of(request), invoice), kind)


def invoice_listing(standings: list[Standing], page: str) -> list[Row]:
    """Invoices as rows of a table."""
    return [
        {
            "reference": one.invoice.reference, "address": reverse(page, args=[one.invoice.reference]), "kind": one.invoice.kind,
            "day": local(one.invoice.at).date(), "month": f"{one.invoice.month:%B %Y}", "receipts": one.invoice.receipts,
            "total_pence": one.invoice.total_pence, "paid_pence": one.paid_pence, "unpaid_pence": one.unpaid_pence, "age": one.age,
        }
        for one in standings
    ]  # fmt: skip


def _own(request: HttpRequest, reader: Reader, invoice: str) -> InvoiceShown:
    found = invoice_shown(invoice, reader.organisation_id)
    if found is None:
        note_refusal(page="partner-invoice", code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    return found
