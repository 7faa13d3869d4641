"""What a run would post if drafted now: facts recorded since are shown with their value, and wait (RUN-1, DIF-4). Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.records.changes import changed_between
from almoner.office.runs.calculation import Gathered, Reckoned, gather, reckon
from almoner.office.runs.grounds import find_ground
from almoner.office.runs.person import gather_person
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


def preview_person(
    person_id: str,
    *,
    book: str = "payments",
    from_week: date,
    through: date,
    at: datetime,
    reported: pa.Table | None = None,
    workings: bool = True,
) -> Reckoned:
    """What one person's weeks from `from_week` on would post now, with holds and workings.

    `reported`: actuals not yet recorded (the schema of `core.tables`), as if they were submitted now; a whole submission may be given, what
    it says of others counts where a carer is shared. Without `workings` it is quicker and explains nothing. Raises DaysNotKnown.
    """
    head = last_event()
    gathered = gather_person(
        person_id, as_of=at, from_week=from_week, through=through, until_event=head.number if head else 0, reported=reported
    )
    reckoned = reckon(
        gathered.inputs, gathered.figures, book=book, through=through, cycle="", scope=gathered.scope, since=None, workings=workings
    )
    made = {name: _of_person(table, person_id, gathered) for name, table in reckoned.workings.items()}
    return Reckoned(_of_person(reckoned.receipts, person_id, gathered), _of_person(reckoned.holds, person_id, gathered), made)


def _of_person(table: pa.Table, person_id: str, gathered: Gathered) -> pa.Table:
    """The rows of a result that are about this person, or about nobody known."""
    if "person_id" in table.column_names:
        return table.filter(pc.is_in(table.column("person_id"), value_set=pa.array([person_id, ""])))
    if "line_id" not in table.column_names:
        return table
    lines = gathered.inputs["lines"]
    own = lines.filter(pc.equal(lines.column("person_id"), person_id)).column("line_id").combine_chunks()
    return table.filter(pc.is_in(table.column("line_id"), value_set=own))


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
