"""The plan as a timetable says it: which visits a line has on which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from almoner.core.tables import WEEKDAYS

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit of the timetable on its day."""

    line_id: str
    date: date
    start_time: time
    minutes: int
    carers: int


def timetables(schedule: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of the timetable by line."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in schedule:
        found[row["line_id"]].append(row)
    return found


def planned_visits(timetable: Iterable[Mapping[str, Any]], first: date, last: date) -> list[PlannedVisit]:
    """The visits of one line's timetable from `first` to `last`, both included, in order. Of two rows for one start the row that began
    later stands, then the later row."""
    found: dict[tuple[date, time], tuple[tuple[date, int], PlannedVisit]] = {}
    for row in timetable:
        for day in _days(row, first, last):
            visit = PlannedVisit(row["line_id"], day, row["start_time"], row["minutes"], row["carers"])
            rank = (row["valid_from"], row["row"])
            if (day, row["start_time"]) not in found or found[day, row["start_time"]][0] < rank:
                found[day, row["start_time"]] = (rank, visit)
    return [visit for _, (_, visit) in sorted(found.items(), key=lambda item: item[0])]


def _days(row: Mapping[str, Any], first: date, last: date) -> Iterator[date]:
    day, until = max(first, row["valid_from"]), min(last, row["valid_to"] or last)
    day += timedelta(days=(WEEKDAYS.index(row["weekday"]) - day.weekday()) % 7)
    while day <= until:
        yield day
        day += WEEK


def week_holding(day: date, week_start: str) -> date:
    """The first day of the week that holds a day, for weeks that begin on a weekday (CAL-2)."""
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(week_start)) % 7)


def days_in_service(line: Mapping[str, Any], week: date) -> tuple[date, date] | None:
    """The line's first and last day in a week; None when it has none. Death ends a line."""
    first = max(week, line["start_date"])
    last = min(day for day in (week + 6 * ONE_DAY, line["end_date"], line["date_of_death"]) if day is not None)
    return (first, last) if first <= last else None
