"""Drafts: worked out, looked at, sealed or thrown away. A draft counts for nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from almoner.office.journal.operations import write
from almoner.office.records.operations import fix_as_of
from almoner.office.records.queries import facts_head
from almoner.office.runs.calculation import Gathered, Reckoned, code_version, figures_for, figures_version, gather, reckon
from almoner.office.runs.grounds import find_ground
from almoner.office.runs.models import Draft, DraftTable, Run, RunNumber
from almoner.office.runs.operations.events import head, hold_chain
from almoner.office.runs.queries import balances, total_pence
from almoner.office.runs.refusals import CycleOfCharges, DiscardSealed, NoSuchRun
from almoner.office.runs.stored import Kept, keep_all


@dataclass(frozen=True)
class Drafted:
    """A draft as it was made: its id, counts and pence."""

    run: str
    book: str
    through: date
    cycle: str
    as_of: datetime
    reason_for_scope: str
    receipts: int
    receipts_pence: int
    holds: int
    held_pence: int


def draft_run(*, book: str, through: date, by: str, at: datetime, cycle: str = "", full: bool = False) -> Drafted:
    """Work out a run from the facts known at `at`; it waits to be sealed or discarded.

    Facts recorded later wait for another run, so the calculation runs outside any lock. `cycle` names the contracts whose
    receipts are posted; `full` works out everything instead of what is new, changed or held. Raises CycleOfCharges and DaysNotKnown.
    """
    return _keep(_work_out(book, through, cycle, at, full=full), by=by, at=at)


def draft_unless_empty(*, book: str, through: date, by: str, at: datetime, cycle: str = "", full: bool = False) -> Drafted | None:
    """As `draft_run`; None, and nothing is kept, when there is nothing to post, nothing held and, of payments, nobody to be paid."""
    worked = _work_out(book, through, cycle, at, full=full)
    owing = book == "payments" and pc.any(pc.greater(balances().column("balance_pence"), 0)).as_py()
    return _keep(worked, by=by, at=at) if owing or not worked.is_empty else None


@dataclass(frozen=True)
class _Worked:
    """A run worked out and not yet kept: its header, its receipts and holds, and every table of it in its stored form."""

    book: str
    through: date
    cycle: str
    as_of: datetime
    drafted_after: int
    facts_head: str
    gathered: Gathered
    reckoned: Reckoned
    tables: list[Kept]

    @property
    def is_empty(self) -> bool:
        return not (self.reckoned.receipts.num_rows or self.reckoned.holds.num_rows)

    @property
    def reason(self) -> str:
        return self.gathered.reason + (" There is nothing to post and nothing is held." if self.is_empty else "")


def _work_out(book: str, through: date, cycle: str, at: datetime, *, full: bool) -> _Worked:
    if book == "charges" and cycle:
        raise CycleOfCharges("A charge is for a person and a week, whatever the contracts' cycles.", "Draft the charges without a cycle.")
    figures_for(through)  # what is refused fixes no moment
    with transaction.atomic():
        as_of = fix_as_of(at)
        hold_chain()
        until_event, _ = head()
        _, known_facts = facts_head()
    found = find_ground(book, cycle, until_event)
    gathered = gather(
        as_of=as_of,
        through=through,
        until_event=until_event,
        ground=found.ground,
        full=full or bool(found.why_full),
        why_full=found.why_full,
    )
    with ThreadPoolExecutor() as pool:
        keeping = keep_all(pool, _read(gathered))
        reckoned = reckon(
            gathered.inputs, gathered.figures, book=book, through=through, cycle=cycle, scope=gathered.scope, since=gathered.since
        )
        kept = [table.result() for table in (*keeping, *keep_all(pool, _made(reckoned)))]
    return _Worked(book, through, cycle, as_of, until_event, known_facts, gathered, reckoned, kept)


def _keep(worked: _Worked, *, by: str, at: datetime) -> Drafted:
    receipts, holds = worked.reckoned.receipts, worked.reckoned.holds
    with transaction.atomic():
        run = f"R-{RunNumber.objects.create(given_at=at).pk:04d}"
        Draft.objects.create(
            id=run, book=worked.book, through=worked.through, cycle=worked.cycle, as_of=worked.as_of,
            is_full=worked.gathered.scope is None, reason_for_scope=worked.reason, drafted_after=worked.drafted_after,
            figures_version=figures_version(), code_version=code_version(), facts_head=worked.facts_head,
            drafted_by=by, drafted_at=at.astimezone(UTC),
        )  # fmt: skip
        DraftTable.objects.bulk_create(
            DraftTable(
                draft_id=run, role=table.role, name=table.name, row_count=table.row_count, content_hash=table.content_hash,
                bytes_hash=table.bytes_hash, content=table.content,
            )
            for table in worked.tables
        )  # fmt: skip
        write(
            act="draft_run",
            by=by,
            at=at,
            subject=run,
            summary={"book": worked.book, "receipts": receipts.num_rows, "holds": holds.num_rows},
        )
    return Drafted(
        run, worked.book, worked.through, worked.cycle, worked.as_of, worked.reason, receipts.num_rows, total_pence(receipts),
        holds.num_rows, total_pence(holds),
    )  # fmt: skip


def discard_run(*, run: str, by: str, at: datetime) -> None:
    """Throw a draft away; nothing of it counts. Raises NoSuchRun, or DiscardSealed for a run that was sealed."""
    with transaction.atomic():
        hold_chain()
        draft = Draft.objects.filter(id=run).first()
        if draft is None:
            if Run.objects.filter(id=run).exists():
                raise DiscardSealed(
                    f"Run {run} was sealed, and what is sealed stands.", "Correct the facts; the next run posts the difference."
                )
            raise NoSuchRun(f"There is no draft {run}.", "See `almoner run show` for the runs there are.")
        draft.delete()
        write(act="discard_run", by=by, at=at, subject=run)


def _read(gathered: Gathered) -> list[tuple[str, str, pa.Table]]:
    """Everything a run read, by role and name."""
    tables = [("input", name, table) for name, table in gathered.inputs.items()]
    tables += [("figure", name, table) for name, table in gathered.figures.items()]
    if gathered.scope is not None:
        tables.append(("scope", "scope", gathered.scope))
    if gathered.since is not None:
        tables += [("since", name, table) for name, table in gathered.since.tables().items()]
    return tables


def _made(reckoned: Reckoned) -> list[tuple[str, str, pa.Table]]:
    """Everything a run made, by role and name."""
    workings = [("working", name, table) for name, table in reckoned.workings.items()]
    return [*workings, ("result", "receipts", reckoned.receipts), ("result", "holds", reckoned.holds)]
