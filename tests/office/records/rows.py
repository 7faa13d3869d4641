"""Small tables of facts for the tests of records."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from django.db import transaction
from tests.councils.rows import Tables, add, arrow

MONDAY = date(2026, 10, 5)


def facts(name: str, *rows: dict[str, Any]) -> pa.Table:
    """The rows as a table of facts, with defaults filled."""
    tables: Tables = {}
    for row in rows:
        add(tables, name, **row)
    return arrow(tables)[name]


def line(line_id: str = "L1", **cells: Any) -> dict[str, Any]:
    return {"line_id": line_id, "person_id": "P1", "contract_id": "C1", "element": "care", "start_date": MONDAY, **cells}


def visit(line_id: str = "L1", day: date = MONDAY, minutes: int = 30, submitted: datetime | None = None, **cells: Any) -> dict[str, Any]:
    return {
        "line_id": line_id, "date": day, "start_time": time(8, 0), "delivered_minutes": minutes, "submitted_at": submitted, **cells,
    }  # fmt: skip


def record(name: str, *rows: dict[str, Any], at: datetime, by: str = "clerk", withdrawn: bool = False) -> None:
    """Append the rows as versions, in a transaction of their own."""
    from almoner.office.records.operations import append_versions

    with transaction.atomic():
        append_versions(name, facts(name, *rows), by=by, at=at, withdrawn=withdrawn)


def plain(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table as tuples."""
    return [tuple(row.values()) for row in table.select(list(columns)).to_pylist()]
