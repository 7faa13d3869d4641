"""Which versions stand: SQL that picks, for every natural key, the version in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

import pyarrow as pa

from almoner.core.tables import TABLES, Table
from almoner.office.records.bulk import any_of
from almoner.office.records.models import Recording
from almoner.office.records.versions import database_table, identity, key_in_index_order

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


def within(
    table: Table,
    *,
    as_of: datetime | None = None,
    ids: Mapping[str, Ids] | None = None,
    from_date: date | None = None,
    until_date: date | None = None,
) -> Condition:
    """What restricts the versions looked at: moment, ids by column, days. Only cells of the natural key may, so that all
    versions of a key stay together; ids of other columns are passed over."""
    condition = Condition()
    if as_of is not None:
        recorded_by_then(table.name, as_of, condition)
    for column, wanted in (ids or {}).items():
        if column in table.key:
            term, parameter = any_of(column, wanted)
            condition.add(term, parameter)
    if "date" in table.key and from_date is not None:
        condition.add("date >= %s", from_date)
    if "date" in table.key and until_date is not None:
        condition.add("date < %s", until_date)
    return condition


def recorded_by_then(name: str, as_of: datetime, condition: Condition) -> None:
    """Restrict to the versions recorded up to and including `as_of`: by their numbers, which every index ends with."""
    recordings = Recording.objects.filter(table=name)
    last = recordings.filter(recorded_at__lte=as_of).order_by("-last_version").values_list("last_version", flat=True).first() or 0
    condition.add("version <= %s", last)
    # Moments may run backwards (a fact entered with an earlier one): what is numbered before and recorded after stays out.
    for first, until in recordings.filter(recorded_at__gt=as_of, last_version__lt=last).values_list("first_version", "last_version"):
        condition.add("version NOT BETWEEN %s AND %s", first, until)


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
