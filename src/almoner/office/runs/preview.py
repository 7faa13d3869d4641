"""What a run would post if drafted now: facts recorded since are shown with their value, and wait (RUN-1, DIF-4). Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from almoner.office.records.changes import changed_between
from almoner.office.runs.calculation import gather, reckon
from almoner.office.runs.grounds import find_ground
from almoner.office.runs.queries import RunShown, draft_table, last_event, total_pence

KEY = ("book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week")


@dataclass(frozen=True)
class Waiting:
    """Facts recorded since a run's `as_of` and what they are worth. `receipts`: the key, pence in the run, pence now, and the difference,
    where there is one. `facts` counts what changed, by table."""

    facts: dict[str, int]
    receipts: pa.Table
    difference_pence: int


def waiting(shown: RunShown, *, at: datetime) -> Waiting:
    """What has been recorded since a draft or run was worked out, up to `at`, and what it would change in it."""
    changed = changed_between(shown.as_of, at).group_by("table_name").aggregate([([], "count_all")]).to_pydict()
    facts = dict(sorted(zip(changed["table_name"], changed["count_all"], strict=True)))
    if not facts or shown.origin == "imported":
        return Waiting(facts, _compared(None, None), 0)
    is_draft = shown.state == "draft"
    head = last_event()
    until_event = shown.drafted_after if is_draft else (head.number if head else 0)
    found = find_ground(shown.book, shown.cycle, until_event)
    gathered = gather(as_of=at, through=shown.through, until_event=until_event, ground=found.ground, full=bool(found.why_full))
    now = reckon(
        gathered.inputs, gathered.figures, book=shown.book, through=shown.through, cycle=shown.cycle, scope=gathered.scope, since=None
    ).receipts
    compared = _compared(draft_table(shown.run, "result", "receipts") if is_draft else None, now)
    return Waiting(facts, compared, total_pence(compared, "difference_pence"))


def _compared(then: pa.Table | None, now: pa.Table | None) -> pa.Table:
    empty = pa.schema(
        [*((name, pa.date32() if name == "week" else pa.string()) for name in KEY), ("amount_pence", pa.int64())]
    ).empty_table()
    keys = ", ".join(KEY)
    with duckdb.connect() as memory:
        memory.register("earlier", empty if then is None else then.select([*KEY, "amount_pence"]))
        memory.register("later", empty if now is None else now.select([*KEY, "amount_pence"]))
        compared: pa.Table = memory.sql(
            f"""
            SELECT {keys}, coalesce(earlier.amount_pence, 0) AS then_pence, coalesce(later.amount_pence, 0) AS now_pence,
                coalesce(later.amount_pence, 0) - coalesce(earlier.amount_pence, 0) AS difference_pence
            FROM earlier FULL JOIN later USING ({keys})
            WHERE coalesce(later.amount_pence, 0) <> coalesce(earlier.amount_pence, 0)
            ORDER BY ALL
            """
        ).to_arrow_table()
    return compared
