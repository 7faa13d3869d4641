"""What is seen only between rows of one table: the same key twice, periods that overlap, shares of more than the whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import Table
from almoner.formats.tables.engine import Engine
from almoner.formats.tables.noticed import MOST_NAMED, Noticed
from almoner.formats.tables.settle import Settled
from almoner.formats.tables.spoken import all_different, never_overlap

LAYERED = ("contract_terms", "line_terms")
"""Tables whose rows lie one upon another: a blank cell leaves the value as it was, so overlapping is how they are used."""

REPLACED_LATER = ("actuals", "releases")
"""Tables whose later rows replace earlier ones in the calculation, which knows until when it may look; all rows stay here."""

FEW_SHARES = 300
"""So few shares of lines with more than the whole in all are compared one by one, which is sooner done than asked of the database."""

MOST_SHARES = 1_000
"""A line with more percentages than this is not searched day by day: if they come to more than 100, all of them go."""


def check_keys(engine: Engine, settled: Settled, noticed: Noticed) -> None:
    """Of rows with the same natural key the last stays; actuals and decisions all stay, for the calculation to choose."""
    table = settled.table
    if not may_repeat(settled) or not _repeated(engine, settled, table.key):
        return
    key, facts = _columns(table.key), _columns(tuple(c.name for c in table.columns))
    order = {"actuals": "submitted_at NULLS FIRST, row", "releases": '"at" NULLS FIRST, row'}.get(table.name, "row")
    found = engine.rows(f"""
        SELECT row, last, said = last_said AS same, shown FROM (
            SELECT row, {_worded(table.key)} AS shown, hash({facts}) AS said,
                last_value(row) OVER later AS last, last_value(hash({facts})) OVER later AS last_said
            FROM {table.name}
            WHERE row IN (SELECT unnest(list(row)) FROM {table.name} GROUP BY {key} HAVING count(*) > 1)
            WINDOW later AS (PARTITION BY {key} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
        WHERE row <> last ORDER BY row""")
    for row, last, same, shown in zip(*(c.slice(0, 2 * MOST_NAMED).to_pylist() for c in found.columns), strict=True):
        noticed.add(table.name, _key_code(table, same), row=row, column=table.key[0], value=shown, last=last, key=_listed(table.key))
    noticed.more(table.name, _key_code(table, False), max(0, found.num_rows - 2 * MOST_NAMED))
    if table.name not in REPLACED_LATER:
        _leave_out(settled, found.column("row"))


def _key_code(table: Table, same: bool) -> str:
    if table.name == "actuals":
        return "replaced_actual"
    if same:
        return "repeated_row"
    return "replaced_decision" if table.name == "releases" else "duplicate_key"


def check_overlaps(engine: Engine, settled: Settled, noticed: Noticed) -> None:
    """A warning where two rows that differ only in their first day hold on the same day."""
    table, series = settled.table, _series(settled.table)
    if not may_overlap(settled) or not _repeated(engine, settled, series):
        return
    found = engine.rows(f"""
        SELECT row, valid_from, other, until, shown FROM (
            SELECT row, valid_from, {_worded(series)} AS shown,
                max(last_day) OVER before AS until, arg_max(row, last_day) OVER before AS other
            FROM (SELECT *, coalesce(valid_to, DATE '9999-12-31') AS last_day FROM {table.name})
            WINDOW before AS (
                PARTITION BY {_columns(series)} ORDER BY valid_from, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
        WHERE valid_from <= until ORDER BY row""")
    for at in found.slice(0, MOST_NAMED).to_pylist():
        until = "is open" if at["until"].year == 9999 else f"holds until {at['until']}"
        words = {"other": at["other"], "key": f"{_listed(series)} ({at['shown']})", "until": until}
        noticed.add(table.name, "overlap", row=at["row"], column="valid_from", value=str(at["valid_from"]), **words)
    noticed.more(table.name, "overlap", max(0, found.num_rows - MOST_NAMED))


def check_shares(engine: Engine, settled: Settled, noticed: Noticed) -> None:
    """Leave out each share with which a line's percentages, taken in order, pass 100 on some day."""
    if not settled.rows.num_rows or not _may_pass_hundred(settled.rows):
        return
    settled.at_hand(engine)
    found = engine.rows(f"""
        WITH dated AS (
            SELECT row, line_id, share_order, percent, valid_from, coalesce(valid_to, DATE '9999-12-31') AS last_day,
                sum(percent) OVER (PARTITION BY line_id) AS most, count(*) OVER (PARTITION BY line_id) AS rows
            FROM shares WHERE percent IS NOT NULL),
        doubtful AS (SELECT * FROM dated WHERE most > 10000 AND rows <= {MOST_SHARES}),
        days AS (SELECT DISTINCT line_id, valid_from AS day FROM doubtful),
        standing AS (
            SELECT s.row, s.line_id, s.percent, d.day,
                sum(percent) OVER (PARTITION BY s.line_id, d.day ORDER BY s.share_order, s.row) AS so_far
            FROM doubtful AS s JOIN days AS d ON d.line_id = s.line_id AND d.day BETWEEN s.valid_from AND s.last_day)
        SELECT row, line_id, min(day) AS day, CAST(arg_min(so_far, day) AS BIGINT) AS total, any_value(percent) AS percent
        FROM standing WHERE so_far > 10000 GROUP BY row, line_id
        UNION ALL
        SELECT row, line_id, valid_from, CAST(most AS BIGINT), percent FROM dated WHERE most > 10000 AND rows > {MOST_SHARES}
        ORDER BY row""")
    for share in found.slice(0, MOST_NAMED).to_pylist():
        words = {"line_id": share["line_id"], "day": share["day"], "total": _percent(share["total"])}
        noticed.add("shares", "shares_over_hundred", row=share["row"], column="percent", value=_percent(share["percent"]), **words)
    noticed.more("shares", "shares_over_hundred", max(0, found.num_rows - MOST_NAMED))
    _leave_out(settled, found.column("row"))


def may_repeat(settled: Settled) -> bool:
    """Whether two rows may have the same natural key, as far as whole columns tell."""
    key = settled.table.key
    return bool(key) and not all_different(settled.spoken, key, settled.read)


def may_overlap(settled: Settled) -> bool:
    """Whether two rows that differ only in their first day may hold on the same day, as far as whole columns tell."""
    table, series = settled.table, _series(settled.table)
    dated = "valid_from" in table.key and any(c.name == "valid_to" for c in table.columns)
    if not dated or table.name in LAYERED or all_different(settled.spoken, series, settled.read):
        return False
    return not never_overlap(settled.spoken, series, settled.read)


def _series(table: Table) -> tuple[str, ...]:
    return tuple(name for name in table.key if name != "valid_from")


def _may_pass_hundred(shares: pa.Table) -> bool:
    """Whether a line's percentages may come to more than 100 on some day."""
    lines = shares.column("line_id").combine_chunks().dictionary_encode()
    order = pc.array_sort_indices(lines.indices)
    code = lines.indices.take(order)
    so_far = pc.cumulative_sum(shares.column("percent").combine_chunks().fill_null(0).take(order))
    ends = pc.indices_nonzero(pc.not_equal(code, pa.concat_arrays([code[1:], pa.array([-1], code.type)])))
    upto = so_far.take(ends)
    sums = pc.subtract(upto, pa.concat_arrays([pa.array([0], upto.type), upto[:-1]]))
    doubtful = shares.filter(pc.is_in(shares.column("line_id"), lines.dictionary.take(code.take(ends).filter(pc.greater(sums, 10_000)))))
    if doubtful.num_rows > FEW_SHARES:
        return True
    by_line: dict[str, list[dict[str, Any]]] = {}
    for share in doubtful.select(["line_id", "percent", "valid_from", "valid_to"]).to_pylist():
        by_line.setdefault(share["line_id"], []).append(share)
    return any(_sum_on(first["valid_from"], of_line) > 10_000 for of_line in by_line.values() for first in of_line)


def _sum_on(day: date, shares: list[dict[str, Any]]) -> int:
    standing = (s for s in shares if s["valid_from"] <= day and (s["valid_to"] is None or s["valid_to"] >= day))
    return sum(share["percent"] or 0 for share in standing)


def _repeated(engine: Engine, settled: Settled, key: tuple[str, ...]) -> bool:
    """Whether two rows of the table agree in the key's columns (blank agrees with blank)."""
    settled.at_hand(engine)
    return bool(engine.tuples(f"SELECT 1 FROM {settled.table.name} GROUP BY {_columns(key)} HAVING count(*) > 1 LIMIT 1"))


def _leave_out(settled: Settled, rows: pa.ChunkedArray) -> None:
    if len(rows):
        settled.leave_out(rows.combine_chunks())


def _worded(columns: tuple[str, ...]) -> str:
    """SQL for the values of a key, one after the other, blanks left out."""
    texts = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in columns)
    return f"concat_ws(', ', {texts})"


def _columns(names: tuple[str, ...]) -> str:
    """SQL for the columns of these names."""
    return ", ".join(f'"{name}"' for name in names)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]


def _percent(basis_points: int) -> str:
    return f"{basis_points // 100}.{basis_points % 100:02d}".removesuffix(".00")
