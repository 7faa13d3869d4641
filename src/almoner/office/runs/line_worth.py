"""What lines' weeks would post now, with what is reported as if it were submitted: the pounds before the button."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
    """Receipts and holds of lines' weeks, in the schemas of `core.tables`, and the rows of workings by line and week.

    A hold of a person's whole week names no line; it stands with the first line of that person and week, and its amount is the part of
    these lines.
    """

    receipts: pa.Table
    holds: pa.Table
    pays: Mapping[LineKey, int]
    held: Mapping[LineKey, list[dict[str, Any]]]
    weeks: Mapping[LineKey, dict[str, Any]] = field(repr=False)
    days: Mapping[LineKey, list[dict[str, Any]]] = field(repr=False)

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
        return _worth(receipts, holds, [self.weeks[key] for key in sorted(wanted) if key in self.weeks], self.days)

    def of_people(self, people: Collection[str]) -> Worth:
        """The part of it that is about these people."""
        own = pa.array(sorted(people), pa.string())
        receipts, holds = (table.filter(pc.is_in(table.column("person_id"), value_set=own)) for table in (self.receipts, self.holds))
        weeks = [row for row in self.weeks.values() if row["person_id"] in people]
        kept = {(row["line_id"], row["week"]) for row in weeks}
        return _worth(receipts, holds, weeks, {key: rows for key, rows in self.days.items() if key in kept})


def together(one: Worth, other: Worth) -> Worth:
    """What two parts come to that have no line's week in common."""
    receipts, holds = (pa.concat_tables(tables) for tables in ((one.receipts, other.receipts), (one.holds, other.holds)))
    return Worth(
        receipts, holds, {**one.pays, **other.pays}, {**one.held, **other.held}, {**one.weeks, **other.weeks}, {**one.days, **other.days}
    )


def worth_of(
    lines: Sequence[Mapping[str, Any]], *, reported: pa.Table | None, from_week: date, through: date, at: datetime, days: bool = False
) -> Worth:
    """What one provider's lines' weeks from `from_week` on would post now (rows of `care.queries.OPEN_LINES`).

    `reported`: actuals not yet recorded, in the schema of `core.tables`. With `days` the rows of each day are given too. Other lines of
    the same people are worked out with them, for what is held is judged together, and left out of the answer. Raises DaysNotKnown.
    """
    if not lines or through < from_week:
        return _worth(RECEIPTS.empty_table(), HOLDS.empty_table(), [], {})
    watch = watched(lines[0]["provider_id"], at)
    people = sorted({line["person_id"] for line in lines})
    said = None if reported is None else reported.cast(ACTUALS.schema)
    return worth_from(reckoned_for(watch, people, from_week=from_week, through=through, reported=said), lines, days=days)


def worth_from(reckoned: Reckoned, lines: Sequence[Mapping[str, Any]], *, days: bool = False) -> Worth:
    """The part of what was worked out that is about these lines (`worth_of`)."""
    ids = pa.array(sorted({line["line_id"] for line in lines}), pa.string())
    providers = pa.array(sorted({line["provider_id"] for line in lines}), pa.string())
    receipts, holds = reckoned.receipts, reckoned.holds
    stops = pc.or_(
        pc.is_in(holds.column("line_id"), value_set=ids),
        pc.and_(pc.equal(holds.column("line_id"), ""), pc.is_in(holds.column("provider_id"), value_set=providers)),
    )
    by_day: dict[LineKey, list[dict[str, Any]]] = {}
    for row in _of_lines(reckoned.workings["days"], ids).to_pylist() if days else ():
        by_day.setdefault((row["line_id"], row["week"]), []).append(row)
    weeks = _of_lines(reckoned.workings["weeks"], ids).to_pylist()
    return _worth(_of_lines(receipts, ids).select(RECEIPTS.names), holds.filter(stops), weeks, by_day)


def _of_lines(table: pa.Table, ids: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table.column("line_id"), value_set=ids))


def _rows(table: pa.Table, wanted: Any) -> pa.Table:
    return table.filter(pa.array([wanted(row) for row in table.to_pylist()], pa.bool_()))


def _worth(receipts: pa.Table, holds: pa.Table, weeks: list[dict[str, Any]], days: Mapping[LineKey, list[dict[str, Any]]]) -> Worth:
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


NOTHING = Worth(RECEIPTS.empty_table(), HOLDS.empty_table(), {}, {}, {}, {})


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
