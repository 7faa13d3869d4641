"""What it takes to work out one person's weeks alone, and no more: a preview waits for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import SCOPE, TABLES
from almoner.office.records.queries import Known, known_at, rows_known, table_known, tables_known
from almoner.office.runs.calculation import SPARE, WEEK, Gathered, figures_for
from almoner.office.runs.earlier import frustrated_before, frustrated_lines, lines_from
from almoner.office.runs.recent import lines_of_carers, sealed_receipts_of

BESIDE = ("lines", "contracts", "people")
"""What must be known of others so that their visits count as visits: nothing that prices them."""


def gather_person(
    person_id: str, *, as_of: datetime, from_week: date, through: date, until_event: int, reported: pa.Table | None = None
) -> Gathered:
    """What is needed to work out one person's weeks from `from_week` on: the person's facts, and the visits of the same carers to others.

    `reported`: actuals not yet recorded, as if they were now; those of others count where a carer is shared. What is worked out of
    others is not whole and says nothing of them. Raises DaysNotKnown.
    """
    figures, known = figures_for(through), known_at(as_of)
    first, until = from_week - SPARE, through + WEEK
    inputs = tables_known(known, people=[person_id], from_date=first, until_date=until)
    lines = inputs["lines"].column("line_id").combine_chunks()
    whose = pa.table({"person_id": [person_id], "from_date": pa.array([first], pa.date32())})
    inputs["prior_receipts"] = _of_lines(sealed_receipts_of(until_event, whose, lines_from(first, lines)), lines)
    others: list[str] = []
    said = TABLES["actuals"].empty() if reported is None else reported
    own = said.filter(pc.is_in(said.column("line_id"), value_set=lines))
    frustrated = frustrated_lines(pa.concat_tables([inputs["actuals"], own.cast(inputs["actuals"].schema)]))
    actuals = [frustrated_before(frustrated, known, first), inputs["actuals"]]
    carers = pc.unique(pa.chunked_array([*inputs["actuals"].column("carer_id").chunks, *own.column("carer_id").chunks], pa.string()))
    if len(carers := carers.drop_null()):
        beside, visits = _beside(known, carers, said, lines, first, until)
        others = beside["people"].column("person_id").to_pylist()
        inputs |= {name: _joined(inputs[name], beside[name]) for name in BESIDE}
        actuals.append(visits)
    theirs = pc.unique(inputs["lines"].column("line_id").combine_chunks())
    actuals.append(_numbered(_of_known(said, theirs, known), actuals))
    inputs["actuals"] = pa.concat_tables(actuals).sort_by("row")
    posted = [{"person_id": who, "from_date": from_week, "until_date": through + timedelta(days=1)} for who in {person_id, *others}]
    return Gathered(inputs, figures, None, pa.Table.from_pylist(posted, schema=SCOPE), "One person.")


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


def _numbered(said: pa.Table, before: list[pa.Table]) -> pa.Table:
    """The rows in their order, after all that is recorded."""
    last = max([pc.max(table.column("row")).as_py() or 0 for table in before])
    numbers = pa.array(range(last + 1, last + 1 + said.num_rows), pa.int64())
    return said.set_column(0, "row", numbers).cast(TABLES["actuals"].schema)


def _joined(own: pa.Table, beside: pa.Table) -> pa.Table:
    """Rows of both, each once, in the order of recording."""
    apart = beside.filter(pc.invert(pc.is_in(beside.column("row"), value_set=own.column("row").combine_chunks())))
    return pa.concat_tables([own, apart]).sort_by("row")
