"""What rows would change in the actuals that stand: new, updated and unchanged ones."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import ACTUALS
from almoner.office.actuals.answers import SAID
from almoner.office.records.queries import Known, table_known

KEY = ("line_id", "date", "kind", "start_time")


@dataclass(frozen=True)
class Compared:
    """Rows of actuals by what they would change. `before` are the rows that stand for the updated ones, in the same order."""

    new: pa.Table
    updated: pa.Table
    before: pa.Table
    unchanged: pa.Table

    @property
    def changed(self) -> pa.Table:
        """The rows that would be written, in their order."""
        return pa.concat_tables([self.new, self.updated]).sort_by("row")


def standing_actuals(rows: pa.Table, known: Known | None) -> pa.Table:
    """The actuals that stand for the lines and on the days that these rows speak of."""
    if rows.num_rows == 0:
        return ACTUALS.empty()
    first, last = pc.min(rows.column("date")).as_py(), pc.max(rows.column("date")).as_py()
    found = table_known("actuals", known, lines=pc.unique(rows.column("line_id")), from_date=first)
    return found.filter(pc.less_equal(found.column("date"), pa.scalar(last, pa.date32())))


def compare(rows: pa.Table, standing: pa.Table) -> Compared:
    """The rows (the schema of actuals, each key once) against those that stand. The moment of submission is not compared."""
    on = " AND ".join(f"r.{name} IS NOT DISTINCT FROM s.{name}" for name in KEY)
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM s.{name}" for name in SAID)
    with in_memory() as memory:
        memory.register("rows_read", rows)
        memory.register("standing", standing)
        pairs = memory.sql(
            f'SELECT r."row", s."row" AS earlier, {same} AS is_same FROM rows_read r LEFT JOIN standing s ON {on} ORDER BY r."row"'
        ).to_arrow_table()
    fresh = pairs.filter(pc.is_null(pairs.column("earlier")))
    there = pairs.filter(pc.is_valid(pairs.column("earlier")))
    updated = there.filter(pc.invert(there.column("is_same")))
    places = pc.index_in(updated.column("earlier").combine_chunks(), value_set=standing.column("row").combine_chunks())
    return Compared(
        _with(rows, fresh), _with(rows, updated), standing.take(places), _with(rows, there.filter(there.column("is_same")))
    )  # fmt: skip


def _with(rows: pa.Table, wanted: pa.Table) -> pa.Table:
    return rows.filter(pc.is_in(rows.column("row"), value_set=wanted.column("row").combine_chunks())).sort_by("row")
