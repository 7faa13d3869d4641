"""Change orders for the council's staff: what changes, from when, what it does in pounds; then a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc
from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import Role
from almoner.office.changes.facts import line_known, timetable
from almoner.office.changes.forms import Kind, To, typed
from almoner.office.changes.kinds import KINDS
from almoner.office.changes.operations import authorise_change, effect_of_change, propose_change, send_back_change
from almoner.office.changes.queries import OrderShown, order, orders
from almoner.office.furniture.listing import Heading, Listing
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.words import day, local, week_of
from almoner.office.journal.refusals import Refusal
from almoner.office.runs.effects import Effect
from almoner.office.runs.queries import total_pence

PROPOSE, AUTHORISE = (Role.BROKERAGE, Role.PAYMENTS_OFFICER), (Role.TEAM_MANAGER, Role.PAYMENTS_APPROVER)
ORDERS = (
    Heading("reference", "Change order", "id", link=lambda row: row["address"]),
    Heading("line_id", "Line", "id"),
    Heading("what", "What changes"),
    Heading("on", "From", "date"),
    Heading("proposed_by", "Proposed by"),
    Heading("since", "Since", "moment"),
    Heading("payments", "Payments", "pounds"),
    Heading("state", "State", "status", status="change"),
)
WEEKS = (
    Heading("week_words", "Week", sortable=False),
    Heading("book", "Book"),
    Heading("line_id", "Line", "id"),
    Heading("paid_pence", "Paid so far", "pounds"),
    Heading("now_pence", "As known now", "pounds"),
    Heading("then_pence", "Would be", "pounds"),
    Heading("difference_pence", "Difference", "pounds"),
    Heading("visits", "Visits reported", "number"),
)


class Reason(django_forms.Form):
    """Why it changes."""

    reason = django_forms.CharField(
        max_length=2_000, widget=django_forms.Textarea, error_messages={"required": "Enter why it changes, and what shows it"}
    )


def changes_page(request: HttpRequest) -> HttpResponse:
    """Every change order, those that wait first."""
    rows = [
        {
            "reference": one.reference, "address": reverse("console-change", args=[one.number]), "line_id": one.line_id, "what": one.words,
            "on": one.change.on, "proposed_by": one.steps[0].by_name, "since": one.steps[0].at,
            "payments": one.steps[-1].effect.get("payments", 0), "state": one.state, "order": (one.state != "waiting", -one.number),
        }
        for one in orders()
    ]  # fmt: skip
    table = Listing("change-orders", "Change orders", ORDERS, rows, "order", "No change has been proposed.", "reference", "orders")
    return answer_listing(request, "changes/list.html", table, {"may_propose": reader_of(request).role in PROPOSE})


def new_change_page(request: HttpRequest) -> HttpResponseBase:
    """What changes, then from when and to what, then its effect and the reason: one question a page, nothing kept until it is sent."""
    kind = Kind(request.GET if "kind" in request.GET else None, initial={"line": request.GET.get("line", "")})
    if not kind.is_valid():
        return render(request, "changes/kind.html", {"form": kind, "line_id": request.GET.get("line", "")})
    at = request.at  # type: ignore[attr-defined]
    line_id, name = kind.cleaned_data["line"], kind.cleaned_data["kind"]
    line = line_known(line_id, at)
    asked = "on_day" in request.GET
    initial = typed(timetable(line_id, local(at).date(), at)) if name == "timetable" else {}
    to = To(name, line_id, request.GET if asked else None, initial=initial)
    context: dict[str, Any] = {"form": to, "line": line, "kind": name, "what": KINDS[name]}
    if not to.is_valid():
        return render(request, "changes/to.html", context)
    try:
        facts, effect = effect_of_change(to.change(), at)
    except Refusal as refusal:
        return render(request, "changes/to.html", {**context, "refusal": refusal}, status=409)
    reason = Reason(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        reader = reader_of(request)
        sent = propose_change(change=to.change(), reason=reason.cleaned_data["reason"], by=reader.by, by_name=reader.name, at=at)
        messages.success(request, f"{sent.reference} is sent for authorisation. Nothing has changed about the line yet.")
        return redirect("console-change", sent.number)
    listing = _weeks(effect)
    return answer_listing(
        request, "changes/effect.html", listing, {**context, "facts": facts, "effect": effect, "reason": reason, **_said(effect)}
    )


def change_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One order: its effect worked out again while it waits, and putting it in force by a second person."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = order(number)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decided(request, found)
    context: dict[str, Any] = {"order": found, "own": found.proposed_by == reader.by, "may_authorise": reader.role in AUTHORISE}
    if found.state != "waiting":
        return render(request, "changes/done.html", context)
    try:
        facts, effect = effect_of_change(found.change, at)
    except Refusal as refusal:
        return render(request, "changes/done.html", {**context, "refusal": refusal})
    shown = json.dumps(dict(effect.totals), sort_keys=True)
    moved = dict(effect.totals) != found.steps[0].effect
    context |= {"facts": facts, "effect": effect, "shown": shown, "moved": moved, **_said(effect)}
    return answer_listing(request, "changes/order.html", _weeks(effect), context)


def _decided(request: HttpRequest, found: OrderShown) -> HttpResponseBase:
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if request.POST.get("act") == "send_back":
        send_back_change(number=found.number, text=request.POST.get("text", ""), by=reader.by, by_name=reader.name, at=at)
        messages.success(request, f"{found.reference} is sent back.")
    else:
        shown = _pence(request.POST.get("shown", ""))
        authorise_change(number=found.number, shown=shown, by=reader.by, by_name=reader.name, at=at)
        messages.success(request, f"{found.reference} is in force from {day(found.change.on)}. The difference goes in the next run.")
    return redirect("console-change", found.number)


def _pence(shown: str) -> dict[str, int]:
    try:
        told = json.loads(shown)
    except (ValueError, RecursionError):
        return {}
    return {book: pence for book, pence in told.items() if isinstance(pence, int)} if isinstance(told, dict) else {}


def _weeks(effect: Effect) -> Listing:
    rows: list[Mapping[str, Any]] = [{**row, "week_words": week_of(row["week"])} for row in effect.weeks.to_pylist()]
    empty = "No past week changes."
    return Listing("effect", "Weeks that change", WEEKS, rows, "week", empty, row_heading="week_words", noun="weeks")


def _said(effect: Effect) -> dict[str, Any]:
    """What of an effect its sentence says: weeks, visits, what comes back, new holds."""
    weeks = effect.weeks.filter(pc.equal(effect.weeks.column("book"), "payments"))
    paid = weeks.to_pylist()
    return {
        "taken_back": total_pence(weeks, "taken_back_pence"),
        "weeks": len({row["week"] for row in paid}),
        "first": min((row["week"] for row in paid), default=None),
        "visits": sum(row["visits"] for row in paid),
        "new_holds": effect.holds.to_pylist(),
    }
