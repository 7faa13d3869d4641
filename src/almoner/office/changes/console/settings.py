"""The council's settings as dated rows, for its system administrators; auditors read. What can move money shows its effect first and takes
a second administrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.tables import ABSENCES
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.actuals.reasons import COMMON
from almoner.office.changes.bulk_forms import LimitTyped, PolicyTyped, TermChosen, TermTyped, TimingTyped
from almoner.office.changes.consequences import consequence_of, is_ready
from almoner.office.changes.console.orders import order_answer, order_file
from almoner.office.changes.console.sending import send_in_steps
from almoner.office.changes.contract_terms import TERM_WORDS
from almoner.office.changes.kinds import BULK_KINDS, POLICIES, Order
from almoner.office.changes.operations import set_limit
from almoner.office.changes.policies import services_bought
from almoner.office.changes.queries import order, orders
from almoner.office.changes.settings_known import (
    cycles_set,
    day_shown,
    holidays_known,
    limits_known,
    periods_to_come,
    policies_known,
    terms_known,
)
from almoner.office.furniture.listing import Heading, Listing, listed
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.words import day
from almoner.office.journal.refusals import Refusal

TABS = {
    "calendars": "Calendars", "frustrated": "Frustrated visits", "absences": "Absences", "terms": "Contracts' terms", "limits": "Limits",
}  # fmt: skip
USUAL_TIMES = {"cut_off_days": 2, "cut_off_time": "18:00", "pay_days": 9, "reminder_days": 2}
"""What stands in the form at first, as `runs.calendar` has it where nothing is said."""
POLICY = (
    Heading("since", "From"),
    Heading("valid_to", "To", "date"),
    Heading("service", "Service"),
    Heading("what", "What"),
    Heading("pays", "Pays"),
    Heading("days", "Days"),
    Heading("contracts", "Contracts", "number"),
)
CYCLES = (
    Heading("cycle", "Book and cycle"), Heading("since", "From"), Heading("cut_off", "Cut-off"), Heading("pay", "Paid"),
    Heading("reminder", "Reminder"), Heading("where", "Set in"),
)  # fmt: skip
PERIODS = (
    Heading("cycle", "Cycle"), Heading("from", "From", "date"), Heading("to", "To", "date"), Heading("cut_off_at", "Cut-off", "moment"),
    Heading("pay", "Paid on", "date"), Heading("moved", "Moved because"),
)  # fmt: skip
HOLIDAYS = (Heading("date", "Day", "date"), Heading("name", "Bank holiday"), Heading("nations", "Kept in"))
TERMS = (
    Heading("since", "From"), Heading("service", "Service"), Heading("term", "Term"), Heading("value", "Value"),
    Heading("contracts", "Contracts", "number"), Heading("where", "Set in"),
)  # fmt: skip
LIMITS = (
    Heading("since", "From"), Heading("limit", "Limit"), Heading("shown", "Value"), Heading("holds", "Now"), Heading("reason", "Why"),
    Heading("by", "By"), Heading("where", "Set"),
)  # fmt: skip
WAITING = (
    Heading("reference", "Change", "id", link=lambda row: row["address"]),
    Heading("what", "What changes"),
    Heading("on", "From", "date"),
    Heading("proposed_by", "Proposed by"),
    Heading("since", "Since", "moment"),
    Heading("state", "State", "status", status="change"),
)


def settings_page(request: HttpRequest) -> HttpResponseBase:
    """One kind of settings at a time, with where each is set."""
    reader = reader_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "calendars"
    tabs = [{"text": words, "href": f"?tab={name}", "current": name == tab} for name, words in TABS.items()]
    context: dict[str, Any] = {
        "tabs": tabs, "tab": tab, "may_act": may("console-settings-limits", reader.role, "POST"), "waiting": _waiting(request), "more": [],
    }  # fmt: skip
    return answer_listing(request, "changes/settings.html", _tab(request, tab, context), context)


def _tab(request: HttpRequest, tab: str, context: dict[str, Any]) -> Listing:
    at, council = request.at, getattr(request, "council", None)  # type: ignore[attr-defined]
    rules = council.calendar if council else ()
    match tab:
        case "frustrated" | "absences":
            kind = {"frustrated": "frustrated", "absences": "absence"}[tab]
            rows = [{**row, "since": day_shown(row["valid_from"])} for row in policies_known(kind, at)]
            empty = "Nothing is set: they pay 100%."
            return Listing(tab, BULK_KINDS[kind], POLICY, rows, "", empty, "since", "rows", order_words="service, then day")
        case "terms":
            rows = [{**row, "since": day_shown(row["from"])} for row in terms_known(at)]
            return Listing(tab, "Contracts' terms", TERMS, rows, "", "There is no contract yet.", "since", "rows", order_words="service")
        case "limits":
            rows = [{**row, "since": day_shown(row["from_date"])} for row in limits_known(at)]
            return Listing(tab, "Limits", LIMITS, rows, "", "There is no limit.", "since", "rows", order_words="limit, then day")
    rows = [{**row, "since": day_shown(row["from"])} for row in cycles_set(rules)]
    holidays, until = holidays_known(at)
    caption = f"Bank holidays, known until {day(until)}"
    context["more"] = [
        listed(request, Listing("periods", "Periods of payments to come", PERIODS, periods_to_come(at, rules), "", "None.", "cycle",
                                "periods", order_words="first day", downloads=False)),
        listed(request, Listing("holidays", caption, HOLIDAYS, holidays, "", "None is known.", "date", "days", order_words="day",
                                downloads=False)),
    ]  # fmt: skip
    return Listing("calendars", "Cycles", CYCLES, rows, "", "No cycle is known.", "cycle", "cycles", order_words="book")


def _waiting(request: HttpRequest) -> Any:
    rows = [
        {
            "reference": one.reference, "address": reverse("console-settings-change", args=[one.number]), "what": one.words,
            "on": one.change.on, "proposed_by": one.steps[0].by_name, "since": one.steps[0].at, "state": one.state,
        }
        for kind in POLICIES
        for one in orders(kind=kind)
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["state"] != "waiting", row["reference"]))
    table = Listing("settings-changes", "Changes of settings", WAITING, rows, "", "", "reference", "changes", "those that wait first")
    return listed(request, table) if rows else None


def frustrated_page(request: HttpRequest) -> HttpResponseBase:
    """What frustrated visits pay from a day on."""
    set_before = [str(row["reason"]) for row in policies_known("frustrated", request.at) if row["reason"]]  # type: ignore[attr-defined]
    reasons = sorted({*COMMON["frustrated"], *set_before})
    return _policy(request, "frustrated", [("", "Any reason"), *((reason, reason) for reason in reasons)])


def absences_page(request: HttpRequest) -> HttpResponseBase:
    """What absences from a placement pay from a day on."""
    return _policy(request, "absence", [(kind, kind.capitalize()) for kind in ABSENCES.column("kind").choices])


def _policy(request: HttpRequest, kind: str, reasons: Sequence[tuple[str, str]]) -> HttpResponseBase:
    form = PolicyTyped(kind, reasons, services_bought(request.at), _asked(request))  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "kind": kind, "what": BULK_KINDS[kind]}
    if not form.is_valid() or "change" in request.GET:
        return render(request, "changes/policy.html", context)
    change = form.policy()
    about = [("Setting", BULK_KINDS[kind]), ("In", change.service or f"contract {change.contract_id}"), ("From", day(change.on))]
    return _proposed(request, change, "changes/policy.html", context, about)


def terms_page(request: HttpRequest) -> HttpResponseBase:
    """A term of contracts from a day on: which one, then what it becomes."""
    chosen = TermChosen(request.GET if "term" in request.GET else None)
    if not chosen.is_valid():
        return render(request, "changes/term.html", {"form": chosen})
    term = chosen.cleaned_data["term"]
    form = TermTyped(term, services_bought(request.at), _asked(request), initial={"term": term})  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "what": TERM_WORDS[term], "term": term, "column": form.column}
    if not form.is_valid() or "change" in request.GET:
        return render(request, "changes/term_value.html", context)
    change = form.terms()
    about = [("Setting", TERM_WORDS[term]), ("In", change.service or f"contract {change.contract_id}"), ("From", day(change.on))]
    return _proposed(request, change, "changes/term_value.html", context, about)


def calendars_page(request: HttpRequest) -> HttpResponseBase:
    """When a cycle is cut off and paid, from a period on."""
    form = TimingTyped(_asked(request), initial=USUAL_TIMES)
    context: dict[str, Any] = {"form": form, "what": BULK_KINDS["calendar"]}
    if not form.is_valid() or "change" in request.GET:
        return render(request, "changes/timing.html", context)
    change = form.timing()
    about = [("Setting", BULK_KINDS["calendar"]), ("Cycle", change.cycle.replace("_", "-").capitalize()), ("From", day(change.on))]
    return _proposed(request, change, "changes/timing.html", context, about)


def _asked(request: HttpRequest) -> Any:
    """What was typed, once it was: a day is asked for on each of these pages."""
    return request.GET if "on_day" in request.GET else None


def _proposed(
    request: HttpRequest, change: Order, template: str, context: dict[str, Any], about: Sequence[tuple[str, str]]
) -> HttpResponseBase:
    """The effect of a setting, once it is worked out, and the steps until it is sent."""
    at = request.at  # type: ignore[attr-defined]
    try:
        if not is_ready(change, at):
            return render(request, "changes/waiting.html", {})
        found = consequence_of(change, at)
    except Refusal as refusal:
        return render(request, template, {**context, "refusal": refusal}, status=409)
    asked = request.GET.copy()
    asked.pop("step", None)
    asked["change"] = "yes"
    return send_in_steps(
        request, change, found, back=f"{request.path}?{asked.urlencode()}", about=about, own_page="console-settings-change"
    )


def setting_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """A change of a setting: its effect in all, without whose care it is, and putting it in force by a second administrator."""
    found = order(number)
    if found is None or not found.is_setting:
        raise Http404
    may_authorise = may("console-settings-change", reader_of(request).role, "POST")
    return order_answer(request, found, may_authorise=may_authorise, own_page="console-settings-change")


def setting_file(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    """A file that shows why a setting changes, as a download."""
    found = order(number)
    if found is None or not found.is_setting:
        raise Http404
    return order_file(number, file)


def limit_page(request: HttpRequest) -> HttpResponseBase:
    """A limit from a day on. It moves no money, so one administrator sets it, with a reason that stands beside it."""
    form = LimitTyped(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "changes/limit.html", {"form": form}, status=400 if form.errors else 200)
    given, reader = form.cleaned_data, reader_of(request)
    set_limit(
        name=given["name"], value=given["amount"], from_date=form.chosen_day(), reason=given["reason"], by=reader.by, at=request.at  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, f"The limit holds from {day(form.chosen_day())}.")
    return redirect(f"{reverse('console-settings')}?tab=limits")
