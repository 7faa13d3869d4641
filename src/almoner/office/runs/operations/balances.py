"""Payments of a run, and what stands between council and payees outside receipts (DIF-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import pyarrow as pa
from django.db import transaction

from almoner.core.carrying import payable
from almoner.office.journal.operations import write
from almoner.office.records.bulk import append_rows
from almoner.office.runs.contents import BALANCE_ENTRIES
from almoner.office.runs.models import RepaymentPlan
from almoner.office.runs.operations.events import add_event, head, hold_chain
from almoner.office.runs.queries import PAYMENTS, balances
from almoner.office.runs.refusals import ReasonMissing


@dataclass(frozen=True)
class Payments:
    """How many payees a run pays, how much, and how many owe afterwards."""

    paid: int
    paid_pence: int
    carried: int


@dataclass(frozen=True)
class PaymentRow:
    """One row of a run's payments, in the columns of `queries.PAYMENTS`."""

    run_id: str
    number: int
    payee_id: str
    receipts_pence: int
    carried_in_pence: int
    carried_out_pence: int
    amount_pence: int
    reference: str


@dataclass(frozen=True)
class Entry:
    """One change of a payee's balance."""

    payee_id: str
    cause: str
    amount_pence: int


def write_payments(*, run: str, book: str, receipts: pa.Table, event: int) -> Payments:
    """Write what a run of the payments book pays each payee, and the balances it changes, under the event `event`.

    A payee with money due from a bounced payment is paid though the run has no receipt for it. Other books pay nobody.
    Must be called inside the transaction that seals the run.
    """
    if book != "payments":
        return Payments(0, 0, 0)
    rows, entries = worked_out(run, receipts)
    append_rows("almoner_payments", pa.Table.from_pylist([asdict(row) for row in rows], schema=PAYMENTS))
    write_entries(event, entries)
    paid = [row.amount_pence for row in rows if row.amount_pence > 0]
    return Payments(len(paid), sum(paid), sum(1 for row in rows if row.carried_out_pence < 0))


def worked_out(run: str, receipts: pa.Table) -> tuple[list[PaymentRow], list[Entry]]:
    """A run's rows of payments, by payee, and the entries they make in the balances."""
    sums = receipts.group_by("payee_id").aggregate([("amount_pence", "sum")]).to_pydict()
    due: dict[str, int] = dict(zip(sums["payee_id"], sums["amount_pence_sum"], strict=True))
    standing: dict[str, dict[str, int | None]] = {row["payee_id"]: row for row in balances().to_pylist()}
    owed = {payee for payee, row in standing.items() if (row["balance_pence"] or 0) > 0}
    rows: list[PaymentRow] = []
    entries: list[Entry] = []
    for number, payee in enumerate(sorted(due.keys() | owed), start=1):
        before = standing.get(payee, {})
        carried_in = before.get("balance_pence") or 0
        result = payable(due.get(payee, 0), carried_in, before.get("instalment_pence"))
        reference = f"BX-{run.removeprefix('R-')}-{number:05d}"
        rows.append(PaymentRow(run, number, payee, due.get(payee, 0), carried_in, result.carried_out_pence, result.amount_pence, reference))
        if result.change_pence:
            entries.append(
                Entry(payee, "carried" if result.change_pence < 0 and result.carried_out_pence else "recovered", result.change_pence)
            )
    return rows, entries


def write_entries(event: int, entries: list[Entry]) -> None:
    """Add entries to the balances under an event of the chain."""
    rows = [
        {"event_id": event, "number": number, "payee_id": entry.payee_id, "cause": entry.cause, "amount_pence": entry.amount_pence}
        for number, entry in enumerate(entries, start=1)
    ]
    append_rows("almoner_balance_entries", pa.Table.from_pylist(rows, schema=BALANCE_ENTRIES))


def agree_repayment(*, payee_id: str, instalment_pence: int, reason: str, by: str, at: datetime) -> int:
    """Recover a payee's debt by at most so many pence from each run; 0 ends the plan. Returns the number of its event."""
    if not reason.strip():
        raise ReasonMissing("A repayment plan needs a reason.", "Say what was agreed and with whom.")
    with transaction.atomic():
        hold_chain()
        number = head()[0] + 1
        RepaymentPlan.objects.create(event_id=number, payee_id=payee_id, instalment_pence=instalment_pence)
        add_event(number=number, subject=f"payee {payee_id}", event="repayment agreed", by=by, at=at, reason=reason)
        write(act="agree_repayment", by=by, at=at, subject=payee_id, summary={"instalment_pence": instalment_pence})
    return number


def bring_balances(*, owed_pence: Mapping[str, int], reason: str, by: str, at: datetime) -> int:
    """Bring in balances from an earlier system: pence by payee, below zero where the payee owes. Returns the number of their event."""
    if not reason.strip():
        raise ReasonMissing("Balances brought in need a reason.", "Say where they come from.")
    with transaction.atomic():
        hold_chain()
        number = head()[0] + 1
        write_entries(number, [Entry(payee, "brought", pence) for payee, pence in sorted(owed_pence.items())])
        add_event(number=number, subject="balances", event="balances brought in", by=by, at=at, reason=reason)
        write(act="bring_balances", by=by, at=at, subject="balances", summary={"payees": len(owed_pence)})
    return number
