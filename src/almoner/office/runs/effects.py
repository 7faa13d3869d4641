"""What facts that somebody is about to record would do to money, per week and book, before they are recorded. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE, TABLES
from almoner.office.records.queries import Known, known_at, rows_known
from almoner.office.runs.calculation import Gathered, Reckoned, reckon
from almoner.office.runs.person import gather_people
from almoner.office.runs.preview import of_people
from almoner.office.runs.queries import last_event

WEEKS = pa.schema(
    [
        ("book", pa.string()), ("payee_id", pa.string()), ("person_id", pa.string()), ("line_id", pa.string()),
        ("provider_id", pa.string()), ("funder_id", pa.string()), ("week", pa.date32()), ("paid_pence", pa.int64()),
        ("now_pence", pa.int64()), ("then_pence", pa.int64()), ("difference_pence", pa.int64()), ("taken_back_pence", pa.int64()),
        ("visits", pa.int64()),
    ]
)  # fmt: skip
"""Per key and week: what was sealed for it, what it would come to as things are known now, what with the new facts, and their difference;
`taken_back_pence` is what of it was paid and comes back. `visits` counts what was reported as delivered on the line that week."""
KEY = WEEKS.names[:7]


@dataclass(frozen=True)
class Effect:
    """What new facts do: the weeks that change (`WEEKS`), the total of each book in pence, and holds that there would be and are not now
    (`core.tables.HOLDS`)."""

    weeks: pa.Table
    totals: Mapping[str, int]
    holds: pa.Table


def effect_of(people: Sequence[str], facts: Mapping[str, pa.Table], *, from_week: date, through: date, at: datetime) -> Effect:
    """What recording `facts` now would change for some people in the weeks from `from_week` on, through a day.

    `facts`: rows by table, in the schemas of `core.tables`; a row takes the place of the one with its natural key. Raises DaysNotKnown.
    """
    named, head = sorted(set(people)), last_event()
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(named)) for day in (from_week, through + timedelta(days=1))]
    windows = pa.table([pa.array(named, pa.string()), *days], schema=SCOPE)
    gathered = gather_people(windows, as_of=at, through=through, until_event=head.number if head else 0)
    supposed = _supposing(gathered, facts, known_at(at))
    now, then = (_reckoned(given, through, named) for given in (gathered, supposed))
    weeks = _compared(gathered, now.receipts, then.receipts)
    totals = weeks.group_by("book").aggregate([("difference_pence", "sum")]).to_pydict()
    return Effect(weeks, dict(zip(totals["book"], totals["difference_pence_sum"], strict=True)), _new_holds(now.holds, then.holds))


def _supposing(gathered: Gathered, facts: Mapping[str, pa.Table], known: Known) -> Gathered:
    """The same, with the facts in the place of those with their keys, and with the terms of contracts they name first."""
    inputs = supposed_inputs(gathered.inputs, facts, known)
    return Gathered(inputs, gathered.figures, gathered.since, gathered.scope, gathered.reason)


def supposed_inputs(standing: Mapping[str, pa.Table], facts: Mapping[str, pa.Table], known: Known) -> dict[str, pa.Table]:
    """Tables of facts as they would be with these facts recorded."""
    inputs = dict(standing)
    for name, rows in _terms_named(inputs, facts, known).items():
        inputs[name] = pa.concat_tables([inputs[name], rows.cast(inputs[name].schema)])
    for name, rows in facts.items():
        inputs[name] = _superseded(name, inputs[name], rows)
    return inputs


def _terms_named(inputs: Mapping[str, pa.Table], facts: Mapping[str, pa.Table], known: Known) -> dict[str, pa.Table]:
    if "lines" not in facts:
        return {}
    named = pc.unique(facts["lines"].column("contract_id"))
    new = named.filter(pc.invert(pc.is_in(named, value_set=inputs["contracts"].column("contract_id").combine_chunks())))
    if not len(new):
        return {}
    found = {name: rows_known(name, known, {"contract_id": new}) for name, table in TABLES.items() if table.key[:1] == ("contract_id",)}
    providers = pc.unique(found["contracts"].column("provider_id"))
    parties = {"providers": ("provider_id", providers), "bank_accounts": ("party_id", providers)}
    for name, (column, ids) in parties.items():
        rows = rows_known(name, known, {column: ids})
        mine = inputs[name].column(column).combine_chunks()
        found[name] = rows.filter(pc.invert(pc.is_in(rows.column(column), value_set=mine)))
    return found


def _superseded(name: str, standing: pa.Table, rows: pa.Table) -> pa.Table:
    last = pc.max(standing.column("row")).as_py() or 0
    numbered = rows.set_column(0, "row", pa.array(range(last + 1, last + 1 + rows.num_rows), pa.int64())).cast(standing.schema)
    same = " AND ".join(f"standing.{column} IS NOT DISTINCT FROM numbered.{column}" for column in TABLES[name].key)
    with in_memory() as memory:
        memory.register("standing", standing)
        memory.register("numbered", numbered)
        kept: pa.Table = memory.sql(
            f"SELECT * FROM standing WHERE NOT EXISTS (SELECT 1 FROM numbered WHERE {same}) ORDER BY row"
        ).to_arrow_table()
    return pa.concat_tables([kept.cast(standing.schema), numbered])


def _reckoned(gathered: Gathered, through: date, people: Sequence[str]) -> Reckoned:
    """All three books, worked out at once."""
    reckoned = reckon(
        gathered.inputs, gathered.figures, book="", through=through, cycle="", scope=gathered.scope, since=None, workings=False
    )
    return of_people(reckoned, people, gathered)


def _compared(gathered: Gathered, now: pa.Table, then: pa.Table) -> pa.Table:
    """Receipts are differences to what is sealed: what a week comes to is what was sealed for it and the difference."""
    keys = ", ".join(KEY)
    with in_memory() as memory:
        for name, table in {"now": now, "later": then, "sealed": gathered.inputs["prior_receipts"], "actuals": gathered.inputs["actuals"],
                            "lines": gathered.inputs["lines"], "contracts": gathered.inputs["contracts"]}.items():  # fmt: skip
            memory.register(name, table)
        found: pa.Table = memory.sql(
            f"""
            WITH
            moved AS (
                SELECT {keys}, sum(now_pence) AS now_pence, sum(then_pence) AS then_pence
                FROM (
                    SELECT {keys}, amount_pence AS now_pence, 0 AS then_pence FROM now
                    UNION ALL SELECT {keys}, 0, amount_pence FROM later
                )
                GROUP BY ALL
                HAVING sum(now_pence) <> sum(then_pence)
            ),
            paid AS (
                SELECT {", ".join(f"coalesce({name}, '') AS {name}" if name != "week" else name for name in KEY)},
                    sum(amount) AS paid_pence
                FROM sealed
                GROUP BY ALL
            ),
            told AS (
                SELECT line_id, date, count(*) AS visits
                FROM actuals WHERE outcome IN ('delivered', 'extra') AND kind = 'visit'
                GROUP BY ALL
            )
            SELECT {", ".join(f"moved.{name}" for name in KEY)},
                CAST(coalesce(any_value(paid_pence), 0) AS BIGINT) AS paid_pence,
                CAST(coalesce(any_value(paid_pence), 0) + any_value(now_pence) AS BIGINT) AS now_pence,
                CAST(coalesce(any_value(paid_pence), 0) + any_value(then_pence) AS BIGINT) AS then_pence,
                CAST(any_value(then_pence) - any_value(now_pence) AS BIGINT) AS difference_pence,
                CAST(greatest(0, coalesce(any_value(paid_pence), 0) + least(0, any_value(now_pence))
                    - greatest(0, coalesce(any_value(paid_pence), 0) + any_value(then_pence))) AS BIGINT) AS taken_back_pence,
                CAST(coalesce(sum(told.visits), 0) AS BIGINT) AS visits
            FROM moved
            LEFT JOIN paid ON {" AND ".join(f"paid.{name} IS NOT DISTINCT FROM moved.{name}" for name in KEY)}
            LEFT JOIN told ON told.line_id = moved.line_id AND told.date >= moved.week AND told.date < moved.week + 7
            GROUP BY {", ".join(f"moved.{name}" for name in KEY)}
            ORDER BY ALL
            """
        ).to_arrow_table()
    return found.cast(WEEKS)


def _new_holds(now: pa.Table, then: pa.Table) -> pa.Table:
    with in_memory() as memory:
        memory.register("now", now)
        memory.register("later", then)
        key = ("code", "person_id", "provider_id", "line_id", "week")
        same = " AND ".join(f"now.{name} IS NOT DISTINCT FROM later.{name}" for name in key)
        found: pa.Table = memory.sql(
            f"SELECT * FROM later WHERE NOT EXISTS (SELECT 1 FROM now WHERE {same} AND now.amount_pence = later.amount_pence) ORDER BY ALL"
        ).to_arrow_table()
    return found
