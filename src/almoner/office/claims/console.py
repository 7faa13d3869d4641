"""Claims on the console: every funder's months, disputes answered and settled, and what is not disputed invoiced."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.money import pounds
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.claims.disputes import dispute_rows
from almoner.office.claims.forms import InvoicePaid, Settlement, TakenBack
from almoner.office.claims.invoice_tables import kept_file, receipts_on
from almoner.office.claims.invoices import InvoiceShown, invoice_shown
from almoner.office.claims.months import month_shown, register_of_claims
from almoner.office.claims.operations import answer_dispute, make_invoice, record_payment, settle_dispute, take_back_payment
from almoner.office.claims.operations.acts import Who
from almoner.office.claims.paid import standings_of
from almoner.office.claims.queries import file_of
from almoner.office.claims.receipts import ReceiptShown, receipt_shown
from almoner.office.furniture.listing import Heading, Listing, Row, answer, download
from almoner.office.furniture.words import day
from almoner.office.parties.queries import funder_names


def _month(row: Row) -> str:
    return reverse("console-claim-month", args=[row["funder_id"], row["address_month"]])


def _receipt(row: Row) -> str:
    return reverse("console-claim-receipt", args=[row["receipt"]])


MONTHS = (
    Heading("funder", "Funder", link=_month),
    Heading("month", "Month", sortable=False),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("agreed", "Agreed", "pounds", total=True),
    Heading("disputed", "Disputed", "pounds", total=True),
    Heading("waiting", "Waiting", "pounds", total=True),
    Heading("ready", "In the invoice", "pounds", total=True),
    Heading("invoiced", "Invoiced", "pounds", total=True),
    Heading("unpaid", "Unpaid", "pounds", total=True),
    Heading("unpaid_60", "Unpaid 30 to 60 days", "pounds", total=True),
    Heading("unpaid_90", "61 to 90 days", "pounds", total=True),
    Heading("unpaid_older", "Over 90 days", "pounds", total=True),
    Heading("to_60", "Disputed 30 to 60 days", "pounds", total=True, further=True),
    Heading("to_90", "Disputed 61 to 90 days", "pounds", total=True, further=True),
    Heading("over_90", "Disputed over 90 days", "pounds", total=True, further=True),
)
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=_receipt),
    Heading("line_id", "Line", "id", link=lambda row: reverse("console-line", args=[row["line_id"]])),
    Heading("called", "Funder's reference"),
    Heading("scheme", "Scheme"),
    Heading("week_words", "Week"),
    Heading("gross_pence", "Gross", "pounds"),
    Heading("share", "Share"),
    Heading("amount_pence", "This receipt", "pounds", total=True),
    Heading("kind_words", "Kind"),
    Heading("state", "State", "status", status="claim"),
)


def claims_page(request: HttpRequest) -> HttpResponse:
    """Every funder's months, oldest dispute first; those that are invoiced whole only when asked for."""
    at = request.at  # type: ignore[attr-defined]
    rows, picture = register_of_claims(at)
    every = request.GET.get("all") == "yes"
    shown = [row for row in rows if every or row["is_open"]]
    empty = "Nothing waits to be agreed, settled or invoiced. Months appear when a run of claims is sealed."
    table = Listing("claims", "Claims", MONTHS, shown, "order", empty, "funder", "months", order_words="the oldest dispute first")
    return answer(
        request,
        "claims/console_claims.html",
        table,
        {"picture": picture, "every": every, "hidden": len(rows) - len(shown), "disputes": dispute_rows(at)},
    )


def month_page(request: HttpRequest, funder: str, month: str) -> HttpResponseBase:
    """One month of a funder: its receipts, and the invoice of all that is not disputed."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    first = _first_day(month)
    if request.method == "POST":
        council, basis = request.council, request.POST.get("basis", "")  # type: ignore[attr-defined]
        made = make_invoice(funder_id=funder, month=first, basis=basis, council=council, by=reader.by, at=at)
        messages.success(request, f"{made.kind} {made.reference} is made: {pounds(made.total_pence)} for {made.receipts:,} receipts.")
        return redirect("console-invoice", made.reference)
    found = month_shown(funder, first, at, state=request.GET.get("state", ""))
    if found is None:
        raise Http404
    name = funder_names(at).get(funder, funder)
    table = Listing(f"claims-{funder}-{month}", f"Receipts of {first:%B %Y}", RECEIPTS, found.rows, "order", "None.", "receipt",
                    "receipts", order_words="not yet answered first, then the largest")  # fmt: skip
    context = {
        "funder": name, "month": first, "found": found.month, "ready": found.ready, "invoices": found.invoices,
        "may_act": may("console-claim-month", reader.role, "POST"), "state": request.GET.get("state", ""),
    }  # fmt: skip
    return answer(request, "claims/console_month.html", table, context)


def receipt_page(request: HttpRequest, receipt: str) -> HttpResponseBase:
    """One claim receipt: what was said of it; answer and settle its dispute."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = _there(request, receipt)
    act, who = request.POST.get("act", ""), Who("council", reader.by, reader.name)
    form = Settlement(act == "settle", request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        text, files = form.cleaned_data["text"], form.sent()
        if act == "settle":
            settle_dispute(receipt=receipt, outcome=form.cleaned_data["outcome"], text=text, files=files, who=who, at=at)
            messages.success(request, f"Settled. Receipt {receipt}, {pounds(found.row['amount_pence'])}, joins the next invoice.")
        else:
            answer_dispute(receipt=receipt, text=text, files=files, who=who, at=at)
            messages.success(request, "Answered. The partner reads it on its pages.")
        return redirect("console-claim-receipt", receipt)
    context = {
        "shown": found, "row": found.row, "form": form,
        "funder": funder_names(at).get(found.row["funder_id"], found.row["funder_id"]),
        "may_act": may("console-claim-receipt", reader.role, "POST"), "file_page": "console-claim-file",
    }  # fmt: skip
    return render(request, "claims/console_receipt.html", context, status=400 if form.errors else 200)


def receipt_file(request: HttpRequest, receipt: str, file: int) -> HttpResponse:
    """A file sent about a receipt, as a download."""
    found = _there(request, receipt)
    kept = file_of(found.row["run_id"], found.row["number"], file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])


def invoice_page(request: HttpRequest, invoice: str) -> HttpResponseBase:
    """One invoice with its receipts, and what the funder paid of it: finance writes that down."""
    found, reader, at = _invoice(invoice), reader_of(request), request.at  # type: ignore[attr-defined]
    act, back_act = request.POST.get("act", ""), "take_back"
    form = InvoicePaid(request.POST if act == "paid" else None)
    taken = TakenBack(request.POST if act == back_act else None)
    if act == "paid" and form.is_valid():
        given = form.cleaned_data
        record_payment(invoice=found.reference, amount_pence=given["amount"], paid_on=given["paid_on"], reference=given["reference"],
                       by=reader.by, at=at)  # fmt: skip
        messages.success(request, f"{pounds(given['amount'])} is recorded as paid on {day(given['paid_on'])}.")
        return redirect("console-invoice", found.reference)
    if act == back_act and taken.is_valid():
        take_back_payment(invoice=found.reference, place=taken.cleaned_data["place"], text=taken.cleaned_data["text"], by=reader.by, at=at)
        messages.success(request, "The payment is taken back. That much is unpaid again.")
        return redirect("console-invoice", found.reference)
    back = reverse("console-claim-month", args=[found.funder_id, f"{found.month:%Y-%m}"])
    context = {
        "invoice": found, "file_page": "console-invoice-file", "back": back, "back_words": f"{found.month:%B %Y}",
        "standing": standings_of([found], at)[0], "form": form, "taken": taken, "may_act": may("console-invoice", reader.role, "POST"),
        "back_place": request.POST.get("place", "") or request.GET.get("back", ""),
    }  # fmt: skip
    response = answer(request, "claims/invoice.html", receipts_on(found, "console-claim-receipt", at), context)
    response.status_code = 400 if form.errors or taken.errors else response.status_code
    return response


def invoice_download(request: HttpRequest, invoice: str, kind: str) -> HttpResponse:
    """The invoice's PDF, or the CSV of its receipts, as they were made."""
    return kept_file(_invoice(invoice), kind)


def _invoice(invoice: str) -> InvoiceShown:
    found = invoice_shown(invoice)
    if found is None:
        raise Http404
    return found


def _there(request: HttpRequest, receipt: str) -> ReceiptShown:
    found = receipt_shown(receipt, request.at)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
