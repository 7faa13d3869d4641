"""A funder's home: what to do, and the balance by month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from almoner.office.accounts.readers import reader_of
from almoner.office.claims.months import home_of
from almoner.office.furniture.listing import Heading, Listing, answer

MONTHS = (
    Heading("month", "Month", link=lambda row: row["address"], sortable=False),
    Heading("receipts", "Receipts", "number", total=True),
    Heading("claimed", "Claimed", "pounds", total=True),
    Heading("agreed", "Agreed", "pounds", total=True),
    Heading("waiting", "Waiting", "pounds", total=True),
    Heading("disputed", "Disputed", "pounds", total=True),
    Heading("invoiced", "Invoiced", "pounds", total=True),
)


def home_page(request: HttpRequest) -> HttpResponse:
    """What a funder has to do, and what is claimed of it month by month."""
    home = home_of(reader_of(request).organisation_id, request.at)  # type: ignore[attr-defined]
    rows = [
        {
            "month": f"{one.month:%B %Y}", "address": f"{reverse('partner-receipts')}?month={one.month:%Y-%m}", "order": number,
            "receipts": one.receipts, "claimed": one.claimed_pence, "agreed": one.agreed_pence, "waiting": one.waiting_pence,
            "disputed": one.disputed_pence, "invoiced": one.invoiced_pence,
        }
        for number, one in enumerate(home.months)
    ]  # fmt: skip
    empty = "Nothing is claimed of you yet. Receipts appear when the council seals a month's claims."
    table = Listing("claimed", "Balance by month", MONTHS, rows, "order", empty, "month", "months", order_words="the latest first")
    return answer(request, "claims/home.html", table, {"home": home})
