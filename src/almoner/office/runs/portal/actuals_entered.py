"""What somebody typed into the form of a week, read as answers; what cannot be read is said at its field and kept as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from almoner.core.tables import OUTCOMES
from almoner.office.actuals.answers import NOT_ENTERED, Answer, VisitKey, says_the_same
from almoner.office.actuals.line_weeks import lacks_reason
from almoner.office.furniture.typed import day_typed, moment_typed, whole_typed
from almoner.office.furniture.words import clock, day, duration, local
from almoner.office.runs.person_week import Day, LineGrid, PersonWeek, Visit

MOST_MINUTES = 24 * 60
LONGEST_COMMENT = 500
MOST_CARERS = 20
MINUTES_LIKE = "Enter the minutes delivered, like 45"
Typed: TypeAlias = Mapping[str, str]


@dataclass
class Entered:
    """The answers of a form, and what is wrong with it: messages by field. `unexplained` are answers that still need a reason."""

    answers: dict[VisitKey, Answer] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    unexplained: dict[str, str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)


def prefix(line_id: str, on: date, start: time | None) -> str:
    """The beginning of the names of a visit's fields."""
    return f"{line_id}.{on:%Y%m%d}.{f'{start:%H%M}' if start else 'day'}"


def entered(shown: PersonWeek, typed: Typed, *, by: str, only: date | None = None) -> Entered:
    """The answers that somebody (`by`) typed into the week's form, or into the form of one of its days."""
    found = Entered()
    for grid in shown.grids:
        for on, visit in _open_visits(grid, only):
            _read_visit(grid, on, visit, typed, found)
        if grid.entry == "total" and only is None:
            _read_total(grid, typed, found)
        _read_extra(grid, typed, found, only)
        if typed.get("same_reason") == grid.line["line_id"]:
            _give_same_reason(grid, found)
    _mark(shown, typed, found)
    _compare_with_others(shown, typed, by, found)
    return found


def _open_visits(grid: LineGrid, only: date | None) -> Iterator[tuple[Day, Visit]]:
    for on in grid.days:
        if only is not None and on.date != only:
            continue
        visits: Iterable[Visit] = on.visits
        if grid.entry == "days" and not on.closed and not any(visit.start is None for visit in on.visits):
            visits = [*on.visits, Visit(None, None, None, None, True)]
        for visit in visits:
            if visit.is_open and (not on.closed or visit.answer is not None):
                yield on, visit


def _read_visit(grid: LineGrid, on: Day, visit: Visit, typed: Typed, found: Entered) -> None:
    name = prefix(grid.line["line_id"], on.date, visit.start)
    if f"{name}.outcome" not in typed:
        return
    if typed[f"{name}.outcome"] not in (*OUTCOMES, NOT_ENTERED):
        return
    outcome, minutes = typed[f"{name}.outcome"], typed.get(f"{name}.minutes", "").strip()
    if outcome == NOT_ENTERED and minutes:
        outcome = "delivered" if visit.planned else "extra"
    if visit.planned is None and grid.entry == "visits" and outcome == "cancelled" and visit.submitted is None:
        outcome = NOT_ENTERED  # an extra visit that was never submitted simply goes
    answer = _answer(grid, on.date, visit, outcome)
    if outcome in ("delivered", "extra") and grid.entry == "visits":
        read = _minutes(minutes)
        if read is None:
            found.errors[f"{name}.minutes"] = MINUTES_LIKE
            return
        answer = replace(answer, delivered_minutes=read)
        carers = typed.get(f"{name}.carers", "").strip()
        if carers and not 1 <= (whole_typed(carers) or 0) <= MOST_CARERS:
            found.errors[f"{name}.carers"] = "Enter how many carers came, like 1; if nobody did, mark the visit missed"
            return
    elif outcome == "delivered":
        answer = replace(answer, units=100)
    answer = _explained(answer, visit, typed, name)
    found.answers[answer.key] = answer
    is_new = visit.submitted is None or not says_the_same(answer, visit.submitted)
    if is_new and lacks_reason(answer, visit.planned):
        found.unexplained[f"{name}.reason"] = _why_wanted(answer, visit)


def _give_same_reason(grid: LineGrid, found: Entered) -> None:
    """The first reason chosen for what happened, given to all of the line's answers of that kind that have none."""
    first: dict[str, str] = {}
    for on in grid.days:
        for visit in on.visits:
            answer = found.answers.get(_answer(grid, on.date, visit, NOT_ENTERED).key)
            if answer is None or answer.outcome == NOT_ENTERED:
                continue
            if answer.reason:
                first.setdefault(_happened(answer, visit), answer.reason)
            elif (reason := first.get(_happened(answer, visit))) and lacks_reason(answer, visit.planned):
                found.answers[answer.key] = replace(answer, reason=reason)
                found.unexplained.pop(f"{prefix(grid.line['line_id'], on.date, visit.start)}.reason", None)


def _happened(answer: Answer, visit: Visit) -> str:
    if answer.outcome != "delivered" or visit.planned is None:
        return answer.outcome
    return "less" if is_less(answer, visit) else "more"


def is_less(answer: Answer, visit: Visit) -> bool:
    """Whether less was given than planned: less time or, at a visit of two, one carer alone."""
    if visit.planned is None:
        return False
    return (answer.delivered_minutes or 0, answer.carers) < (visit.planned.minutes, visit.planned.carers)


def _answer(grid: LineGrid, on: date, visit: Visit, outcome: str) -> Answer:
    line = grid.line
    planned, before = visit.planned, visit.answer
    return Answer(
        line["person_id"], line["line_id"], grid.told.week, on, before.start_time if before else visit.start, outcome,
        planned_minutes=before.planned_minutes if before else None, carers=planned.carers if planned else (before.carers if before else 1),
    )  # fmt: skip


def _explained(answer: Answer, visit: Visit, typed: Typed, name: str) -> Answer:
    """With its reason, comment and carers: as typed, or as they were where the form did not ask and the outcome is the same."""
    before = visit.answer if visit.answer and visit.answer.outcome == answer.outcome else None
    reason = typed.get(f"{name}.reason", (before.reason if before else "") or "").strip()
    comment = typed.get(f"{name}.comment", (before.comment if before else "") or "").strip()[:LONGEST_COMMENT]
    carers = typed.get(f"{name}.carers", "")
    typed_carers = whole_typed(carers) or 0
    wanted = typed_carers if 1 <= typed_carers <= MOST_CARERS else (before.carers if before else answer.carers)
    reason = " ".join(reason.replace("\x00", "").split())[:LONGEST_COMMENT]
    return replace(answer, reason=reason or None, comment=" ".join(comment.split()) or None, carers=wanted)


def _why_wanted(answer: Answer, visit: Visit) -> str:
    when = f"{day(answer.date)}{f', {clock(answer.start_time)}' if answer.start_time else ''}"
    if answer.outcome == "frustrated":
        return f"Choose why the visit on {when} could not be given"
    if visit.planned is not None and answer.carers < visit.planned.carers:
        return f"Enter why {answer.carers} of {visit.planned.carers} carers came on {when}, and who did not, like ‘second carer was ill’"
    less = is_less(answer, visit)
    return (
        f"Enter why {'less' if less else 'more'} was delivered than planned on {when}, like "
        f"{'‘family was there’' if less else '‘extra calls after a fall, agreed with the social worker’'}"
    )


def _minutes(text: str) -> int | None:
    minutes = whole_typed(text)
    return minutes if minutes is not None and minutes <= MOST_MINUTES else None


def _read_total(grid: LineGrid, typed: Typed, found: Entered) -> None:
    line = grid.line
    name = f"{line['line_id']}.total"
    if f"{name}.hours" not in typed:
        return
    hours, minutes = typed[f"{name}.hours"].strip(), typed.get(f"{name}.minutes", "").strip()
    key: VisitKey = (line["line_id"], grid.told.week, "week", None)
    answer = Answer(line["person_id"], line["line_id"], grid.told.week, grid.told.week, None, NOT_ENTERED, kind="week")
    if hours or minutes:
        whole_hours, whole_minutes = whole_typed(hours or "0"), whole_typed(minutes or "0")
        if whole_hours is None or whole_minutes is None or whole_minutes > 59 or whole_hours > 167:
            found.errors[f"{name}.hours"] = "Enter the hours and minutes of the week, like 14 and 30"
            return
        if any(said.kind == "visit" for said in grid.told.entered.values()):
            found.errors[f"{name}.hours"] = (
                "You have submitted visits for this week. A total as well would hold every visit as a duplicate. Change the visits instead."
            )
            return
        answer = replace(answer, outcome="delivered", delivered_minutes=whole_hours * 60 + whole_minutes)
    before = grid.told.entered.get(key)
    found.answers[key] = _explained(answer, Visit(None, before, None, None, True), typed, name)


def _read_extra(grid: LineGrid, typed: Typed, found: Entered, only: date | None) -> None:
    line, name = grid.line, f"{grid.line['line_id']}.extra"
    start, minutes = typed.get(f"{name}.start", "").strip(), typed.get(f"{name}.minutes", "").strip()
    if not start and not minutes:
        return
    on = only or day_typed(typed.get(f"{name}.day", ""))
    allowed = {a_day.date for a_day in grid.days if not a_day.closed}
    began, lasts = clock_time(start), _minutes(minutes)
    if on not in allowed or on is None:
        found.errors[f"{name}.day"] = "Choose the day of the extra visit"
    if began is None:
        found.errors[f"{name}.start"] = "Enter when it began, like 2pm or 14:30"
    if not lasts:
        found.errors[f"{name}.minutes"] = MINUTES_LIKE
    if on is None or began is None or not lasts or f"{name}.day" in found.errors:
        return
    if clash := _overlapping(grid, found, on, began, lasts):
        found.errors[f"{name}.start"] = (
            f"An extra visit at {clock(began)} ({duration(lasts)}) overlaps the visit at {clash}. Change one of the two"
        )
        return
    answer = Answer(line["person_id"], line["line_id"], grid.told.week, on, began, "extra", delivered_minutes=lasts)
    answer = _explained(answer, Visit(None, None, None, None, True), typed, name)
    found.answers[answer.key] = answer
    if lacks_reason(answer, None):
        found.unexplained[f"{name}.reason"] = _why_wanted(answer, Visit(None, answer, None, None, True))


def _overlapping(grid: LineGrid, found: Entered, on: date, start: time, minutes: int) -> str:
    """The visit of that line and day that another would overlap, in words; empty when there is none."""
    begins = datetime.combine(on, start)
    for visit in next(a_day.visits for a_day in grid.days if a_day.date == on):
        if visit.start is None:
            continue
        answer = found.answers.get((grid.line["line_id"], on, "visit", visit.start), visit.answer)
        if answer is not None and answer.outcome not in ("delivered", "extra", NOT_ENTERED):
            continue
        given = answer.delivered_minutes if answer is not None else None
        lasts = given if given is not None else (visit.planned.minutes if visit.planned else 0)
        other = datetime.combine(on, visit.start)
        if begins < other + timedelta(minutes=lasts) and other < begins + timedelta(minutes=minutes):
            return f"{clock(visit.start)} ({duration(lasts)})"
    return ""


def clock_time(text: str) -> time | None:
    """A time of day as people write it: 14:30, 14.30, 2pm, 2:30 pm, 0830; None for anything else."""
    read = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?m?\.?", text.strip().lower())
    if read is None or (read[2] is None and read[3] is None):
        return None
    hour, minute = int(read[1]), int(read[2] or 0)
    if read[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if read[3] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _mark(shown: PersonWeek, typed: Typed, found: Entered) -> None:
    """The presses that answer many visits at once: as planned for a day or a line's week, and frustrated for a hospital stay."""
    pressed, hospital = typed.get("planned", ""), typed.get("hospital", "")
    line_id, _, on = pressed.rpartition("|")
    for grid in shown.grids:
        for a_day in grid.days:
            for visit in a_day.visits:
                if visit.planned is None or not visit.is_open or a_day.closed:
                    continue
                answer = _answer(grid, a_day.date, visit, "delivered")
                said = found.answers.get(answer.key, visit.answer)
                unsaid = said is None or said.outcome == NOT_ENTERED
                in_stay = any(
                    first.isoformat() == hospital and first <= a_day.date and (last is None or a_day.date <= last)
                    for first, last in shown.stays
                )
                if grid.line["line_id"] == line_id and (on == a_day.date.isoformat() or (not on and unsaid)):
                    answer = replace(answer, delivered_minutes=visit.planned.minutes, planned_minutes=None)
                elif unsaid and in_stay:
                    answer = replace(answer, outcome="frustrated", reason="in hospital")
                else:
                    continue
                found.answers[answer.key] = answer
                name = prefix(grid.line["line_id"], a_day.date, visit.start)
                found.errors.pop(f"{name}.minutes", None)
                found.unexplained.pop(f"{name}.reason", None)
                found.marked.append(name)


def _compare_with_others(shown: PersonWeek, typed: Typed, by: str, found: Entered) -> None:
    """Answers that somebody else saved after this form was opened, and that say something else."""
    seen = moment_typed(typed.get("seen", ""))
    if seen is None:
        return
    for grid in shown.grids:
        for key, drafted in grid.told.drafts.items():
            mine = found.answers.get(key)
            if mine is None or drafted.at <= seen or drafted.by == by or says_the_same(mine, drafted.answer):
                continue
            when = f"{day(key[1])}{f', {clock(key[3])}' if key[3] else ''}"
            found.conflicts.append(
                f"{when}: {drafted.by} saved ‘{_said(drafted.answer)}’ at {clock(local(drafted.at))}; you entered ‘{_said(mine)}’."
            )


def _said(answer: Answer) -> str:
    if answer.outcome == NOT_ENTERED:
        return "not entered"
    if answer.outcome in ("delivered", "extra") and answer.delivered_minutes is not None:
        return f"{answer.delivered_minutes} minutes"
    return answer.outcome
