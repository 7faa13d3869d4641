"""What a coming week costs as planned, without and with facts that somebody is about to record: what a change costs from now on. Writes
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE
from almoner.office.records.queries import known_at, tables_known
from almoner.office.runs.as_planned import as_if_planned
from almoner.office.runs.calculation import figures_for, reckon
from almoner.office.runs.effects import supposed_inputs

AHEAD = timedelta(days=13)
KEY = ("book", "payee_id", "person_id", "line_id", "provider_id", "funder_id")
COST = pa.schema(
    [
        *((name, pa.string()) for name in KEY), ("week", pa.date32()), ("before_pence", pa.int64()), ("after_pence", pa.int64()),
        ("difference_pence", pa.int64()),
    ]
)  # fmt: skip
"""Per key its first whole week from a day on, in pence without and with the facts; keys whose week stays as it is are in it too."""


def weekly_cost(people: Sequence[str], facts: Mapping[str, pa.Table], *, from_day: date, at: datetime) -> pa.Table:
    """What some people's first whole week from a day on comes to in the three books if it is given as planned and everything is signed
    (`COST`). `facts`: rows by table, in the schemas of `core.tables`. Raises DaysNotKnown."""
    named, known = sorted(set(people)), known_at(at)
    if not named:
        return COST.empty_table()
    through = from_day + AHEAD
    figures = figures_for(through)
    inputs = tables_known(known, people=named, from_date=through, until_date=through)
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(named)) for day in (from_day, through + timedelta(days=1))]
    scope = pa.table([pa.array(named, pa.string()), *days], schema=SCOPE)
    found = [
        reckon(
            given | as_if_planned(given), figures, book="", through=through, cycle="", scope=scope, since=None, workings=False
        ).receipts
        for given in (inputs, supposed_inputs(inputs, facts, known))
    ]  # fmt: skip
    return _compared(found[0], found[1], from_day)


def _compared(before: pa.Table, after: pa.Table, from_day: date) -> pa.Table:
    """Of the fortnight that is worked out, each key's week that begins in its first half: it is whole."""
    keys = ", ".join(KEY)
    with in_memory() as memory:
        memory.register("earlier", before)
        memory.register("later", after)
        memory.register("bounds", pa.table({"from_day": pa.array([from_day], pa.date32())}))
        found: pa.Table = memory.sql(
            f"""
            WITH both_weeks AS (
                SELECT {keys}, week, sum(before_pence) AS before_pence, sum(after_pence) AS after_pence
                FROM (
                    SELECT {keys}, week, amount_pence AS before_pence, 0 AS after_pence FROM earlier
                    UNION ALL SELECT {keys}, week, 0, amount_pence FROM later
                ), bounds
                WHERE week >= from_day AND week < from_day + 7
                GROUP BY ALL
            )
            SELECT {keys}, week, CAST(before_pence AS BIGINT) AS before_pence, CAST(after_pence AS BIGINT) AS after_pence,
                CAST(after_pence - before_pence AS BIGINT) AS difference_pence
            FROM both_weeks
            ORDER BY ALL
            """
        ).to_arrow_table()
    return found.cast(COST)
