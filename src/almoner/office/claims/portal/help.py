"""Help for funders: what they dispute and who speaks next, and whom to ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from almoner.office.accounts.readers import reader_of
from almoner.office.claims.disputes import dispute_rows
from almoner.office.furniture.listing import Heading, Listing, answer

SPEAKS = {"council": "the council", "funder": "you"}
LISTED = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("partner-receipt", args=[row["receipt"]])),
    Heading("line_id", "Line", "id"),
    Heading("called", "Your reference"),
    Heading("week_words", "Week"),
    Heading("because", "Why"),
    Heading("disputed_pence", "Disputed", "pounds", total=True),
    Heading("since", "Since", "date"),
    Heading("with", "Waits for"),
)


def help_page(request: HttpRequest) -> HttpResponse:
    """Open disputes with who speaks next, and whom to ask about anything else."""
    reader = reader_of(request)
    found = dispute_rows(request.at, reader.organisation_id)  # type: ignore[attr-defined]
    rows = [{**row, "with": SPEAKS[row["waits"]]} for row in found]
    empty = "You dispute nothing now. What you ask about a receipt stands on its page, with the answers."
    table = Listing("disputes", "Your disputes", LISTED, rows, "order", empty, "receipt", "disputes", order_words="the oldest first")
    return answer(request, "claims/help.html", table, {"enquiries": request.council.enquiries})  # type: ignore[attr-defined]
