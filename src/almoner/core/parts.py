"""The calculation in parts: any grouping of people computes alone, so that parts bound memory.

A receipt depends on one person's facts and on shared tables. The one thing that looks across people is a carer in two places at once
(HLD-3 `DUP`): people whom one carer visits at the same time go into one part. Rows of nobody known belong to the first part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from queue import SimpleQueue

import duckdb
import pyarrow as pa

from almoner.core.calculate import Outcome, calculate
from almoner.core.desks import Facts, connect, lay_out
from almoner.core.tables import BOOKS

FEWEST_PEOPLE = 25
"""Parts of fewer people than this need no less memory, and each takes its time."""

NUMBERED = """
    SELECT person_id, row_number() OVER (ORDER BY person_id)::INTEGER AS person_no,
        (ntile({count}) OVER (ORDER BY person_id) - 1)::INTEGER AS part
    FROM (SELECT DISTINCT person_id FROM people)
"""
# Pairs of people whom one carer visits at the same time by the clock, before any replacing: never fewer than `carer_clashes` finds. Carers
# are told apart by a hash of their id: two with the same hash would only put more people together.
LINKED = """
    WITH lines_of_people AS (
        SELECT l.line_id, n.person_no FROM lines l JOIN numbered_people n USING (person_id)
    ),
    timed AS MATERIALIZED (
        SELECT hash(a.carer_id) AS carer, l.person_no, a.date - DATE '2000-01-01' AS day, minute_of_day(a.start_time) AS begins,
            (minute_of_day(a.start_time) + coalesce(a.delivered_minutes, 0))::INTEGER AS ends
        FROM actuals a
        JOIN lines_of_people l USING (line_id)
        WHERE a.carer_id IS NOT NULL AND a.start_time IS NOT NULL AND a.kind = 'visit' AND a.outcome IN ('delivered', 'extra')
    ),
    touched AS (
        SELECT carer, person_no, day, begins, ends FROM timed
        UNION ALL
        SELECT carer, person_no, day + later, begins - 1440 * later, ends - 1440 * later
        FROM (SELECT *, unnest(range(1, ends // 1440 + 1))::INTEGER AS later FROM timed WHERE ends > 1440)
    )
    SELECT DISTINCT t.person_no, e.person_no
    FROM timed t
    JOIN touched e ON e.carer = t.carer AND e.day = t.day AND e.ends > t.begins AND e.begins <= t.begins AND e.person_no <> t.person_no
"""


def parts_worth_making(wanted: int, people: int) -> int:
    """In how many parts so many people are best calculated when `wanted` are asked for: at least one, none of but a handful of people."""
    return max(1, min(wanted, people // FEWEST_PEOPLE))


def calculate_parts(
    tables: Mapping[str, Facts],
    figures: Mapping[str, pa.Table],
    *,
    count: int,
    workers: int = 1,
    through: date,
    as_of: datetime | None = None,
    books: Collection[str] = BOOKS,
    since: date | None = None,
    workings: bool = True,
) -> Iterator[Outcome]:
    """The outcomes of at most `count` parts, in order; together they are what `calculate` says of the whole, row by row.

    Takes what `calculate` takes; queries among `tables` must be answered by any connection. `workers` parts are worked out at a time,
    each on one core; one part alone has all cores. People are parted by their ids in order: facts kept in that order are then read only
    where they matter. No part is without people, unless there are none at all.
    """
    parts: list[pa.Table | None] = [None]
    if count > 1:
        with connect(workers) as connection:
            lay_out(connection, tables, figures, through=through, as_of=as_of, since=since)
            parts = list(_people_of_parts(connection, count)) or [None]
    side_by_side = min(workers, len(parts))
    desks = [connect(1 if side_by_side > 1 else None) for _ in range(side_by_side)]
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    for desk in desks:
        free.put(desk)

    def outcome(number: int) -> Outcome:
        desk = free.get()
        try:
            return calculate(
                tables, figures, through=through, as_of=as_of, books=books, since=since, workings=workings, connection=desk,
                part=parts[number], strangers=number == 0,
            )  # fmt: skip
        finally:
            free.put(desk)

    try:
        with ThreadPoolExecutor(len(desks)) as pool:
            waiting = deque(pool.submit(outcome, number) for number in range(len(desks)))
            for number in range(len(desks), len(parts) + len(desks)):
                yield waiting.popleft().result()
                if number < len(parts):
                    waiting.append(pool.submit(outcome, number))
    finally:
        for desk in desks:
            desk.close()


def _people_of_parts(connection: duckdb.DuckDBPyConnection, count: int) -> Iterator[pa.Table]:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE numbered_people AS {NUMBERED.format(count=count)}")
    _keep_together(connection, linked_groups(connection.execute(LINKED).fetchall()))
    for (number,) in connection.execute("SELECT DISTINCT part FROM numbered_people ORDER BY part").fetchall():
        yield connection.sql(f"SELECT person_id FROM numbered_people WHERE part = {number}").to_arrow_table()


def linked_groups(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Who is linked with whom, directly or through others."""
    group_of: dict[int, set[int]] = {}
    for one, other in pairs:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in group_of.values()}.values())


def _keep_together(connection: duckdb.DuckDBPyConnection, groups: list[set[int]]) -> None:
    """Each group goes to the part of its first person."""
    members = pa.array([person for group in groups for person in group], pa.int32())
    firsts = pa.array([min(group) for group in groups for _ in group], pa.int32())
    connection.register("together", pa.table({"person_no": members, "first_no": firsts}))
    connection.execute(
        "UPDATE numbered_people SET part = f.part FROM together t JOIN numbered_people f ON f.person_no = t.first_no"
        " WHERE numbered_people.person_no = t.person_no"
    )
    connection.unregister("together")
