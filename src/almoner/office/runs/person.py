"""What it takes to work out some people's weeks alone, and no more: a preview waits for it."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import SCOPE, TABLES
from almoner.office.furniture.words import local
from almoner.office.records.queries import Known, known_at, rows_known, table_known, tables_known
from almoner.office.runs.calculation import SPARE, WEEK, Gathered, figures_for
from almoner.office.runs.earlier import days_later, with_runs_of_frustrated_visits
from almoner.office.runs.recent import STARTS, lines_of_carers, sealed_receipts_of
from almoner.office.runs.scope import Since

BESIDE = ("lines", "contracts", "people")
"""What must be known of others so that their visits count as visits: nothing that prices them."""


def gather_people(
    windows: pa.Table, *, as_of: datetime, through: date, until_event: int, reported: pa.Table | None = None, since: Since | None = None
) -> Gathered:
    """What is needed to work out some people's weeks, and no more: their facts, and the visits of the same carers to others.

    `windows` (`core.tables.SCOPE`): for each person the weeks that are worked out. `reported`: actuals not yet recorded, as if they were
    now; those of others count where a carer is shared. What is worked out of others is not whole and says nothing of them. Raises
    DaysNotKnown.
    """
    figures, known = figures_for(through), known_at(as_of)
    until = through + WEEK
    # Actuals are read line by line below, each from its person's first week on.
    inputs = tables_known(known, people=windows.column("person_id"), from_date=until, until_date=until)
    whose, starts = _from_their_first_weeks(windows, inputs["lines"])
    lines = inputs["lines"].column("line_id").combine_chunks()
    inputs["prior_receipts"] = _of_lines(sealed_receipts_of(until_event, whose, starts), lines)
    said = TABLES["actuals"].empty() if reported is None else _submitted_now(reported, as_of)
    own = said.filter(pc.is_in(said.column("line_id"), value_set=lines))
    actuals = [with_runs_of_frustrated_visits(starts, known, until)]
    first, others = pc.min(whose.column("from_date")).as_py(), pa.array([], pa.string())
    carers = pc.unique(pa.chunked_array([*actuals[0].column("carer_id").chunks, *own.column("carer_id").chunks], pa.string()))
    if len(carers := carers.drop_null()):
        beside, visits = _beside(known, carers, said, lines, first, until)
        others = beside["people"].column("person_id").combine_chunks()
        inputs |= {name: _joined(inputs[name], beside[name]) for name in BESIDE}
        actuals.append(visits)
    theirs = pc.unique(inputs["lines"].column("line_id").combine_chunks())
    actuals.append(_numbered(_of_known(said, theirs, known), actuals))
    inputs["actuals"] = pa.concat_tables(actuals).sort_by("row")
    return Gathered(inputs, figures, since, _with_others(windows, others), "Some people.")


def _from_their_first_weeks(windows: pa.Table, lines: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The people and the lines with the day from which on what is known of each is read (`recent.STARTS`)."""
    whose = pa.table([windows.column("person_id"), days_later(windows.column("from_date"), -SPARE.days)], names=["person_id", "from_date"])
    starts = lines.select(["line_id", "person_id"]).join(whose, keys="person_id", join_type="inner").select(STARTS.names)
    return whose, starts.cast(STARTS)


def _with_others(windows: pa.Table, others: pa.Array) -> pa.Table:
    """The weeks worked out, with those of the people whose visits are read beside them."""
    strangers = _without(others, windows.column("person_id").combine_chunks())
    bounds = [pc.min(windows.column("from_date")), pc.max(windows.column("until_date"))]
    beside = pa.table([strangers, *(pa.repeat(bound, len(strangers)) for bound in bounds)], schema=SCOPE)
    return pa.concat_tables([windows, beside])


def _beside(
    known: Known, carers: pa.Array, said: pa.Table, own: pa.Array, first: date, until: date
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Other people's lines that these carers came to on these days, whose they are, and the visits."""
    named = said.filter(pc.is_in(said.column("carer_id"), value_set=carers)).column("line_id")
    visited = pc.unique(pa.chunked_array([lines_of_carers(carers, first, until), *named.chunks], pa.string()))
    others = visited.filter(pc.invert(pc.is_in(visited, value_set=own)))
    if len(others) == 0:
        return {name: TABLES[name].empty() for name in BESIDE}, TABLES["actuals"].empty()
    lines = rows_known("lines", known, {"line_id": others})
    visits = table_known("actuals", known, lines=lines.column("line_id"), from_date=first, until_date=until)
    found = {
        "lines": lines,
        "contracts": rows_known("contracts", known, {"contract_id": pc.unique(lines.column("contract_id"))}),
        "people": rows_known("people", known, {"person_id": pc.unique(lines.column("person_id"))}),
    }
    return found, visits.filter(pc.is_in(visits.column("carer_id"), value_set=carers))


def _of_lines(receipts: pa.Table, lines: pa.Array) -> pa.Table:
    """Receipts of these lines and of no line: a line that was the person's once is another's now."""
    column = receipts.column("line_id")
    return receipts.filter(pc.or_(pc.is_null(column), pc.is_in(column, value_set=lines)))


def _of_known(said: pa.Table, theirs: pa.Array, known: Known) -> pa.Table:
    """What is reported of these lines, and of lines that nobody knows; not what is reported of anyone else."""
    here = pc.is_in(said.column("line_id"), value_set=theirs)
    if pc.all(here).as_py() is not False:
        return said
    apart = pc.unique(said.filter(pc.invert(here)).column("line_id"))
    elsewhere = rows_known("lines", known, {"line_id": apart}).column("line_id").combine_chunks()
    return said.filter(pc.invert(pc.is_in(said.column("line_id"), value_set=_without(elsewhere, theirs))))


def _without(ids: pa.Array, others: pa.Array) -> pa.Array:
    return ids.filter(pc.invert(pc.is_in(ids, value_set=others)))


def _submitted_now(said: pa.Table, as_of: datetime) -> pa.Table:
    """What is reported, with the moment it would have if it were submitted: without one what stands would win over it."""
    moment = pa.scalar(local(as_of).replace(tzinfo=None, microsecond=0), said.schema.field("submitted_at").type)
    place = said.schema.get_field_index("submitted_at")
    return said.set_column(place, said.schema.field(place), pc.fill_null(said.column(place), moment))


def _numbered(said: pa.Table, before: list[pa.Table]) -> pa.Table:
    """The rows in their order, after all that is recorded."""
    last = max([pc.max(table.column("row")).as_py() or 0 for table in before])
    numbers = pa.array(range(last + 1, last + 1 + said.num_rows), pa.int64())
    return said.set_column(0, "row", numbers).cast(TABLES["actuals"].schema)


def _joined(own: pa.Table, beside: pa.Table) -> pa.Table:
    """Rows of both, each once, in the order of recording."""
    apart = beside.filter(pc.invert(pc.is_in(beside.column("row"), value_set=own.column("row").combine_chunks())))
    return pa.concat_tables([own, apart]).sort_by("row")
