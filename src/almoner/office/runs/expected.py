"""What a provider's next run would post if it were drafted now, worked out of that provider's people alone. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import SCOPE
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import changed_between
from almoner.office.records.versions import database_table
from almoner.office.runs.calculation import Ground, Reckoned
from almoner.office.runs.desks import reckon_at_a_desk
from almoner.office.runs.grounds import find_ground
from almoner.office.runs.person import gather_people
from almoner.office.runs.preview import of_people
from almoner.office.runs.recent import changed_deaths, changed_releases, held_keys, pending_people
from almoner.office.runs.scope import PACKAGES, Since, scope_since

BOOK = "payments"
APART = ("releases", "people")
KEPT = ("people", "providers", "funders", "lines", "line_terms", "contracts", "schedule")


@dataclass(frozen=True)
class Expectation:
    """What would be posted and held, how it was worked out, the facts that say for whom and of what kind (`KEPT`), and
    whose `carers` (carer_id) came."""

    reckoned: Reckoned
    facts: dict[str, pa.Table]
    carers: pa.Table


def expect(people: list[str], lines: pa.Array, *, cycle: str, through: date, at: datetime, until_event: int, workings: bool) -> Expectation:
    """What a run of the payments book through a day would post of these people, who have these lines, all providers' together.

    It is what the run would post of them: weeks that are new, changed or held are worked out, in the same way.
    """
    ground, since = find_ground(BOOK, cycle, until_event), None
    windows = _from_the_first(people, through)
    if ground.ground is not None:
        since = _since_of(people, lines, ground.ground, at, through)
        # A new version of the rules works everybody's weeks out again when it is run; one that waits for a page is told what facts say.
        windows = _theirs(scope_since(since, through=through), people)
    gathered = gather_people(windows, as_of=at, through=through, until_event=until_event, since=since)
    reckoned = reckon_at_a_desk(
        gathered.inputs, gathered.figures, book=BOOK, through=through, cycle=cycle, scope=gathered.scope, since=gathered.since,
        workings=workings,
    )  # fmt: skip
    carers = gathered.inputs["actuals"].select(["carer_id"]).group_by("carer_id").aggregate([])
    return Expectation(of_people(reckoned, people, gathered), {name: gathered.inputs[name] for name in KEPT}, carers)


def _from_the_first(people: list[str], through: date) -> pa.Table:
    days = (date(1900, 3, 1), through + timedelta(days=1))
    return pa.table([pa.array(people, pa.string()), *(pa.repeat(pa.scalar(day, pa.date32()), len(people)) for day in days)], schema=SCOPE)


def _theirs(table: pa.Table, people: list[str]) -> pa.Table:
    return table.filter(pc.is_in(table.column("person_id"), value_set=pa.array(people, pa.string())))


def _since_of(people: list[str], lines: pa.Array, ground: Ground, at: datetime, through: date) -> Since:
    """What changed since the ground as far as it speaks of these people or of nobody (`calculation.gather` asks the same of everybody)."""
    facts = changed_between(ground.after, at, lines=lines)
    facts = facts.filter(pc.invert(pc.is_in(facts.column("table_name"), value_set=pa.array(APART))))
    return Since(
        earlier_through=ground.earlier_through,
        changes=pa.concat_tables([facts, changed_deaths(ground.after, at, people), changed_releases(ground.after, at)]),
        packages=_packages_of(people),
        held=_theirs(held_keys(list(ground.runs)), people),
        pending=pending_people(ground.earlier_through, through, people),
        unplaced=pa.chunked_array([], pa.string()),
    )


def _packages_of(people: list[str]) -> pa.Table:
    term, parameter = any_of("l.person_id", people)
    select = (
        "SELECT DISTINCT l.line_id, l.person_id, c.provider_id, l.contract_id, c.week_start"
        f" FROM {database_table('lines')} l LEFT JOIN {database_table('contracts')} c ON c.contract_id = l.contract_id WHERE {term}"
    )
    return read_rows(select, PACKAGES, [parameter], order=("line_id", "person_id", "contract_id", "provider_id"))
