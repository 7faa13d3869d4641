"""The portal's home: what needs doing, in the order of the money it delays; the calendar of payments; the organisation's own details."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.listing import Heading, Listing, download
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.words import clock, local, long_day, span
from almoner.office.home.cut_off_file import calendar_file
from almoner.office.home.our_details import our_details
from almoner.office.home.to_do import ProviderHome, provider_home
from almoner.office.runs.provider_cut_offs import cut_offs

HEADINGS = (
    Heading("service", "Service"),
    Heading("period", "Period", sortable=False),
    Heading("cut_off", "Cut-off", "moment"),
    Heading("pay_date", "Pay date", "date"),
    Heading("moved", "Moved because"),
)


def home_page(request: HttpRequest) -> HttpResponse:
    """What needs doing, the next payment and the last."""
    found = provider_home(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    return render(request, "home/portal.html", {"home": found, "cut_off": cut_off_words(found)})


def cut_off_words(home: ProviderHome) -> str:
    """The next cut-off, `6pm on Tuesday 16 June 2026`; empty where there is none."""
    here = local(home.cut_off.cut_off_at) if home.cut_off else None
    return f"{clock(here)} on {long_day(here.date())}" if here else ""


def calendar_page(request: HttpRequest) -> HttpResponse:
    """Cut-offs and pay dates of the cycles that the organisation is paid by."""
    found = cut_offs(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    rows = [
        {
            "service": ", ".join(one.services), "period": span(one.period.from_date, one.period.last_day),
            "cut_off": one.period.cut_off_at, "pay_date": one.period.pay_date, "moved": one.period.moved_because,
        }
        for one in found
    ]  # fmt: skip
    empty = "There are no cut-offs yet: they appear with your first line."
    listing = Listing("cut-offs", "Cut-offs and pay dates", HEADINGS, rows, "", empty, row_heading="period", noun="periods")
    return answer_listing(request, "home/calendar.html", listing)


def calendar_file_page(request: HttpRequest) -> HttpResponse:
    """The cut-offs still to come, for a calendar program."""
    found = cut_offs(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    content = calendar_file([one.period for one in found if one.period.cut_off_at > request.at], request.council.name, request.at)  # type: ignore[attr-defined]
    return download(content, "cut-offs.ics", "text/calendar; charset=utf-8")


def organisation_page(request: HttpRequest) -> HttpResponse:
    """What the council holds about the organisation."""
    return render(request, "home/organisation.html", {"details": our_details(reader_of(request), request.at)})  # type: ignore[attr-defined]
