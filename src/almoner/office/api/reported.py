"""Visits as a provider's system tells them, read against the lines it may report on: good rows, and the others with what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import ACTUALS
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.line_weeks import LOCAL
from almoner.office.actuals.operations import Expected
from almoner.office.actuals.plan import week_holding
from almoner.office.actuals.queries import WeekTold
from almoner.office.care.queries import lines_open_to
from almoner.office.records.queries import known_at
from almoner.office.runs.cut_offs import payment_periods, period_made
from almoner.office.runs.line_worth import LineKey, Worth, held_codes, held_pence, worth_of

Row = Mapping[str, Any]
EXPLAINED = ("frustrated",)
"""Outcomes that need a reason."""


@dataclass(frozen=True)
class RowRejected:
    """A visit that does not count: its place in what was sent, why, and what to do."""

    index: int
    code: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Reported:
    """`rows` in the schema of actuals, each visit once, and what they would pay and hold."""

    rows: pa.Table
    rejected: tuple[RowRejected, ...]
    expected: Expected


def read_reported(visits: Sequence[Row], reader: Reader, at: datetime) -> Reported:
    """The visits (the fields of `shapes.Visit`) that may count, and what they would pay and hold now."""
    lines = {line["line_id"]: line for line in lines_open_to(reader, known_at(at)).to_pylist()}
    today, seen = at.astimezone(LOCAL).date(), set()
    rejected: list[RowRejected] = []
    rows: list[dict[str, Any]] = []
    for index, visit in enumerate(visits):
        key = (visit["line_id"], visit["date"], visit["kind"], visit["start_time"])
        wrong = ROW_TWICE if key in seen else _wrong(visit, lines.get(visit["line_id"]), today)
        seen.add(key)
        if wrong:
            rejected.append(RowRejected(index, *wrong))
        else:
            rows.append({**visit, "row": len(rows) + 1, "units": visit["units_hundredths"]})
    table = pa.Table.from_pylist([{name: row.get(name) for name in ACTUALS.schema.names} for row in rows], schema=ACTUALS.schema)
    return Reported(table, tuple(rejected), _expected(table, lines, at))


ROW_TWICE = ("ROW-TWICE", "This visit is told of twice.", "Send each line, date and start time once.")


def _wrong(visit: Row, line: Row | None, today: date) -> tuple[str, str, str] | None:
    if line is None:
        return ("NO-SUCH-LINE", f"There is no line {visit['line_id']}, or this token does not reach it.", "Use a line of GET /api/lines.")
    if visit["date"] > today:
        return ("FUTURE", "This day has not come yet.", "Send it once it has happened.")
    if visit["kind"] == "week" and visit["date"] != week_holding(visit["date"], line["week_start"]):
        return ("NOT-A-WEEK", "A week's total stands on the week's first day.", f"Weeks of this line begin on a {line['week_start']}.")
    if visit["outcome"] in EXPLAINED and not visit["reason"]:
        return ("NO-REASON", "A frustrated visit needs a reason.", "Send the reason, like no_reply.")
    return None


def _expected(rows: pa.Table, lines: Mapping[str, Row], at: datetime) -> Expected:
    if rows.num_rows == 0:
        return Expected((), 0, 0)
    counts: dict[LineKey, int] = {}
    for row in rows.select(["line_id", "date"]).to_pylist():
        key = (row["line_id"], week_holding(row["date"], lines[row["line_id"]]["week_start"]))
        counts[key] = counts.get(key, 0) + 1
    last = max(pc.max(rows.column("date")).as_py(), at.astimezone(LOCAL).date() - timedelta(days=1))
    told = [lines[line_id] for line_id in sorted({line_id for line_id, _ in counts})]
    worth = worth_of(told, reported=rows, from_week=min(week for _, week in counts), through=last, at=at).of(counts)
    return Expected(
        tuple(_week(key, counts[key], lines, worth) for key in sorted(counts)),
        worth.pays_pence,
        worth.held_pence,
        _pay_date(counts, lines, at),
    )


def _week(key: LineKey, count: int, lines: Mapping[str, Row], worth: Worth) -> WeekTold:
    return WeekTold(
        lines[key[0]]["person_id"], *key, count, worth.pays.get(key, 0), held_pence(worth, key), held_codes(worth, key)
    )  # fmt: skip


def _pay_date(counts: Mapping[LineKey, int], lines: Mapping[str, Row], at: datetime) -> date | None:
    periods = {cycle: payment_periods(cycle, at) for cycle in {lines[line_id]["cycle"] for line_id, _ in counts}}
    made = (period_made(periods[lines[line_id]["cycle"]], week, at) for line_id, week in counts)
    return max((period.pay_date for period in made if period), default=None)
