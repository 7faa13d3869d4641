"""How a DuckDB column of internal units is spelled in the folder of tables, as CSV or as Parquet."""

from __future__ import annotations

from almoner.core.tables import DECIMALS, Column, Kind, Table

DUCKDB_TYPES: dict[Kind, str] = {
    Kind.TEXT: "VARCHAR",
    Kind.CHOICE: "VARCHAR",
    Kind.YES_NO: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.INSTANT: "TIMESTAMP",
    Kind.TIME: "TIME",
}


def decimal_text(expression: str, decimals: int) -> str:
    """SQL for an integer of 10^-`decimals` units as text with that many decimals; no float and no decimal on the way."""
    one = 10**decimals
    whole, rest = f"abs({expression}) // {one}", f"lpad((abs({expression}) % {one})::VARCHAR, {decimals}, '0')"
    return f"CASE WHEN {expression} < 0 THEN '-' ELSE '' END || ({whole})::VARCHAR || '.' || {rest}"


def spelled(table: Table, present: set[str], *, parquet: bool) -> str:
    """SQL select list of all the table's columns in order; a column the source does not have is blank."""
    return ", ".join(f'{_cell(column, present, parquet=parquet)} AS "{column.name}"' for column in table.columns)


def _cell(column: Column, present: set[str], *, parquet: bool) -> str:
    duckdb_type = DUCKDB_TYPES.get(column.kind, "BIGINT")
    name = f'"{column.name}"' if column.name in present else "NULL"
    value = f"({name})::{duckdb_type}"
    if parquet:
        return value
    match column.kind:
        case Kind.MONEY | Kind.RATE | Kind.PERCENT | Kind.QUANTITY:
            return decimal_text(value, DECIMALS[column.kind])
        case Kind.YES_NO:
            return f"CASE {value} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END"
        case Kind.TIME:
            return f"strftime(DATE '2026-01-01' + {value}, '%H:%M')"
        case Kind.INSTANT:
            return f"strftime({value}, '%Y-%m-%dT%H:%M:%S')"
        case _:
            return f"{value}::VARCHAR"
