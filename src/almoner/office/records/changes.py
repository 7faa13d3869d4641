"""What was recorded in a stretch of time, and which ids and days it speaks about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.db import connection
from django.utils import timezone

from almoner.core.memory import in_memory
from almoner.core.tables import TABLES, Table
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.models import Recording
from almoner.office.records.standing import RECORDED, Ids
from almoner.office.records.versions import VERSIONED, database_table, key_in_index_order

IDS = ("person_id", "line_id", "contract_id", "provider_id")
CHANGES = pa.schema(
    [
        ("table_name", pa.string()), *((name, pa.string()) for name in IDS), ("first_day", pa.date32()), ("last_day", pa.date32()),
        ("recorded_by", pa.string()), ("recorded_on", pa.date32()),
    ]
)  # fmt: skip
_READ = pa.schema([*list(CHANGES)[1:-1], RECORDED.field("recorded_at")])
_RECORDED = pa.schema(
    [("first_version", pa.int64()), ("last_version", pa.int64()), ("recorded_by", pa.string()), ("recorded_on", pa.date32())]
)
Ranges = list[tuple[int, int]]
VISITS = pa.schema([("row", pa.int64()), ("line_id", pa.string()), ("date", pa.date32()), ("kind", pa.string())])
"""Versions of actuals as far as they say what changed."""


@dataclass(frozen=True)
class Seen:
    """Versions of actuals that were read before: every one that was known of days in `[from_date, until_date)` (`VISITS`)."""

    versions: pa.Table
    from_date: date
    until_date: date


def changed_between(after: datetime, until: datetime, *, lines: Ids | None = None, seen: Callable[[], Seen] | None = None) -> pa.Table:
    """The facts recorded later than `after` and not later than `until`, in the schema `CHANGES`; of tables of a line only those of `lines`.

    Of all lines, the actuals that were `seen` as known at `until` are not asked for again; it is called last, for they may be on their way.

    Each new version gives the ids it names and the days it speaks about, and so does the version before it, with the new
    one's recorder and (local) date. Blank ids are null; a blank `first_day` is ever, a blank `last_day` is open. How far a
    rule carries a change beyond those days is not said here.
    """
    ranges = _ranges(after, until)
    apart = ranges.pop("actuals", None) if seen is not None and lines is None else None
    found = [_of_table(TABLES[name], ranges[name], lines) for name in VERSIONED if name in ranges]
    if seen is not None and apart is not None:
        found.append(_of_actuals(after, until, apart, seen()))
    return pa.concat_tables(found) if found else CHANGES.empty_table()


def _of_actuals(after: datetime, until: datetime, ranges: Ranges, seen: Seen) -> pa.Table:
    """As `_of_table` has it, but only what was not seen is asked for; who recorded it, and when, stands in the recordings."""
    changed, bounds = _among("almoner_actuals", ranges)
    other_days = f"{changed} AND NOT (date >= %s AND date < %s)"
    select = f'SELECT version AS "row", line_id, date, kind FROM ({other_days}) AS changed'
    others = read_rows(select, VISITS, [*bounds, seen.from_date, seen.until_date], order=("row",))
    kept = Recording.objects.filter(table="actuals", recorded_at__gt=after, recorded_at__lte=until)
    columns = ("first_version", "last_version", "recorded_by", "recorded_at")
    recorded = [(*row[:3], timezone.localdate(row[3])) for row in kept.values_list(*columns)]
    with in_memory() as memory:
        memory.register("visits", pa.concat_tables([others, seen.versions]))
        memory.register("recorded", pa.Table.from_pylist([dict(zip(_RECORDED.names, row, strict=True)) for row in recorded], _RECORDED))
        found: pa.Table = memory.sql(
            """
            SELECT 'actuals' AS table_name, NULL AS person_id, line_id, NULL AS contract_id, NULL AS provider_id,
                CASE kind WHEN 'week' THEN date - 6 ELSE date END AS first_day,
                CASE kind WHEN 'week' THEN date + 6 ELSE date END AS last_day, recorded_by, recorded_on
            FROM visits ASOF JOIN recorded ON visits."row" >= recorded.first_version
            WHERE visits."row" <= recorded.last_version
            ORDER BY visits."row"
            """
        ).to_arrow_table()
    return found.cast(CHANGES)


def _among(source: str, ranges: Ranges) -> tuple[str, list[object]]:
    """A query for the versions in these ranges, and its parameters."""
    within = " OR ".join("version BETWEEN %s AND %s" for _ in ranges)
    return f'SELECT * FROM "{source}" WHERE ({within})', [bound for both in ranges for bound in both]


def _ranges(after: datetime, until: datetime) -> dict[str, Ranges]:
    """The version numbers recorded in that time by table, as ranges with both ends in, adjoining ones made one."""
    recordings = Recording.objects.filter(recorded_at__gt=after, recorded_at__lte=until).order_by("table", "first_version")
    found: dict[str, Ranges] = {}
    for name, first, last in recordings.values_list("table", "first_version", "last_version"):
        ranges = found.setdefault(name, [])
        if ranges and ranges[-1][1] + 1 == first:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return found


def _of_table(table: Table, ranges: Ranges, lines: Ids | None) -> pa.Table:
    source = database_table(table.name)
    changed, bounds = _among(source, ranges)
    if lines is not None and "line_id" in table.key and table.name != "releases":
        term, parameter = any_of("line_id", lines)
        changed, bounds = f"{changed} AND {term}", [*bounds, parameter]
    selects = [f"SELECT {_spoken_of(table, 'new')}, new.recorded_by, new.recorded_at FROM ({changed}) AS new"]
    if not set(_named(table)) <= set(table.key):
        # The version before may have named other ids and days; where the natural key names them all, it cannot.
        key = ", ".join(f'"{name}"' for name in key_in_index_order(table))
        lead = key_in_index_order(table)[0]
        before = (
            f'SELECT version, lag(version) OVER (PARTITION BY {key} ORDER BY version) AS earlier FROM "{source}" '
            f'WHERE "{lead}" IN (SELECT "{lead}" FROM ({changed}) AS keys)'
        )
        selects.append(
            f"SELECT {_spoken_of(table, 'old')}, new.recorded_by, new.recorded_at FROM ({changed}) AS new "
            f'JOIN ({before}) AS pairs ON pairs.version = new.version JOIN "{source}" AS old ON old.version = pairs.earlier'
        )
    rows = read_rows(" UNION ".join(selects), _READ, [*bounds, *bounds, *bounds] if len(selects) > 1 else bounds)
    on = rows.column("recorded_at").combine_chunks().dictionary_encode()
    days = pa.array([timezone.localdate(moment) for moment in on.dictionary.to_pylist()], pa.date32())
    names = pa.array([table.name] * rows.num_rows, pa.string())
    return pa.table([names, *rows.columns[:-1], days.take(on.indices)], schema=CHANGES)


def _named(table: Table) -> list[str]:
    """The table's columns that say whom and which days it speaks about."""
    wanted = {
        *IDS,
        "party_id",
        "valid_from",
        "valid_to",
        "date",
        "first_day",
        "last_day",
        "start_date",
        "end_date",
        "date_of_death",
        "week",
    }
    return [column.name for column in table.columns if column.name in wanted]


def _spoken_of(table: Table, alias: str) -> str:
    """Select list of ids and days. People, contracts and parties speak about all days; a week's total may name any day of its week."""
    names = set(_named(table))
    ids = {name: f"{alias}.{name}" for name in IDS if name in names} | ({"provider_id": f"{alias}.party_id"} if "party_id" in names else {})
    first, last = _days_of(names, alias)
    day = "TEXT" if connection.vendor == "sqlite" else "DATE"
    shown = [f"{ids.get(name, 'CAST(NULL AS TEXT)')} AS {name}" for name in IDS]
    shown += [f"{first or f'CAST(NULL AS {day})'} AS first_day", f"{last or f'CAST(NULL AS {day})'} AS last_day"]
    return ", ".join(shown)


def _days_of(names: set[str], alias: str) -> tuple[str, str]:
    """SQL for the first and the last day that a row speaks about; blank where its table has no such column."""
    if "date" in names:
        return _days_off(alias, -6), _days_off(alias, 6)
    if "week" in names:
        return f"{alias}.week", _later(f"{alias}.week", 6)
    for first, last in (("valid_from", "valid_to"), ("start_date", "end_date"), ("first_day", "last_day")):
        if first in names:
            return f"{alias}.{first}", f"{alias}.{last}" if last in names else ""
    return "", ""


def _days_off(alias: str, days: int) -> str:
    """The visit's date, or for a week's total so many days from it."""
    return f"(CASE WHEN {alias}.kind = 'week' THEN {_later(f'{alias}.date', days)} ELSE {alias}.date END)"


def _later(day: str, days: int) -> str:
    return f"date({day}, '{days:+d} days')" if connection.vendor == "sqlite" else f"({day} + ({days}))"
