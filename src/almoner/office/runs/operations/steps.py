"""The steps after sealing: approved by another, issued once, settled by what the bank said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from django.db import transaction

from almoner.core.second_person import is_same_person
from almoner.office.accounts.emails import Email
from almoner.office.accounts.own_organisation import refuse_own, works_for
from almoner.office.journal.operations import Json, write
from almoner.office.letters.operations import write_letters
from almoner.office.records.bulk import append_rows
from almoner.office.runs.chain import bytes_hash
from almoner.office.runs.contents import SETTLEMENTS
from almoner.office.runs.models import IssuedFile, RunEvent
from almoner.office.runs.operations.balances import Entry, write_entries
from almoner.office.runs.operations.events import add_event, head, hold_chain
from almoner.office.runs.operations.promptness import keep_promptness
from almoner.office.runs.queries import RunShown, payments_of, run_shown
from almoner.office.runs.refusals import NoSuchRun, NotSettled, SamePerson, WrongState
from almoner.office.runs.told import paid_letters

BEFORE = {"approved": "sealed", "issued": "approved", "settled": "issued"}
"""The state each step begins from."""


@dataclass(frozen=True)
class FileToIssue:
    """One file as it will be issued. `reference` is the run's reference that the bank or ledger refuses twice."""

    format: str
    name: str
    media_type: str
    reference: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What the bank said of one payment: `paid`, or `bounced` and why."""

    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class Settled:
    """How many payments were paid and how many bounced; what bounced is due again in the next run."""

    run: str
    hash: str
    paid: int
    paid_pence: int
    bounced: int
    bounced_pence: int


def in_state(run: str, step: str) -> RunShown:
    """The run, proved to be in the state that `step` begins from. Raises NoSuchRun or WrongState."""
    shown = run_shown(run)
    if shown is None:
        raise NoSuchRun(f"There is no run {run}.", "See `almoner run show` for the runs there are.")
    if shown.origin == "imported":
        raise WrongState(f"Run {run} was paid before it was brought in.", "Nothing more is done with it.")
    if shown.state != BEFORE[step]:
        raise WrongState(f"Run {run} is {shown.state}; only a run that is {BEFORE[step]} can be {step}.", _next_step(shown.state, run))
    return shown


def _next_step(state: str, run: str) -> str:
    steps = {"draft": "seal", "sealed": "approve", "approved": "issue", "issued": "settle"}
    return f"Use `almoner run {steps[state]} {run}` next." if state in steps else "It is finished; later differences go in the next run."


def approve_run(*, run: str, by: str, at: datetime, reason: str = "") -> str:
    """Approve a sealed run; returns the hash of the event. Raises NoSuchRun, WrongState, SamePerson for whoever sealed it, or
    OwnOrganisation for whoever works for one of those it pays."""
    with transaction.atomic():
        hold_chain()
        shown = in_state(run, "approved")
        sealer = next(event.by for event in shown.events if event.event == "sealed")
        if is_same_person(sealer, by):
            raise SamePerson(f"{by} sealed run {run}, and a run is approved by another person.", "Ask a colleague who may approve.")
        if works_for(by):
            refuse_own(by, payments_of(run).column("payee_id").to_pylist())
        event = add_event(number=head()[0] + 1, subject=run, event="approved", by=by, at=at, reason=reason)
        write(act="approve_run", by=by, at=at, subject=run, summary={"hash": event.hash})
    return event.hash


def record_issue(*, run: str, files: Sequence[FileToIssue], by: str, at: datetime) -> RunEvent:
    """Keep the files of an approved run, byte for byte, and call it issued. Raises NoSuchRun or WrongState.

    Must be called inside a transaction that holds the chain (`hold_chain`).
    """
    in_state(run, "issued")
    IssuedFile.objects.bulk_create(
        [
            IssuedFile(
                run_id=run, number=number, format=file.format, name=file.name, media_type=file.media_type, reference=file.reference,
                bytes_hash=bytes_hash(file.content), size_bytes=len(file.content), content=file.content,
            )
            for number, file in enumerate(files, start=1)
        ],
        batch_size=50,
    )  # fmt: skip
    event = add_event(number=head()[0] + 1, subject=run, event="issued", by=by, at=at)
    write(act="issue_run", by=by, at=at, subject=run, summary={"files": len(files), "hash": event.hash})
    return event


def settle_run(*, run: str, by: str, at: datetime, outcomes: Mapping[str, Outcome] | None = None) -> Settled:
    """Record what became of an issued run's payments, by reference; those not named were paid.

    What bounced is due to the payee again. Raises NoSuchRun, WrongState, or NotSettled for a reference the run does not pay.
    """
    told = dict(outcomes or {})
    with transaction.atomic():
        hold_chain()
        book = in_state(run, "settled").book
        payments = [row for row in payments_of(run).to_pylist() if row["amount_pence"] > 0]
        unknown = sorted(told.keys() - {row["reference"] for row in payments})
        if unknown:
            raise NotSettled(f"Run {run} pays nothing under {', '.join(unknown[:5])}.", "Check the references on the bank's report.")
        strange = sorted(name for name, outcome in told.items() if outcome.outcome not in ("paid", "bounced"))
        if strange:
            raise NotSettled(f"{strange[0]} is neither paid nor bounced.", "Say `paid` or `bounced` for each reference.")
        lines = [_settlement(run, number, row, told) for number, row in enumerate(payments, start=1)]
        append_rows("almoner_settlement_lines", pa.Table.from_pylist(lines, schema=SETTLEMENTS))
        bounced = [(row, line) for row, line in zip(payments, lines, strict=True) if line["outcome"] == "bounced"]
        number = head()[0] + 1
        write_entries(number, [Entry(row["payee_id"], "bounced", row["amount_pence"]) for row, _ in bounced])
        event = add_event(number=number, subject=run, event="settled", by=by, at=at)
        if book == "payments":
            keep_promptness(run, at)
        letters = write_letters(kind=Email.PAID, wanted=paid_letters(run, {row["reference"] for row, _ in bounced}), at=at)
        summary: dict[str, Json] = {"payments": len(lines), "bounced": len(bounced), "hash": event.hash}
        write(act="settle_run", by=by, at=at, subject=run, summary=summary, rows=letters)
    pence = [row["amount_pence"] for row in payments]
    returned = [row["amount_pence"] for row, _ in bounced]
    return Settled(run, event.hash, len(lines) - len(bounced), sum(pence) - sum(returned), len(bounced), sum(returned))


def _settlement(run: str, number: int, payment: Mapping[str, str | int], told: Mapping[str, Outcome]) -> dict[str, str | int]:
    outcome = told.get(str(payment["reference"]), Outcome("paid"))
    return {
        "run_id": run, "number": number, "reference": payment["reference"], "outcome": outcome.outcome,
        "amount_pence": payment["amount_pence"], "reason": outcome.reason,
    }  # fmt: skip
