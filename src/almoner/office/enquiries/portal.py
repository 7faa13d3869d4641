"""Help and queries for providers: ask once, in the right place, with the numbers already in it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.enquiries.forms import Asked, Message
from almoner.office.enquiries.operations import About, open_query
from almoner.office.enquiries.reach import is_own, queries_open_to, things_numbered
from almoner.office.enquiries.shown import LISTED, listing, query_rows, thread
from almoner.office.enquiries.threads import file_sent, own_query, take_in
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import clock, day, long_day, week_of
from almoner.office.runs.left_out import RowLeftOut, row_left_out
from almoner.office.runs.provider_holds import provider_holds

KIND_OF = {"hold_id": "held_payment", "receipt_id": "payment", "run_id": "payment", "week": "actuals", "line_id": "actuals"}
"""What a query is probably about, by where it is asked from."""
MOST_DIGITS = 12
LONGEST_NUMBER = 100


def queries_page(request: HttpRequest) -> HttpResponse:
    """The organisation's queries, answered ones first."""
    reader = reader_of(request)
    rows = query_rows(queries_open_to(reader, request.at), lambda number: reverse("portal-query", args=[number]))  # type: ignore[attr-defined]
    table = listing("queries", "Your queries", LISTED, rows, "You have asked nothing yet. Ask from a line, a week, a payment or a hold.")
    return answer_listing(request, "enquiries/list.html", table)


def new_query_page(request: HttpRequest) -> HttpResponseBase:
    """Ask. What it is about comes from where it was asked."""
    reader = reader_of(request)
    if request.method == "GET" and not request.GET.keys() - {"about"}:
        return _what_about(request, reader)
    asked_from = {name: request.GET.get(name, "") for name in (*KIND_OF, "person_id")}
    kind = request.GET.get("kind") or next((KIND_OF[name] for name in KIND_OF if asked_from[name]), "")
    row = _row_asked_about(request, reader)
    about_row = {"text": row_words(row), "person_id": row.person_id, "kind": "actuals"} if row else {}
    form = Asked(request.POST or None, request.FILES or None, initial={**asked_from, "kind": kind, **about_row})
    if request.method == "POST" and form.is_valid():
        _require_own(request, reader, form.about())
        sent = open_query(
            kind=form.cleaned_data["kind"], side=reader.side, organisation_id=reader.organisation_id, about=form.about(),
            told=form.told(), text=form.cleaned_data["text"], attachments=form.sent(), by=reader.by, by_name=reader.name,
            at=request.at,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"Sent to the {sent.team} as {sent.reference}. An answer is due by {long_day(sent.due_on)}.")
        return redirect("portal-query", sent.number)
    about = _about_in_words(form)
    if asked := _asked_of_us(request, reader, str(form["hold_id"].value() or "")):
        about.append(("We asked you", asked))
    return render(request, "enquiries/new.html", {"form": form, "about": about})


def _what_about(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Opened from the menu with nothing: what it is about is looked for by a number first, so that the numbers are in the query."""
    about = " ".join(request.GET.get("about", "").split())[:LONGEST_NUMBER]
    found = things_numbered(reader, about, request.at, request.council.calendar) if about else []  # type: ignore[attr-defined]
    return render(request, "enquiries/what_about.html", {"about": about, "found": found})


def query_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One query: what was said, and saying more."""
    reader = reader_of(request)
    found = own_query(request, reader, number, "portal-query")
    form = Message(request.POST or None, request.FILES or None)
    if take_in(request, reader, found, form):
        return redirect("portal-query", number)
    return render(request, "enquiries/thread.html", {**thread(found, "portal-query-file"), "form": form})


def query_file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download."""
    own_query(request, reader_of(request), number, "portal-query")
    return file_sent(number, file)


def _require_own(request: HttpRequest, reader: Reader, about: About) -> None:
    """404 when what a query is said to be about is not all the reader's: an accepted query acts on it."""
    if not is_own(reader, about, request.at, request.council.calendar):  # type: ignore[attr-defined]
        note_refusal(page="portal-query-new", code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404


def _row_asked_about(request: HttpRequest, reader: Reader) -> RowLeftOut | None:
    """The row of an uploaded file that somebody asks about, where it was left out."""
    upload, row = (request.GET.get(name, "") for name in ("upload", "row"))
    if not all(number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS for number in (upload, row)):
        return None
    return row_left_out(reader, int(upload), int(row), request.at)  # type: ignore[attr-defined]


def row_words(row: RowLeftOut) -> str:
    """What a row of a file says, as the beginning of a question about it. No name stands in it."""
    start = f", {clock(row.start)}" if row.start else ""
    minutes = f", {row.minutes} minutes" if row.minutes is not None else ""
    return f"Row {row.row} of {row.file} names line {row.line_id}: {day(row.day)}{start}{minutes}.\n"


def _asked_of_us(request: HttpRequest, reader: Reader, hold: str) -> str:
    """What the payments team asked about a hold that waits for the provider; empty for any other."""
    if not hold:
        return ""
    holds = provider_holds(reader, request.at, request.council.calendar)  # type: ignore[attr-defined]
    return next((one.reason for one in holds if one.hold == hold and one.state == "provider"), "")


def _about_in_words(form: Asked) -> list[tuple[str, str]]:
    named = (("Person", "person_id"), ("Line", "line_id"), ("Payment", "run_id"), ("Amount", "receipt_id"), ("Held payment", "hold_id"))
    told = [(words, str(form[name].value())) for words, name in named if form[name].value()]
    week = _day(form["week"].value())
    return [*told, ("Week", week_of(week))] if week else told


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else day_typed(str(value or ""))
