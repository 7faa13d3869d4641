"""The console's search, and one page each for a person, a provider and a line: all that is known, as known now or on any day before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.operations import note_search
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.changes.queries import orders
from almoner.office.enquiries.queries import queries_about
from almoner.office.furniture.listing import Heading, Listing, answer, listed
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import day, moment, week_of
from almoner.office.home.known import KnownOf, line_known, person_known, provider_known
from almoner.office.home.line_chart import line_chart
from almoner.office.home.rooms import Room, line_rooms, person_rooms, provider_rooms
from almoner.office.home.search import is_by_name, search
from almoner.office.parties.queries import accounts_of
from almoner.office.runs.line_drawn import weeks_drawn

LOCAL = ZoneInfo("Europe/London")
SEARCHED = "searched"
FOUND = (Heading("kind", "Kind"), Heading("id", "Number", "id", link=lambda row: row["address"]), Heading("words", "Name or amount"))
LINES = (
    Heading("line_id", "Line", "id", link=lambda row: reverse("console-line", args=[row["line_id"]])),
    Heading("person_id", "Person", "id", link=lambda row: reverse("console-person", args=[row["person_id"]])),
    Heading(
        "provider_name", "Provider", link=lambda row: reverse("console-provider", args=[row["provider_id"]]) if row["provider_id"] else None
    ),
    Heading("service_type", "Service"),
    Heading("start_date", "Start", "date"),
    Heading("end_date", "End", "date"),
    Heading("authorised_on", "Authorised", "date"),
    Heading("agreed_on", "Agreed", "date"),
)
RECEIPTS = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("console-receipt", args=[row["receipt"]])),
    Heading("book", "Book"),
    Heading("line_id", "Line", "id"),
    Heading("week_words", "Week", sortable=False),
    Heading("kind", "Kind"),
    Heading("amount_pence", "Amount", "pounds"),
    Heading("cause", "Because"),
)
ORDER = (
    "lines", "terms", "weeks", "payments", "paid", "charges", "receipts", "holds", "absences", "shares", "submissions", "access", "bank",
    "queries", "timeline",
)  # fmt: skip
"""Of the tables of these pages."""
TIMELINE = (
    Heading("known_at", "Known at", "moment"),
    Heading("true_from", "True from", "date"),
    Heading("what", "What"),
    Heading("was", "Was"),
    Heading("now", "Now"),
    Heading("by", "By"),
)


def search_page(request: HttpRequest) -> HttpResponseBase:
    """Find anything by its number, name or amount; one exact number goes straight to it. What is typed stands in the session and not in the
    address: addresses with names in them would be kept by browsers, and by whatever stands before the server."""
    at = _now(request)
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("q", request.session.get(SEARCHED, "")).strip()[:200]
    found = search(typed, at)
    if "q" in asked and len(found) == 1 and typed.lower() == found[0].id.lower():
        return redirect(found[0].address)
    if request.method == "POST":
        request.session[SEARCHED] = typed
        return redirect("console-search")
    if typed and is_by_name(typed):
        note_search(found=len(found), by=reader_of(request).by, at=at)
    rows = [{"kind": one.kind, "id": one.id, "words": one.words, "address": one.address, "order": n} for n, one in enumerate(found)]
    empty = (
        f"Nothing matches ‘{typed}’. Try the 10-digit number, or the amount with pence." if typed else "Type a number, a name or an amount."
    )
    return answer(request, "home/search.html", Listing("found", "Found", FOUND, rows, "order", empty, "id", "results"), {"typed": typed})


def person_page(request: HttpRequest, person: str) -> HttpResponse:
    """A person: lines, what was paid and charged, queries, and when each thing became known."""
    found, then = _known(request, lambda at: person_known(person, at))
    facts = found.facts
    about = [
        ("Person", facts["person_id"]),
        ("Team", facts["team"]),
        ("Died on", day(facts["date_of_death"]) if facts["date_of_death"] else ""),
    ]
    name = " ".join(filter(None, (facts["given_names"], facts["family_name"])))
    rooms = [] if then else person_rooms(found, queries_about(at=_now(request), person_id=person), _now(request))
    return _page(request, found, then, rooms, {"title": name or person, "about": about, "orders": orders(person_id=person)})


def line_page(request: HttpRequest, line: str) -> HttpResponse:
    """A line: its terms, receipts and every change."""
    found, then = _known(request, lambda at: line_known(line, at))
    facts = found.lines[0]
    about = [("Line", line), ("Person", facts["person_id"]), ("Provider", facts["provider_name"]), ("Service", facts["service_type"])]
    about += [("First day", day(facts["start_date"])), ("Last day", day(facts["end_date"]))]
    context: dict[str, Any] = {
        "title": f"Line {line}",
        "about": about,
        "orders": orders(line_id=line),
    }
    rooms = [] if then else line_rooms(found, queries_about(at=_now(request), line_id=line), _now(request))
    if then is None and not request.GET.get("download"):
        context["chart"] = line_chart(weeks_drawn(line, facts["person_id"], _now(request)))
    if may("console-change-new", reader_of(request).role, "GET"):
        context["change"] = f"{reverse('console-change-new')}?line={line}"
    return _page(request, found, then, rooms, context)


def provider_page(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider: lines, queries, the account's last digits, and every change."""
    found, then = _known(request, lambda at: provider_known(provider, at))
    facts = found.facts
    accounts = [
        f"ending {one.ending} from {day(one.valid_from)}{'' if one.verified_by else ', being checked'}"
        for one in accounts_of(provider, _now(request))
    ]
    about = [("Provider", provider), ("Creditor reference", facts["creditor_reference"]), ("Account", "; ".join(accounts))]
    queries, council = queries_about(at=_now(request), organisation_id=provider), getattr(request, "council", None)
    rooms = [] if then else provider_rooms(found, queries, _now(request), council.calendar if council else ())
    return _page(request, found, then, rooms, {"title": facts["name"], "about": about, "orders": []})


def _now(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def _known(request: HttpRequest, of: Callable[[datetime], KnownOf | None]) -> tuple[KnownOf, date | None]:
    """What was known at the end of the day that is asked for, or now; 404 when nothing was."""
    at = _now(request)
    then = day_typed(request.GET.get("on", ""))
    found = of(min(datetime.combine(then, time(23, 59, 59), LOCAL), at) if then else at)
    if found is None:
        raise Http404
    return found, then


def _page(request: HttpRequest, found: KnownOf, then: date | None, rooms: Sequence[Room], context: dict[str, Any]) -> HttpResponse:
    """The page with the table that is asked for. As it was known on a day, only what is a fact of that day; the rest is of now."""
    receipts = Listing(
        "receipts", "Receipts", RECEIPTS, _receipts(found), "order", "Nothing has been sealed yet.", "receipt", "receipts",
        order_words="newest first",
    )  # fmt: skip
    every = [
        Room("lines", "Lines", lambda: Listing("lines", "Lines", LINES, found.lines, "line_id", "No line is known.", "line_id", "lines")),
        *rooms,
        *([Room("receipts", "Receipts", lambda: receipts)] if found.receipts else []),
        Room("timeline", "Timeline", lambda: Listing("timeline", "What became known, and when", TIMELINE, _moments(found), "-known_at",
                                                     "Nothing.", noun="changes")),
    ]  # fmt: skip
    if any(room.name == "terms" for room in rooms):
        every = every[1:]  # a line is not listed on its own page
    every.sort(key=lambda room: ORDER.index(room.name))
    wanted = request.GET.get("table", "")
    room = next((one for one in every if one.name == wanted), every[0])
    chosen = room.build()
    tabs = [{"text": one.words, "href": f"?table={one.name}{f'&on={then}' if then else ''}", "current": one is room} for one in every]
    whole = {**context, "tabs": tabs, "then": then, "about": [(words, said) for words, said in context["about"] if said]}
    if request.GET.get("download"):
        return answer(request, "home/known.html", chosen, whole)
    return render(request, "home/known.html", {**whole, "listed": listed(request, chosen), "moment": moment})


def _receipts(found: KnownOf) -> list[dict[str, Any]]:
    return [
        {**row, "receipt": f"{row['run_id']}.{row['number']}", "week_words": week_of(row["week"]), "order": number}
        for number, row in enumerate(found.receipts)
    ]


def _moments(found: KnownOf) -> list[dict[str, Any]]:
    return [
        {"known_at": one.known_at, "true_from": one.true_from, "what": one.what, "was": one.was, "now": one.now, "by": one.by}
        for one in found.timeline
    ]
