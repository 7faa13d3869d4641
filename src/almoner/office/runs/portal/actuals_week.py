"""One person's week: the grid on wide screens, day by day on a telephone; saved as a draft, never submitted here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.explain_holds import allowance
from almoner.core.money import exact_pounds, percent_text, pounds
from almoner.core.sentences import UNIT_WORDS, plural
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import clock, local, week_of
from almoner.office.runs.operations.reporting import save_week, start_again
from almoner.office.runs.person_week import Day, LineGrid, PersonWeek, Visit, person_week
from almoner.office.runs.portal.actuals import difference_words
from almoner.office.runs.portal.actuals_entered import Entered, Typed, entered, is_less, prefix

OUTCOMES = (
    ("", "Not entered"), ("delivered", "Delivered"), ("frustrated", "Frustrated"), ("missed", "Missed"), ("cancelled", "Cancelled"),
)  # fmt: skip
OUTCOMES_OF_EXTRA = (("extra", "Extra"), ("cancelled", "Cancelled"))
OUTCOMES_OF_DAY = (("", "Not entered"), ("delivered", "Attended"), *OUTCOMES[2:])


@dataclass(frozen=True)
class Cell:
    """A visit as its fields show it: what was typed, else what is said."""

    name: str
    visit: Visit
    minutes: str
    outcome: str
    reason: str
    comment: str
    carers: str
    outcomes: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


def week_page(request: HttpRequest, week: date, person: str) -> HttpResponseBase:
    """The week: GET shows, POST saves a draft of it."""
    return _answered(request, week, person, None)


def day_page(request: HttpRequest, week: date, person: str, day: date) -> HttpResponseBase:
    """One day of it, for a telephone."""
    return _answered(request, week, person, day)


def start_again_page(request: HttpRequest, week: date, person: str) -> HttpResponseBase:
    """What giving up the draft would lose, and the press that does."""
    reader, shown = _shown(request, week, person, reckon=False)
    if request.method == "POST":
        count = start_again(weeks=[grid.told for grid in shown.grids], reader=reader, at=_at(request))
        messages.success(request, f"The draft of {plural(count, 'answer')} is gone. What you submitted before still counts.")
        return redirect("portal-week", week, person)
    return render(request, "runs/actuals/start_again.html", {"shown": shown})


def _answered(request: HttpRequest, week: date, person: str, day: date | None) -> HttpResponseBase:
    reader, shown = _shown(request, week, person, reckon=request.method != "POST")
    if day is not None and not any(one.date == day for grid in shown.grids for one in grid.days):
        raise Http404
    if request.method != "POST":
        return _page(request, shown, day, _carried(request, shown), None)
    typed: Typed = request.POST.dict()
    read = entered(shown, typed, by=reader.by, only=day)
    errors = {**read.errors, **(read.unexplained if "check" in typed else {})}
    if not errors and not read.conflicts:
        save_week(weeks=[grid.told for grid in shown.grids], answers=read.answers.values(), reader=reader, at=_at(request))
        if "auto" in typed:
            return _totals(request, week, person)
        return _next(request, shown, read, typed, day)
    if "auto" in typed:
        return _totals(request, week, person, errors)
    if not read.conflicts:
        # What could be read is kept, so that an error on one visit costs no other.
        save_week(weeks=[grid.told for grid in shown.grids], answers=read.answers.values(), reader=reader, at=_at(request))
    _, shown = _shown(request, week, person)
    return _page(request, shown, day, typed, Entered(errors=errors, conflicts=read.conflicts))


def _carried(request: HttpRequest, shown: PersonWeek) -> Typed:
    """An extra visit that is carried here from elsewhere, as if it had been typed: nobody types it again, and nothing is saved of it."""
    line = request.GET.get("extra", "")
    if not any(grid.line["line_id"] == line and grid.entry == "visits" for grid in shown.grids):
        return {}
    return {f"{line}.extra.{name}": request.GET.get(name, "")[:20] for name in ("day", "start", "minutes")}


def _next(request: HttpRequest, shown: PersonWeek, read: Entered, typed: Typed, day: date | None) -> HttpResponse:
    """Where a press leads once it was saved."""
    if "check" in typed:
        return redirect("portal-actuals-check")
    here = reverse("portal-week", args=[shown.week, shown.person_id]) if day is None else request.path
    if read.marked:
        messages.success(request, f"{_marked(typed, len(read.marked))} Draft saved, not submitted.")
        return redirect(f"{here}#{read.marked[0]}")
    messages.success(request, "Draft saved. Not submitted.")
    days = [one.date for one in shown.grids[0].days]
    if day is not None and "next" in typed and day < days[-1]:
        return redirect("portal-week-day", shown.week, shown.person_id, days[days.index(day) + 1])
    if day is not None and "next" in typed:
        return redirect("portal-week", shown.week, shown.person_id)
    return redirect(here)


def _marked(typed: Typed, count: int) -> str:
    """What a press marked: `Monday marked as planned. 4 visits.`"""
    if "planned" not in typed:
        return f"{plural(count, 'visit')} marked as frustrated."
    on = day_typed(typed["planned"].rpartition("|")[2])
    return f"{f'{on:%A}' if on else 'The week'} marked as planned. {plural(count, 'visit')}."


def _totals(request: HttpRequest, week: date, person: str, errors: dict[str, str] | None = None) -> HttpResponse:
    """The totals alone, for a page that saved itself."""
    _, shown = _shown(request, week, person)
    context = {**_context(shown, {}, None), "errors": errors or {}}
    return render(request, "runs/actuals/totals.html", context)


def _page(request: HttpRequest, shown: PersonWeek, day: date | None, typed: Typed, read: Entered | None) -> HttpResponse:
    errors = read.errors if read else {}
    context = {
        **_context(shown, typed, day), "errors": errors, "conflicts": read.conflicts if read else [], "seen": _at(request).isoformat(),
        "typed": typed, "day": day,
    }  # fmt: skip
    template = "runs/actuals/week.html" if day is None else "runs/actuals/day.html"
    return render(request, template, context, status=409 if read and read.conflicts else 200)


def _context(shown: PersonWeek, typed: Typed, day: date | None) -> dict[str, Any]:
    cells = {
        id(visit): _cell(grid, on, visit, typed) for grid in shown.grids for on in grid.days for visit in on.visits
    }  # fmt: skip
    planned = shown.plan
    return {
        "shown": shown,
        "cell": lambda visit: cells[id(visit)],
        "attended": lambda grid, on: _cell(grid, on, Visit(None, None, None, None, True), typed),
        "title": f"Week of {week_of(shown.week)}, {shown.name} ({shown.person_id})",
        "state": _state(shown),
        "planned_worth": exact_pounds(int(planned["planned_parts"]), int(planned["compared_split"])) if planned else "",
        "allowed": _allowed(planned) if planned else "",
        "pays": pounds(shown.worth.pays_pence),
        "held": pounds(shown.held_pence),
        "difference": difference_words(shown.entered_minutes - shown.planned_minutes, shown.planned_minutes),
        "following": _following(shown, day),
        "day_pays": lambda on: exact_pounds(on.parts, on.split) if on.parts else "",
        "is_submitted": any(grid.told.standing for grid in shown.grids),
        "has_draft": any(grid.told.drafts for grid in shown.grids),
        "only_differences": all(grid.line["basis"] == "planned" for grid in shown.grids),
        "in_stay": [(first, last, _not_entered(shown, first, last)) for first, last in shown.stays],
        "clock_of": lambda at: clock(local(at)),
        "short_day": lambda on: f"{on:%a} {on.day} {on:%B}",
        "unit_words": UNIT_WORDS,
    }


def _following(shown: PersonWeek, day: date | None) -> str:
    """The name of the day after, where the week has one: `Friday`."""
    days = [one.date for one in shown.grids[0].days]
    return f"{days[days.index(day) + 1]:%A}" if day in days[:-1] else ""


def _not_entered(shown: PersonWeek, first: date, last: date | None) -> int:
    """How many planned visits of a hospital stay have begun and have no answer."""
    return sum(
        visit.planned is not None and visit.is_open and (visit.answer is None or not visit.answer.outcome)
        for grid in shown.grids
        for on in grid.days
        if not on.closed and first <= on.date and (last is None or on.date <= last)
        for visit in on.visits
    )


def _allowed(plan: Mapping[str, Any]) -> str:
    """How far from its plan a week may be: `10% either way: from £348.71 to £426.19`."""
    least, most = allowance(plan)
    return f"{percent_text(plan['tolerance_basis_points'])} either way: from {pounds(least)} to {pounds(most)}"


def _cell(grid: LineGrid, on: Day, visit: Visit, typed: Typed) -> Cell:
    name = prefix(grid.line["line_id"], on.date, visit.start)
    said = visit.answer
    minutes = "" if said is None or said.delivered_minutes is None else str(said.delivered_minutes)
    outcome = typed.get(f"{name}.outcome", said.outcome if said else "")
    outcomes = OUTCOMES_OF_DAY if grid.entry == "days" else OUTCOMES if visit.planned else OUTCOMES_OF_EXTRA
    happened = outcome
    if said and outcome in ("delivered", "extra"):
        happened = "less" if is_less(said, visit) else "more"
    return Cell(
        name,
        visit,
        typed.get(f"{name}.minutes", minutes),
        outcome,
        typed.get(f"{name}.reason", (said.reason or "") if said else ""),
        typed.get(f"{name}.comment", (said.comment or "") if said else ""),
        typed.get(f"{name}.carers", str(said.carers if said else visit.planned.carers if visit.planned else 1)),
        outcomes,
        tuple(grid.reasons.get(happened, ())),
    )


def _state(shown: PersonWeek) -> str:
    if any(grid.told.drafts for grid in shown.grids):
        return "draft"
    if shown.codes:
        return "held"
    if any(grid.told.standing for grid in shown.grids):
        return "submitted"
    return "on_plan" if all(grid.line["basis"] == "planned" for grid in shown.grids) else "awaiting"


def _shown(request: HttpRequest, week: date, person: str, *, reckon: bool = True) -> tuple[Reader, PersonWeek]:
    reader = reader_of(request)
    shown = person_week(reader, person, week, _at(request), reckon=reckon)
    if shown is None:
        note_refusal(page="portal-week", code="SCOPE", by=reader.by, at=_at(request))
        raise Http404
    return reader, shown


def _at(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at
