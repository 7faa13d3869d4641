"""Splitting a council's facts into parts that compute alone: any grouping of people will do, as long as carers' clashes stay together.

A receipt depends on one person's facts and on shared tables. The one thing that looks across people is a carer in two places at
once (HLD-3 `DUP`): people linked by such a clash go into the same part. Rows of nobody known form part 0 with the others of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb
import pyarrow as pa

from almoner.core.tables import TABLES

OF_A_PERSON = ("people", "absences", "contributions")
OF_A_LINE = ("line_terms", "line_rates", "schedule", "actuals", "shares")

# Pairs of people whom one carer visits at the same time by the clock, before any replacing: never fewer than the rule finds.
LINKED = """
    WITH timed AS (
        SELECT a.carer_id, l.person_id, (a.date - DATE '2000-01-01')::BIGINT * 1440 + date_part('hour', a.start_time) * 60
            + date_part('minute', a.start_time) AS begins, begins + coalesce(a.delivered_minutes, 0) AS ends
        FROM actuals a JOIN lines l USING (line_id)
        WHERE a.carer_id IS NOT NULL AND a.start_time IS NOT NULL AND a.kind = 'visit' AND a.outcome IN ('delivered', 'extra')
    ), clashing AS (
        SELECT DISTINCT carer_id, person_id, begins FROM timed
        QUALIFY begins < max(ends) OVER (PARTITION BY carer_id ORDER BY begins ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    )
    SELECT DISTINCT c.person_id, e.person_id
    FROM clashing c JOIN timed e ON e.carer_id = c.carer_id AND e.begins <= c.begins AND e.ends > c.begins AND e.person_id <> c.person_id
"""


def in_parts(tables: Mapping[str, pa.Table], count: int) -> Iterator[dict[str, pa.Table]]:
    """The facts in `count` parts, each a whole set of tables. Shared tables are in every part."""
    if count == 1:
        yield dict(tables)
        return
    with duckdb.connect() as connection:
        _register(connection, tables)
        people = [row[0] for row in connection.execute("SELECT person_id FROM people ORDER BY 1").fetchall()]
        part_of = {person: position * count // max(len(people), 1) for position, person in enumerate(people)}
        for group in linked_groups(connection.execute(LINKED).fetchall()):
            part = min(part_of[person] for person in group)
            part_of.update(dict.fromkeys(group, part))
        parts = pa.table({"person_id": list(part_of), "part": pa.array(part_of.values(), pa.int64())})
        for part in range(count):
            yield _part(connection, tables, parts, part)


def of_people(tables: Mapping[str, pa.Table], person_id: str) -> dict[str, pa.Table]:
    """The facts of one person, of those linked to them by a carer's clash, and the shared tables."""
    with duckdb.connect() as connection:
        _register(connection, tables)
        together = {person_id}
        for group in linked_groups(connection.execute(LINKED).fetchall()):
            if person_id in group:
                together = group
        parts = pa.table({"person_id": pa.array(sorted(together), pa.string()), "part": pa.array([1] * len(together), pa.int64())})
        return _part(connection, tables, parts, 1)


def linked_groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Who is linked with whom, directly or through others."""
    group_of: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in group_of.values()}.values())


def _register(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    for name, table in TABLES.items():
        connection.register(name, tables.get(name, table.empty()))


def _part(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], parts: pa.Table, part: int) -> dict[str, pa.Table]:
    connection.register("parts", parts)
    connection.execute("CREATE OR REPLACE TEMP TABLE line_parts AS SELECT line_id, part FROM lines JOIN parts USING (person_id)")
    mine = dict(tables)
    for name in (*OF_A_PERSON, "lines", "top_ups"):
        mine[name] = _chosen(connection, name, f"JOIN parts p ON p.person_id = t.person_id WHERE p.part = {part}")
    for name in OF_A_LINE:
        mine[name] = _chosen(connection, name, f"LEFT JOIN line_parts p ON p.line_id = t.line_id WHERE coalesce(p.part, 0) = {part}")
    mine["prior_receipts"] = _chosen(
        connection,
        "prior_receipts",
        "LEFT JOIN line_parts p ON p.line_id = t.line_id LEFT JOIN parts q ON q.person_id = t.person_id"
        f" WHERE coalesce(p.part, q.part, 0) = {part}",
    )
    return mine


def _chosen(connection: duckdb.DuckDBPyConnection, name: str, condition: str) -> pa.Table:
    chosen = connection.sql(f"SELECT t.* FROM {name} t {condition} ORDER BY t.row").to_arrow_table()
    return chosen.cast(TABLES[name].schema)
