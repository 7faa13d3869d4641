"""Reading runs: tables as Arrow, headers and states as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.utils import timezone

from almoner.core.tables import HOLDS, PRIOR_RECEIPTS, RECEIPTS
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.changes import CHANGES
from almoner.office.records.versions import database_table
from almoner.office.runs.models import BalanceEntry, Draft, DraftTable, IssuedFile, Release, RepaymentPlan, Run, RunEvent, StoredTable
from almoner.office.runs.scope import HELD, PACKAGES, PENDING
from almoner.office.runs.stored import from_parquet

POSTED = pa.schema([("run_id", pa.string()), ("number", pa.int64()), *RECEIPTS, ("cause", pa.string())])
"""Receipts as they are kept: run, number in the run, the columns of `core.tables.RECEIPTS`, and why."""

SEALED_HOLDS = pa.schema([("run_id", pa.string()), ("number", pa.int64()), ("hold_id", pa.string()), *HOLDS])
PAYMENTS = pa.schema(
    [
        ("run_id", pa.string()), ("number", pa.int64()), ("payee_id", pa.string()), ("receipts_pence", pa.int64()),
        ("carried_in_pence", pa.int64()), ("carried_out_pence", pa.int64()), ("amount_pence", pa.int64()), ("reference", pa.string()),
    ]
)  # fmt: skip
BALANCES = pa.schema([("payee_id", pa.string()), ("balance_pence", pa.int64()), ("instalment_pence", pa.int64())])
LINES = pa.schema([("line_id", pa.string())])
ORDER = ("run_id", "number")


@dataclass(frozen=True)
class RunShown:
    """A draft or a run: its header, where it stands and who brought it there. `state` is draft, sealed, approved, issued or settled."""

    run: str
    book: str
    through: date
    cycle: str
    as_of: datetime
    origin: str
    is_full: bool
    reason_for_scope: str
    drafted_after: int
    figures_version: str
    code_version: str
    drafted_by: str
    drafted_at: datetime
    state: str
    events: tuple[EventShown, ...]


@dataclass(frozen=True)
class EventShown:
    """One event of the chain."""

    number: int
    subject: str
    event: str
    by: str
    at: datetime
    reason: str
    hash: str


def run_shown(run: str) -> RunShown | None:
    """The draft or run of that id, or None."""
    draft = Draft.objects.filter(id=run).first()
    if draft is not None:
        return _shown(draft, "calculated", "draft", ())
    header = Run.objects.filter(id=run).first()
    if header is None:
        return None
    events = events_of(run)
    return _shown(header, header.origin, events[-1].event if events else "sealed", events)


def runs_shown() -> list[RunShown]:
    """Every draft and run, oldest first."""
    ids = [*Run.objects.values_list("id", flat=True), *Draft.objects.values_list("id", flat=True)]
    return [shown for run in sorted(ids) if (shown := run_shown(run)) is not None]


def _shown(header: Draft | Run, origin: str, state: str, events: tuple[EventShown, ...]) -> RunShown:
    return RunShown(
        header.id, header.book, header.through, header.cycle, header.as_of, origin, header.is_full, header.reason_for_scope,
        header.drafted_after, header.figures_version, header.code_version, header.drafted_by, header.drafted_at, state, events,
    )  # fmt: skip


def events_of(subject: str) -> tuple[EventShown, ...]:
    """The events of one run or other subject, in order."""
    return tuple(_event(event) for event in RunEvent.objects.filter(subject=subject).order_by("number"))


def last_event() -> EventShown | None:
    """The head of the chain; None before the first event."""
    event = RunEvent.objects.order_by("-number").first()
    return _event(event) if event else None


def _event(event: RunEvent) -> EventShown:
    return EventShown(event.number, event.subject, event.event, event.by, event.at, event.reason, event.hash)


def receipts_of(run: str) -> pa.Table:
    """A sealed run's receipts in order, in the schema `POSTED`."""
    return read_rows("SELECT * FROM almoner_receipts WHERE run_id = %s", POSTED, [run], order=ORDER)


def receipts_like(*, run: str = "", line: str = "", payee: str = "", person: str = "") -> pa.Table:
    """Sealed receipts of a run, a line, a payee or a person (all that are given must fit), in the schema `POSTED`."""
    wanted = [(name, value) for name, value in (("run_id", run), ("line_id", line), ("payee_id", payee), ("person_id", person)) if value]
    condition = " AND ".join(f"{name} = %s" for name, _ in wanted) or "1 = 1"
    return read_rows(f"SELECT * FROM almoner_receipts WHERE {condition}", POSTED, [value for _, value in wanted], order=ORDER)


def holds_of(run: str) -> pa.Table:
    """What was held when a run was sealed, in the schema `SEALED_HOLDS`."""
    return read_rows("SELECT * FROM almoner_sealed_holds WHERE run_id = %s", SEALED_HOLDS, [run], order=ORDER)


def payments_of(run: str) -> pa.Table:
    """What a run pays each payee, in the schema `PAYMENTS`."""
    return read_rows("SELECT * FROM almoner_payments WHERE run_id = %s", PAYMENTS, [run], order=ORDER)


def draft_table(run: str, role: str, name: str) -> pa.Table | None:
    """One table of a draft, or None."""
    kept = DraftTable.objects.filter(draft_id=run, role=role, name=name).first()
    return from_parquet(bytes(kept.content)) if kept else None


def stored_tables(run: str, role: str) -> dict[str, pa.Table]:
    """The tables of one role that a sealed run keeps, by name."""
    kept = StoredTable.objects.filter(run_id=run, role=role).order_by("name")
    return {table.name: from_parquet(bytes(table.content)) for table in kept}


def stored_table(run: str, role: str, name: str) -> pa.Table | None:
    """One table a sealed run keeps, or None."""
    kept = StoredTable.objects.filter(run_id=run, role=role, name=name).first()
    return from_parquet(bytes(kept.content)) if kept else None


def balances(payees: list[str] | None = None) -> pa.Table:
    """What stands between the council and each payee with a balance or a repayment plan (`BALANCES`); below zero the payee owes.

    `instalment_pence` is null without a plan in force.
    """
    condition, parameters = any_of("payee_id", payees) if payees is not None else ("1 = 1", None)
    given = [] if parameters is None else [parameters]
    plans = (
        "SELECT payee_id, instalment_pence FROM almoner_repayment_plans WHERE event_id IN"
        " (SELECT max(event_id) FROM almoner_repayment_plans GROUP BY payee_id) AND instalment_pence > 0"
    )
    select = (
        "SELECT b.payee_id AS payee_id, b.balance_pence AS balance_pence, p.instalment_pence AS instalment_pence FROM"
        f" (SELECT payee_id, CAST(sum(amount_pence) AS BIGINT) AS balance_pence FROM almoner_balance_entries"
        f" WHERE {condition} GROUP BY payee_id) b"
        f" LEFT JOIN ({plans}) p ON p.payee_id = b.payee_id WHERE b.balance_pence <> 0"
    )
    return read_rows(select, BALANCES, given, order=("payee_id",))


def sealed_receipts(
    until_event: int, *, people: pa.Array | None = None, from_week: date | None = None, before_week: date | None = None
) -> pa.Table:
    """What was sealed up to an event of the chain, in the schema of the `prior_receipts` table; absent ids are null."""
    condition = ["e.number <= %s"]
    parameters: list[Any] = [until_event]
    for term, day in (("r.week >= %s", from_week), ("r.week < %s", before_week)):
        if day is not None:
            condition.append(term)
            parameters.append(day)
    if people is not None:
        term, parameter = any_of("r.person_id", people)
        condition.append(term)
        parameters.append(parameter)
    ids = ", ".join(f"NULLIF(r.{name}, '') AS {name}" for name in ("provider_id", "payee_id", "line_id", "person_id", "funder_id"))
    select = (
        f'SELECT e.number * 100000000 + r.number AS "row", {ids}, r.book, r.week, r.amount_pence AS amount FROM almoner_receipts r'
        f" JOIN almoner_run_events e ON e.subject = r.run_id AND e.event = 'sealed' WHERE {' AND '.join(condition)}"
    )
    return read_rows(select, PRIOR_RECEIPTS.schema, parameters, order=("row",))


def packages(as_of: datetime) -> pa.Table:
    """Every line in every version recorded by `as_of`, with its contract's provider and first weekday (`scope.PACKAGES`)."""
    select = (
        "SELECT DISTINCT l.line_id, l.person_id, c.provider_id, l.contract_id, c.week_start"
        f" FROM {database_table('lines')} l LEFT JOIN {database_table('contracts')} c ON c.contract_id = l.contract_id"
    )
    return read_rows(select, PACKAGES, [], order=("line_id", "person_id", "contract_id", "provider_id"))


def pending_people(after: date, through: date) -> pa.Table:
    """People with a line whose authorisation or agreement takes effect in (after, through] (`scope.PENDING`)."""
    terms = " OR ".join(f"({name} > %s AND {name} <= %s)" for name in ("t.authorised_on", "t.agreed_on"))
    select = (
        f"SELECT DISTINCT l.person_id FROM {database_table('lines')} l JOIN (SELECT line_id, authorised_on, agreed_on FROM"
        f" {database_table('lines')} UNION SELECT line_id, authorised_on, agreed_on FROM {database_table('line_terms')}) t"
        f" ON t.line_id = l.line_id WHERE {terms}"
    )
    return read_rows(select, PENDING, [after, through, after, through], order=("person_id",))


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


def people_sharing_carers(lines: pa.Array, before: date) -> pa.Table:
    """People and days (`scope.HELD`) with a visit by a carer of one of these lines on the same day or a day beside it, before a day."""
    term, parameter = any_of("mine.line_id", lines)
    day_before, day_after = _days_beside("mine.date")
    actuals = database_table("actuals")
    select = (
        f"SELECT DISTINCT l.person_id AS person_id, other.date AS week FROM {actuals} mine JOIN {actuals} other"
        f" ON other.carer_id = mine.carer_id AND other.date BETWEEN {day_before} AND {day_after}"
        f" JOIN {database_table('lines')} l ON l.line_id = other.line_id WHERE {term} AND mine.date <= %s"
    )
    return read_rows(select, HELD, [parameter, before], order=("person_id", "week"))


def _days_beside(day: str) -> tuple[str, str]:
    if connection.vendor == "postgresql":
        return f"{day} - 1", f"{day} + 1"
    return f"date({day}, '-1 day')", f"date({day}, '+1 day')"


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


def files_issued(run: str) -> list[IssuedFile]:
    """The files of an issued run in order."""
    return list(IssuedFile.objects.filter(run_id=run).order_by("number"))


def total_pence(table: pa.Table, column: str = "amount_pence") -> int:
    """The sum of a column of whole pence."""
    return pc.sum(table.column(column)).as_py() or 0


def balance_entries() -> list[Any]:
    """Every balance entry in order: event, number, payee, cause, pence."""
    return list(BalanceEntry.objects.order_by("event_id", "number").values_list("event_id", "number", "payee_id", "cause", "amount_pence"))


def plan_in_force(payee_id: str) -> int:
    """The instalment a payee's debt is recovered by, in pence; 0 without a plan."""
    plan = RepaymentPlan.objects.filter(payee_id=payee_id).order_by("-event_id").first()
    return plan.instalment_pence if plan else 0
