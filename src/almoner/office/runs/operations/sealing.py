"""Sealing: from here on a run stands for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from almoner.office.accounts.emails import Email
from almoner.office.journal.operations import Json, write
from almoner.office.letters.operations import write_letters
from almoner.office.letters.wording import tell_many_held
from almoner.office.records import stored_form
from almoner.office.records.bulk import append_rows
from almoner.office.records.queries import facts_head
from almoner.office.runs.calculation import code_version, figures_version
from almoner.office.runs.chain import TABLE_HASHES, bytes_hash, rows_hash
from almoner.office.runs.holds import hold_ids
from almoner.office.runs.models import Draft, DraftTable, Run, RunEvent, RunNumber
from almoner.office.runs.operations.balances import write_payments
from almoner.office.runs.operations.events import add_event, head, hold_chain
from almoner.office.runs.queries import POSTED, SEALED_HOLDS, receipts_of, run_shown, total_pence
from almoner.office.runs.refusals import BookBegun, DraftStale, NoSuchRun, Overlap, WrongState
from almoner.office.runs.stored import from_parquet
from almoner.office.runs.told import held_letters


@dataclass(frozen=True)
class Sealed:
    """A sealed run: its id, the hash of its event, counts and pence. `payments` counts payees who are paid something."""

    run: str
    hash: str
    receipts: int
    receipts_pence: int
    holds: int
    payments: int
    payments_pence: int
    carried: int


def seal_run(*, run: str, by: str, at: datetime, reason: str = "") -> Sealed:
    """Make a draft stand: receipts, holds, payments and everything it read are written for good, and the chain covers them.

    `reason`: why it is sealed although not all that should be looked at was; the chain keeps it.

    Raises NoSuchRun, WrongState, Overlap when another run has sealed a key in its scope since it was drafted, DraftStale when it was
    made by another version, InvariantBroken when what was written does not read back as it was worked out.
    """
    with transaction.atomic():
        hold_chain()
        draft = Draft.objects.select_for_update().filter(id=run).first()
        if draft is None:
            raise _not_a_draft(run)
        _refuse_stale(draft)
        scope = _draft_result(draft, "scope", "scope", required=False)
        _refuse_overlap(draft, scope)
        receipts, holds = _draft_result(draft, "result", "receipts"), _draft_result(draft, "result", "holds")
        assert receipts is not None and holds is not None, "a draft has receipts and holds, be they none"
        _write_header(draft)
        posted = _numbered(receipts, run)
        held = _numbered(holds.add_column(0, "hold_id", hold_ids(holds)), run)
        append_rows("almoner_receipts", posted)
        append_rows("almoner_sealed_holds", held)
        _move_tables(run)
        number = head()[0] + 1
        payments = write_payments(run=run, book=draft.book, receipts=receipts, event=number)
        written = {"receipts": rows_hash(posted.select(POSTED.names)), "holds": rows_hash(held.select(SEALED_HOLDS.names))}
        event = add_event(number=number, subject=run, event="sealed", by=by, at=at, reason=reason, written=written)
        draft.delete()
        letters = write_letters(kind=Email.HELD, wanted=held_letters(run, at), at=at, together=run, many=tell_many_held)
        summary: dict[str, Json] = {"receipts": posted.num_rows, "holds": held.num_rows, "hash": event.hash}
        write(act="seal_run", by=by, at=at, subject=run, summary=summary, rows=letters)
    return Sealed(
        run, event.hash, posted.num_rows, total_pence(posted), held.num_rows, payments.paid, payments.paid_pence, payments.carried
    )


def import_prior_receipts(table: pa.Table, *, by: str, at: datetime) -> dict[str, Sealed]:
    """Bring in what was paid before Almoner (`core.tables.PRIOR_RECEIPTS`): one opening run a book, with origin *imported*.

    Raises BookBegun when one of the books has a run. Returns the runs by book; empty without rows.
    """
    opened: dict[str, Sealed] = {}
    if table.num_rows == 0:
        return opened
    with transaction.atomic():
        hold_chain()
        for book in sorted(pc.unique(table.column("book")).to_pylist()):
            if Run.objects.filter(book=book).exists():
                raise BookBegun(
                    f"The book of {book} has a run already, so what was paid before it can no longer be brought in.",
                    "Leave prior_receipts out of the folder; enter what is missing as a one-off line.",
                )
            opened[book] = _open_book(book, table.filter(pc.equal(table.column("book"), book)), by=by, at=at)
    return opened


def _open_book(book: str, rows: pa.Table, *, by: str, at: datetime) -> Sealed:
    run = f"R-{RunNumber.objects.create(given_at=at).pk:04d}"
    number, _ = head()
    moment = at.astimezone(UTC)
    Run.objects.create(
        id=run, book=book, through=pc.max(rows.column("week")).as_py(), cycle="", as_of=moment, origin="imported", is_full=True,
        reason_for_scope="What was paid before.", drafted_after=number, figures_version=figures_version(),
        code_version=code_version(), facts_head=facts_head()[1],
        drafted_by=by, drafted_at=moment,
    )  # fmt: skip
    blank = pa.scalar("", pa.string())
    filled = {name: pc.fill_null(rows.column(name), blank) for name in ("payee_id", "person_id", "line_id", "provider_id", "funder_id")}
    count = rows.num_rows
    receipts = pa.table(
        {
            "book": rows.column("book"), **filled, "week": rows.column("week"), "kind": pa.repeat("imported", count),
            "amount_pence": rows.column("amount"), "cause": pa.repeat("Paid before, brought in from the earlier system.", count),
        }
    )  # fmt: skip
    posted = _numbered(receipts, run)
    append_rows("almoner_receipts", posted)
    event = add_event(number=number + 1, subject=run, event="sealed", by=by, at=at, reason="brought in")
    write(act="import_prior_receipts", by=by, at=at, subject=run, summary={"book": book, "receipts": count, "hash": event.hash})
    return Sealed(run, event.hash, count, total_pence(posted), 0, 0, 0, 0)


def _not_a_draft(run: str) -> NoSuchRun | WrongState:
    shown = run_shown(run)
    if shown is None:
        return NoSuchRun(f"There is no draft {run}.", "See `almoner run show` for the runs there are.")
    return WrongState(f"Run {run} is {shown.state}; only a draft is sealed.", "Draft another run for what has changed since.")


def _refuse_stale(draft: Draft) -> None:
    if draft.code_version != code_version() or draft.figures_version != figures_version():
        raise DraftStale(
            f"Draft {draft.id} was worked out by another version of Almoner ({draft.code_version}; this is {code_version()}).",
            "Discard it and draft again.",
        )


def _draft_result(draft: Draft, role: str, name: str, *, required: bool = True) -> pa.Table | None:
    """A table of a draft, proved to be what was kept; None when it has none and need not."""
    kept = DraftTable.objects.filter(draft=draft, role=role, name=name).first()
    if kept is None:
        assert not required, f"a draft keeps its {name}"
        return None
    content = bytes(kept.content)
    table = from_parquet(content)
    if bytes_hash(content) != kept.bytes_hash or TABLE_HASHES[stored_form.FORM](table) != kept.content_hash:
        raise DraftStale(f"The {name} of draft {draft.id} do not read back as they were kept.", "Discard it and draft again.")
    return table


def _refuse_overlap(draft: Draft, scope: pa.Table | None) -> None:
    """Two drafts over the same keys can never both be sealed (DIF-4)."""
    since = set(RunEvent.objects.filter(event="sealed", number__gt=draft.drafted_after).values_list("subject", flat=True))
    for other in Run.objects.filter(id__in=since, book=draft.book).order_by("id"):
        if draft.cycle and other.cycle and draft.cycle != other.cycle:
            continue
        receipts = receipts_of(other.id)
        keys = receipts.filter(pc.less_equal(receipts.column("week"), pa.scalar(draft.through, pa.date32())))
        both = keys if scope is None else keys.join(scope, keys="person_id", join_type="inner")
        if scope is not None:
            both = both.filter(
                pc.and_(
                    pc.greater_equal(both.column("week"), both.column("from_date")), pc.less(both.column("week"), both.column("until_date"))
                )
            )
        if both.num_rows:
            raise Overlap(
                f"Run {other.id} has posted {both.num_rows} of the weeks that draft {draft.id} looks at since it was drafted.",
                "Discard this draft and draft again: the new one posts only what is still owed.",
            )


def _write_header(draft: Draft) -> None:
    Run.objects.create(
        id=draft.id, book=draft.book, through=draft.through, cycle=draft.cycle, as_of=draft.as_of, origin="calculated",
        is_full=draft.is_full, reason_for_scope=draft.reason_for_scope, drafted_after=draft.drafted_after,
        figures_version=draft.figures_version, code_version=draft.code_version, facts_head=draft.facts_head,
        drafted_by=draft.drafted_by, drafted_at=draft.drafted_at,
    )  # fmt: skip


def _numbered(rows: pa.Table, run: str) -> pa.Table:
    """The rows with their run and their number in it, from 1."""
    numbers = pa.array(range(1, rows.num_rows + 1), pa.int64())
    return rows.add_column(0, "number", numbers).add_column(0, "run_id", pa.repeat(pa.scalar(run, pa.string()), rows.num_rows))


def _move_tables(run: str) -> None:
    """Keep for good what the draft read and made, save what has rows of its own."""
    columns = "role, name, row_count, content_hash, bytes_hash, content"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO almoner_stored_tables (run_id, {columns}) SELECT draft_id, {columns} FROM almoner_draft_tables"
            " WHERE draft_id = %s AND role <> 'result'",
            [run],
        )
