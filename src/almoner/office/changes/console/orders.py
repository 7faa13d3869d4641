"""Change orders for the council's staff: what changes, from when, what it does in pounds, why; then a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.second_person import is_same_person
from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import Role
from almoner.office.changes.another_provider import free_number, providers_called, terms_offered
from almoner.office.changes.consequences import Consequence, consequence_of, is_ready
from almoner.office.changes.console.effect import effect_shown, main_listing, told_before
from almoner.office.changes.console.sending import send_in_steps
from almoner.office.changes.facts import timetable
from almoner.office.changes.forms import Going, Kind, To, typed
from almoner.office.changes.kinds import KINDS, Change
from almoner.office.changes.operations import authorise_change, send_back_change
from almoner.office.changes.proposal import Row, line_known
from almoner.office.changes.queries import OrderShown, file_of, order, orders
from almoner.office.changes.sentences import because
from almoner.office.changes.shares import shares_to_change
from almoner.office.furniture.listing import Heading, Listing, download
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.words import day, local
from almoner.office.journal.refusals import Refusal
from almoner.office.parties.queries import funder_names

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
    """What changes, then from when and to what, then its effect, the reason and a last look: one question a page, nothing kept until it is
    sent."""
    kind = Kind(request.GET if "kind" in request.GET else None, initial={"line": request.GET.get("line", "")})
    if not kind.is_valid():
        return render(request, "changes/kind.html", {"form": kind, "line_id": request.GET.get("line", "")})
    at = request.at  # type: ignore[attr-defined]
    name = kind.cleaned_data["kind"]
    line = line_known(kind.cleaned_data["line"], at)
    to = _asked(request, name, line)
    context: dict[str, Any] = {"form": to, "line": line, "kind": name, "what": KINDS[name]}
    if not to.is_valid() or "change" in request.GET:
        return render(request, "changes/to.html", context)
    change = to.change()
    try:
        if name == "provider":
            chosen = _going(request, to, line)
            if isinstance(chosen, HttpResponseBase):
                return chosen
            change = chosen
        found = consequence_of(change, at)
    except Refusal as refusal:
        return render(request, "changes/to.html", {**context, "refusal": refusal}, status=409)
    about = [("Line", line["line_id"]), ("Person", line["person_id"]), ("Change", KINDS[name])]
    return send_in_steps(request, change, found, back=_again(request), about=about)


def _again(request: HttpRequest) -> str:
    """Where what was typed is changed: the same page with its answers, asked for once more."""
    asked = request.GET.copy()
    asked.pop("step", None)
    asked["change"] = "yes"
    return f"{request.path}?{asked.urlencode()}"


def _asked(request: HttpRequest, name: str, line: Row) -> To:
    """The form of from when and to what: as it was typed, or as things stand."""
    at, line_id = request.at, line["line_id"]  # type: ignore[attr-defined]
    initial = typed(timetable(line_id, local(at).date(), at)) if name == "timetable" else {}
    more: dict[str, Any] = {"shares": shares_to_change(line_id, at), "funders": funder_names(at)} if name == "share" else {}
    if name == "share" and not more["shares"]:
        initial = {"share": "new"}
    return To(name, line_id, request.GET if "on_day" in request.GET else None, initial=initial, **more)


def _going(request: HttpRequest, to: To, line: Row) -> Change | HttpResponseBase:
    """The contract that the care goes on under: the change with it, or the page that asks for it."""
    at, on = request.at, to.cleaned_data["on"]  # type: ignore[attr-defined]
    called = providers_called(to.cleaned_data["to"], at)
    context: dict[str, Any] = {"form": to, "line": line, "kind": "provider", "what": KINDS["provider"]}
    if len(called) != 1:
        several = f"Several providers are called so: {', '.join(f'{name} ({number})' for number, name in list(called.items())[:5])}."
        to.add_error("to", f"{several} Enter the number" if called else "No provider has that number or name")
        return render(request, "changes/to.html", context)
    provider_id, provider = next(iter(called.items()))
    offered = terms_offered(provider_id, line, on, at)
    if not offered:
        to.add_error("to", f"{provider} has no contract that this plan can go on under. Ask for one to be entered first")
        return render(request, "changes/to.html", context)
    asked = request.GET if "terms" in request.GET or "new_line" in request.GET else None
    going = Going(
        [(one.value, one.words) for one in offered], asked,
        initial={"new_line": free_number(line["line_id"], at), "terms": offered[0].value if len(offered) == 1 else ""},
    )  # fmt: skip
    if not going.is_valid():
        return render(request, "changes/going.html", {**context, "going": going, "provider": provider})
    return going.onto(to.change())


def change_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One order: its effect worked out again while it waits, and putting it in force by a second person."""
    reader = reader_of(request)
    found = order(number)
    if found is None:
        raise Http404
    return order_answer(request, found, may_authorise=reader.role in AUTHORISE and not found.is_setting, own_page="console-change")


def change_file(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """A file that shows why something changes, as a download."""
    found = order(number)
    if found is None or found.is_setting:
        raise Http404
    return order_file(number, file)


def order_file(number: int, file: int) -> HttpResponseBase:
    """A file of an order; 404 where it has none of that number."""
    kept = file_of(number, file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])


def order_answer(request: HttpRequest, found: OrderShown, *, may_authorise: bool, own_page: str) -> HttpResponseBase:
    """The page of an order, or what came of pressing a button on it."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if request.method == "POST" and may_authorise:
        return _decided(request, found, own_page)
    own = is_same_person(found.proposed_by, reader.by)
    context: dict[str, Any] = {"order": found, "own": own, "may_authorise": may_authorise, "file_page": f"{own_page}-file"}
    if found.state != "waiting":
        return render(request, "changes/done.html", context)
    try:
        if not isinstance(found.change, Change) and not is_ready(found.change, at):
            return render(request, "changes/waiting.html", context)
        now = consequence_of(found.change, at)
    except Refusal as refusal:
        return render(request, "changes/done.html", {**context, "refusal": refusal})
    context |= effect_shown(request, found.change, now) | {"moved": _moved(found, now), "because": ""}
    if context["moved"]:
        context["because"] = because(found, now, at)
    return answer_listing(request, "changes/order.html", main_listing(found.change, now, at), context)


def _moved(found: OrderShown, now: Consequence) -> tuple[int, int] | None:
    """What payments were to differ by when the change was proposed, and do now; None where they are the same."""
    before, after = found.steps[0].effect.get("payments", 0), now.told.get("payments", 0)
    return (before, after) if before != after else None


def _decided(request: HttpRequest, found: OrderShown, own_page: str) -> HttpResponseBase:
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if request.POST.get("act") == "send_back":
        send_back_change(number=found.number, text=request.POST.get("text", ""), by=reader.by, by_name=reader.name, at=at)
        messages.success(request, f"{found.reference} is sent back.")
    else:
        shown = told_before(request.POST.get("shown", ""))
        authorise_change(number=found.number, shown=shown, by=reader.by, by_name=reader.name, at=at)
        since = f"in force from {day(found.change.on)}" if found.change.on else "in force"
        follows = "Providers see the new days." if found.kind == "calendar" else "The difference goes in the next run."
        told = " The provider is told." if found.line_id else ""
        messages.success(request, f"{found.reference} is {since}. {follows}{told}")
    return redirect(own_page, found.number)
