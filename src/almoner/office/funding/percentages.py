"""Percentages of a line's cost over 100 on one day: refused where they are entered (FND-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True)
class OverHundred:
    """A share that came in and takes its line over 100 % from `day`, to `total_basis_points`. `row` is its place in its file."""

    row: int
    line_id: str
    percent_basis_points: int
    day: date
    total_basis_points: int


def shares_over_hundred(memory: duckdb.DuckDBPyConnection, incoming: pa.Table, standing: pa.Table) -> list[OverHundred]:
    """The shares of `incoming` with which those that stand beside them pass 100 % on some day, in the order they came.

    Both have the columns of `core.tables.SHARES`. A standing share with the key of an incoming one is replaced by it. `memory` is any
    connection to an empty database.
    """
    memory.register("incoming", incoming)
    memory.register("standing_shares", standing)
    rows = memory.sql(
        """
        WITH beside AS (
            SELECT line_id, percent, valid_from, valid_to, NULL::BIGINT AS came FROM standing_shares AS s
            WHERE line_id IN (SELECT line_id FROM incoming) AND NOT EXISTS (
                SELECT 1 FROM incoming AS i WHERE (i.line_id, i.share_order, i.valid_from) = (s.line_id, s.share_order, s.valid_from))
            UNION ALL
            SELECT line_id, percent, valid_from, valid_to, "row" FROM incoming
        ),
        days AS (SELECT DISTINCT line_id, valid_from AS day FROM beside),
        -- Sums change only on first and last days, and grow only on first ones.
        totals AS (
            SELECT d.line_id, d.day, sum(percent) AS total
            FROM days AS d
            JOIN beside AS b ON b.line_id = d.line_id AND d.day BETWEEN b.valid_from AND coalesce(b.valid_to, DATE '9999-12-31')
            GROUP BY ALL
        )
        SELECT i."row", any_value(i.line_id), any_value(i.percent), min(t.day), CAST(arg_min(t.total, t.day) AS BIGINT)
        FROM incoming AS i JOIN totals AS t
            ON t.line_id = i.line_id AND t.day BETWEEN i.valid_from AND coalesce(i.valid_to, DATE '9999-12-31')
        WHERE t.total > ? AND i.percent > 0
        GROUP BY i."row" ORDER BY 1
        """,
        params=[WHOLE_BASIS_POINTS],
    ).fetchall()
    return [OverHundred(*row) for row in rows]
