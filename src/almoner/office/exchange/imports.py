"""A folder of tables taken into the records: what is new or changed becomes a new version, and nothing is overwritten or deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from almoner.core.findings import Finding, Severity
from almoner.core.memory import in_memory
from almoner.core.tables import TABLES, Table
from almoner.formats.payments.modulus import ModulusTable
from almoner.formats.tables import Folder, read_folder
from almoner.formats.tables.noticed import MOST_NAMED
from almoner.office.care.agreeing import lines_in, tell_lines_to_agree
from almoner.office.exchange.impossible import impossible_accounts
from almoner.office.funding.percentages import OverHundred, shares_over_hundred
from almoner.office.journal.operations import write
from almoner.office.journal.refusals import Refusal
from almoner.office.records import stored_form
from almoner.office.records.comparison import Differences, differences
from almoner.office.records.operations import FileRead, TableRead, append_versions, hold_facts, keep_import, keep_outcome
from almoner.office.records.overlaps import Overlap, overlapping, series
from almoner.office.records.queries import table_known, versions_to_compare
from almoner.office.records.troubles import IMPORT_HASHES
from almoner.office.records.versions import VERSIONED
from almoner.office.runs.operations import import_prior_receipts
from almoner.office.runs.queries import receipts_of, runs_shown

PRIOR_RECEIPTS = "prior_receipts"
SHARES = "shares"
BANK_ACCOUNTS = "bank_accounts"
REFERRED_TO = sorted({column.refers_to for table in TABLES.values() for column in table.columns if column.refers_to})
Progress = Callable[[str, int, int], None]
"""Told the table that is next, how many are done, and how many there are."""


class IncompleteTable(Refusal):
    """A table was called complete, and what came in cannot say what is missing from it."""

    code: ClassVar[str] = "INCOMPLETE-TABLE"


@dataclass(frozen=True)
class Imported:
    """What an import did, or in a dry run would do. `batch` is its number, None in a dry run."""

    batch: int | None
    tables: tuple[TableRead, ...]
    findings: tuple[Finding, ...]


def import_folder(
    path: Path,
    *,
    by: str,
    at: datetime,
    complete: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress | None = None,
    modulus: ModulusTable | None = None,
) -> Imported:
    """Take the tables under `path` into the records, in one transaction with one line in the journal.

    A row whose natural key is not known is new; one that differs from what is known is a new version; one that says what
    is known already does nothing, so that the same folder twice changes nothing. What is known and did not come stays,
    unless its table is named in `complete`: then it is withdrawn. References may lead to what is known already. With
    `modulus`, accounts that cannot exist are rejected. A dry run works all of this out and keeps none of it. Raises
    `UnreadableFolder`, `IncompleteTable` and the refusals of `import_prior_receipts`.
    """
    told = progress or (lambda *_: None)
    with in_memory() as memory, transaction.atomic():
        hold_facts()
        files = files_under(path)
        folder = read_folder(path, {name: table_known(name) for name in REFERRED_TO})
        _refuse_incomplete(folder, complete)
        names = [name for name in TABLES if name in VERSIONED and name in folder.counts]
        batch = None if dry_run else keep_import(by=by, at=at, source=path.resolve().name, files=files)
        tables: list[TableRead] = []
        findings = list(folder.findings)
        changed: dict[str, pa.Table] = {}
        for done, name in enumerate(names):
            told(name, done, len(names))
            found, count = _compare(memory, folder, TABLES[name], whole=name in complete, findings=findings, modulus=modulus)
            tables.append(count)
            if batch is not None:
                append_versions(name, found.rows, by=by, at=at, batch=batch)
                append_versions(name, found.missing, by=by, at=at, batch=batch, withdrawn=True)
                changed |= {name: found.rows} if name in ("lines", "line_terms") else {}
        if PRIOR_RECEIPTS in folder.counts:
            tables.append(_open(folder, by=by, at=at))
        if batch is None:
            transaction.set_rollback(True)
        else:
            keep_outcome(batch, tables=tables, findings=findings)
            letters = tell_lines_to_agree(lines_in(changed), at=at, together=f"import {batch}")
            counted = {table.table: {name: count for name, count in asdict(table).items() if name != "table"} for table in tables}
            summary: dict[str, Any] = {"tables": counted, "findings": len(findings), "sha256": IMPORT_HASHES[stored_form.FORM](batch)}
            write(act="import", by=by, at=at, subject=f"import {batch}", summary=summary, rows=letters)
    return Imported(batch, tuple(tables), tuple(findings))


def files_under(path: Path) -> list[FileRead]:
    """Every table's file under `path` (or the one file it is), in the order of their names, hashed as they came."""
    if path.is_file():
        return [FileRead.of(path.name, path.read_bytes())]
    wanted = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in (".csv", ".parquet", ".xlsx"))
    return [FileRead.of(p.relative_to(path).as_posix(), p.read_bytes()) for p in wanted]


def _compare(
    memory: duckdb.DuckDBPyConnection,
    folder: Folder,
    table: Table,
    *,
    whole: bool,
    findings: list[Finding],
    modulus: ModulusTable | None,
) -> tuple[Differences, TableRead]:
    """What one table brings, beside what is known; `findings` are added to."""
    incoming, count = folder.tables[table.name], folder.counts[table.name]
    known = _known_beside(table, incoming, whole)
    refused: list[int] = []
    if table.name == SHARES and not whole:
        over = shares_over_hundred(memory, incoming, known.filter(pc.invert(known.column("withdrawn"))))
        findings += map(_over_hundred, over)
        refused = [share.row for share in over]
    if table.name == BANK_ACCOUNTS and modulus is not None:
        impossible = impossible_accounts(incoming, modulus)
        findings += impossible
        refused = [finding.row for finding in impossible]
    if refused:
        incoming = incoming.filter(pc.invert(pc.is_in(incoming.column("row"), pa.array(refused))))
    found = differences(memory, table, incoming, known, whole=whole)
    if not whole:
        findings += _overlaps(table, overlapping(memory, table, found.rows, incoming, known))
    rejected = count.left_out + len(refused)
    unchanged = count.read - rejected - found.new - found.updated
    return found, TableRead(table.name, count.read, found.new, found.updated, unchanged, rejected, found.missing.num_rows)


def _over_hundred(share: OverHundred) -> Finding:
    total = f"{share.total_basis_points // 100}.{share.total_basis_points % 100:02d}"
    return Finding(
        Severity.ERROR, SHARES, share.row, "percent", f"{share.percent_basis_points // 100}.{share.percent_basis_points % 100:02d}",
        "shares_over_hundred",
        f"With this row and the shares known already, funders would owe {total} % of line {share.line_id} on {share.day}.",
        "Lower the percentage, or send an end for the earlier share with it.",
    )  # fmt: skip


def _overlaps(table: Table, found: Sequence[Overlap]) -> list[Finding]:
    """Rows in force together with what is known already: both are kept, and which one counts is for someone to say."""
    told = [
        Finding(
            Severity.WARNING, table.name, row.row, "valid_from", row.valid_from.isoformat(), "overlap",
            f"From {max(row.valid_from, row.known_from)} the row overlaps one that is known already, which has the same"
            f" {' and '.join(series(table))} ({row.shown}), begins on {row.known_from} and"
            f" {f'holds until {row.known_until}' if row.known_until else 'is open'}.",
            "Send the earlier row again with its end, or take this one away.",
        )
        for row in found[:MOST_NAMED]
    ]  # fmt: skip
    if (rest := len(found) - len(told)) > 0:
        message = f"{rest:,} more rows of {table.name} overlap what is known already."
        told.append(Finding(Severity.WARNING, table.name, 0, "", "", "overlap", message, "Mend those that are named and import again."))
    return told


def _known_beside(table: Table, incoming: pa.Table, whole: bool) -> pa.Table:
    """What is known and may have the keys that came in: of dated keys only those days, unless all that is known is asked about."""
    if whole or "date" not in table.key or incoming.num_rows == 0:
        return versions_to_compare(table.name)
    first, last = pc.min_max(incoming.column("date")).values()
    return versions_to_compare(table.name, first_day=first.as_py(), last_day=last.as_py())


def _open(folder: Folder, *, by: str, at: datetime) -> TableRead:
    """Receipts sealed before Almoner become the opening run of each book; the same ones again change nothing."""
    count, rows = folder.counts[PRIOR_RECEIPTS], folder.tables[PRIOR_RECEIPTS]
    opened = [shown.run for shown in runs_shown() if shown.origin == "imported"]
    known = pa.concat_tables([receipts_of(run).select(_OPENING) for run in opened]) if opened else None
    if known is not None and _alike(rows, known):
        return TableRead(PRIOR_RECEIPTS, count.read, 0, 0, count.used, count.left_out, 0)
    import_prior_receipts(rows, by=by, at=at)
    return TableRead(PRIOR_RECEIPTS, count.read, count.used, 0, 0, count.left_out, 0)


_OPENING = ["book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week", "amount_pence"]


def _alike(rows: pa.Table, known: pa.Table) -> bool:
    """Whether receipts that came in are those of the opening runs, in whatever order."""
    came = rows.rename_columns({"amount": "amount_pence"}).select(_OPENING)
    texts = [pc.fill_null(column, "") if pa.types.is_string(column.type) else column for column in came.columns]
    came = pa.table(texts, names=_OPENING)
    order = [(name, "ascending") for name in _OPENING]
    same: bool = came.sort_by(order).equals(known.cast(came.schema).sort_by(order))
    return same


def _refuse_incomplete(folder: Folder, complete: Sequence[str]) -> None:
    for name in complete:
        if name not in VERSIONED:
            raise IncompleteTable(f"{name} is not a table that can be complete.", f"Name one of {', '.join(VERSIONED)}.")
        if name not in folder.counts:
            raise IncompleteTable(
                f"{name} is said to be complete, but there is no such file.", "Put the file in the folder, or leave --complete out."
            )
        if folder.counts[name].left_out:
            raise IncompleteTable(
                f"{name} is said to be complete, but not all its rows can be read (rejected: {folder.counts[name].left_out}).",
                "Mend those rows first, or leave --complete out.",
            )
