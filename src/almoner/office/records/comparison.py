"""A table that came in beside what is known of it: which rows are new, which differ, which are missing. Set against set, in memory."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from almoner.core.tables import Table
from almoner.office.records.versions import identity


@dataclass(frozen=True)
class Differences:
    """`rows` (the schema of `core.tables`) are to be recorded, in the order they came: `new` facts and `updated` ones.

    `missing` are known facts, as they stand, of which nothing came in.
    """

    rows: pa.Table
    new: int
    updated: int
    missing: pa.Table


def differences(memory: duckdb.DuckDBPyConnection, table: Table, incoming: pa.Table, known: pa.Table, *, whole: bool) -> Differences:
    """Compare `incoming` with `known`: the latest version of every identity, with `withdrawn` after the columns of `core.tables`.

    Of incoming rows with the same identity the last one counts. A row that says what is known already is in neither count.
    Without `whole` nothing is missing. `memory` is any connection to an empty database.
    """
    named = identity(table)
    order = '"submitted_at" DESC NULLS LAST, "row" DESC' if named != table.key else '"row" DESC'
    memory.register("incoming", incoming)
    memory.register("known", known)
    memory.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW standing AS
        SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY {_names(table.key)} ORDER BY {order}) = 1 AND NOT withdrawn;
        CREATE OR REPLACE TEMP VIEW latest AS
        SELECT * FROM incoming QUALIFY row_number() OVER (PARTITION BY {_names(named)} ORDER BY "row" DESC) = 1;
        """
    )
    rows = memory.sql(
        f"""
        SELECT latest.*, standing."row" IS NOT NULL AS is_known
        FROM latest
        LEFT JOIN known ON {_match(named, "latest", "known")}
        LEFT JOIN standing ON {_match(table.key, "latest", "standing")}
        WHERE known."row" IS NULL OR known.withdrawn OR {_differ(table)}
        ORDER BY latest."row"
        """
    ).to_arrow_table()
    missing = _missing(memory, table) if whole else table.empty()
    updated = rows.column("is_known").to_pylist().count(True)
    recorded = rows.drop_columns(["is_known"]).cast(table.schema)
    return Differences(recorded, rows.num_rows - updated, updated, missing)


def _missing(memory: duckdb.DuckDBPyConnection, table: Table) -> pa.Table:
    """What stands and did not come in."""
    rows = memory.sql(
        f"""
        SELECT * EXCLUDE withdrawn FROM standing
        WHERE NOT EXISTS (SELECT 1 FROM incoming WHERE {_match(table.key, "incoming", "standing")})
        ORDER BY "row"
        """
    )
    return rows.to_arrow_table().cast(table.schema)


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _match(columns: tuple[str, ...], left: str, right: str) -> str:
    return " AND ".join(f'{left}."{name}" IS NOT DISTINCT FROM {right}."{name}"' for name in columns)


def _differ(table: Table) -> str:
    rest = [c.name for c in table.columns if c.name not in identity(table)]
    return "(" + (" OR ".join(f'latest."{name}" IS DISTINCT FROM known."{name}"' for name in rest) or "false") + ")"
