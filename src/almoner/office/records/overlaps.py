"""Rows that came in and hold on the same days as what is known and stays: no file by itself shows it. Set against set, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from almoner.core.tables import Table

LAYERED = ("contract_terms", "line_terms")
"""Tables whose rows lie one upon another: a blank cell leaves the value as it was, so overlapping is how they are used."""
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Overlap:
    """A row that came in, by its place in its file, and the known one it overlaps: `known_from` to `known_until`, both days included.

    `shown` is what the two have in common: the columns of `series`, in words.
    """

    row: int
    valid_from: date
    shown: str
    known_from: date
    known_until: date | None


def series(table: Table) -> tuple[str, ...]:
    """The columns in which the dated rows of one thing agree; none where a table has no such rows, or they may overlap."""
    dated = "valid_from" in table.key and any(column.name == "valid_to" for column in table.columns)
    return tuple(name for name in table.key if name != "valid_from") if dated and table.name not in LAYERED else ()


def overlapping(memory: duckdb.DuckDBPyConnection, table: Table, recorded: pa.Table, incoming: pa.Table, known: pa.Table) -> list[Overlap]:
    """The rows of `recorded` that hold on a day on which a known fact of the same series holds too, in the order they came.

    `recorded` are those of `incoming` that say something new, `known` the versions that were known with `withdrawn` after the columns of
    `core.tables`. A known fact whose key came in is replaced, and stands in nobody's way. Of several the one that holds longest is named.
    """
    named = series(table)
    if not named or recorded.num_rows == 0 or known.num_rows == 0:
        return []
    for name, rows in (("recorded", recorded), ("incoming", incoming), ("known", known)):
        memory.register(name, rows)
    shown = ", ".join(f'CAST(any_value(r."{name}") AS VARCHAR)' for name in named)
    found = memory.sql(
        f"""
        WITH standing AS (
            SELECT * FROM known WHERE NOT withdrawn
                AND NOT EXISTS (SELECT 1 FROM incoming WHERE {_alike(table.key, "incoming", "known")})
        )
        SELECT r."row", any_value(r.valid_from), concat_ws(', ', {shown}),
            arg_max(s.valid_from, coalesce(s.valid_to, DATE '{FOREVER}')), max(coalesce(s.valid_to, DATE '{FOREVER}'))
        FROM recorded AS r JOIN standing AS s
            ON {_alike(named, "r", "s")}
            AND s.valid_from <= coalesce(r.valid_to, DATE '{FOREVER}') AND r.valid_from <= coalesce(s.valid_to, DATE '{FOREVER}')
        GROUP BY r."row" ORDER BY 1
        """
    ).fetchall()
    return [Overlap(row, first, said, begun, None if until == FOREVER else until) for row, first, said, begun, until in found]


def _alike(columns: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(f'{left}."{name}" IS NOT DISTINCT FROM {right}."{name}"' for name in columns)
