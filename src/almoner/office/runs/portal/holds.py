"""Held payments on the portal: what is stopped, why, since when, and who must act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.money import percent_text, pounds
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.care.packages import full_name, sort_name
from almoner.office.furniture.listing import Heading, Listing
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.words import day, duration, local, moment, week_of
from almoner.office.runs.operations.hold_answers import MOST_CHARACTERS, answer_hold
from almoner.office.runs.provider_holds import HoldDetail, ProviderHold, hold_detail, provider_holds

HEADINGS = (
    Heading("since", "Held since", "date"),
    Heading("person", "Person"),
    Heading("line", "Line"),
    Heading("week", "Week", "date"),
    Heading("why", "Why", link=lambda row: reverse("portal-hold", args=[row["hold"]])),
    Heading("amount", "Amount", "pounds", total=True),
    Heading("acts", "Who acts next"),
    Heading("state", "State", "status", status="hold"),
)
NO_LONGER = ("released", "mended")
SENT = "The payments team has what you wrote. It stands with the hold."
SPOKEN_OF = ("TOL", "FUT", "DUP", "DAT", "HOS", "DTH", "UNP")
"""Codes that a word of the provider helps to decide; of the others somebody at the council puts something right."""


class Answer(forms.Form):
    """What the provider says about a hold."""

    text = forms.CharField(
        max_length=MOST_CHARACTERS, widget=forms.Textarea,
        error_messages={
            "required": "Enter your answer, like ‘extra calls after a fall, agreed with the social worker’",
            "max_length": f"Use {MOST_CHARACTERS:,} characters or fewer, or send a query with a file",
        },
    )  # fmt: skip


def holds_page(request: HttpRequest) -> HttpResponse:
    """Everything held, the largest amount first; what no longer is stands in a list of its own."""
    found = provider_holds(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    rows = [_row(hold) for hold in found if hold.state not in NO_LONGER]
    empty = "Nothing is held. A week is held here when what you submitted differs from the plan by more than your contract allows."
    listing = Listing("held-payments", "Held payments", HEADINGS, rows, "-amount", empty, row_heading="why", noun="holds")
    return answer_listing(request, "runs/holds.html", listing, {"freed": [_row(hold) for hold in found if hold.state in NO_LONGER]})


def _row(hold: ProviderHold) -> dict[str, Any]:
    person = f"{sort_name(hold.person)} ({hold.person['person_id']})"
    return {
        "hold": hold.hold, "since": local(hold.since).date() if hold.since else None, "person": person,
        "line": hold.line_id or ", ".join(hold.lines), "week": hold.week, "why": HOLD_WORDS[hold.code].capitalize(),
        "why_hidden": f"{hold.line_id or hold.lines[0]}, {week_of(hold.week)}:",
        "amount": hold.amount_pence, "acts": hold.acts_next, "state": hold.state, "at": hold.at,
    }  # fmt: skip


def hold_page(request: HttpRequest, hold: str) -> HttpResponseBase:
    """One hold: the message with its numbers, the week visit by visit, and what is said about it; a press says more."""
    reader = reader_of(request)
    found = hold_detail(reader, hold, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None:
        note_refusal(page="portal-hold", code="SCOPE", by=reader.by, at=request.at)  # type: ignore[attr-defined]
        raise Http404
    form = Answer(request.POST or None)
    may_say = found.hold.state not in NO_LONGER and (found.hold.state == "provider" or found.hold.code in SPOKEN_OF)
    if request.method == "POST" and may_say and form.is_valid():
        answer_hold(hold=hold, text=form.cleaned_data["text"], by=reader.by, at=request.at)  # type: ignore[attr-defined]
        messages.success(request, "The payments team has your answer. It stands with the hold." if found.hold.state == "provider" else SENT)
        return redirect("portal-hold", hold)
    context = {
        "form": form, "may_say": may_say, "hold": found.hold, "visits": found.visits, "name": full_name(found.hold.person),
        "message": message(found),
        "why": HOLD_WORDS[found.hold.code], "next": _next(found.hold), "change": _week_address(found.hold),
    }  # fmt: skip
    return render(request, "runs/hold.html", context, status=400 if form.errors else 200)


def _week_address(hold: ProviderHold) -> str:
    return reverse("portal-week", args=[hold.week, hold.person["person_id"]])


def message(found: HoldDetail) -> str:
    """What is held and why, with its numbers."""
    hold, compared = found.hold, found.compared
    amount = pounds(hold.amount_pence)
    if hold.code == "AGR":
        return f"{amount} a week waits for you to agree line {hold.line_id}." if hold.amount_pence else hold.message
    if hold.code == "BNK":
        return f"{amount} waits. Payments wait until a second person at the council has checked your new bank details."
    if compared is None:
        return f"{amount} is held for the week of {day(hold.week)}. {hold.message}"
    more = "more" if compared.claimed_pence > compared.planned_pence else "less"
    percent = "" if compared.tenths is None else f" or {abs(compared.tenths) // 10}.{abs(compared.tenths) % 10}% {more}"
    told = (
        f"{amount} is held for the week of {day(hold.week)}. You claimed {duration(compared.claimed_minutes)}"
        f" ({pounds(compared.claimed_pence)}) against {duration(compared.planned_minutes)} planned ({pounds(compared.planned_pence)}):"
        f" {pounds(abs(compared.difference_pence))}{percent}. Your contract allows {percent_text(compared.allowed_basis_points)}."
    )
    if compared.holds_excess:
        pay = f" on {day(hold.period.pay_date)}" if hold.period else ""
        return f"{told} The planned {pounds(compared.planned_pence)} is paid{pay}; only what is beyond it waits."
    if more == "less":
        return f"{told} If only part of the week was submitted, submit the rest and the hold ends by itself."
    return told


def _next(hold: ProviderHold) -> str:
    if hold.state in NO_LONGER:
        when = f" on {moment(hold.at)}" if hold.at else ""
        words = "It was released" if hold.state == "released" else "What stopped it was put right"
        reason = f": ‘{hold.reason}’" if hold.reason else ""
        return f"{words}{when}{reason}. It is in your next payment."
    if hold.state == "upheld":
        return f"It was decided on {moment(hold.at)} that this is not paid: ‘{hold.reason}’. It stays so until the facts change."
    if hold.state == "provider":
        return f"The payments team asked you on {moment(hold.at)}: ‘{hold.reason}’. Answer below: until you do, nobody can decide."
    if hold.state == "release_ended":
        return f"It had been released, and new actuals for {week_of(hold.week)} came after that: the payments team looks at it afresh."
    if hold.is_answered:
        return f"You answered on {moment(hold.said[-1].at)}. Next: {hold.acts_next[:1].lower()}{hold.acts_next[1:]}."
    if hold.code == "TOL":
        return "The payments team decides next; you need do nothing, but a reason helps."
    return f"Next: {hold.acts_next[:1].lower()}{hold.acts_next[1:]}. {hold.remedy}"
