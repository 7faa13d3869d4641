"""Help for funders: what they asked and dispute, who speaks next, and asking about an invoice, its payment or a package."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.claims.disputes import dispute_rows
from almoner.office.claims.forms import Question
from almoner.office.claims.partner_queries import is_own, things_numbered
from almoner.office.enquiries.forms import Message
from almoner.office.enquiries.operations import About, Told, open_query
from almoner.office.enquiries.reach import queries_open_to
from almoner.office.enquiries.shown import LISTED, listing, query_rows, thread
from almoner.office.enquiries.threads import file_sent, own_query, take_in
from almoner.office.furniture.listing import Heading, Listing, answer
from almoner.office.furniture.listing import listed as listed_on
from almoner.office.furniture.words import long_day

SPEAKS = {"council": "the council", "funder": "you"}
DISPUTED = (
    Heading("receipt", "Receipt", "id", link=lambda row: reverse("partner-receipt", args=[row["receipt"]]), sortable=False),
    Heading("line_id", "Line", "id", sortable=False),
    Heading("called", "Your reference", sortable=False),
    Heading("week_words", "Week", sortable=False),
    Heading("because", "Why", sortable=False),
    Heading("disputed_pence", "Disputed", "pounds", total=True, sortable=False),
    Heading("since", "Since", "date", sortable=False),
    Heading("with", "Waits for", sortable=False),
)
ASKED = tuple(heading for heading in LISTED if heading.name != "person_id")
"""The columns of a funder's queries: what they are about, and nobody's number."""
LONGEST_NUMBER = 100


def help_page(request: HttpRequest) -> HttpResponse:
    """The funder's queries, answered ones first; its open disputes with who speaks next; and whom else to ask."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    rows = query_rows(queries_open_to(reader, at), lambda number: reverse("partner-query", args=[number]))
    table = listing("queries", "Your queries", ASKED, rows, "You have asked nothing yet. Ask from an invoice or a package.")
    disputed = [{**row, "with": SPEAKS[row["waits"]]} for row in dispute_rows(at, reader.organisation_id)]
    empty = "You dispute nothing now. What you ask about a receipt stands on its page, with the answers."
    disputes = Listing("disputes", "Your disputes", DISPUTED, disputed, "", empty, "receipt", "disputes", order_words="the oldest first",
                       downloads=False)  # fmt: skip
    context = {
        "disputes": listed_on(request, disputes), "enquiries": request.council.enquiries,  # type: ignore[attr-defined]
        "may_act": may("partner-query-new", reader.role, "POST"),
    }  # fmt: skip
    return answer(request, "claims/help.html", table, context)


def new_query_page(request: HttpRequest) -> HttpResponseBase:
    """Ask about an invoice, its payment or a package, whose number is carried from where it was asked."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if request.method == "GET" and not request.GET.keys() - {"about"}:
        return _what_about(request, reader)
    asked = {"invoice": request.GET.get("invoice", ""), "line": request.GET.get("line", "")}
    kind = request.GET.get("kind") or ("invoice" if asked["invoice"] else "package" if asked["line"] else "claim")
    form = Question(request.POST or None, request.FILES or None, initial={**asked, "kind": kind})
    if request.method == "POST" and form.is_valid():
        about = About(line_id=form.cleaned_data["line"], receipt_id=form.cleaned_data["invoice"])
        if not is_own(reader.organisation_id, about):
            note_refusal(page="partner-query-new", code="SCOPE", by=reader.by, at=at)
            raise Http404
        sent = open_query(
            kind=form.cleaned_data["kind"], side=reader.side, organisation_id=reader.organisation_id, about=about, told=Told(),
            text=form.cleaned_data["text"], attachments=form.sent(), by=reader.by, by_name=reader.name, at=at,
        )  # fmt: skip
        messages.success(request, f"Sent to the {sent.team} as {sent.reference}. An answer is due by {long_day(sent.due_on)}.")
        return redirect("partner-query", sent.number)
    about_words = [(words, str(form[name].value())) for words, name in (("Invoice", "invoice"), ("Line", "line")) if form[name].value()]
    return render(request, "claims/query_new.html", {"form": form, "about": about_words}, status=400 if form.errors else 200)


def _what_about(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Opened from the menu with nothing: what it is about is looked for by a number first."""
    about = " ".join(request.GET.get("about", "").split())[:LONGEST_NUMBER]
    found = things_numbered(reader.organisation_id, about) if about else []
    return render(request, "claims/what_about.html", {"about": about, "found": found})


def query_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One query: what was said, and saying more."""
    reader = reader_of(request)
    found = own_query(request, reader, number, "partner-query")
    form = Message(request.POST or None, request.FILES or None)
    if take_in(request, reader, found, form):
        return redirect("partner-query", number)
    context = {**thread(found, "partner-query-file"), "form": form, "may_act": may("partner-query", reader.role, "POST")}
    return render(request, "claims/query.html", context, status=400 if form.errors else 200)


def query_file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download."""
    own_query(request, reader_of(request), number, "partner-query")
    return file_sent(number, file)
