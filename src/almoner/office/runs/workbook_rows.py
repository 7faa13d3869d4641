"""The rows of a workbook to be filled in: each planned visit of some weeks, as planned or as it was submitted before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, begun, line_weeks, visit_key
from almoner.office.actuals.plan import PlannedVisit
from almoner.office.records.queries import known_at, table_known
from almoner.office.runs.provider_weeks import lines_of

WEEK = timedelta(days=7)


def workbook_rows(reader: Reader, first: date, count: int, service: str, at: datetime) -> list[dict[str, Any]]:
    """Rows for weeks that begin from `first` on, `count` weeks long, of one service or (blank) of all: lines on actuals and on plan.

    Visits that have not begun are left out. The columns are those of `formats.actuals.workbook`.
    """
    known = known_at(at)
    lines = [line for line in lines_of(reader, known) if not service or line["service_type"] == service]
    until = first + count * WEEK
    told = [one for one in line_weeks(lines, first, until - timedelta(days=1), known) if first <= one.week < until]
    ids = sorted({one.line["line_id"] for one in told})
    standing = table_known("actuals", known, lines=ids, from_date=first, until_date=until + WEEK).to_pylist() if ids else []
    submitted = {(row["line_id"], row["date"], row["kind"], row["start_time"]): row for row in standing}
    today = at.astimezone(LOCAL).date()
    return [row for one in told for row in _rows(one, submitted, at) if row["date"] <= today]


def first_days(at: datetime, weeks: int = 13) -> list[date]:
    """The Mondays of this week and of those before, latest first."""
    today = at.astimezone(LOCAL).date()
    monday = today - timedelta(days=today.weekday())
    return [monday - n * WEEK for n in range(weeks)]


def _rows(one: LineWeek, submitted: dict[tuple[Any, ...], dict[str, Any]], at: datetime) -> Iterator[dict[str, Any]]:
    planned = {visit_key(visit): visit for visit in one.planned}
    keys = sorted({*planned, *one.standing}, key=lambda key: (key[1], key[2], str(key[3] or "")))
    # A row more beside a total, or beside what was told without a start, would be held as a duplicate; on plan silence says as planned.
    is_told = any(key[2] == "week" for key in one.standing) or one.line["basis"] != "actuals"
    for key in keys:
        row, visit = submitted.get(key), planned.get(key)
        if row is not None:
            yield {**_named(one, key[1]), **row, "planned": visit.minutes if visit else None}
        elif visit is not None and not is_told and not _told(one, visit) and begun(visit.date, visit.start_time, at):
            yield {
                **_named(one, visit.date), "kind": "visit", "start_time": visit.start_time, "planned": visit.minutes,
                "delivered_minutes": visit.minutes, "carers": visit.carers, "outcome": "delivered",
            }  # fmt: skip
    if not keys and not one.has_timetable and one.line["basis"] == "actuals":
        yield {**_named(one, one.week), "kind": "week", "planned": one.planned_minutes or None}


def _told(one: LineWeek, visit: PlannedVisit) -> bool:
    """Whether something submitted says of the visit without its start."""
    said = one.said_of(visit)
    return said is not None and said.start_time is None and said.key in one.standing


def _named(one: LineWeek, day: date) -> dict[str, Any]:
    line = one.line
    name = f"{line['given_names'] or ''} {line['family_name'] or ''}".strip()
    return {"line_id": line["line_id"], "person": f"{line['person_id']} {name}", "day": f"{day:%A}", "date": day}
