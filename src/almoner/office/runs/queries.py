"""Reading runs: tables as Arrow, headers and states as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from almoner.core.tables import HOLDS, RECEIPTS
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import once
from almoner.office.runs.models import BalanceEntry, Draft, DraftTable, IssuedFile, RepaymentPlan, Run, RunEvent, StoredTable
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


def chain_heads() -> tuple[str, str]:
    """The hashes of the last event of the chain and of the last run sealed; empty before there is one."""
    return once("chain heads", _chain_heads)


def _chain_heads() -> tuple[str, str]:
    newest = f"SELECT hash FROM {RunEvent._meta.db_table}{{}} ORDER BY number DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({newest.format('')}), ({newest.format(' WHERE event = %s')})", ["sealed"])
        event, sealed = cursor.fetchone()
    return event or "", sealed or ""


def _event(event: RunEvent) -> EventShown:
    return EventShown(event.number, event.subject, event.event, event.by, event.at, event.reason, event.hash)


def receipts_of(run: str) -> pa.Table:
    """A sealed run's receipts in order, in the schema `POSTED`."""
    return read_rows("SELECT * FROM almoner_receipts WHERE run_id = %s", POSTED, [run], order=ORDER)


def receipt_numbered(run: str, number: int) -> pa.Table:
    """One receipt of a sealed run, in the schema `POSTED`; no row when there is none."""
    return read_rows("SELECT * FROM almoner_receipts WHERE run_id = %s AND number = %s", POSTED, [run, number], order=ORDER)


def receipts_like(*, run: str = "", line: str = "", payee: str = "", person: str = "") -> pa.Table:
    """Sealed receipts of a run, a line, a payee or a person (all that are given must fit), in the schema `POSTED`."""
    wanted = [(name, value) for name, value in (("run_id", run), ("line_id", line), ("payee_id", payee), ("person_id", person)) if value]
    condition = " AND ".join(f"{name} = %s" for name, _ in wanted) or "1 = 1"
    return read_rows(f"SELECT * FROM almoner_receipts WHERE {condition}", POSTED, [value for _, value in wanted], order=ORDER)


def receipts_of_amount(pence: int, most: int) -> pa.Table:
    """The latest sealed receipts of exactly this amount, in the schema `POSTED`."""
    select = "SELECT * FROM almoner_receipts WHERE amount_pence = %s ORDER BY run_id DESC, number DESC LIMIT %s"
    return read_rows(select, POSTED, [pence, most], order=ORDER)


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


def stored_part(run: str, role: str, name: str, *, line_id: str, week: date) -> pa.Table | None:
    """The rows of one line and week of a table that a sealed run keeps, or None; the others are not made into rows first."""
    kept = StoredTable.objects.filter(run_id=run, role=role, name=name).first()
    return from_parquet(bytes(kept.content), filters=[("line_id", "=", line_id), ("week", "=", week)]) if kept else None


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
