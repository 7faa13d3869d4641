"""Care packages on the portal: what was asked for and at what price, and the provider's answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.care.operations import WHY_NOT, agree_line, brokerage_answers_by, reject_line
from almoner.office.care.packages import full_name, sort_name, today_at
from almoner.office.care.refusals import WhyNot
from almoner.office.furniture.listing import Heading, Listing
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.statuses import HOLD_WORDS, status
from almoner.office.furniture.typed import whole_typed
from almoner.office.furniture.words import day as day_text
from almoner.office.furniture.words import local, week_of
from almoner.office.runs.packages import HIDDEN_AFTER, LinePriced, LineShown, ToAgree, WeekOfLine, line_shown, line_to_agree, priced_lines
from almoner.office.runs.portal.choices import chosen, days_chosen
from almoner.office.runs.portal.terms_shown import price_rows, summary_rows, terms_rows

FIRST = ("to_agree", "not_agreed")
LINE = Heading("line", "Line", "id", link=lambda row: reverse("portal-line", args=[row["line"]]))
PERSON, RATE = Heading("person", "Person"), Heading("rate", "Rate")
WEEK = Heading("week", "Week at plan", "pounds", total=True)
START, STATE = Heading("start", "Start", "date"), Heading("state", "State", "status", status="line")
HEADINGS = (
    LINE, PERSON, Heading("service", "Service"), Heading("timetable", "Timetable"), RATE, WEEK, START,
    Heading("end", "End", "date", further=True), Heading("changed", "Last change", "date", further=True), STATE,
)  # fmt: skip


def lines_page(request: HttpRequest) -> HttpResponse:
    """Every line, those to agree first; ended ones only while they are fresh, unless asked for."""
    reader = reader_of(request)
    found = priced_lines(reader, request.at, request.council.calendar)  # type: ignore[attr-defined]
    rows = _filtered(request, [_row(one) for one in _ordered(found)])
    empty = "There are no care packages here. A line appears as soon as the council's brokerage has arranged care with you."
    listing = Listing("care-packages", "Care packages", HEADINGS, rows, "", empty, row_heading="line", noun="lines")
    services = sorted({one.package.line["service_type"] for one in found})
    states = sorted({one.package.state for one in found}, key=lambda state: status("line", state).word)
    context = {
        "services": services, "states": [(state, status("line", state).word) for state in states],
        "chosen": chosen(request, _said()), "asked": request.GET, "to_agree": [row for row in rows if row["state"] == "to_agree"],
    }  # fmt: skip
    return answer_listing(request, "runs/lines.html", listing, context)


def _ordered(found: Sequence[LinePriced]) -> list[LinePriced]:
    def place(one: LinePriced) -> tuple[bool, str, str]:
        return one.package.state not in FIRST, sort_name(one.package.line).casefold(), one.package.line["line_id"]

    return sorted(found, key=place)


def _row(one: LinePriced) -> dict[str, Any]:
    package, line = one.package, one.package.line
    return {
        "line": line["line_id"], "person": f"{sort_name(line)} ({line['person_id']})", "service": line["service_type"],
        "care": ": ".join(part for part in (line["service_type"], package.timetable) if part),
        "timetable": package.timetable, "rate": package.rate, "week": one.week_pence, "start": line["start_date"],
        "end": line["end_date"] or line["date_of_death"], "changed": local(package.changed[1]).date() if package.changed else None,
        "state": package.state, "today": package.today,
    }  # fmt: skip


def _filtered(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = request.GET
    since = days_chosen(request, "changed")
    if not asked.get("ended"):
        rows = [row for row in rows if row["state"] not in ("ended", "cancelled") or _is_fresh(row)]
    for name in ("service", "state"):
        if asked.get(name):
            rows = [row for row in rows if row[name] == asked[name]]
    return [row for row in rows if since is None or (row["changed"] and row["changed"] >= since)]


def _is_fresh(row: dict[str, Any]) -> bool:
    end = row["end"] or row["start"]
    return bool(row["today"] - end <= HIDDEN_AFTER)


def _said() -> dict[str, Any]:
    return {
        "service": str, "state": lambda state: status("line", state).word, "changed": lambda day: f"Changed since {day}",
        "ended": lambda _: "Ended lines too",
    }  # fmt: skip


def line_page(request: HttpRequest, line: str) -> HttpResponse:
    """One line: its terms, its weeks, and every change with when it was told."""
    reader = reader_of(request)
    shown = line_shown(reader, line, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if shown is None:
        raise _not_theirs(request, "portal-line")
    package = shown.priced.package
    context = {
        "shown": shown, "package": package, "line": package.line, "name": full_name(package.line), "summary": summary_rows(shown.priced),
        "visits": package.visits, "prices": price_rows(package, shown.told), "weeks": [_week(line, week) for week in shown.weeks],
        "history": [(change.words, change.at) for change in shown.history], "why_not": WHY_NOT, "last_week": _last_week(shown),
    }  # fmt: skip
    return render(request, "runs/line.html", context)


def _week(line: str, week: WeekOfLine) -> dict[str, Any]:
    return {
        "week": week.week, "words": week_of(week.week), "state": week.state, "more": HOLD_WORDS.get(week.more, ""), "paid": week.paid_pence,
        "expected": week.expected_pence, "receipts": week.receipts,
        "why": reverse("portal-expected-week", args=[line, week.week.isoformat()]) if week.expected_pence else "",
    }  # fmt: skip


def _last_week(shown: LineShown) -> str:
    return shown.weeks[0].week.isoformat() if shown.weeks else ""


def agree_page(request: HttpRequest, line: str) -> HttpResponseBase:
    """Agree a new or changed line, or say why not."""
    reader = reader_of(request)
    found = line_to_agree(reader, line, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None:
        raise _not_theirs(request, "portal-line-agree")
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _errors(request)
        if not errors:
            return _answered(request, line)
    package = found.priced.package
    context = {
        "found": found, "package": package, "line": package.line, "name": full_name(package.line), "terms": terms_rows(found),
        "why_not": WHY_NOT, "errors": errors, "typed": request.POST, "waits": package.state in FIRST,
        "agreed": day_text(package.line["agreed_on"]) if package.line["agreed_on"] else "", "paid": _paid_words(found),
    }  # fmt: skip
    return render(request, "runs/agree.html", context)


def _errors(request: HttpRequest) -> dict[str, str]:
    answer = request.POST.get("answer")
    if answer not in ("agree", "reject"):
        return {"answer": "Choose whether you agree this line"}
    if answer == "agree":
        return {}
    if request.POST.get("reason") not in WHY_NOT:
        return {"reason": "Choose why you do not agree"}
    if request.POST["reason"] == "other" and not request.POST.get("comment", "").strip():
        return {"comment": "Say what is wrong, so that brokerage can put it right"}
    return {"comment": "Use 2,000 characters or fewer"} if len(request.POST.get("comment", "")) > 2_000 else {}


def _answered(request: HttpRequest, line: str) -> HttpResponseBase:
    reader, typed = reader_of(request), request.POST
    version = whole_typed(typed.get("version", "")) or 0
    who: dict[str, Any] = {"line_id": line, "version": version, "reader": reader, "by": reader.by, "at": request.at}  # type: ignore[attr-defined]
    if typed["answer"] == "agree":
        agree_line(**who)
        messages.success(request, f"You agreed line {line} on {day_text(today_at(request.at))}.")  # type: ignore[attr-defined]
        return redirect("portal-line", line)
    try:
        reject_line(reason=typed["reason"], comment=typed.get("comment", ""), **who)
    except WhyNot:
        return redirect("portal-line-agree", line)
    due = day_text(brokerage_answers_by(request.at))  # type: ignore[attr-defined]
    messages.success(request, f"Nothing is paid on line {line} until it is agreed. Brokerage has your reason and answers by {due}.")
    return redirect("portal-line", line)


def _paid_words(found: ToAgree) -> str:
    period = found.paid_with
    if period is None:
        return "If you agree, it is paid in the next run."
    return f"If you agree today, it is paid with the run through {day_text(period.last_day)}, on {day_text(period.pay_date)}."


def _not_theirs(request: HttpRequest, page: str) -> Http404:
    """A line there is not, or another organisation's: the same answer, and a line in the journal."""
    note_refusal(page=page, code="SCOPE", by=reader_of(request).by, at=request.at)  # type: ignore[attr-defined]
    return Http404()
