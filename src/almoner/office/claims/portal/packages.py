"""The packages that a funder shares, one by one with each change; and the funder's own reference for each."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.claims.forms import Reference
from almoner.office.claims.operations import name_line
from almoner.office.claims.packages import package_rows, package_shown
from almoner.office.furniture.listing import Heading, Listing, answer

LISTED = (
    Heading("line_id", "Line", "id", link=lambda row: reverse("partner-package", args=[row["line_id"]])),
    Heading("called", "Your reference"),
    Heading("service", "Service"),
    Heading("scheme", "Scheme"),
    Heading("share", "Your share"),
    Heading("start_date", "First day", "date"),
    Heading("end_date", "Last day", "date"),
    Heading("claimed_pence", "Claimed so far", "pounds", total=True),
)
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("partner-receipt", args=[row["receipt"]])),
    Heading("week_words", "Week"),
    Heading("gross_pence", "Gross", "pounds"),
    Heading("share", "Your share"),
    Heading("amount_pence", "This receipt", "pounds", total=True),
    Heading("kind_words", "Kind"),
    Heading("state", "State", "status", status="claim"),
)


def packages_page(request: HttpRequest) -> HttpResponse:
    """Every line of which something is claimed of the funder."""
    rows = package_rows(reader_of(request).organisation_id, request.at)  # type: ignore[attr-defined]
    empty = "No package is shared with you yet. Lines appear here when something of them is first claimed."
    table = Listing("packages", "Packages", LISTED, rows, "", empty, "line_id", "packages", order_words="those in service first")
    return answer(request, "claims/packages.html", table)


def package_page(request: HttpRequest, line: str) -> HttpResponseBase:
    """One line: its share, each change before and after, what was claimed; PC may note its own reference."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = package_shown(reader.organisation_id, line, at)
    if found is None:
        note_refusal(page="partner-package", code="SCOPE", by=reader.by, at=at)
        raise Http404
    form = Reference(request.POST or None, initial={"reference": found.row["called"]})
    if request.method == "POST" and form.is_valid():
        name_line(funder_id=reader.organisation_id, line_id=line, reference=form.cleaned_data["reference"], by=reader.by, at=at)
        messages.success(request, f"Your reference for line {line} is noted.")
        return redirect("partner-package", line)
    table = Listing(f"claims-{line}", f"Claimed for line {line}", RECEIPTS, found.receipts, "", "Nothing.", "receipt", "receipts",
                    order_words="the latest week first")  # fmt: skip
    context = {"shown": found, "row": found.row, "form": form, "may_act": may("partner-package", reader.role, "POST")}
    answered = answer(request, "claims/package.html", table, context)
    if form.errors:
        answered.status_code = 400
    return answered
