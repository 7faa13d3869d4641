"""Which actuals a run reads besides the latest: enough for the weeks it works out again, and no more for more years behind them."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import TABLES
from almoner.office.records.queries import Known, actuals_known
from almoner.office.runs.recent import SPANS, STARTS, days_of_carers, first_days_of_frustration
from almoner.office.runs.scope import Since

DAYS_LOOKED_AT_BEFORE = 21
"""Weeks of lines and of charges reach a fortnight beyond the weeks a run may post, and the first of them has a beginning."""
LATEST = timedelta(days=14)
"""How far before the last day of the run before everybody's actuals are read."""
EVER = date(1900, 1, 1)


def earlier_actuals(scope: pa.Table, since: Since, recent: pa.Table, known: Known) -> pa.Table:
    """Actuals before `since.earlier_through - LATEST`, which begin those of everybody, `recent`: of people whose earlier weeks are looked
    at, of lines in a run of frustrated visits, of lines nobody knew, and visits of the same carers beside those people's."""
    before = since.earlier_through - LATEST
    starts = _starts(scope, since, frustrated_lines(recent), before)
    own = with_runs_of_frustrated_visits(starts, known, before)
    carried = _on_days_asked_for(own, starts)
    if carried.num_rows == 0:
        return own
    beside = _apart(days_of_carers(carried, before), own)
    return pa.concat_tables([own, actuals_known(beside, known)]) if beside.num_rows else own


def releases_in_reach(releases: pa.Table, scope: pa.Table, since: Since) -> pa.Table:
    """The decisions on holds that may bear on a week worked out: all but those of a week before every day looked at of those they name."""
    with in_memory() as memory:
        for name, table in (("releases", releases), ("scope", scope), ("packages", since.packages)):
            memory.register(name, table)
        found: pa.Table = memory.sql(
            f"""
            WITH of_lines AS (SELECT line_id, min(from_date) AS from_date FROM packages JOIN scope USING (person_id) GROUP BY line_id)
            SELECT releases.* FROM releases LEFT JOIN scope USING (person_id) LEFT JOIN of_lines USING (line_id)
            WHERE week IS NULL OR week >= coalesce(least(scope.from_date, of_lines.from_date), (SELECT min(from_date) FROM scope))
                - {DAYS_LOOKED_AT_BEFORE}
            ORDER BY "row"
            """
        ).to_arrow_table()
    return found.cast(releases.schema)


def frustrated_lines(actuals: pa.Table) -> pa.Array:
    """Lines with a frustrated visit among these actuals."""
    return pc.unique(actuals.filter(pc.equal(actuals.column("outcome"), "frustrated")).column("line_id"))


def with_runs_of_frustrated_visits(starts: pa.Table, known: Known, before: date) -> pa.Table:
    """The actuals of lines from their day in `starts` (`recent.STARTS`) until `before`, and what lies before that day as far back as a run
    of frustrated visits may have begun."""
    if starts.num_rows == 0:
        return TABLES["actuals"].empty()
    begun = first_days_of_frustration(starts, known)
    whole = pa.concat_tables([starts, begun]).group_by("line_id").aggregate([("from_date", "min")])
    spans = pa.table({"line_id": whole.column("line_id"), "from_date": whole.column("from_date_min")})
    until = pa.repeat(pa.scalar(before, pa.date32()), spans.num_rows)
    return actuals_known(spans.append_column("until_date", until).cast(SPANS), known)


def lines_from(day: date, lines: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The lines with the day for each (`recent.STARTS`)."""
    return pa.table([lines, pa.repeat(pa.scalar(day, pa.date32()), len(lines))], schema=STARTS)


def days_later(days: pa.ChunkedArray, count: int) -> pa.ChunkedArray:
    """The days so many days later."""
    return pc.add(days.cast(pa.timestamp("s")), pa.scalar(timedelta(days=count), pa.duration("s"))).cast(pa.date32())


def _starts(scope: pa.Table, since: Since, frustrated: pa.Array, before: date) -> pa.Table:
    """Each line whose earlier actuals are wanted, and from which day on: for runs of frustrated visits only what they may need."""
    early = scope.filter(pc.less(scope.column("from_date"), pa.scalar(before + timedelta(days=7), pa.date32())))
    theirs = since.packages.join(early, keys="person_id", join_type="inner").select(["line_id", "from_date"])
    days = days_later(theirs.column("from_date"), -DAYS_LOOKED_AT_BEFORE)
    asked = pa.table([theirs.column("line_id"), pc.min_element_wise(days, pa.scalar(before, pa.date32()))], schema=STARTS)
    everything = pa.concat_tables([asked, lines_from(before, frustrated), lines_from(EVER, pc.unique(since.unplaced))])
    first = everything.group_by("line_id").aggregate([("from_date", "min")])
    return pa.table([first.column("line_id"), first.column("from_date_min")], schema=STARTS)


def _on_days_asked_for(own: pa.Table, starts: pa.Table) -> pa.Table:
    """The carers and days of the actuals that lie on days asked for, each once (`recent.days_of_carers`)."""
    with in_memory() as memory:
        memory.register("own", own)
        memory.register("starts", starts)
        found: pa.Table = memory.sql(
            "SELECT DISTINCT carer_id, date - 1 AS from_date, date + 2 AS until_date FROM own JOIN starts USING (line_id)"
            " WHERE carer_id IS NOT NULL AND date >= from_date"
        ).to_arrow_table()
    return found


def _apart(days: pa.Table, own: pa.Table) -> pa.Table:
    """Lines and days (`recent.SPANS`) without those that were read."""
    read = own.group_by(["line_id", "date"]).aggregate([])
    return days.join(read, keys=["line_id", "from_date"], right_keys=["line_id", "date"], join_type="left anti").select(SPANS.names)
