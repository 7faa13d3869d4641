"""Who has not told us: weeks that ended, are paid on actuals, and of which nothing was submitted; with what they are worth at plan."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE, TABLES
from almoner.office.actuals.queries import last_submissions, uploads_not_submitted
from almoner.office.furniture.words import local
from almoner.office.records.bulk import listed, looked_up, read_rows
from almoner.office.records.queries import Known, facts_head, known_at, recorded_after, table_known, tables_known
from almoner.office.records.versions import database_table
from almoner.office.runs.calculation import figures_for, reckon
from almoner.office.runs.desk_models import HandReminder
from almoner.office.runs.models import ReminderSent
from almoner.office.runs.queries import last_event

Row = dict[str, Any]
BACK = timedelta(weeks=13)
"""How far back weeks are looked for; older ones are asked about, not waited for."""
DAYS = pa.schema([("line_id", pa.string()), ("date", pa.date32())])
PAID = pa.schema([("line_id", pa.string()), ("week", pa.date32())])
ABOUT_ACTUALS = frozenset({"actuals", "releases"})
"""Tables that say nothing of what is planned."""


@dataclass
class _Worth:
    """What line weeks come to at plan, remembered in this process until anything is recorded but actuals and decisions."""

    database: str
    facts: tuple[int, str]
    until: date
    people: set[str]
    pence: dict[tuple[str, date], int]


_KEPT: list[_Worth] = []
_WEEKS: list[tuple[tuple[object, ...], Awaited]] = []
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Awaited:
    """`rows`: every line week awaited (provider_id, provider, email, person_id, line_id, service, cycle, week, worth_pence at plan).
    `unpaid`: by cycle, how many line weeks have ended and are not paid yet, submitted ones included."""

    rows: list[Row]
    unpaid: dict[str, int]


def awaited_weeks(at: datetime) -> list[Row]:
    """Every line week awaited (`Awaited.rows`)."""
    return awaited(at).rows


def awaited(at: datetime) -> Awaited:
    """What is awaited, remembered in this process until anything is recorded or sealed, or the day ends."""
    head = last_event()
    key = (str(connection.settings_dict["NAME"]), facts_head(), head.hash if head else "", local(at).date())
    with _LOCK:
        if _WEEKS and _WEEKS[0][0] == key:
            return _WEEKS[0][1]
    found = _awaited(at)
    with _LOCK:
        _WEEKS[:] = [(key, found)]
    return found


def _awaited(at: datetime) -> Awaited:
    known = known_at(at)
    lines = _lines(known)
    unpaid = _not_paid(lines, at)
    weeks = _not_told(unpaid)
    people = sorted({row["person_id"] for row in weeks})
    worth = _worth_at_plan(people, known, at)
    providers = {row["provider_id"]: row for row in table_known("providers", known).to_pylist()}
    of_line = {row["line_id"]: row for row in lines.select(["line_id", "provider_id", "service_type", "cycle"]).to_pylist()}
    rows = [
        {
            **row, "provider_id": line["provider_id"], "provider": providers[line["provider_id"]]["name"],
            "email": providers[line["provider_id"]]["email"] or "", "service": line["service_type"], "cycle": line["cycle"],
            "worth_pence": worth.get((row["line_id"], row["week"]), 0),
        }
        for row in weeks
        if (line := of_line[row["line_id"]])["provider_id"] in providers
    ]  # fmt: skip
    return Awaited(rows, dict(Counter(of_line[line]["cycle"] for line in unpaid.column("line_id").to_pylist())))


BY_PROVIDER = """
    SELECT provider_id, any_value(provider) AS provider, any_value(email) AS email, count(*) AS weeks,
        min(week) AS oldest, count(DISTINCT person_id) AS people, sum(worth_pence)::BIGINT AS worth
    FROM awaited GROUP BY provider_id ORDER BY worth DESC, provider_id
"""


def by_provider(weeks: Iterable[Row]) -> list[Row]:
    """The weeks awaited by provider, most pounds first: a line's weeks, as the provider's own pages and reminders count them."""
    texts = ((name, pa.string()) for name in ("provider_id", "provider", "email", "person_id"))
    schema = pa.schema([*texts, ("week", pa.date32()), ("worth_pence", pa.int64())])
    table = pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in weeks], schema=schema)
    with in_memory() as memory:
        memory.register("awaited", table)
        found: list[Row] = memory.sql(BY_PROVIDER).to_arrow_table().to_pylist()
    uploads, submissions, reminded = uploads_not_submitted(), last_submissions(), last_reminded()
    return [
        row
        | {
            "uploads": uploads.get(row["provider_id"], 0), "submitted": submissions.get(row["provider_id"]),
            "reminded": reminded.get(row["provider_id"]),
        }
        for row in found
    ]  # fmt: skip


def last_reminded() -> dict[str, datetime]:
    """When each provider was last reminded, by the calendar or by hand."""
    sent = list(ReminderSent.objects.values_list("provider_id", "event__at"))
    sent += list(HandReminder.objects.values_list("provider_id", "at"))
    return dict(sorted(sent, key=lambda one: one[1]))


def reminded_on(day: date) -> set[str]:
    """The providers somebody reminded on a day."""
    return set(HandReminder.objects.filter(day=day).values_list("provider_id", flat=True))


def _lines(known: Known) -> pa.Table:
    """Every line under a contract that is paid on actuals, with what says which weeks it has."""
    with in_memory() as memory:
        for name in ("lines", "contracts", "people"):
            memory.register(name, table_known(name, known))
        return memory.sql(
            "SELECT l.line_id, l.person_id, l.start_date, l.end_date, c.basis, c.week_start, c.provider_id, c.service_type, c.cycle,"
            " p.date_of_death FROM lines l JOIN contracts c USING (contract_id) JOIN people p USING (person_id) WHERE c.basis = 'actuals'"
        ).to_arrow_table()


def _not_paid(lines: pa.Table, at: datetime) -> pa.Table:
    """The ended weeks of these lines that no run has posted, as spans (line_id, from_date, until_date) with the person."""
    today = local(at).date()
    bounds = {"today": today, "first_day": today - BACK, "last_day": today}
    select = "SELECT DISTINCT line_id, week FROM almoner_receipts WHERE week >= %s AND book = 'payments'"
    with in_memory() as memory:
        memory.register("lines", lines)
        memory.register("told", DAYS.empty_table())
        memory.register("paid", read_rows(select, PAID, [bounds["first_day"] - timedelta(days=6)]))
        memory.register("bounds", pa.Table.from_pylist([bounds]))
        memory.execute((files("almoner.office.runs") / "outlook.sql").read_text(encoding="utf-8"))
        return memory.sql("SELECT line_id, person_id, week FROM awaited ORDER BY week, line_id").to_arrow_table()


def _not_told(weeks: pa.Table) -> list[Row]:
    """Of these weeks, those of which no actual is known."""
    if weeks.num_rows == 0:
        return []
    first = weeks.column("week")
    after = pc.add(first.cast(pa.timestamp("s")), pa.scalar(timedelta(days=7), pa.duration("s"))).cast(pa.date32())
    given, parameters = listed(pa.table({"line_id": weeks.column("line_id"), "from_date": first, "until_date": after}))
    of_week = "facts.line_id = given.line_id AND facts.date >= given.from_date AND facts.date < given.until_date"
    source = looked_up(given, database_table("actuals"), of_week)
    select = f"SELECT DISTINCT given.line_id AS line_id, given.from_date AS week FROM {source} WHERE NOT facts.withdrawn"
    told = read_rows(select, PAID, parameters)
    rows: list[Row] = weeks.join(told, keys=["line_id", "week"], join_type="left anti").sort_by([("week", "ascending")]).to_pylist()
    return rows


def _worth_at_plan(people: list[str], known: Known, at: datetime) -> dict[tuple[str, date], int]:
    """What the weeks of these people's lines come to if all is given as planned, to the penny, by line and week."""
    database, facts = str(connection.settings_dict["NAME"]), facts_head()
    today = local(at).date()
    with _LOCK:
        kept = _KEPT[0] if _KEPT else None
    if kept is None or (kept.database, kept.until) != (database, today) or not _is_as_planned_then(kept.facts, facts):
        kept = _Worth(database, facts, today, set(), {})
    missing = [person for person in people if person not in kept.people]
    if missing:
        kept.pence |= _priced(missing, known, today)
        kept.people |= set(missing)
    with _LOCK:
        _KEPT[:] = [kept]
    return kept.pence


def _is_as_planned_then(then: tuple[int, str], now: tuple[int, str]) -> bool:
    """Whether nothing but actuals and decisions was recorded since."""
    since = set(recorded_after(then[0]))
    return then == now or (bool(since) and since <= ABOUT_ACTUALS)


def _priced(people: list[str], known: Known, today: date) -> dict[tuple[str, date], int]:
    inputs = tables_known(known, people=people, from_date=today, until_date=today)
    contracts = inputs["contracts"]
    basis = pc.if_else(pc.equal(contracts.column("basis"), "actuals"), "planned", contracts.column("basis"))
    position = contracts.schema.get_field_index("basis")
    inputs |= {"contracts": contracts.set_column(position, contracts.schema.field(position), basis)}
    inputs |= {name: TABLES[name].empty() for name in ("actuals", "prior_receipts", "releases")}
    days = [pa.repeat(pa.scalar(day, pa.date32()), len(people)) for day in (today - BACK - timedelta(days=6), today + timedelta(days=1))]
    scope = pa.table([pa.array(people, pa.string()), *days], schema=SCOPE)
    weeks = reckon(inputs, figures_for(today), book="payments", through=today, cycle="", scope=scope, since=None).workings["weeks"]
    cells = zip(*(weeks.column(name).to_pylist() for name in ("line_id", "week", "gross_pence")), strict=True)
    return {(line, week): pence or 0 for line, week, pence in cells}
