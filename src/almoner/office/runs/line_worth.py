"""What lines' weeks would post now, with what is reported as if it were submitted: the pounds before the button."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.holding import held_with_the_week, pence_together
from almoner.core.tables import ACTUALS, HOLDS, RECEIPTS
from almoner.office.runs.calculation import Reckoned
from almoner.office.runs.freshness import watched
from almoner.office.runs.provider_care import reckoned_for
from almoner.office.runs.queries import total_pence

LineKey: TypeAlias = tuple[str, date]


@dataclass(frozen=True)
class Worth:
    """Receipts and holds of lines' weeks, in the schemas of `core.tables`, and the rows of workings by line and week; `said_of_days` are
    those of each day (without columns where nothing was worked out).

    A hold of a person's whole week names no line; it stands with the first line of that person and week, and its amount is the part of
    these lines.
    """

    receipts: pa.Table
    holds: pa.Table
    pays: Mapping[LineKey, int]
    held: Mapping[LineKey, list[dict[str, Any]]]
    weeks: Mapping[LineKey, dict[str, Any]] = field(repr=False)
    said_of_days: pa.Table = field(repr=False)

    @cached_property
    def days(self) -> Mapping[LineKey, list[dict[str, Any]]]:
        """The rows of each day's workings, by line and week."""
        found: dict[LineKey, list[dict[str, Any]]] = {}
        for row in self.said_of_days.to_pylist():
            found.setdefault((row["line_id"], row["week"]), []).append(row)
        return found

    @property
    def pays_pence(self) -> int:
        """All that would be paid."""
        return total_pence(self.receipts)

    @property
    def held_pence(self) -> int:
        """All that would be held, of these lines."""
        return total_pence(self.holds)

    @property
    def sealed_pence(self) -> int:
        """All that was sealed of these weeks before."""
        amounts = [row["sealed_pence"] for row in self.weeks.values()]
        return total_pence(pa.table({"amount_pence": pa.array(amounts, pa.int64())}))

    def of(self, keys: Iterable[LineKey]) -> Worth:
        """The part of it that is about these lines' weeks."""
        wanted = set(keys)
        people = {(row["person_id"], row["week"]) for key, row in self.weeks.items() if key in wanted}
        receipts = _rows(self.receipts, lambda row: (row["line_id"], row["week"]) in wanted)
        holds = _rows(
            self.holds,
            lambda row: (row["line_id"], row["week"]) in wanted or (not row["line_id"] and (row["person_id"], row["week"]) in people),
        )  # fmt: skip
        weeks = [self.weeks[key] for key in sorted(wanted) if key in self.weeks]
        return _worth(receipts, holds, weeks, _of_lines(self.said_of_days, {line_id for line_id, _ in wanted}))

    def of_people(self, people: Collection[str]) -> Worth:
        """The part of it that is about these people."""
        own = pa.array(sorted(people), pa.string())
        receipts, holds = (table.filter(pc.is_in(table.column("person_id"), value_set=own)) for table in (self.receipts, self.holds))
        weeks = [row for row in self.weeks.values() if row["person_id"] in people]
        return _worth(receipts, holds, weeks, _of_lines(self.said_of_days, {row["line_id"] for row in weeks}))


def together(one: Worth, other: Worth) -> Worth:
    """What two parts come to that have no line's week in common."""
    receipts, holds = (pa.concat_tables(tables) for tables in ((one.receipts, other.receipts), (one.holds, other.holds)))
    said = [table for table in (one.said_of_days, other.said_of_days) if table.num_columns]
    days = pa.concat_tables(said) if said else NO_DAYS
    return Worth(receipts, holds, {**one.pays, **other.pays}, {**one.held, **other.held}, {**one.weeks, **other.weeks}, days)


def worth_of(
    lines: Sequence[Mapping[str, Any]], *, reported: pa.Table | None, from_week: date, through: date, at: datetime
) -> Worth:  # fmt: skip
    """What one provider's lines' weeks from `from_week` on would post now (rows of `care.queries.OPEN_LINES`).

    `reported`: actuals not yet recorded, in the schema of `core.tables`. Other lines of the same people are worked out with
    them, for what is held is judged together, and left out of the answer. Raises DaysNotKnown.
    """
    if not lines or through < from_week:
        return NOTHING
    watch = watched(lines[0]["provider_id"], at)
    people = sorted({line["person_id"] for line in lines})
    said = None if reported is None else reported.cast(ACTUALS.schema)
    return worth_from(reckoned_for(watch, people, from_week=from_week, through=through, reported=said), lines)


def worth_from(reckoned: Reckoned, lines: Sequence[Mapping[str, Any]]) -> Worth:
    """The part of what was worked out that is about these lines (`worth_of`)."""
    own = {line["line_id"] for line in lines}
    ids = pa.array(sorted(own), pa.string())
    providers = pa.array(sorted({line["provider_id"] for line in lines}), pa.string())
    holds, made = reckoned.holds, reckoned.workings
    stops = pc.or_(
        pc.is_in(holds.column("line_id"), value_set=ids),
        pc.and_(pc.equal(holds.column("line_id"), ""), pc.is_in(holds.column("provider_id"), value_set=providers)),
    )
    receipts, weeks = _of_lines(reckoned.receipts, own).select(RECEIPTS.names), _of_lines(made["weeks"], own).to_pylist()
    return _worth(receipts, holds.filter(stops), weeks, _of_lines(made["days"], own))


def _of_lines(table: pa.Table, lines: Collection[str]) -> pa.Table:
    own = pa.array(sorted(lines), pa.string())
    return table.filter(pc.is_in(table.column("line_id"), value_set=own)) if table.num_columns else table


def _rows(table: pa.Table, wanted: Any) -> pa.Table:
    return table.filter(pa.array([wanted(row) for row in table.to_pylist()], pa.bool_()))


def _worth(receipts: pa.Table, holds: pa.Table, weeks: list[dict[str, Any]], days: pa.Table) -> Worth:
    pays = {(row["line_id"], row["week"]): row["amount_pence"] for row in receipts.to_pylist()}
    rows = {(row["line_id"], row["week"]): row for row in weeks}
    first: dict[tuple[str, date], LineKey] = {}
    # Those that the calculation itself says are held come first.
    for key, row in sorted(rows.items(), key=lambda item: (item[1]["held_code"] is None, item[0])):
        first.setdefault((row["person_id"], row["week"]), key)
    held: dict[LineKey, list[dict[str, Any]]] = {}
    holds = _own_holds(holds, weeks)
    for row in holds.to_pylist():
        stands = (row["line_id"], row["week"]) if row["line_id"] else first.get((row["person_id"], row["week"]))
        if stands is not None:
            held.setdefault(stands, []).append(row)
    return Worth(receipts, holds, pays, held, rows, days)


def _own_holds(holds: pa.Table, weeks: list[dict[str, Any]]) -> pa.Table:
    """Holds with these weeks' part of what holds a person's whole week; one without any part in them is none of theirs."""
    if not pc.any(pc.equal(holds.column("line_id"), "")).as_py():
        return holds
    of_person: dict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
    for week in weeks:
        of_person[week["person_id"], week["week"]].append(week)
    rows = []
    for row in holds.to_pylist():
        if not row["line_id"]:
            row["amount_pence"] = held_with_the_week(of_person[row["person_id"], row["week"]])
        if row["line_id"] or row["amount_pence"]:
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=holds.schema)


NO_DAYS = pa.table({})
NOTHING = Worth(RECEIPTS.empty_table(), HOLDS.empty_table(), {}, {}, {}, NO_DAYS)


def held_codes(worth: Worth, key: LineKey) -> tuple[str, ...]:
    """The codes that hold something of a line's week, the person's whole week included."""
    row = worth.weeks.get(key)
    own = [hold["code"] for hold in worth.held.get(key, ())]
    beside = [row["held_code"]] if row and row["held_code"] else []
    return tuple(dict.fromkeys([*own, *beside]))


def held_pence(worth: Worth, key: LineKey) -> int:
    """What of a line's week would be held; of what holds a person's whole week, the line's part."""
    own = [row["amount_pence"] for row in worth.held.get(key, ()) if row["line_id"]]
    return pence_together([*own, held_with_the_week([worth.weeks[key]] if key in worth.weeks else [])])


def days_with_pay(worth: Worth, key: LineKey, day: date) -> tuple[int, int]:
    """What a line's day is worth before the week is rounded: exact parts, and of how many (`core.money.exact_pounds`)."""
    rows = [row for row in worth.days.get(key, ()) if row["date"] == day and row["held"] is None]
    split = math.lcm(1, *(row["split"] for row in rows))
    return sum(int(row["exact_parts"]) * (split // row["split"]) for row in rows), split


def first_and_last(rows: pa.Table) -> tuple[date, date] | None:
    """The first and last date of rows of actuals; None without any."""
    if rows.num_rows == 0:
        return None
    return pc.min(rows.column("date")).as_py(), pc.max(rows.column("date")).as_py()
