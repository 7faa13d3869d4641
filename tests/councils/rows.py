"""Rows of facts as the engine and the oracle take them: every column there, defaults filled, `row` counted up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from almoner.core.tables import TABLES, Column, Kind

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def _default(column: Column) -> Any:
    text = column.default
    if text is None:
        return None
    if column.kind is Kind.YES_NO:
        return text == "yes"
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    if column.kind is Kind.PERCENT:
        return int(text) * 100
    return int(text) if column.kind is Kind.COUNT else text


DEFAULTS: dict[str, Row] = {name: {c.name: _default(c) for c in table.columns} for name, table in TABLES.items()}


def add(tables: Tables, table: str, **cells: Any) -> Row:
    """Append a row with the table's defaults; a cell given as None takes the default too. Unknown columns are an error."""
    unknown = set(cells) - set(DEFAULTS[table])
    assert not unknown, f"{table} has no {unknown}"
    rows = tables.setdefault(table, [])
    row = {"row": len(rows) + 2, **DEFAULTS[table], **{name: cell for name, cell in cells.items() if cell is not None}}
    rows.append(row)
    return row


def arrow(tables: Tables) -> dict[str, pa.Table]:
    """The tables as Arrow, by the schemas of `core.tables`."""
    return {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in tables.items()}


def bank_holiday_table(days: set[tuple[str, date]]) -> pa.Table:
    ordered = sorted(days)
    return pa.table(
        {"nation": [nation for nation, _ in ordered], "date": [day for _, day in ordered]},
        schema=pa.schema([("nation", pa.string()), ("date", pa.date32())]),
    )
