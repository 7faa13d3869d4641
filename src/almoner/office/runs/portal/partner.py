"""Pages for funders: what is claimed of them, month by month and receipt by receipt. No names stand anywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.listing import Heading, Listing, answer
from almoner.office.furniture.words import week_of
from almoner.office.runs.claimed import claimed_of, claimed_receipt, months_of, share_in_words
from almoner.office.runs.explanations import explain_receipt

MONTHS = (
    Heading("month", "Month", link=lambda row: row["address"]),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("regular_pence", "Regular", "pounds", total=True),
    Heading("adjustments_pence", "Adjustments", "pounds", total=True),
    Heading("total_pence", "Claimed", "pounds", total=True),
)
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=lambda row: row["address"]),
    Heading("line_id", "Line", "id"),
    Heading("week_words", "Week"),
    Heading("kind", "Kind"),
    Heading("amount_pence", "This receipt", "pounds", total=True),
    Heading("cause", "Because"),
)


def home_page(request: HttpRequest) -> HttpResponse:
    """What is claimed, month by month."""
    rows = [
        {
            "month": f"{month.first:%B %Y}", "address": reverse("partner-receipts", args=[f"{month.first:%Y-%m}"]), "order": -number,
            "receipts": month.receipts, "regular_pence": month.regular_pence, "adjustments_pence": month.adjustments_pence,
            "total_pence": month.total_pence,
        }
        for number, month in enumerate(months_of(reader_of(request)))
    ]  # fmt: skip
    table = Listing("claimed", "Claimed by month", MONTHS, rows, "-order", "Nothing has been claimed yet.", "month", "months")
    return answer(request, "runs/partner/home.html", table)


def receipts_page(request: HttpRequest, month: str) -> HttpResponse:
    """The receipts of one month."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    rows = [_row(row) for row in claimed_of(reader_of(request), month=first)]
    caption = f"Receipts of {first:%B %Y}"
    table = Listing(f"claimed-{month}", caption, RECEIPTS, rows, "line_id", "Nothing was claimed of this month.", "receipt", "receipts")
    return answer(request, "runs/partner/receipts.html", table, {"title": caption})


def receipt_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Why one receipt is what it is."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    row = claimed_receipt(reader, receipt)
    if row is None:
        note_refusal(page="partner-receipt", code="SCOPE", by=reader.by, at=at)
        raise Http404
    context: dict[str, Any] = {
        "row": _row(row),
        "month": f"{row['week']:%Y-%m}",
        "share": share_in_words(row["line_id"], row["funder_id"], row["week"], at),
        "sentences": [sentence.text for sentence in explain_receipt(receipt, names=False).sentences],
    }
    return render(request, "runs/partner/receipt.html", context)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    receipt = f"{row['run_id']}.{row['number']}"
    return {**row, "receipt": receipt, "week_words": week_of(row["week"]), "address": reverse("partner-receipt", args=[receipt])}
