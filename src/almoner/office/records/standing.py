"""Which versions stand: SQL that picks, for every natural key, the version in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

import pyarrow as pa
from django.db import connection

from almoner.core.tables import TABLES, Table
from almoner.office.records.bulk import any_of
from almoner.office.records.models import Recording
from almoner.office.records.once import once
from almoner.office.records.versions import VERSIONED, database_table, identity, key_in_index_order

Ids: TypeAlias = Sequence[str] | pa.Array | pa.ChunkedArray
RECORDED = pa.schema(
    [
        pa.field("version", pa.int64()),
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
        pa.field("recorded_by", pa.string()),
        pa.field("batch", pa.int64()),
        pa.field("withdrawn", pa.bool_()),
    ]
)
"""What every version carries beside the columns of its fact."""


@dataclass
class Condition:
    """Conditions joined by AND, with their parameters in the order of their `%s`."""

    terms: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, term: str, *parameters: Any) -> None:
        """One more condition."""
        self.terms.append(term)
        self.parameters.extend(parameters)

    def __str__(self) -> str:
        return " AND ".join(self.terms) or "1 = 1"


@dataclass(frozen=True)
class Known:
    """Which versions had been recorded at a moment: those up to `last` of their table, save the ranges `later` (both ends in).

    Moments may run backwards (a fact entered with an earlier one): what is numbered before may have been recorded after.
    """

    last: Mapping[str, int]
    later: Mapping[str, Sequence[tuple[int, int]]]


def known_at(as_of: datetime) -> Known:
    """What was recorded up to and including `as_of`, of every table in one question."""
    return once(("known", as_of), lambda: _known_at(as_of))


def _known_at(as_of: datetime) -> Known:
    moment, recordings = connection.ops.adapt_datetimefield_value(as_of), Recording._meta.db_table
    last = "SELECT last_version FROM {1} WHERE \"table\" = '{0}' AND recorded_at <= %s ORDER BY last_version DESC LIMIT 1"
    newest = f"SELECT '{{0}}' AS name, ({last}) AS first, CAST(NULL AS BIGINT) AS last"
    # What was numbered before and recorded later follows in the same answer; its rows have both numbers.
    after = f'SELECT "table" AS name, first_version AS first, last_version AS last FROM {recordings} WHERE recorded_at > %s'
    with connection.cursor() as cursor:
        parts = [*(newest.format(name, recordings) for name in VERSIONED), after]
        cursor.execute(" UNION ALL ".join(parts), [moment] * len(parts))
        rows = cursor.fetchall()
    newest_of = {name: first or 0 for name, first, until in rows if until is None}
    later: dict[str, list[tuple[int, int]]] = {}
    for name, first, until in sorted(row for row in rows if row[2] is not None):
        if until < newest_of[name]:
            later.setdefault(name, []).append((first, until))
    return Known(newest_of, later)


def within(
    table: Table,
    *,
    known: Known | None = None,
    ids: Mapping[str, Ids] | None = None,
    from_date: date | None = None,
    until_date: date | None = None,
) -> Condition:
    """What restricts the versions looked at: moment, ids by column, days. Only cells of the natural key may, so that all
    versions of a key stay together; ids of other columns are passed over."""
    condition = Condition()
    if known is not None:
        # By their numbers, which every index ends with. SQLite would rather run through all of them than look up the days: not with a plus.
        plain = "+version" if connection.vendor == "sqlite" else "version"
        condition.add(f"{plain} <= %s", known.last[table.name])
        for first, until in known.later.get(table.name, ()):
            condition.add("version NOT BETWEEN %s AND %s", first, until)
    for column, wanted in (ids or {}).items():
        if column in table.key:
            term, parameter = any_of(column, wanted)
            condition.add(term, parameter)
    if "date" in table.key and from_date is not None:
        condition.add("date >= %s", from_date)
    if "date" in table.key and until_date is not None:
        condition.add("date < %s", until_date)
    return condition


def in_force(table: Table, condition: Condition, *, by: Sequence[str] = (), withdrawn: bool = False) -> tuple[str, list[Any]]:
    """A query for the version in force of each key among those that meet `condition`, and its parameters.

    The highest version stands, of an actual the one submitted last and then the highest. `withdrawn` ones are left out
    unless asked for. `by` names the key, in place of the natural one. Few versions are ever superseded: they are found in
    an index alone and the table is read once, in the order of recording.
    """
    source, key = f'"{database_table(table.name)}"', ", ".join(f'"{name}"' for name in (by or key_in_index_order(table)))
    submitted = "submitted_at NULLS FIRST, " if "submitted_at" in identity(table) and "submitted_at" not in by else ""
    later = f"lead(version) OVER (PARTITION BY {key} ORDER BY {submitted}version)"
    ordered = f"SELECT version AS passed, {later} AS later FROM {source} WHERE {condition}"
    # Not a join: SQLite, expecting few rows, would run through the superseded ones for every row.
    query = (
        f"SELECT facts.* FROM {source} AS facts WHERE {condition}"
        + ("" if withdrawn else " AND NOT withdrawn")
        + f" AND facts.version NOT IN (SELECT passed FROM ({ordered}) AS ordered WHERE later IS NOT NULL)"
    )
    return query, [*condition.parameters, *condition.parameters]


def columns_of(name: str) -> pa.Schema:
    """The recorded columns and the fact's own, in the order they are written and hashed."""
    return pa.schema([*RECORDED, *list(TABLES[name].schema)[1:]])
