"""One line's week as a provider reports it: the plan, what stands submitted, and the draft beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from almoner.office.actuals.answers import Answer, Drafted, VisitKey, answer_of
from almoner.office.actuals.plan import ONE_DAY, WEEK, PlannedVisit, days_in_service, planned_visits, timetables, week_holding
from almoner.office.actuals.queries import drafts_of
from almoner.office.records.queries import Known, table_known

LOCAL = ZoneInfo("Europe/London")
REPORTABLE = ("actuals", "planned")
"""The bases of contracts whose care is told of, visit by visit or as a total."""
NEEDS_REASON = ("frustrated",)


@dataclass(frozen=True)
class LineWeek:
    """One line's week. `line` is a row of `care.queries.OPEN_LINES`; `days` its first and last day in service that week."""

    line: Mapping[str, Any]
    week: date
    days: tuple[date, date]
    planned: tuple[PlannedVisit, ...]
    has_timetable: bool
    standing: Mapping[VisitKey, Answer]
    drafts: Mapping[VisitKey, Drafted]

    @property
    def key(self) -> tuple[str, date]:
        """Line and week."""
        return self.line["line_id"], self.week

    @cached_property
    def entered(self) -> Mapping[VisitKey, Answer]:
        """What is said of each visit: the draft, and where there is none what was submitted."""
        return {**self.standing, **{key: drafted.answer for key, drafted in self.drafts.items()}} if self.drafts else self.standing

    @cached_property
    def planned_minutes(self) -> int:
        """Minutes of the timetable, or of the weekly hours where there is none."""
        if not self.has_timetable and self.line["quantity_per_week"] and (self.line["rate_unit"] or "hour") == "hour":
            return int(self.line["quantity_per_week"]) * 60 // 100
        return sum(visit.minutes for visit in self.planned)

    @cached_property
    def entered_minutes(self) -> int:
        """Minutes said to be given; a frustrated visit with its planned ones, and on plan those nobody said otherwise of."""
        entered = self.entered
        plan = {visit_key(visit): visit.minutes for visit in self.planned}
        total = sum(
            (answer.delivered_minutes or 0)
            if answer.outcome in ("delivered", "extra")
            else plan.get(key, answer.planned_minutes or 0)
            if answer.outcome == "frustrated"
            else 0
            for key, answer in entered.items()
        )
        if self.line["basis"] == "planned" and not any(answer.kind == "week" for answer in entered.values()):
            total += sum(minutes for key, minutes in plan.items() if key not in entered)
        return total

    def said_of(self, visit: PlannedVisit) -> Answer | None:
        """What is said of a planned visit: by its start, or without one where it is the only visit planned that day (PRC-1)."""
        entered = self.entered
        if (named := entered.get(visit_key(visit))) is not None or sum(other.date == visit.date for other in self.planned) > 1:
            return named
        return entered.get((visit.line_id, visit.date, "visit", None))

    def unanswered(self, at: datetime) -> list[PlannedVisit]:
        """Planned visits that have begun and of which nothing is said. None on plan, for silence says as planned."""
        if self.line["basis"] != "actuals" or any(answer.kind == "week" for answer in self.entered.values()):
            return []
        return [visit for visit in self._silent if begun(visit.date, visit.start_time, at)]

    @cached_property
    def _silent(self) -> list[PlannedVisit]:
        """Planned visits of which nothing is said, begun or not."""
        return [visit for visit in self.planned if self.said_of(visit) is None]

    def unexplained(self) -> list[Answer]:
        """Drafted answers that need a reason or a comment and have neither."""
        plan = {visit_key(visit): visit for visit in self.planned}
        return [drafted.answer for drafted in self.drafts.values() if lacks_reason(drafted.answer, plan.get(drafted.answer.key))]


def lacks_reason(answer: Answer, planned: PlannedVisit | None) -> bool:
    """Whether an answer differs from the plan and says not why: a frustrated visit needs a reason, more or less time, or more or fewer
    carers, a reason or words."""
    if answer.outcome in NEEDS_REASON:
        return not answer.reason
    if answer.reason or answer.comment:
        return False
    if answer.outcome == "extra":
        return True
    return (
        answer.outcome == "delivered"
        and planned is not None
        and (answer.delivered_minutes, answer.carers) != (planned.minutes, planned.carers)
    )


def visit_key(visit: PlannedVisit) -> VisitKey:
    """What names a planned visit in the actuals."""
    return (visit.line_id, visit.date, "visit", visit.start_time)


def line_weeks(
    lines: Sequence[Mapping[str, Any]], first: date, last: date, known: Known, *, drafted: Iterable[Drafted] | None = None
) -> list[LineWeek]:
    """Every week with a day from `first` to `last` of each of these lines that is told of, by week, family name and line.

    `drafted`: the drafts to be seen beside what was submitted; unless given, all there are.
    """
    told = [line for line in lines if line["basis"] in REPORTABLE]
    ids = [line["line_id"] for line in told]
    if not ids:
        return []
    schedule = timetables(table_known("schedule", known, lines=ids).to_pylist())
    standing = _by_line(table_known("actuals", known, lines=ids, from_date=first - WEEK, until_date=last + WEEK))
    drafts = drafts_by_week(drafts_of(ids) if drafted is None else drafted)
    found = [
        line_week
        for line in told
        for week in _weeks(line, first, last)
        if (line_week := _line_week(line, week, schedule.get(line["line_id"], []), standing, drafts)) is not None
    ]
    return sorted(found, key=in_order)


def in_order(one: LineWeek) -> tuple[Any, ...]:
    """How weeks are listed: by week, family name and line."""
    return one.week, one.line["family_name"] or "", one.line["person_id"], one.line["line_id"]


def drafts_by_week(drafted: Iterable[Drafted]) -> dict[tuple[str, date], dict[VisitKey, Drafted]]:
    """Drafts by line and week, and then by visit."""
    found: dict[tuple[str, date], dict[VisitKey, Drafted]] = defaultdict(dict)
    for one in drafted:
        found[one.answer.line_id, one.answer.week][one.answer.key] = one
    return found


def _weeks(line: Mapping[str, Any], first: date, last: date) -> list[date]:
    week, found = week_holding(max(first, line["start_date"]), line["week_start"]), []
    while week <= last:
        found.append(week)
        week += WEEK
    return found


def _line_week(
    line: Mapping[str, Any],
    week: date,
    timetable: Sequence[Mapping[str, Any]],
    standing: Mapping[str, list[dict[str, Any]]],
    drafts: Mapping[tuple[str, date], Mapping[VisitKey, Drafted]],
) -> LineWeek | None:
    days = days_in_service(line, week)
    until = week + WEEK
    said = [
        answer_of(row, person_id=line["person_id"], week=week)
        for row in standing.get(line["line_id"], ())
        if week <= row["date"] < until
    ]  # fmt: skip
    kept = drafts.get((line["line_id"], week), {})
    if days is None and not said and not kept:
        return None
    days = days or (week, week - ONE_DAY)
    planned = planned_visits(timetable, *days) if days[0] <= days[1] else []
    return LineWeek(line, week, days, tuple(planned), bool(timetable), {answer.key: answer for answer in said}, kept)


def _by_line(actuals: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in actuals.to_pylist():
        found[row["line_id"]].append(row)
    return found


def as_planned(line_week: LineWeek, at: datetime, *, day: date | None = None) -> list[Answer]:
    """The answers that say that visits which have begun were given as planned: of a day, or of the whole week."""
    line = line_week.line
    return [
        Answer(
            line["person_id"], line["line_id"], line_week.week, visit.date, said.start_time if said else visit.start_time, "delivered",
            delivered_minutes=visit.minutes, carers=visit.carers,
        )
        for visit in line_week.planned
        if (day is None or visit.date == day) and begun(visit.date, visit.start_time, at)
        for said in [line_week.said_of(visit)]
    ]  # fmt: skip


def begun(day: date, start: time | None, at: datetime) -> bool:
    """Whether a visit of that day and start has begun at a moment; without a start, whether the day has."""
    return datetime.combine(day, start or time()) <= at.astimezone(LOCAL).replace(tzinfo=None)


def last_day_told(line_weeks_told: Iterable[LineWeek], at: datetime) -> date:
    """Up to which day weeks are worked out: yesterday, or today once something is said of it."""
    today = at.astimezone(LOCAL).date()
    told_today = any(answer.date == today for one in line_weeks_told for answer in one.entered.values())
    return today if told_today else today - timedelta(days=1)
