"""What a line comes to in pounds, beside its terms: a week at plan, its weeks and what was paid of them, what waits for an agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import WEEKDAYS
from almoner.office.accounts.readers import Reader
from almoner.office.care.history import Change, history_of, versions_behind, versions_of_line
from almoner.office.care.packages import Package, answered, packages_of, today_at
from almoner.office.care.queries import lines_open_to, reached
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import known_at
from almoner.office.records.versions import database_table
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.cycles import periods_around
from almoner.office.runs.freshness import watched
from almoner.office.runs.outlook import Outlook, outlook
from almoner.office.runs.payments import receipts_for
from almoner.office.runs.provider_weeks import WeekShown, provider_weeks, runs_paid
from almoner.office.runs.queries import total_pence
from almoner.office.runs.week_states import WeekFacts, state_of_week

WEEKS_SHOWN = timedelta(weeks=26)
WEEK = timedelta(days=7)
TOLD = pa.schema([("date", pa.date32())])
HIDDEN_AFTER = timedelta(days=28)
"""How long ended lines stand in the list without being asked for."""


@dataclass(frozen=True)
class LinePriced:
    """A line and what its first whole week to come is worth if delivered as planned; None when there is no such week."""

    package: Package
    week_pence: int | None


@dataclass(frozen=True)
class WeekOfLine:
    """One week of a line. `state` is a word of `furniture.statuses` (week); `receipts` are those sealed of it, oldest first."""

    week: date
    state: str
    more: str
    paid_pence: int | None
    expected_pence: int | None
    receipts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LineShown:
    """All there is about one line."""

    priced: LinePriced
    history: list[Change]
    told: dict[int, datetime]
    weeks: list[WeekOfLine]


@dataclass(frozen=True)
class ToAgree:
    """A line that waits for an answer: as it stands, as it was last agreed (None: never), its version, what waits for it, and the period
    that is the first to pay it if it is agreed today."""

    priced: LinePriced
    before: Package | None
    version: int
    waiting_pence: int
    waiting_since: date | None
    paid_with: Period | None


def priced_lines(reader: Reader, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[LinePriced]:
    """Every line open to a reader, priced at plan: those to agree first, then by the person's name."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    worth, own = view.week_worth, set(reached(reader, view.lines).column("line_id").to_pylist())
    packages = answered([package for package in view.packages if package.line["line_id"] in own])
    return [LinePriced(package, worth.get(package.line["line_id"])) for package in packages]


def line_shown(reader: Reader, line_id: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> LineShown | None:
    """One line open to a reader; None when there is none."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    package = _standing(reader, view, line_id)
    if package is None:
        return None
    watch = watched(reader.organisation_id, at)
    versions = watch.keep(("versions", line_id), (watch.care,), lambda: versions_behind(package.line, watch.known))
    history, told = history_of(package.line, versions)
    weeks = provider_weeks(reader, at, rules=rules).weeks
    return LineShown(LinePriced(package, view.week_worth.get(line_id)), history, told, _weeks(package, view, weeks, at, rules))


def line_to_agree(reader: Reader, line_id: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> ToAgree | None:
    """A line open to a reader, with what an answer to it would do; None when there is none."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    package = _standing(reader, view, line_id)
    if package is None:
        return None
    versions = versions_of_line(line_id, known_at(at))
    agreed = next((row for row in reversed(versions[:-1]) if row["agreed_on"] is not None and not row["withdrawn"]), None)
    before = _package(reader, line_id, agreed["recorded_at"]) if agreed else None
    waits = _rows_of(view, "holds", lambda row: row["line_id"] == line_id and row["code"] == "AGR")
    today = today_at(at)
    coming = [period for period in periods_around(package.line["cycle"], today, today + 5 * WEEK, rules) if period.last_day >= today]
    held = [one.holds.filter(pc.and_(_is(one.holds, "line_id", line_id), _is(one.holds, "code", "AGR"))) for one in view.payments]
    return ToAgree(
        LinePriced(package, view.week_worth.get(line_id)), before, package.version,
        max((total_pence(table) for table in held), default=0), min((row["week"] for row in waits), default=None),
        coming[0] if coming else None,
    )  # fmt: skip


def _is(table: Any, column: str, value: str) -> Any:
    return pc.equal(table.column(column), value)


def _standing(reader: Reader, view: Outlook, line_id: str) -> Package | None:
    """A line as it stands now, if it is open to the reader."""
    if line_id not in reached(reader, view.lines).column("line_id").to_pylist():
        return None
    return answered([package for package in view.packages if package.line["line_id"] == line_id])[0]


def _package(reader: Reader, line_id: str, at: datetime) -> Package | None:
    lines = lines_open_to(reader, at)
    own = lines.filter(_is(lines, "line_id", line_id))
    return answered(packages_of(own, at, today_at(at)))[0] if own.num_rows else None


def _rows_of(view: Outlook, name: str, wanted: Any) -> list[dict[str, Any]]:
    return [row for payment in view.payments for row in getattr(payment, name).to_pylist() if wanted(row)]


def _weeks(
    package: Package, view: Outlook, shown_weeks: Sequence[WeekShown], at: datetime, rules: Sequence[CalendarRule]
) -> list[WeekOfLine]:
    """The line's weeks of the last half year, the newest first."""
    line, line_id, today = package.line, package.line["line_id"], today_at(at)
    receipts: dict[date, list[dict[str, Any]]] = defaultdict(list)
    watch = watched(view.provider_id, at)
    rows = watch.keep(
        ("receipts", line_id), (watch.sealed, today), lambda: receipts_for([line_id], from_week=today - WEEKS_SHOWN).to_pylist()
    )
    for row in rows:
        receipts[row["week"]].append(row)
    runs = frozenset(row["run_id"] for row in rows)
    paid = watch.keep(("paid runs", runs, tuple(rules)), (watch.event, today), lambda: runs_paid(runs, today, rules))
    (due, held), listed = view.changed, {shown.week: shown for shown in shown_weeks if shown.line["line_id"] == line_id}
    coming = {week for line, week in (*due, *held) if line == line_id and week <= today}
    awaited = {row["week"] for row in view.awaited.to_pylist() if row["line_id"] == line_id}
    told = {_week_of(day, line) for day in _days_told(line_id, today - WEEKS_SHOWN)} - set(listed)
    found = []
    for week in sorted({*_weeks_begun(line, today), *receipts, *awaited, *coming}, reverse=True):
        sealed, expected, code = receipts.get(week), due.get((line_id, week)), held.get((line_id, week), "")
        if week in listed:
            shown = listed[week]
            state, code = shown.state, next(iter(shown.codes), "")
            expected = expected if sealed else shown.pays_pence
        else:
            facts = WeekFacts(
                basis=line["basis"], has_ended=week + WEEK <= today, is_told=week in told, is_held=bool(code), is_sealed=bool(sealed),
                is_paid=sealed is not None and sealed[-1]["run_id"] in paid, is_due=bool(expected), pays=bool(expected),
            )  # fmt: skip
            state = state_of_week(facts)
        amounts = tuple((f"{row['run_id']}.{row['number']}", row["amount_pence"]) for row in sealed or ())
        found.append(WeekOfLine(week, state, code if state == "held" else "", _sum(sealed), expected, amounts))
    return found


def _days_told(line_id: str, first_day: date) -> list[date]:
    """The days of a line from one on of which some actual is known."""
    select = f"SELECT DISTINCT date FROM {database_table('actuals')} WHERE line_id = %s AND date >= %s AND NOT withdrawn"
    days: list[date] = read_rows(select, TOLD, [line_id, first_day], order=("date",)).column(0).to_pylist()
    return days


def _week_of(day: date, line: Any) -> date:
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(line["week_start"])) % 7)


def _weeks_begun(line: Any, today: date) -> list[date]:
    """The weeks of the last half year that have begun and have a day of the line in them."""
    last = min([today, *(end for end in (line["end_date"], line["date_of_death"]) if end)])
    week, found = _week_of(last, line), []
    while week + WEEK > max(line["start_date"], today - WEEKS_SHOWN) and last >= line["start_date"]:
        found.append(week)
        week -= WEEK
    return found


def _sum(receipts: list[dict[str, Any]] | None) -> int | None:
    if not receipts:
        return None
    return total_pence(pa.Table.from_pylist(receipts))
