"""Reading what a run builds on: what was sealed and held, whose lines are whose, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.utils import timezone

from almoner.core.tables import PRIOR_RECEIPTS, TABLES
from almoner.office.records.bulk import any_of, listed, looked_up, read_rows
from almoner.office.records.changes import CHANGES, changed_between
from almoner.office.records.queries import Known, Seen
from almoner.office.records.standing import within
from almoner.office.records.versions import database_table
from almoner.office.runs.models import Release
from almoner.office.runs.scope import HELD, PACKAGES, PENDING

LINES = pa.schema([("line_id", pa.string())])
STARTS = pa.schema([("line_id", pa.string()), ("from_date", pa.date32())])
"""Lines, each once, and from which day on."""

SPANS = pa.schema([*STARTS, ("until_date", pa.date32())])
"""Lines and days, the last one exclusive."""

DEATHS = pa.schema(
    [
        ("person_id", pa.string()), ("first_version", pa.int64()), ("death", pa.date32()), ("before", pa.date32()),
        ("recorded_by", pa.string()), ("recorded_at", pa.timestamp("us", "UTC")),
    ]
)  # fmt: skip


def changes_since(after: datetime, until: datetime, seen: Callable[[], Seen] | None = None) -> pa.Table:
    """The facts recorded later than `after` and not later than `until` (`records.changes.CHANGES`), as far as they move money.

    Of people only the day of death does; decisions on holds are given by the weeks they name. `seen`: see `changed_between`.
    """
    facts = changed_between(after, until, seen=seen)
    apart = pc.is_in(facts.column("table_name"), value_set=pa.array(["releases", "people"]))
    return pa.concat_tables([facts.filter(pc.invert(apart)), changed_deaths(after, until), changed_releases(after, until)])


def changed_deaths(after: datetime, until: datetime, among: Sequence[str] | None = None) -> pa.Table:
    """People entered, taken out, or with another day of death (`records.changes.CHANGES`), reached from the earlier of the two days; of all
    people, or `among` some."""
    people = database_table("people")
    theirs, given = any_of("person_id", among) if among is not None else ("TRUE", None)
    whose = "PARTITION BY person_id ORDER BY version"
    select = (
        f"SELECT * FROM (SELECT person_id, recorded_by, recorded_at, date_of_death AS death, withdrawn,"
        f" lag(date_of_death) OVER ({whose}) AS before, lag(withdrawn) OVER ({whose}) AS was_withdrawn,"
        f" lag(version) OVER ({whose}) AS first_version FROM {people} WHERE {theirs}) AS versions"
        " WHERE recorded_at > %s AND recorded_at <= %s AND (first_version IS NULL OR withdrawn <> was_withdrawn"
        " OR coalesce(death, '0001-01-01') <> coalesce(before, '0001-01-01'))"
    )
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (after, until)]
    named = [] if among is None else [given]
    rows = read_rows(select, DEATHS, [*named, *moments], order=("person_id", "recorded_at"))
    first_day = pc.if_else(
        pc.is_valid(rows.column("first_version")), pc.min_element_wise(rows.column("death"), rows.column("before")), None
    )
    days = [timezone.localdate(moment) for moment in rows.column("recorded_at").to_pylist()]
    given = {
        "table_name": pa.array(["people"] * rows.num_rows, pa.string()), "person_id": rows.column("person_id"), "first_day": first_day,
        "recorded_by": rows.column("recorded_by"), "recorded_on": pa.array(days, pa.date32()),
    }  # fmt: skip
    blank = {field.name: pa.nulls(rows.num_rows, field.type) for field in CHANGES if field.name not in given}
    return pa.table({**given, **blank}).select(CHANGES.names).cast(CHANGES)


def sealed_receipts(until_event: int, *, from_week: date | None = None) -> pa.Table:
    """What was sealed up to an event of the chain, in the schema of the `prior_receipts` table; absent ids are null."""
    select, parameters = _sealed("almoner_receipts AS facts", [], until_event, from_week=from_week)
    return read_rows(select, PRIOR_RECEIPTS.schema, parameters, order=("row",))


def sealed_receipts_of(until_event: int, people: pa.Table, lines: pa.Table, *, before_week: date | None = None) -> pa.Table:
    """What was sealed of people (person_id, from_date) and of lines (`STARTS`) from their day on, as `sealed_receipts` gives it.

    What was brought in may name but a line, or a person only as the payee: such a person's is given from the first of all days on.
    """
    (given_people, some), (given_lines, more) = listed(people), listed(lines)
    payee, payees = any_of("payee_id", people.column("person_id"))
    of_payee = f"(SELECT * FROM almoner_receipts WHERE person_id = '' AND line_id = '' AND {payee}) AS facts"
    of_person = looked_up(given_people, "almoner_receipts", "facts.person_id = given.person_id AND facts.week >= given.from_date")
    of_line = looked_up(given_lines, "almoner_receipts", "facts.line_id = given.line_id AND facts.week >= given.from_date")
    selects = (
        _sealed(of_person, some, until_event, before_week=before_week),
        _sealed(of_line, more, until_event, before_week=before_week),
        _sealed(of_payee, [payees], until_event, from_week=pc.min(people.column("from_date")).as_py(), before_week=before_week),
    )
    parameters = [parameter for _, those in selects for parameter in those]
    return read_rows(" UNION ".join(select for select, _ in selects), PRIOR_RECEIPTS.schema, parameters, order=("row",))


def _sealed(
    source: str, parameters: list[Any], until_event: int, *, from_week: date | None = None, before_week: date | None = None
) -> tuple[str, list[Any]]:
    """A query for receipts, given as `facts` by a source with parameters of its own, and the parameters of both."""
    ids = ", ".join(f"NULLIF(facts.{name}, '') AS {name}" for name in ("provider_id", "payee_id", "line_id", "person_id", "funder_id"))
    # A CROSS JOIN tells SQLite to begin with the receipts, of whose weeks there is an index, and not with every run there was.
    select = (
        f'SELECT e.number * 100000000 + facts.number AS "row", {ids}, facts.book, facts.week, facts.amount_pence AS amount FROM {source}'
        " CROSS JOIN almoner_run_events AS e WHERE e.subject = facts.run_id AND e.event = 'sealed' AND e.number <= %s"
    )
    parameters = [*parameters, until_event]
    for term, day in (("facts.week >= %s", from_week), ("facts.week < %s", before_week)):
        if day is not None:
            select, parameters = f"{select} AND {term}", [*parameters, day]
    return select, parameters


def packages(as_of: datetime) -> pa.Table:
    """Every line in every version recorded by `as_of`, with its contract's provider and first weekday (`scope.PACKAGES`)."""
    select = (
        "SELECT DISTINCT l.line_id, l.person_id, c.provider_id, l.contract_id, c.week_start"
        f" FROM {database_table('lines')} l LEFT JOIN {database_table('contracts')} c ON c.contract_id = l.contract_id"
    )
    return read_rows(select, PACKAGES, [], order=("line_id", "person_id", "contract_id", "provider_id"))


def pending_people(after: date, through: date, among: Sequence[str] | None = None) -> pa.Table:
    """People, of all or `among` some, with a line whose authorisation or agreement takes effect in (after, through] (`scope.PENDING`)."""
    terms = " OR ".join(f"({name} > %s AND {name} <= %s)" for name in ("t.authorised_on", "t.agreed_on"))
    select = (
        f"SELECT DISTINCT l.person_id FROM {database_table('lines')} l JOIN (SELECT line_id, authorised_on, agreed_on FROM"
        f" {database_table('lines')} UNION SELECT line_id, authorised_on, agreed_on FROM {database_table('line_terms')}) t"
        f" ON t.line_id = l.line_id WHERE ({terms})"
    )
    if among is None:
        return read_rows(select, PENDING, [after, through, after, through], order=("person_id",))
    theirs, given = any_of("l.person_id", among)
    return read_rows(f"{select} AND {theirs}", PENDING, [after, through, after, through, given], order=("person_id",))


def held_keys(runs: list[str]) -> pa.Table:
    """People and weeks held when these runs were sealed (`scope.HELD`); rows without a person are left out."""
    condition, parameter = any_of("run_id", runs)
    select = f"SELECT DISTINCT person_id, week FROM almoner_sealed_holds WHERE {condition} AND person_id <> ''"
    return read_rows(select, HELD, [parameter], order=("person_id", "week"))


def unplaced_lines(runs: list[str]) -> pa.ChunkedArray:
    """Lines that actuals named and nobody knew (UNP) when these runs were sealed."""
    condition, parameter = any_of("run_id", runs)
    select = f"SELECT DISTINCT line_id FROM almoner_sealed_holds WHERE code = 'UNP' AND {condition}"
    return read_rows(select, LINES, [parameter], order=("line_id",)).column(0)


def lines_of_carers(carers: pa.Array, first_day: date, last_day: date) -> pa.Array:
    """Lines with a visit by one of these carers on these days, in any version."""
    term, parameter = any_of("carer_id", carers)
    select = f"SELECT DISTINCT line_id FROM {database_table('actuals')} WHERE date >= %s AND date <= %s AND {term}"
    return read_rows(select, LINES, [first_day, last_day, parameter], order=("line_id",)).column(0).combine_chunks()


def days_of_carers(carers: pa.Table, before: date) -> pa.Table:
    """Lines and single days (`SPANS`) before a day with a visit by one of these carers on these days (carer_id, from_date, until_date), in
    any version."""
    given, parameters = listed(carers)
    theirs = "facts.carer_id = given.carer_id AND facts.date >= given.from_date AND facts.date < given.until_date"
    found = looked_up(given, database_table("actuals"), theirs)
    select = f"SELECT DISTINCT line_id, date AS from_date, {_day('date', 1)} AS until_date FROM {found} WHERE date < %s"
    return read_rows(select, SPANS, [*parameters, before], order=("line_id", "from_date"))


def first_days_of_frustration(starts: pa.Table, known: Known) -> pa.Table:
    """For lines and a day each (`STARTS`), the day before it on which a run of frustrated visits may have begun that goes on then (PRC-5).

    That is the last day on which visits were delivered or extra and none was ever said to be anything else, so that one of them surely
    stands and begins the count anew; where there is none, the day of the first frustrated visit. No row for lines without one.
    """
    given, parameters = listed(starts)
    visits, begins_anew = f"{database_table('actuals')} AS visits", "outcome IN ('delivered', 'extra') AND NOT withdrawn"
    moment = within(TABLES["actuals"], known=known)
    of_line = "line_id = given.line_id AND date < given.from_date AND kind = 'visit'"
    other = f"SELECT 1 FROM {database_table('actuals')} AS other WHERE other.line_id = given.line_id AND other.date = visits.date"
    surely = (
        f"SELECT date FROM {visits} WHERE visits.{of_line} AND {begins_anew} AND {moment}"
        f" AND NOT EXISTS ({other} AND kind = 'visit' AND NOT ({begins_anew})) ORDER BY date DESC LIMIT 1"
    )
    frustrated = f"FROM {visits} WHERE visits.{of_line} AND outcome = 'frustrated'"
    # Most lines have never had a frustrated visit: one look into a small index says so.
    begun = f"CASE WHEN EXISTS (SELECT 1 {frustrated}) THEN coalesce(({surely}), (SELECT min(date) {frustrated})) END"
    select = f"SELECT given.line_id, {begun} AS from_date FROM ({given}) AS given"
    found = read_rows(select, STARTS, [*moment.parameters, *parameters], order=("line_id",))
    return found.filter(pc.is_valid(found.column("from_date")))


def people_sharing_carers(spans: pa.Table) -> pa.Table:
    """People and days (`scope.HELD`) with a visit by a carer of one of these lines on its days (`SPANS`) or a day beside them."""
    given, parameters = listed(spans)
    on_its_days = "facts.line_id = given.line_id AND facts.date >= given.from_date AND facts.date < given.until_date"
    select = (
        f"SELECT DISTINCT l.person_id AS person_id, other.date AS week FROM {looked_up(given, database_table('actuals'), on_its_days)}"
        f" CROSS JOIN {database_table('actuals')} AS other CROSS JOIN {database_table('lines')} AS l WHERE other.carer_id = facts.carer_id"
        f" AND other.date BETWEEN {_day('facts.date', -1)} AND {_day('facts.date', 1)} AND l.line_id = other.line_id"
    )
    return read_rows(select, HELD, parameters, order=("person_id", "week"))


def _day(day: str, later: int) -> str:
    return f"{day} + ({later})" if connection.vendor == "postgresql" else f"date({day}, '{later:+d} days')"


def changed_releases(after: datetime, until: datetime) -> pa.Table:
    """Decisions on holds recorded later than `after` and not later than `until` (`records.changes.CHANGES`), by the weeks they name."""
    named = Release._default_manager.filter(recorded_at__gt=after, recorded_at__lte=until).order_by("version")
    rows = [
        {name: release[name] for name in ("person_id", "line_id", "provider_id", "recorded_by")}
        | {"table_name": "releases", "recorded_on": timezone.localdate(release["recorded_at"])}
        | {"first_day": release["week"], "last_day": release["week"] and release["week"] + timedelta(days=6)}
        for release in named.values("person_id", "line_id", "provider_id", "week", "recorded_by", "recorded_at")
    ]
    return pa.Table.from_pylist(rows, schema=CHANGES)
