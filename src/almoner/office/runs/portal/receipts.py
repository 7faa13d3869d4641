"""Why this amount: the page that every amount of the portal leads to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.care.packages import full_name
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.typed import day_typed
from almoner.office.runs.why import Why, why_expected, why_receipt


def receipt_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Why a receipt is what it is."""
    found = why_receipt(reader_of(request), receipt, request.at, request.council.calendar)  # type: ignore[attr-defined]
    return _page(request, found, "portal-receipt")


def expected_week_page(request: HttpRequest, line: str, week: str) -> HttpResponse:
    """Why a week is expected to bring what it does."""
    day = day_typed(week)
    if day is None:
        raise Http404
    found = why_expected(reader_of(request), line, day, request.at, request.council.calendar)  # type: ignore[attr-defined]
    return _page(request, found, "portal-expected-week")


def _page(request: HttpRequest, found: Why | None, page: str) -> HttpResponse:
    if found is None:
        note_refusal(page=page, code="SCOPE", by=reader_of(request).by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    context = {"why": found, "line": found.line, "name": full_name(found.line), "hold_words": HOLD_WORDS}
    return render(request, "runs/why.html", context)
