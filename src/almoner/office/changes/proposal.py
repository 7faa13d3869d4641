"""What is known of a line that changes, and what a change proposes: the room that every kind of change is made in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.core.tables import TABLES
from almoner.office.care.terms import term
from almoner.office.changes.kinds import Change
from almoner.office.changes.refusals import ChangeRefused, NoSuchLine
from almoner.office.furniture.words import day
from almoner.office.records.queries import known_at, rows_known
from almoner.office.runs.calendar import Period

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
Row = dict[str, Any]


@dataclass(frozen=True)
class LineRise:
    """One line of an uplift and its rate before and after, in hundredths of a penny a `unit`; of several prices that which changes most."""

    line_id: str
    person_id: str
    provider_id: str
    before: int
    after: int
    unit: str


@dataclass(frozen=True)
class Proposed:
    """The facts a change would record, by table, whose weeks may move in money and from which on, and what is before and after, in words.

    `remarks`: what whoever authorises should know besides; `rises`: every line of an uplift; `periods`: those that
    take the place of the calendar's own.
    """

    people: tuple[str, ...]
    tables: Mapping[str, pa.Table]
    from_week: date
    compared: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...] = ()
    rises: tuple[LineRise, ...] = ()
    periods: tuple[Period, ...] = ()

    @property
    def person_id(self) -> str:
        """Whose line it is; empty where many are changed at once."""
        return self.people[0] if len(self.people) == 1 else ""


def line_known(line_id: str, at: datetime) -> Row:
    """The line as known at a moment; raises NoSuchLine."""
    found = rows_known("lines", known_at(at), {"line_id": [line_id]}).to_pylist()
    if not found:
        raise NoSuchLine(f"There is no line {line_id}.", "Check the number.")
    return dict(found[0])


def rows_of(name: str, line_id: str, at: datetime) -> list[Row]:
    """The rows of a table that hang on a line, as known at a moment."""
    return [dict(row) for row in rows_known(name, known_at(at), {"line_id": [line_id]}).to_pylist()]


def rows_under(name: str, contracts: Iterable[str], at: datetime) -> list[Row]:
    """The rows of a table that hang on contracts, as known at a moment."""
    return [dict(row) for row in rows_known(name, known_at(at), {"contract_id": sorted(set(contracts))}).to_pylist()]


def as_table(name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows in the schema of a table of facts."""
    return pa.Table.from_pylist([{**row, "row": 0} for row in rows], schema=TABLES[name].schema)


def needed(change: Change, what: str) -> date:
    """The day of a change; raises ChangeRefused without one."""
    if change.on is None:
        raise ChangeRefused(f"The {what} is missing.", "Enter the day, like 27 3 2026.")
    return change.on


def agreed_again(proposed: Proposed, line: Row, on: date, at: datetime) -> Proposed:
    """The same, with the provider's agreement taken back where the contract asks for it: what is new is paid once it is agreed (LIN-8)."""
    contract = rows_under("contracts", [line["contract_id"]], at)[0]
    if line["agreed_on"] is None or not term(contract, rows_under("contract_terms", [line["contract_id"]], at), "needs_agreement", on):
        return proposed
    standing = proposed.tables["lines"].to_pylist() if "lines" in proposed.tables else [line]
    lines = as_table("lines", ({**row, "agreed_on": None} if row["line_id"] == line["line_id"] else row for row in standing))
    compared = (*proposed.compared, ("Agreed by the provider", day(line["agreed_on"]), "to be agreed again"))
    remark = "The provider is asked to agree the line again. What is not paid yet waits until then; what was paid stays."
    first = min(proposed.from_week, line["start_date"] - WEEK)
    return Proposed(proposed.people, {**proposed.tables, "lines": lines}, first, compared, (*proposed.remarks, remark))
