"""Queries for the council's staff: who has them, which are due, and what is told accepted as a fact."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import Role
from almoner.office.enquiries.accepting import accepting
from almoner.office.enquiries.forms import Message
from almoner.office.enquiries.operations import accept, answer, assign, close
from almoner.office.enquiries.queries import OPEN, all_queries, attachment_content, query
from almoner.office.enquiries.shown import LISTED, listing, query_rows, thread
from almoner.office.furniture.listing import Heading, download
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.parties.queries import provider_names
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

    state = forms.ChoiceField(required=False, choices=[("", "Open"), ("overdue", "Overdue"), ("answered", "Answered"), ("all", "All")])
    team = forms.CharField(required=False)


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
    names = provider_names(request.at, {one.organisation_id for one in found}) if found else {}  # type: ignore[attr-defined]
    rows = query_rows(found, lambda number: reverse("console-query", args=[number]))
    rows = [{**row, "organisation": names.get(row["organisation_id"], row["organisation_id"])} for row in rows]
    table = listing("queries", "Queries", CONSOLE_LISTED, rows, "No query waits for anybody.")
    return answer_listing(request, "enquiries/console_list.html", table, {"form": form})


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
    names = provider_names(request.at, [found.organisation_id])  # type: ignore[attr-defined]
    open_still = found.state not in ("closed", "accepted")
    context = {
        "does": accepting(found, request.at) if open_still else None,  # type: ignore[attr-defined]
        **thread(found, "console-query-file"), "form": form, "button": BECOMES.get(found.becomes, ""),
        "organisation": names.get(found.organisation_id, found.organisation_id), "may_act": may("console-query", reader.role, "POST"),
    }  # fmt: skip
    return render(request, "enquiries/console_thread.html", context)


def query_file(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file sent with a query, as a download."""
    kept = attachment_content(number, file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])
