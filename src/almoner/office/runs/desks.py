"""The desks at which a server's calculations are done: a few threads of their own, each with its warm connection, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pyarrow as pa

from almoner.core.tables import SCALES, SCOPE, TABLES, Column, Kind
from almoner.office.runs.calculation import Reckoned, figures_for, reckon
from almoner.office.runs.scope import Since

DESKS = 2
"""More would wait for the processor together; a first calculation on a fresh connection takes several times as long as the next."""
_DESKS = ThreadPoolExecutor(DESKS, thread_name_prefix="desk")


def reckon_at_a_desk(
    inputs: Mapping[str, pa.Table],
    figures: Mapping[str, pa.Table],
    *,
    book: str,
    through: date,
    cycle: str = "",
    scope: pa.Table | None = None,
    since: Since | None = None,
    workings: bool = True,
) -> Reckoned:
    """As `calculation.reckon`, for a page that waits for it."""
    work = _DESKS.submit(
        reckon, inputs, figures, book=book, through=through, cycle=cycle, scope=scope, since=since, workings=workings
    )  # fmt: skip
    return work.result()


def warm_up() -> None:
    """One small calculation at each desk, so that nobody's first page waits for it: a visit a day for an invented person."""
    monday = date(2026, 6, 1)
    inputs = {name: table.empty() for name, table in TABLES.items()} | _one_person(monday)
    days = [pa.array([day], pa.date32()) for day in (monday, date(2026, 6, 8))]
    scope = pa.table([pa.array(["P"], pa.string()), *days], schema=SCOPE)
    figures = figures_for(monday)
    works = [
        _DESKS.submit(reckon, inputs, figures, book="payments", through=date(2026, 6, 7), cycle="", scope=scope, since=None, workings=told)
        for told in (False, True) * DESKS
    ]
    for work in works:
        work.result()


def _one_person(monday: date) -> dict[str, pa.Table]:
    noon = time(12)
    at = datetime.combine(monday + timedelta(days=7), noon)
    facts: dict[str, dict[str, object]] = {
        "people": {"person_id": "P", "family_name": "Nobody", "given_names": "A"},
        "providers": {"provider_id": "V", "name": "None"},
        "contracts": {"contract_id": "C", "provider_id": "V", "service_type": "home care", "basis": "actuals", "cycle": "weekly"},
        "rates": {"contract_id": "C", "element": "care", "unit": "hour", "rate": 240_000, "valid_from": monday},
        "lines": {
            "line_id": "L", "person_id": "P", "contract_id": "C", "element": "care", "start_date": monday, "authorised_on": monday,
            "agreed_on": monday,
        },
        "schedule": {"line_id": "L", "weekday": "monday", "start_time": noon, "minutes": 30, "valid_from": monday},
        "actuals": {"line_id": "L", "date": monday, "start_time": noon, "delivered_minutes": 30, "submitted_at": at},
    }  # fmt: skip
    return {name: _row(name, given) for name, given in facts.items()}


def _row(name: str, given: dict[str, object]) -> pa.Table:
    table = TABLES[name]
    cells = {column.name: given.get(column.name, _default(column)) for column in table.columns}
    return pa.Table.from_pylist([{"row": 1, **cells}], schema=table.schema)


def _default(column: Column) -> object:
    """A column's default as it is inside."""
    if column.default is None:
        return None
    match column.kind:
        case Kind.YES_NO:
            return column.default == "yes"
        case Kind.DATE:
            return date.fromisoformat(column.default)
        case kind if kind in SCALES:
            return int(column.default) * SCALES[kind]
    return column.default
