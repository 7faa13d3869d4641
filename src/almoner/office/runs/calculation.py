"""Gather and calculate: the office's only door to `core.calculate`. Reads the database once; writes nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from importlib.resources import files

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

import almoner
from almoner.core.calculate import Outcome, calculate
from almoner.core.desks import connect
from almoner.core.findings import findings_table
from almoner.core.tables import BOOKS, TABLES
from almoner.figures.bank_holidays import DayNotKnown, bank_holidays, require_known
from almoner.office.records import stored_form
from almoner.office.records.queries import Ask, Known, Seen, actuals_of_days, known_at, side_by_side, table_known, tables_known
from almoner.office.runs.chain import table_hash
from almoner.office.runs.earlier import EVER, LATEST, days_later, earlier_actuals, releases_in_reach
from almoner.office.runs.recent import (
    SPANS,
    STARTS,
    changes_since,
    held_keys,
    packages,
    pending_people,
    people_sharing_carers,
    sealed_receipts,
    sealed_receipts_of,
    unplaced_lines,
)
from almoner.office.runs.refusals import DaysNotKnown
from almoner.office.runs.scope import Since, causes, scope_since

WEEK = timedelta(days=7)
SMALL = 5_000
"""Rows up to which a calculation is small."""
SPARE = timedelta(days=35)
"""How much more than the weeks it posts the calculation is given of each person."""


@dataclass(frozen=True)
class Ground:
    """What a run builds on: `after`, the instant up to which facts were looked at, the last day posted, and whose holds still stand."""

    runs: tuple[str, ...]
    after: datetime
    earlier_through: date


@dataclass(frozen=True)
class Gathered:
    """Everything a calculation reads, as Arrow tables that nothing changes. `inputs` are the tables of facts, `since` what is new.

    `scope` is None when everything is worked out.
    """

    inputs: dict[str, pa.Table]
    figures: dict[str, pa.Table]
    since: Since | None
    scope: pa.Table | None
    reason: str


@dataclass(frozen=True)
class Reckoned:
    """What a run posts and holds, and how it was worked out. `receipts` carry their cause."""

    receipts: pa.Table
    holds: pa.Table
    workings: dict[str, pa.Table]


@cache
def code_version() -> str:
    """This version of the code: the release, and a hash over the text of the calculation, of what gathers for it, and the stored form."""
    digest = hashlib.sha256(f"form {stored_form.FORM}\n".encode())
    core, runs = files("almoner.core"), files("almoner.office.runs")
    for name in ("calculation.py", "earlier.py", "recent.py", "scope.py", "scope.sql", "causes.sql"):
        digest.update(f"{name}\n".encode() + (runs / name).read_bytes())
    for folder in (core, core / "rules"):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".sql")):
                digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return f"{almoner.__version__}+{digest.hexdigest()[:12]}"


@cache
def figures_version() -> str:
    """This version of the figures the calculation reads."""
    return table_hash(bank_holidays())[:12]


def figures_for(through: date) -> dict[str, pa.Table]:
    """The figures a calculation reads. Raises DaysNotKnown when they do not reach as far as `through`."""
    try:
        require_known(through)
    except DayNotKnown as unknown:
        raise DaysNotKnown(unknown.message, unknown.remedy) from None
    return {"bank_holidays": bank_holidays()}


def gather(*, as_of: datetime, through: date, until_event: int, ground: Ground | None, full: bool, why_full: str = "") -> Gathered:
    """Read what a run needs: facts recorded up to `as_of`, receipts sealed up to an event of the chain.

    With ground to build on and unless `full`, only weeks that are new, changed or still held are in scope. Raises DaysNotKnown.
    """
    figures, known = figures_for(through), known_at(as_of)
    if ground is None or full:
        since = _since(ground, as_of, through) if ground else None
        inputs = tables_known(known, until_date=through + WEEK)
        inputs |= {"prior_receipts": sealed_receipts(until_event)}
        return Gathered(inputs, figures, since, None, why_full or "There is no earlier run to build on.")
    with side_by_side() as ask:
        on_their_way = _recent_actuals(ask, ground.earlier_through - LATEST, through + WEEK, known)
        others = ask(lambda: {name: table_known(name, known) for name in TABLES if name not in ("actuals", "prior_receipts")})
        since = _since(ground, as_of, through, lambda: _seen(on_their_way))
        scope = _with_shared_carers(scope_since(since, through=through), since)
        sealed = ask(lambda: _sealed_in(scope, since, until_event))
        recent = pa.concat_tables([part.result()[0] for part in on_their_way])
        earlier = earlier_actuals(scope, since, recent, known)
        inputs = others.result()
        inputs["releases"] = releases_in_reach(inputs["releases"], scope, since)
        inputs["actuals"] = pa.concat_tables([earlier, recent]).sort_by("row")
        inputs["prior_receipts"] = sealed.result()
    return Gathered(inputs, figures, since, scope, _reason(since))


def _recent_actuals(ask: Ask, from_date: date, until_date: date, known: Known) -> list[Future[tuple[pa.Table, Seen]]]:
    """Everybody's actuals of these days, the earlier and the later half of them beside one another."""
    half = from_date + (until_date - from_date) // 2
    return [ask(partial(actuals_of_days, first, until, known)) for first, until in ((from_date, half), (half, until_date))]


def _seen(parts: Sequence[Future[tuple[pa.Table, Seen]]]) -> Seen:
    """What was looked at for all of them, which follow one another."""
    seen = [part.result()[1] for part in parts]
    return Seen(pa.concat_tables([part.versions for part in seen]), seen[0].from_date, seen[-1].until_date)


def reckon(
    inputs: Mapping[str, pa.Table],
    figures: Mapping[str, pa.Table],
    *,
    book: str,
    through: date,
    cycle: str,
    scope: pa.Table | None,
    since: Since | None,
    workings: bool = True,
) -> Reckoned:
    """Work out what one book's run posts; of no book, what all three would. `cycle` chooses which receipts are posted, never how they
    are worked out (DIF-5).

    Without `workings` the days and weeks that explanations read are left empty, which is quicker.
    """
    outcome = calculate(
        inputs, figures, through=through, books=(book,) if book else BOOKS, scope=scope, workings=workings, connection=_connection(inputs)
    )
    receipts, holds = _of_cycle(outcome, inputs, cycle)
    if since is None:
        told: pa.Array = pa.array(["First posting of this week."] * receipts.num_rows, pa.string())
    else:
        told = causes(receipts, since, through=through)
    made = {
        "entitlement": outcome.entitlement, "shares": outcome.shares, "charges": outcome.charges, "days": outcome.workings,
        "weeks": outcome.weeks, "findings": findings_table(outcome.findings),
    }  # fmt: skip
    return Reckoned(receipts.append_column("cause", told.cast(pa.string())), holds, made)


class _Warm(threading.local):
    """This thread's connection for small calculations, which are mostly planning and quicker on one that has planned them before."""

    connection: duckdb.DuckDBPyConnection | None = None


_WARM = _Warm()


def _connection(inputs: Mapping[str, pa.Table]) -> duckdb.DuckDBPyConnection | None:
    if sum(table.num_rows for table in inputs.values()) > SMALL:
        return None
    if _WARM.connection is None:
        _WARM.connection = connect(small=True)
    return _WARM.connection


def _of_cycle(outcome: Outcome, inputs: Mapping[str, pa.Table], cycle: str) -> tuple[pa.Table, pa.Table]:
    """Receipts and holds of the contracts of one cycle; all of them where no cycle is named."""
    if not cycle:
        return outcome.receipts, outcome.holds
    contracts = inputs["contracts"]
    chosen = contracts.filter(pc.equal(contracts.column("cycle"), cycle))
    lines = inputs["lines"]
    theirs = lines.filter(pc.is_in(lines.column("contract_id"), value_set=chosen.column("contract_id").combine_chunks()))
    wanted = theirs.column("line_id").combine_chunks()
    on_line = pc.or_(pc.is_in(outcome.holds.column("line_id"), value_set=wanted), pc.equal(outcome.holds.column("code"), "UNP"))
    whole_weeks = pc.and_(
        pc.equal(outcome.holds.column("line_id"), ""),
        pc.is_in(outcome.holds.column("provider_id"), value_set=chosen.column("provider_id").combine_chunks()),
    )
    receipts = outcome.receipts.filter(pc.is_in(outcome.receipts.column("line_id"), value_set=wanted))
    return receipts, outcome.holds.filter(pc.or_(on_line, whole_weeks))


def _since(ground: Ground, as_of: datetime, through: date, seen: Callable[[], Seen] | None = None) -> Since:
    known = packages(as_of)
    changes = changes_since(ground.after, as_of, seen)
    return Since(
        earlier_through=ground.earlier_through,
        changes=changes,
        packages=known,
        held=held_keys(list(ground.runs)),
        pending=pending_people(ground.earlier_through, through),
        unplaced=_unplaced(changes, known, ground),
    )


def _unplaced(changes: pa.Table, known: pa.Table, ground: Ground) -> pa.ChunkedArray:
    """Lines named by actuals and known to nobody when they were last looked at."""
    named = changes.column("line_id").drop_null()
    strange = named.filter(pc.invert(pc.is_in(named, value_set=known.column("line_id").combine_chunks())))
    return pa.chunked_array([*strange.chunks, *unplaced_lines(list(ground.runs)).chunks], pa.string())


def _reason(since: Since) -> str:
    counts = pc.value_counts(since.changes.column("table_name")).to_pylist()
    named = sorted((str(count["values"]).replace("_", " "), count["counts"]) for count in counts)
    told = ", ".join(f"{rows:,} in {name}" for name, rows in named) or "none"
    return f"Facts changed since the run before: {told}. Weeks held then: {since.held.num_rows:,}. Days after {since.earlier_through}."


def _sealed_in(scope: pa.Table, since: Since, until_event: int) -> pa.Table:
    """Receipts sealed earlier for the weeks in scope."""
    everyone_from = since.earlier_through - LATEST
    recent = sealed_receipts(until_event, from_week=everyone_from)
    reaching_back = scope.filter(pc.less(scope.column("from_date"), pa.scalar(everyone_from, pa.date32())))
    if reaching_back.num_rows == 0:
        return recent
    from_date = days_later(reaching_back.column("from_date"), -SPARE.days)
    people = pa.table([reaching_back.column("person_id"), from_date], names=["person_id", "from_date"])
    theirs = since.packages.join(people, keys="person_id", join_type="inner").group_by("line_id").aggregate([("from_date", "min")])
    lines = pa.table([theirs.column("line_id"), theirs.column("from_date_min")], schema=STARTS)
    earlier = sealed_receipts_of(until_event, people, lines, before_week=everyone_from)
    return pa.concat_tables([earlier, recent]).sort_by("row")


def _with_shared_carers(scope: pa.Table, since: Since) -> pa.Table:
    """The scope widened to the people whose visits share a carer with an earlier visit that changed: one of theirs may now be, or no
    longer be, a double booking (HLD-3 DUP)."""
    changes = since.changes
    touching = pc.is_in(changes.column("table_name"), value_set=pa.array(["actuals", "lines"]))
    early = pc.less_equal(pc.fill_null(changes.column("first_day"), EVER), pa.scalar(since.earlier_through, pa.date32()))
    touched = changes.filter(pc.and_(touching, early))
    spans = _days_touched(touched, since.earlier_through)
    if spans.num_rows == 0:
        return scope
    reached = people_sharing_carers(spans)
    if reached.num_rows == 0:
        return scope
    wider = replace(since, held=pa.concat_tables([since.held, reached]))
    return scope_since(wider, through=pc.max(scope.column("until_date")).as_py() - timedelta(days=1))


def _days_touched(touched: pa.Table, last_day: date) -> pa.Table:
    """The lines of changed visits on their days, up to the last that was posted, and changed lines on all days (`recent.SPANS`)."""
    whole = pc.equal(touched.column("table_name"), "lines")
    ever, until = pa.scalar(EVER, pa.date32()), pa.scalar(last_day + timedelta(days=1), pa.date32())
    first = pc.if_else(whole, ever, touched.column("first_day"))
    last = pc.if_else(whole, until, pc.min_element_wise(days_later(touched.column("last_day"), 1), until))
    spans = pa.table([touched.column("line_id"), first, last], names=SPANS.names)
    return spans.filter(pc.is_valid(spans.column("line_id"))).group_by(SPANS.names).aggregate([]).cast(SPANS)
