"""Weeks to submit: every week not yet paid and what each is worth; and the last look before drafts count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.money import pounds
from almoner.core.sentences import plural
from almoner.office.accounts.readers import reader_of
from almoner.office.actuals.refusals import DraftChanged
from almoner.office.furniture.listing import Heading, Listing, Row, answer
from almoner.office.furniture.statuses import HOLD_WORDS, STATUSES
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import duration, local, week_of
from almoner.office.runs.ahead import look_ahead
from almoner.office.runs.drafts import check_drafts
from almoner.office.runs.operations.reporting import mark_as_planned, submit_drafts
from almoner.office.runs.provider_weeks import SHOWN, WAITS, ProviderWeeks, WeekShown, provider_weeks

YEAR = timedelta(weeks=53)
ACTIONS = {"awaiting": "Enter", "not_yet": "Enter", "on_plan": "Report a difference", "draft": "Change", "part": "Enter the rest"}
BASES = {
    "actuals": "Paid on actuals: nothing is paid until you submit.",
    "planned": "Paid on plan: tell us only what was different.",
    "placement": "Placement: tell us of absences and deaths; no actuals needed.",
}


def weeks_page(request: HttpRequest) -> HttpResponseBase:
    """The weeks, filtered; chosen ones marked as planned."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen = [key for key in (_chosen(value, local(at).date()) for value in request.POST.getlist("week")) if key]
        if not chosen:
            messages.error(request, "Choose the weeks that were given as planned, then press the button again.")
        else:
            count, worth = mark_as_planned(chosen=chosen, reader=reader, at=at)
            saved = f"{plural(count, 'week')} saved as {'a draft' if count == 1 else 'drafts'}, as planned: {pounds(worth.pays_pence)}."
            held = f" {pounds(worth.held_pence)} would be held." if worth.held_pence else ""
            messages.success(request, f"{saved}{held} {'It is' if count == 1 else 'They are'} not submitted yet.")
        return redirect(request.get_full_path())
    back, rules = YEAR if request.GET.get("since") else SHOWN, request.council.calendar  # type: ignore[attr-defined]
    weeks = provider_weeks(reader, at, back=back, rules=rules)
    rows = [_row(shown) for shown in _wanted(weeks.weeks, request)]
    context = {
        "weeks": weeks,
        "states": [(key, status.word) for key, status in STATUSES["week"].items()],
        "chosen_states": _states(request),
        "services": sorted({shown.line["service_type"] for shown in weeks.weeks}),
        "bases": [words for basis, words in BASES.items() if _has_basis(weeks, basis)],
        "chosen": _chips(request),
    }
    return answer(request, "runs/actuals/weeks.html", _listing(rows), context)


def check_page(request: HttpRequest) -> HttpResponseBase:
    """Check and submit: what the drafts would pay and hold, then the press that makes them count."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    stale: DraftChanged | None = None
    if request.method == "POST":
        try:
            submitted = submit_drafts(digest=request.POST.get("digest", ""), reader=reader, at=at)
            look_ahead(reader, at, request.council.calendar)  # type: ignore[attr-defined]
            return redirect("portal-submission", submitted.reference)
        except DraftChanged as changed:
            stale = changed
    checked = check_drafts(reader, at)
    missed = sorted({(one.missed_pay_date, one.pay_date) for one in checked.ready if one.missed_pay_date and one.pay_date})
    context = {"checked": checked, "stale": stale, "missed": missed, "difference": difference_words}
    return render(request, "runs/actuals/check.html", context, status=409 if stale else 200)


def _row(shown: WeekShown) -> Row:
    """What a week is sorted and added up by; `shown` is the week itself."""
    line, told = shown.line, shown.told
    return {
        "week": shown.week,
        "person": f"{line['person_id']}, {person_name(line)}",
        "line": f"{line['line_id']}, {line['service_type']}",
        "planned": told.planned_minutes,
        "entered": told.entered_minutes if told.standing or told.drafts else None,
        "pays": shown.pays_pence,
        "state": shown.state,
        "shown": shown,
    }


def _in_words(row: Row) -> Row:
    """The same with what is only read."""
    shown: WeekShown = row["shown"]
    line, told, week = shown.line, shown.told, week_of(shown.week)
    is_told = row["entered"] is not None
    can_mark = shown.state in ("awaiting", "not_yet", "draft", "part") and told.has_timetable
    return {
        **row,
        "week_words": week,
        "address": reverse("portal-week", args=[shown.week, line["person_id"]]),
        "difference": difference_words(told.entered_minutes - told.planned_minutes, told.planned_minutes) if is_told else "",
        "pays_hidden": f"for line {line['line_id']}, {week}:",
        "state_more": ", ".join(HOLD_WORDS.get(code, code) for code in shown.codes) if shown.state == "held" else "",
        "action": ACTIONS.get(shown.state, "See"),
        "action_hidden": f"{person_name(line)}, {week}:",
        "choice": f"{line['line_id']}|{shown.week}" if can_mark else "",
        "choice_words": f"{line['line_id']}, {week}",
        "makes": shown.makes.pay_date if shown.makes and shown.state in WAITS else None,
    }


def person_name(line: Any) -> str:
    """Given and family name of the person of a line."""
    return f"{line['given_names'] or ''} {line['family_name'] or ''}".strip()


def difference_words(minutes: int, planned: int) -> str:
    """`45 minutes more, 4.8%`; `none` where nothing differs."""
    if minutes == 0:
        return "none"
    tenths = (abs(minutes) * 2_000 + planned) // (2 * planned) if planned else None
    share = f", {tenths // 10}.{tenths % 10}%" if tenths is not None else ""
    return f"{duration(abs(minutes))} {'more' if minutes > 0 else 'less'}{share}"


def _listing(rows: list[Row]) -> Listing:
    headings = (
        Heading("week", "Week", "date", link=lambda row: str(row["address"])),
        Heading("person", "Person"),
        Heading("line", "Line and service"),
        Heading("planned", "Planned", "minutes", total=True),
        Heading("entered", "Entered", "minutes", total=True),
        Heading("difference", "Difference", sortable=False, further=True),
        Heading("pays", "Will pay", "pounds", total=True),
        Heading("state", "State", "status", status="week"),
        Heading("action", "Action", link=lambda row: str(row["address"]), sortable=False),
    )
    empty = "No weeks are waiting. Weeks appear here on their first day."
    return Listing("weeks", "Weeks, oldest first", headings, rows, "week", empty, row_heading="week", noun="weeks", in_words=_in_words)


def _states(request: HttpRequest) -> list[str]:
    asked = [state for state in request.GET.getlist("state") if state in STATUSES["week"]]
    return asked or list(WAITS)


def _wanted(weeks: Sequence[WeekShown], request: HttpRequest) -> list[WeekShown]:
    """The weeks that the filter asks for."""
    wanted, states = request.GET, frozenset(_states(request))
    service, words, week = wanted.get("service", ""), wanted.get("about", "").strip().lower().split(), day_typed(wanted.get("week", ""))
    return [
        shown
        for shown in weeks
        if shown.state in states
        and (not service or shown.line["service_type"] == service)
        and all(word in f"{shown.line['person_id']} {person_name(shown.line)} {shown.line['line_id']}".lower() for word in words)
        and (week is None or shown.week <= week < shown.week + timedelta(days=7))
    ]


def _chips(request: HttpRequest) -> list[tuple[str, str]]:
    """The filters chosen, each with the address without it."""
    found = []
    for name, words in (("about", "Person or line: {}"), ("service", "Service: {}"), ("week", "Week of {}")):
        if value := request.GET.get(name):
            found.append((words.format(value), _without(request, name, value)))
    for state in request.GET.getlist("state"):
        if state in STATUSES["week"]:
            found.append((STATUSES["week"][state].word, _without(request, "state", state)))
    return found


def _without(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query.setlist(name, [one for one in query.getlist(name) if one != value])
    query.pop("page", None)
    return f"?{query.urlencode()}"


def _has_basis(weeks: ProviderWeeks, basis: str) -> bool:
    return bool(weeks.placements) if basis == "placement" else any(shown.line["basis"] == basis for shown in weeks.weeks)


def _chosen(value: str, today: date) -> tuple[str, date] | None:
    """A line and week that the list can show: begun, and not longer ago than the list goes back."""
    line_id, _, week = value.rpartition("|")
    first = day_typed(week)
    return (line_id, first) if line_id and first and today - YEAR <= first <= today else None
