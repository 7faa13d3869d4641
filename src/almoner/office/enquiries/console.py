"""Queries for the council's staff: who has them, which are due, and what is told accepted as a fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import Role, Side
from almoner.office.enquiries.accepting import accepting
from almoner.office.enquiries.forms import Message
from almoner.office.enquiries.operations import About, Told, accept, answer, assign, close, open_query
from almoner.office.enquiries.queries import OPEN, QueryShown, all_queries, attachment_content, query
from almoner.office.enquiries.shown import LISTED, line_of_provider, listing, query_rows, question_about, thread
from almoner.office.furniture.fields import OneBoxDayField
from almoner.office.furniture.listing import Heading, download
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.words import span
from almoner.office.parties.queries import funder_names, provider_names
from almoner.office.runs.operations import Decider

CONSOLE_LISTED = (*LISTED[:3], Heading("organisation", "Asked by"), *LISTED[3:5], Heading("assigned", "Assigned"), *LISTED[5:])
WORDS = {"accept": "Accepted", "answer": "Answered", "close": "Closed", "take": "Assigned to you"}
BECOMES = {
    "death": "Record this death",
    "absence": "Record this absence",
    "release": "Release this payment",
    "instalments": "Agree these instalments",
}
"""What the button says that accepts a query."""
RELEASE = (Role.PAYMENTS_OFFICER, Role.PAYMENTS_APPROVER)
"""Who may release holds."""


class Chosen(forms.Form):
    """The filters of the list."""

    state = forms.ChoiceField(
        required=False,
        choices=[("", "Open"), ("overdue", "Overdue"), ("with_provider", "Waiting for provider"), ("answered", "Answered"), ("all", "All")],
    )
    team = forms.CharField(required=False)


DAY_SAID = {"required": "Enter the day, like 2026-06-01", "invalid": "Enter the day like 2026-06-01"}


class Weeks(forms.Form):
    """A line and the days that something is asked about, in the address."""

    line = forms.CharField(max_length=80, error_messages={"required": "Enter the line, like LN-204417"})
    first = OneBoxDayField(error_messages=DAY_SAID)
    last = OneBoxDayField(error_messages=DAY_SAID)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "Enter a last day that is not before the first")
        return given


def queries_page(request: HttpRequest) -> HttpResponse:
    """Every query, open ones unless others are asked for, those due first."""
    form = Chosen(request.GET)
    form.is_valid()
    state, team = form.cleaned_data.get("state", ""), form.cleaned_data.get("team", "")
    found = [
        one
        for one in all_queries(request.at)  # type: ignore[attr-defined]
        if (state == "all" or (one.state in OPEN if not state else one.state == state)) and (not team or one.team == team)
    ]
    names = _names(found, request.at)  # type: ignore[attr-defined]
    rows = query_rows(found, lambda number: reverse("console-query", args=[number]))
    rows = [{**row, "organisation": names.get(row["organisation_id"], row["organisation_id"])} for row in rows]
    table = listing("queries", "Queries", CONSOLE_LISTED, rows, "No query waits for anybody.")
    may_ask = may("console-query-new", reader_of(request).role, "POST")
    return answer_listing(request, "enquiries/console_list.html", table, {"form": form, "may_ask": may_ask})


def query_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One query: answer it, take it, or accept what it tells."""
    reader = reader_of(request)
    found = query(number, request.at)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    form = Message(request.POST or None, request.FILES or None)
    act = request.POST.get("act", "")
    who = {"by": reader.by, "by_name": reader.name, "at": request.at}  # type: ignore[attr-defined]
    done = False
    if act == "take":
        assign(number=number, to=reader.email, **who)
        done = True
    elif act == "close":
        close(number=number, side="council", **who)
        done = True
    elif act in ("answer", "accept") and form.is_valid():
        text = form.cleaned_data["text"]
        if act == "accept":
            releases = reader.role in RELEASE
            decider = Decider(reader.by, reader.limit_pence) if releases else None
            accept(number=number, text=text, decider=decider, shown=request.POST.get("shown", ""), **who)
        else:
            answer(number=number, text=text, attachments=form.sent(), **who)
        done = True
    if done:
        messages.success(request, f"{WORDS[act]}: {found.reference}.")
        return redirect("console-query", number)
    names = _names([found], request.at)  # type: ignore[attr-defined]
    open_still = found.state not in ("closed", "accepted")
    context = {
        "does": accepting(found, request.at) if open_still else None,  # type: ignore[attr-defined]
        **thread(found, "console-query-file"), "form": form, "button": BECOMES.get(found.becomes, ""),
        "organisation": names.get(found.organisation_id, found.organisation_id), "may_act": may("console-query", reader.role, "POST"),
    }  # fmt: skip
    return render(request, "enquiries/console_thread.html", context)


def _names(found: Sequence[QueryShown], at: datetime) -> dict[str, str]:
    """The names of the providers and funders that ask."""
    providers = {one.organisation_id for one in found if one.side == Side.PROVIDER}
    funders = funder_names(at) if any(one.side == Side.PARTNER for one in found) else {}
    return {**funders, **(provider_names(at, providers) if providers else {})}


def ask_page(request: HttpRequest) -> HttpResponseBase:
    """Ask the provider of a line about some of its weeks, before it is changed: the line and its weeks are in it."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    asked = Weeks(request.GET if "line" in request.GET else None)
    line = line_of_provider(asked.cleaned_data["line"], at) if asked.is_valid() else None
    if line is None:
        if asked.is_bound and "line" not in asked.errors:
            asked.add_error("line", "There is no such line")
        return render(request, "enquiries/ask_about.html", {"form": asked})
    given = asked.cleaned_data
    initial = {"text": question_about(given["line"], given["first"], given["last"])}
    form = Message(request.POST, request.FILES) if request.method == "POST" else Message(initial=initial)
    if request.method == "POST" and form.is_valid():
        about = About(person_id=line.person_id, line_id=given["line"], week=given["first"])
        made = open_query(
            kind="actuals", side=Side.PROVIDER, organisation_id=line.provider_id, about=about, told=Told(given["first"], given["last"]),
            text=form.cleaned_data["text"], attachments=form.sent(), by=reader.by, by_name=reader.name, at=at, asker=Side.COUNCIL,
        )  # fmt: skip
        messages.success(request, f"{made.reference} is sent. The provider is told, and answers there.")
        return redirect("console-query", made.number)
    names = provider_names(at, [line.provider_id])
    context = {
        "form": form, "line": given["line"], "weeks": span(given["first"], given["last"]),
        "provider": names.get(line.provider_id, line.provider_id),
    }  # fmt: skip
    return render(request, "enquiries/ask.html", context, status=400 if form.errors else 200)


def query_file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download."""
    kept = attachment_content(number, file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])
