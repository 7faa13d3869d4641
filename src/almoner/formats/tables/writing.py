"""A folder of tables from tables: the inverse of reading one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from almoner.core.tables import DECIMALS, SCALES, TABLES, Column, Kind, Table
from almoner.formats.tables.engine import Engine


def write_folder(tables: Mapping[str, pa.Table], path: Path, *, parquet: bool = False) -> None:
    """Write each table (of `TABLES`, in its schema) to `path` in the order of `row`, as CSV or as Parquet.

    `row` itself is not written: it is the place in the file. KeyError for a table that is not one of `TABLES`.
    """
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        table = TABLES[name]
        in_order = rows.sort_by("row").drop_columns(["row"]) if rows.num_rows else rows.drop_columns(["row"])
        if parquet:
            pq.write_table(in_order, path / f"{name}.parquet", compression="zstd")
        else:
            arrow_csv.write_csv(spelled_table(table, in_order), path / f"{name}.csv")


def spelled_table(table: Table, rows: pa.Table) -> pa.Table:
    """The rows (without `row`) as the texts that CSV holds."""
    return _spelled(table.columns, rows)


def spelled_column(column: Column, values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Values of one column, in the internal type, as the texts that CSV holds."""
    return _spelled((column,), pa.table({column.name: values})).column(0)


def _spelled(columns: Sequence[Column], rows: pa.Table) -> pa.Table:
    with Engine() as engine:
        engine.register("facts", rows)
        spelt = ", ".join(f"{_sql(column)} AS {_quoted(column.name)}" for column in columns)
        return engine.rows(f"SELECT {spelt} FROM facts")


def _sql(column: Column) -> str:
    """SQL that spells one column."""
    name, kind = _quoted(column.name), column.kind
    if kind in (Kind.TEXT, Kind.CHOICE):
        return name
    if kind is Kind.YES_NO:
        return f"CASE WHEN {name} THEN 'yes' WHEN NOT {name} THEN 'no' END"
    if kind is Kind.TIME:
        return f"CAST({name} AS VARCHAR)[:CASE WHEN second({name}) = 0 THEN 5 ELSE 8 END]"
    if kind is Kind.INSTANT:
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S')"
    if kind is Kind.DATE or not DECIMALS[kind]:
        return f"CAST({name} AS VARCHAR)"
    scale, decimals = SCALES[kind], DECIMALS[kind]
    part = f"lpad(CAST(abs({name}) % {scale} AS VARCHAR), {decimals}, '0')"
    part = f"{part}[:2] || rtrim({part}[3:], '0')"
    return f"CASE WHEN {name} < 0 THEN '-' ELSE '' END || (abs({name}) // {scale}) || '.' || {part}"


def _quoted(name: str) -> str:
    return f'"{name}"'
