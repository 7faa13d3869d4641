"""Is what is stored still what was sealed? All that is kept against the chain, and every run worked out again (RUN-2, RUN-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

from almoner.core.second_person import spelled_alike
from almoner.core.tables import HOLDS, RECEIPTS, TABLES
from almoner.office.journal.kept import kept_tables, troubles_in_kept
from almoner.office.journal.queries import entries, troubles_in_answers, troubles_in_journal
from almoner.office.journal.rows import row_tables, troubles_in_rows
from almoner.office.records.queries import recording_hashes
from almoner.office.records.sealing import sealed_tables
from almoner.office.records.stored_form import FORM, unknown_form
from almoner.office.records.troubles import IMPORT_HASHES, Trouble, imports_kept, troubles_in_facts, troubles_in_text
from almoner.office.runs.calculation import code_version, reckon
from almoner.office.runs.chain import BEGINNING, TABLE_HASHES, Link, bytes_hash, table_hash
from almoner.office.runs.contents import OF_EVENT, OF_RUN, PARTS, content_of
from almoner.office.runs.models import BalanceEntry, IssuedFile, Run, RunEvent, StoredTable
from almoner.office.runs.queries import (
    holds_of,
    payments_of,
    receipts_of,
    stored_table,
    stored_tables,
)
from almoner.office.runs.scope import since_from
from almoner.office.runs.stored import from_parquet

STEPS = ("sealed", "approved", "issued", "settled")
LEAST_HEAD = 12
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Verified:
    """What was looked at and what was found. `differing` runs post something else under this version of the code: no tampering."""

    events: int
    runs: int
    recalculated: int
    head: str
    troubles: tuple[Trouble, ...]
    differing: tuple[str, ...]


def verify(*, head: str = "", recalculate: bool = True, progress: Progress | None = None) -> Verified:
    """Check everything stored, and work every calculated run out again from what it read.

    `head`: a hash that an issued file carries (at least twelve letters of it); if no event has it, runs were taken away or the
    chain was made anew. Changes nothing.
    """
    told = progress or (lambda *_: None)
    troubles: list[Trouble] = []
    checks: tuple[tuple[str, Callable[[], Iterator[Trouble]]], ...] = (
        ("chain", troubles_in_chain), ("runs", troubles_in_runs), ("strays", troubles_in_strays), ("balances", troubles_in_balances),
        ("files", troubles_in_files), ("tables", troubles_in_tables), ("facts", troubles_in_facts), ("journal", troubles_in_journal),
        ("answers", troubles_in_answers), ("text", troubles_in_text), ("imports", troubles_in_imports), ("anchors", troubles_in_anchors),
        ("kept", troubles_in_kept), ("rows", troubles_in_rows), ("seals", troubles_in_seals),
    )  # fmt: skip
    for done, (name, check) in enumerate(checks):
        told(name, done, len(checks))
        troubles += check()
    if head:
        troubles += _troubles_with_head(head)
    differing: list[str] = []
    runs = list(Run.objects.filter(origin="calculated").order_by("id"))
    for done, run in enumerate(runs if recalculate else ()):
        told("recalculating", done, len(runs))
        wrong = list(troubles_in_calculation(run))
        if wrong and run.code_version != code_version():
            differing.append(f"{run.id} differs under version {code_version()}; it was sealed under {run.code_version}.")
        else:
            troubles += wrong
    last = RunEvent.objects.order_by("-number").first()
    count = RunEvent.objects.count()
    return Verified(
        count, Run.objects.count(), len(runs) if recalculate else 0, last.hash if last else "", tuple(troubles), tuple(differing)
    )


def troubles_in_chain() -> Iterator[Trouble]:
    """Every event against the one before and against what was written with it. One that is wrong is named once."""
    previous, number = BEGINNING, 0
    for event in RunEvent.objects.order_by("number").iterator():
        number += 1
        where = f"event {event.number} ({event.event} {event.subject})"
        if event.number != number:
            yield Trouble(f"event {number}", "is missing")
            number = event.number
        if event.previous_hash != previous:
            yield Trouble(where, "does not follow the event before it")
        previous = event.hash
        if event.form not in PARTS:
            yield Trouble(where, unknown_form(event.form))
            continue
        if _as_said(event).hash() != event.hash:
            yield Trouble(where, "is not what was written")
        if content_of(event.form, event.number, event.subject, event.event) != event.content_hash:
            yield Trouble(where, "no longer covers what was written with it: rows were altered, added, taken away or reordered")


def _as_said(event: RunEvent) -> Link:
    return Link(
        event.number, event.subject, event.event, event.by, event.at, event.reason, event.journal_head, event.form, event.content_hash,
        event.previous_hash,
    )  # fmt: skip


def troubles_in_runs() -> Iterator[Trouble]:
    """Every run has its events in order, approved by another than sealed it; no event speaks of a run that is not there."""
    taken: dict[str, list[RunEvent]] = {}
    for event in RunEvent.objects.filter(subject__startswith="R-").order_by("number"):
        taken.setdefault(event.subject, []).append(event)
    known = set(Run.objects.values_list("id", flat=True))
    for run in sorted(known | taken.keys()):
        steps = [event.event for event in taken.get(run, [])]
        if run not in known:
            yield Trouble(f"run {run}", "is missing, and the chain speaks of it")
        elif steps != list(STEPS[: len(steps)]) or not steps:
            yield Trouble(f"run {run}", f"went from step to step as {', '.join(steps) or 'none'}")
        people = {event.event: spelled_alike(event.by) for event in taken.get(run, [])}
        if "approved" in people and people["approved"] == people.get("sealed"):
            yield Trouble(f"run {run}", "was approved by the person who sealed it")
    acts = {entry.subject for entry in entries(act="seal_run")} | {entry.subject for entry in entries(act="import_prior_receipts")}
    for run in sorted(known - acts):
        yield Trouble(f"run {run}", "has no line in the journal")


def troubles_in_strays() -> Iterator[Trouble]:
    """Rows that belong to no event of the chain."""
    for event, tables in OF_RUN.items():
        for _, table, _, _ in tables:
            yield from _strays(table, f"run_id NOT IN (SELECT subject FROM almoner_run_events WHERE event = '{event}')")
    yield from _strays("almoner_runs", "id NOT IN (SELECT subject FROM almoner_run_events WHERE event = 'sealed')")
    for _, table, _, _ in OF_EVENT:
        yield from _strays(table, "event_id NOT IN (SELECT number FROM almoner_run_events)")


def _strays(table: str, condition: str) -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {condition}')
        count = cursor.fetchone()[0]
    if count:
        yield Trouble(table.removeprefix("almoner_"), f"has {count} rows that no event speaks of")


def troubles_in_balances() -> Iterator[Trouble]:
    """Every payment against its receipts and against what was carried when its run was sealed."""
    sealed = RunEvent.objects.filter(event="sealed").order_by("number").values_list("subject", "number")
    entered = list(BalanceEntry.objects.order_by("event_id", "number").values_list("event_id", "payee_id", "amount_pence"))
    for run, number in sealed:
        payments = payments_of(run).to_pylist()
        if not payments:
            continue
        sums = receipts_of(run).group_by("payee_id").aggregate([("amount_pence", "sum")]).to_pydict()
        due = dict(zip(sums["payee_id"], sums["amount_pence_sum"], strict=True))
        before, after = _balances_around(entered, number)
        for row in payments:
            payee = row["payee_id"]
            told = (row["receipts_pence"], row["carried_in_pence"], row["carried_out_pence"])
            if told != (due.pop(payee, 0), before.get(payee, 0), after.get(payee, 0)):
                yield Trouble(f"run {run}, payment {row['number']}", "is not what the payee's receipts and balance come to")
        for payee in sorted(due):
            yield Trouble(f"run {run}", f"has receipts for {payee} and no payment")


def _balances_around(entered: list[tuple[int, str, int]], number: int) -> tuple[dict[str, int], dict[str, int]]:
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for event, payee, pence in entered:
        if event < number:
            before[payee] = sum((before.get(payee, 0), pence))
        if event <= number:
            after[payee] = sum((after.get(payee, 0), pence))
    return before, after


def troubles_in_files() -> Iterator[Trouble]:
    """Every issued file against its hash and size."""
    for file in IssuedFile.objects.order_by("run_id", "number").iterator(chunk_size=50):
        content = bytes(file.content)
        if bytes_hash(content) != file.bytes_hash or len(content) != file.size_bytes:
            yield Trouble(f"file {file.name} of {file.run_id}", "is not the file that was issued")


def troubles_in_tables() -> Iterator[Trouble]:
    """Every table a run keeps against both its hashes. What is kept in a form unknown here is named with its event."""
    forms_of = dict(RunEvent.objects.filter(event="sealed").values_list("subject", "form"))
    for kept in StoredTable.objects.order_by("run_id", "role", "name").iterator(chunk_size=20):
        where = f"{kept.role} {kept.name} of {kept.run_id}"
        content = bytes(kept.content)
        if bytes_hash(content) != kept.bytes_hash:
            yield Trouble(where, "is not what was kept")
            continue
        try:
            table = from_parquet(content)
        except pa.ArrowInvalid:
            yield Trouble(where, "cannot be read")
            continue
        hashed = TABLE_HASHES.get(forms_of.get(kept.run_id, FORM))
        if (hashed and hashed(table) != kept.content_hash) or table.num_rows != kept.row_count:
            yield Trouble(where, "does not hold the values that were kept")


def troubles_in_imports() -> Iterator[Trouble]:
    """Everything kept of an import against the hash that its line in the journal names."""
    kept = imports_kept()
    for entry in entries(act="import"):
        batch = int(entry.subject.removeprefix("import "))
        if entry.form in IMPORT_HASHES and IMPORT_HASHES[entry.form](batch) != entry.summary.get("sha256"):
            yield Trouble(f"import {batch}", "is not what was taken in: what is kept of it was altered, added or taken away")
        kept.discard(batch)
    for batch in sorted(kept):
        yield Trouble(f"import {batch}", "has no line in the journal")


def troubles_in_anchors() -> Iterator[Trouble]:
    """The facts and the journal that the chain has seen must still be there under the hashes they had then."""
    recordings = recording_hashes() | {""}
    for run in Run.objects.order_by("id"):
        if run.facts_head not in recordings:
            yield Trouble(f"run {run.id}", "rests on facts whose recording is no longer there: facts were taken away or recorded anew")
    lines = _journal_hashes()
    for event in RunEvent.objects.order_by("number"):
        if event.journal_head not in lines:
            yield Trouble(f"event {event.number}", "follows a line of the journal that is no longer there")


def _journal_hashes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sha256 FROM almoner_journal")
        return {row[0] for row in cursor.fetchall()} | {""}


def troubles_in_seals() -> Iterator[Trouble]:
    """Every table that is sealed must still refuse to be changed."""
    sealed = sealed_tables(connection)
    expected = {table for tables in OF_RUN.values() for _, table, _, _ in tables} | {table for _, table, _, _ in OF_EVENT}
    expected |= {
        "almoner_runs",
        "almoner_run_events",
        "almoner_releases",
        "almoner_journal",
        "almoner_idempotency_keys",
        "almoner_recordings",
    }
    expected |= {f"almoner_{name}" for name in TABLES if name != "prior_receipts"} | set(kept_tables()) | set(row_tables())
    for table in sorted(expected - sealed):
        yield Trouble(table.removeprefix("almoner_"), "no longer refuses to be changed: its seal is gone")


def _troubles_with_head(head: str) -> Iterator[Trouble]:
    wanted = head.strip().lower()
    if len(wanted) < LEAST_HEAD or not RunEvent.objects.filter(hash__startswith=wanted).exists():
        yield Trouble(f"head {head}", "is the hash of no event: runs were taken away after it, or the chain was made anew")


def troubles_in_calculation(run: Run) -> Iterator[Trouble]:
    """A run worked out again from what it read: the same receipts, holds and workings, to the byte."""
    try:
        inputs, figures = stored_tables(run.id, "input"), stored_tables(run.id, "figure")
        since = stored_tables(run.id, "since")
        scope, kept = stored_table(run.id, "scope", "scope"), stored_tables(run.id, "working")
        typed = {name: table.cast(TABLES[name].schema) for name, table in inputs.items()}
        again = reckon(
            typed, figures, book=run.book, through=run.through, cycle=run.cycle, scope=scope, since=since_from(since) if since else None
        )
    except (pa.ArrowException, KeyError) as trouble:
        yield Trouble(f"run {run.id}", f"cannot be worked out again: what it read does not fit ({type(trouble).__name__})")
        return
    told: tuple[tuple[str, pa.Table, pa.Table], ...] = (
        ("receipts", receipts_of(run.id).select([*RECEIPTS.names, "cause"]), again.receipts),
        ("holds", holds_of(run.id).select(HOLDS.names), again.holds),
        *((name, kept[name], table) for name, table in again.workings.items() if name in kept),
    )
    for name, stood, now in told:
        if _in_order(stood) != _in_order(now):
            yield Trouble(f"run {run.id}", f"worked out again from what it read, its {name} are others")


def _in_order(table: pa.Table) -> str:
    """A hash over the rows in one order: workings of the same line and day may come in any."""
    plain = [(name, "ascending") for name in table.column_names if not pa.types.is_nested(table.schema.field(name).type)]
    return table_hash(table.sort_by(plain)) if table.num_rows else table_hash(table)


def as_rows(troubles: tuple[Trouble, ...]) -> list[dict[str, Any]]:
    """Troubles as plain rows."""
    return [{"where": trouble.where, "message": trouble.message} for trouble in troubles]
