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
from almoner.office.care.queries import lines_open_to
from almoner.office.enquiries.forms import Asked, Message
from almoner.office.enquiries.operations import About, close, open_query, reopen, reply
from almoner.office.enquiries.queries import QueryShown, attachment_content, queries_of, query
from almoner.office.enquiries.shown import LISTED, listing, query_rows, thread
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.listing import download
from almoner.office.furniture.words import long_day, week_of
from almoner.office.runs.provider_holds import provider_holds
from almoner.office.runs.why import why_receipt

KIND_OF = {"hold_id": "held_payment", "receipt_id": "payment", "run_id": "payment", "week": "actuals", "line_id": "actuals"}
"""What a query is probably about, by where it is asked from."""


def queries_page(request: HttpRequest) -> HttpResponse:
    """The organisation's queries, answered ones first."""
    reader = reader_of(request)
    found = queries_of(reader.organisation_id, side=reader.side, at=request.at)  # type: ignore[attr-defined]
    if reader.is_limited:
        reach = _reach(request, reader)
        found = [one for one in found if _is_within(one, reader, reach)]
    rows = query_rows(found, lambda number: reverse("portal-query", args=[number]))
    table = listing("queries", "Your queries", LISTED, rows, "You have asked nothing yet. Ask from a line, a week, a payment or a hold.")
    return answer_listing(request, "enquiries/list.html", table)


def new_query_page(request: HttpRequest) -> HttpResponseBase:
    """Ask. What it is about comes from where it was asked."""
    reader = reader_of(request)
    asked_from = {name: request.GET.get(name, "") for name in (*KIND_OF, "person_id")}
    kind = request.GET.get("kind") or next((KIND_OF[name] for name in KIND_OF if asked_from[name]), "")
    form = Asked(request.POST or None, request.FILES or None, initial={**asked_from, "kind": kind})
    if request.method == "POST" and form.is_valid():
        _require_own(request, reader, form.about())
        sent = open_query(
            kind=form.cleaned_data["kind"], side=reader.side, organisation_id=reader.organisation_id, about=form.about(),
            told=form.told(), text=form.cleaned_data["text"], attachments=form.sent(), by=reader.by, by_name=reader.name,
            at=request.at,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"Sent to the {sent.team} as {sent.reference}. An answer is due by {long_day(sent.due_on)}.")
        return redirect("portal-query", sent.number)
    return render(request, "enquiries/new.html", {"form": form, "about": _about_in_words(form)})


def query_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One query: what was said, and saying more."""
    reader = reader_of(request)
    found = _own(request, reader, number)
    form = Message(request.POST or None, request.FILES or None)
    if request.method == "POST":
        who = {"by": reader.by, "by_name": reader.name, "side": reader.side, "at": request.at}  # type: ignore[attr-defined]
        if request.POST.get("act") == "close":
            close(number=number, **who)
            messages.success(request, f"{found.reference} is settled.")
            return redirect("portal-query", number)
        if form.is_valid():
            if found.state in ("closed", "accepted"):
                reopen(number=number, text=form.cleaned_data["text"], **who)
            else:
                reply(number=number, text=form.cleaned_data["text"], attachments=form.sent(), **who)
            messages.success(request, f"Sent to the {found.team}.")
            return redirect("portal-query", number)
    return render(request, "enquiries/thread.html", {**thread(found, "portal-query-file"), "form": form})


def query_file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download."""
    _own(request, reader_of(request), number)
    kept = attachment_content(number, file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])


def _own(request: HttpRequest, reader: Reader, number: int) -> QueryShown:
    found = query(number, request.at)  # type: ignore[attr-defined]
    own = found is not None and (found.organisation_id, found.side) == (reader.organisation_id, reader.side)
    if own and found is not None and reader.is_limited:
        own = _is_within(found, reader, _reach(request, reader))
    if found is None or not own:
        note_refusal(page="portal-query", code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    return found


def _require_own(request: HttpRequest, reader: Reader, about: About) -> None:
    """404 when what a query is said to be about is not all the reader's: an accepted query acts on it."""
    at, rules = request.at, request.council.calendar  # type: ignore[attr-defined]
    lines = lines_open_to(reader, at)
    own = (
        (not about.line_id or about.line_id in lines.column("line_id").to_pylist())
        and (not about.person_id or about.person_id in lines.column("person_id").to_pylist())
        and (not about.hold_id or any(hold.hold == about.hold_id for hold in provider_holds(reader, at, rules)))
        and (not about.receipt_id or why_receipt(reader, about.receipt_id, at, rules) is not None)
    )
    if not own:
        note_refusal(page="portal-query-new", code="SCOPE", by=reader.by, at=at)
        raise Http404


def _reach(request: HttpRequest, reader: Reader) -> tuple[set[str], set[str]]:
    """The lines and the people that a limited reader reaches."""
    lines = lines_open_to(reader, request.at)  # type: ignore[attr-defined]
    return set(lines.column("line_id").to_pylist()), set(lines.column("person_id").to_pylist())


def _is_within(found: QueryShown, reader: Reader, reach: tuple[set[str], set[str]]) -> bool:
    """Whether a limited reader may see a query: their own, or one about a line or person they reach."""
    lines, people = reach
    if found.opened_by == reader.by:
        return True
    return found.line_id in lines if found.line_id else found.person_id in people


def _about_in_words(form: Asked) -> list[tuple[str, str]]:
    named = (("Person", "person_id"), ("Line", "line_id"), ("Payment", "run_id"), ("Amount", "receipt_id"), ("Held payment", "hold_id"))
    told = [(words, str(form[name].value())) for words, name in named if form[name].value()]
    week = _day(form["week"].value())
    return [*told, ("Week", week_of(week))] if week else told


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
