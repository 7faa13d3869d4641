"""Which versions stand: SQL that picks, for every natural key, the version in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

import pyarrow as pa
from django.db import connection

from almoner.core.tables import TABLES, Table
from almoner.office.records.bulk import any_of
from almoner.office.records.versions import database_table

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


def identity(table: Table) -> tuple[str, ...]:
    """The columns that name one submission of a fact: a second one with the same cells in them is its next version.

    An actual is named by its natural key and the moment it was submitted, for the later submission replaces the earlier
    in whatever order the two are recorded.
    """
    return (*table.key, "submitted_at") if "submitted_at" in {c.name for c in table.columns} else table.key


def within(
    table: Table, *, as_of: datetime | None, people: Ids | None, lines: Ids | None, from_date: date | None, until_date: date | None
) -> Condition:
    """What restricts the versions looked at. Only cells of the natural key may: all versions of a key stay together."""
    condition = Condition()
    if as_of is not None:
        condition.add("recorded_at <= %s", connection.ops.adapt_datetimefield_value(as_of))
    for column, ids in (("person_id", people), ("line_id", lines)):
        if ids is not None and column in table.key:
            term, parameter = any_of(column, ids)
            condition.add(term, parameter)
    if "date" in table.key and from_date is not None:
        condition.add("date >= %s", from_date)
    if "date" in table.key and until_date is not None:
        condition.add("date < %s", until_date)
    return condition


def in_force(table: Table, condition: Condition, *, partition: Sequence[str] = (), withdrawn: bool = False) -> str:
    """A query for the version in force of each key among those that meet `condition`; `withdrawn` ones are left out unless asked for.

    `partition` names the key; without it, the table's natural key.
    """
    key = ", ".join(f'"{name}"' for name in partition or table.key)
    later = "submitted_at DESC NULLS LAST, version DESC" if "submitted_at" in identity(table) else "version DESC"
    return (
        f"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {later}) AS standing "
        f'FROM "{database_table(table.name)}" WHERE {condition}) AS versions WHERE standing = 1'
        + ("" if withdrawn else " AND NOT withdrawn")
    )


def columns_of(name: str) -> pa.Schema:
    """The recorded columns and the fact's own, in the order they are written and hashed."""
    return pa.schema([*RECORDED, *list(TABLES[name].schema)[1:]])
