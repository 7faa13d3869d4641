"""What a run would post if drafted now: facts recorded since are shown with their value, and wait (RUN-1, DIF-4). Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE
from almoner.office.records.changes import changed_between
from almoner.office.runs.calculation import Gathered, Reckoned, figures_for, gather, reckon
from almoner.office.runs.desks import reckon_at_a_desk
from almoner.office.runs.grounds import find_ground
from almoner.office.runs.person import gather_people
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
    """What one person's weeks from `from_week` on would post now (`preview_people`)."""
    return preview_people([person_id], book=book, from_week=from_week, through=through, at=at, reported=reported, workings=workings)


def preview_people(
    people: Sequence[str],
    *,
    book: str = "payments",
    from_week: date,
    through: date,
    at: datetime,
    reported: pa.Table | None = None,
    workings: bool = True,
) -> Reckoned:
    """What some people's weeks from `from_week` on would post now, with holds and workings, in one calculation.

    `reported`: actuals not yet recorded (the schema of `core.tables`), as if they were submitted now; a whole submission may be given, what
    it says of others counts where a carer is shared. Without `workings` it is quicker and explains nothing. Raises DaysNotKnown.
    """
    return looked_at_people(people, book=book, from_week=from_week, through=through, at=at, reported=reported, workings=workings)[0]


def looked_at_people(
    people: Sequence[str],
    *,
    book: str = "payments",
    from_week: date,
    through: date,
    at: datetime,
    reported: pa.Table | None = None,
    workings: bool = True,
) -> tuple[Reckoned, Gathered]:
    """`preview_people`, with what was read for it."""
    figures_for(through)  # refuses days that nobody knows, before anything reckons with them
    named = sorted(set(people))
    head = last_event()
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(named)) for day in (from_week, through + timedelta(days=1))]
    windows = pa.table([pa.array(named, pa.string()), *days], schema=SCOPE)
    gathered = gather_people(windows, as_of=at, through=through, until_event=head.number if head else 0, reported=reported)
    reckoned = reckon_at_a_desk(
        gathered.inputs, gathered.figures, book=book, through=through, scope=gathered.scope, workings=workings
    )  # fmt: skip
    return of_people(reckoned, named, gathered), gathered


def of_people(reckoned: Reckoned, people: Sequence[str], gathered: Gathered) -> Reckoned:
    """What was worked out of these people, or is about nobody known; what stands beside it of others is not whole."""
    whose = pa.array([*people, ""], pa.string())
    lines = gathered.inputs["lines"]
    own = lines.filter(pc.is_in(lines.column("person_id"), value_set=whose)).column("line_id").combine_chunks()

    def part(table: pa.Table) -> pa.Table:
        if "person_id" in table.column_names:
            return table.filter(pc.is_in(table.column("person_id"), value_set=whose))
        return table.filter(pc.is_in(table.column("line_id"), value_set=own)) if "line_id" in table.column_names else table

    return Reckoned(part(reckoned.receipts), part(reckoned.holds), {name: part(table) for name, table in reckoned.workings.items()})


def _compared(then: pa.Table | None, now: pa.Table | None) -> pa.Table:
    empty = pa.schema(
        [*((name, pa.date32() if name == "week" else pa.string()) for name in KEY), ("amount_pence", pa.int64())]
    ).empty_table()
    keys = ", ".join(KEY)
    with in_memory() as memory:
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
