"""What is claimed of a funder, receipt by receipt: for its own people, who see ids and amounts and no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from almoner.core.money import percent_text, pounds
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import Side
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import known_at, rows_known
from almoner.office.runs.queries import ORDER, POSTED, total_pence

Row = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """What was claimed of one month, whose weeks begin in it. Pence."""

    first: date
    receipts: int
    regular_pence: int
    adjustments_pence: int
    total_pence: int


def claimed_of(reader: Reader, *, month: date | None = None) -> list[Row]:
    """The claim receipts of a reader's funder, of all months or the one that begins on `month`, latest run first; nobody else has any."""
    if reader.side is not Side.PARTNER or not reader.organisation_id:
        return []
    select, given = "SELECT * FROM almoner_receipts WHERE book = 'claims' AND funder_id = %s", [reader.organisation_id]
    rows: list[Row] = read_rows(select, POSTED, given, order=ORDER).to_pylist()
    return [row for row in reversed(rows) if month is None or row["week"].replace(day=1) == month]


def months_of(reader: Reader) -> list[Month]:
    """What was claimed of a reader's funder, month by month, the latest first."""
    if reader.side is not Side.PARTNER or not reader.organisation_id:
        return []
    select, given = "SELECT * FROM almoner_receipts WHERE book = 'claims' AND funder_id = %s", [reader.organisation_id]
    table = read_rows(select, POSTED, given, order=("week", "run_id", "number"))
    months = table.column("week").to_pylist()
    found, begun = [], 0
    for first, weeks in groupby(months, key=lambda week: week.replace(day=1)):
        count = len(list(weeks))
        part = table.slice(begun, count)
        regular = part.filter([kind == "regular" for kind in part.column("kind").to_pylist()])
        whole, usual = total_pence(part), total_pence(regular)
        found.append(Month(first, count, usual, whole - usual, whole))
        begun += count
    return found[::-1]


def claimed_receipt(reader: Reader, receipt: str) -> Row | None:
    """One claim receipt of a reader's funder, by its id `R-0003.17`; None when there is none, or it is another's."""
    return next((row for row in claimed_of(reader) if f"{row['run_id']}.{row['number']}" == receipt), None)


def share_in_words(line_id: str, funder_id: str, week: date, at: datetime) -> str:
    """What a funder bears of a line in a week: `£100.00 a week, then 50% of the rest`; empty when nothing is agreed then."""
    rows = rows_known("shares", known_at(at), {"line_id": [line_id]}).to_pylist()
    own = [
        row
        for row in rows
        if row["funder_id"] == funder_id and row["valid_from"] <= week and (row["valid_to"] is None or row["valid_to"] >= week)
    ]
    told = [_share(row) for row in sorted(own, key=lambda row: row["share_order"])]
    return ", then ".join(part for part in told if part)


def _share(row: Row) -> str:
    fixed = f"{pounds(row['amount_per_week'])} a week" if row.get("amount_per_week") else ""
    percent = f"{percent_text(row['percent'])} of what remains" if row.get("percent") else ""
    return " and ".join(part for part in (fixed, percent) if part)
