"""Rows that name a row of another table which is not there."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import TABLES, Column
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.settle import Settled

ALSO_NAMES = {"actuals": ("lines", "line_id")}
"""Care may be reported for a line that is not there: it is held by the calculation, not left out here."""


def in_order() -> list[str]:
    """The names of all tables, each after those it refers to."""
    order: list[str] = []

    def place(name: str) -> None:
        if name in order:
            return
        for column in TABLES[name].columns:
            if column.refers_to:
                place(column.refers_to)
        if name in ALSO_NAMES:
            place(ALSO_NAMES[name][0])
        order.append(name)

    for name in TABLES:
        place(name)
    return order


def check_references(settled: Settled, parents: Mapping[str, Settled], noticed: Noticed) -> None:
    """Leave out the rows whose references lead nowhere; `parents` hold what is left of the tables before this one."""
    for column in settled.table.columns:
        if not column.refers_to or not settled.rows.num_rows:
            continue
        lost = _lost(settled, column.name, parents.get(column.refers_to))
        if not lost.num_rows:
            continue
        _say(settled, column, lost, parents.get(column.refers_to), noticed)
        settled.leave_out(lost.column("row").combine_chunks())


def check_lines_of_actuals(settled: Settled, lines: Settled | None, noticed: Noticed) -> None:
    """A warning for each actual whose line is not there."""
    if not settled.rows.num_rows:
        return
    lost = _lost(settled, "line_id", lines)
    room = noticed.room("actuals", "unknown_line")
    named = lost.slice(0, room).select(["row", "line_id"])
    causes = _left_out_rows(named.column("line_id").combine_chunks(), lines)
    for row, value, cause in zip(*(column.to_pylist() for column in named.columns), causes, strict=True):
        hint = f" Row {cause} of lines was left out." if cause else ""
        noticed.add("actuals", "unknown_line", row=row, column="line_id", value=value, hint=hint)
    noticed.more("actuals", "unknown_line", max(0, lost.num_rows - room))


def _lost(settled: Settled, column: str, parent: Settled | None) -> pa.Table:
    """The rows whose `column` is filled and names no row of the parent."""
    named = settled.rows.column(column)
    spoken = settled.spoken.get(column)
    if parent is not None and spoken and spoken.among(parent.rows.column(parent.table.key[0]).combine_chunks()):
        return settled.rows.slice(0, 0)
    if parent is None:
        return settled.rows.filter(pc.is_valid(named))
    there = pc.is_in(named, parent.rows.column(parent.table.key[0]).combine_chunks())
    if named.null_count:
        there = pc.or_(there, pc.is_null(named))
    return settled.rows.filter(pc.invert(there))


def _say(settled: Settled, column: Column, lost: pa.Table, parent: Settled | None, noticed: Noticed) -> None:
    """Findings for lost rows: one for all of them where the parent has no row at all."""
    name, parent_name = settled.table.name, column.refers_to or ""
    if parent is None or not parent.rows.num_rows:
        noticed.add(name, "reference_unread", column=column.name, count=lost.num_rows, parent=parent_name)
        return
    values = lost.column(column.name).combine_chunks()
    causes = _left_out_rows(values.slice(0, 2 * noticed.room(name, "unknown_reference")), parent)
    said = {"unknown_reference": 0, "reference_left_out": 0}
    for row, value, cause in zip(lost.column("row").slice(0, len(causes)).to_pylist(), values.to_pylist(), causes, strict=False):
        code = "reference_left_out" if cause else "unknown_reference"
        words = {"parent": parent_name, "parent_column": parent.table.key[0], "parent_row": cause}
        noticed.add(name, code, row=row, column=column.name, value=value, **words)
        said[code] += 1
    noticed.more(name, max(said, key=lambda code: said[code]), lost.num_rows - len(causes))


def _left_out_rows(ids: pa.Array, parent: Settled | None) -> list[int | None]:
    """For each id, the record number of the parent's row with that id which was left out; None where there was none."""
    if parent is None or not parent.out_rows:
        return [None] * len(ids)
    places = pc.index_in(ids, pa.concat_arrays(parent.out_ids))
    found: list[int | None] = pa.concat_arrays(parent.out_rows).take(places).to_pylist()
    return found
