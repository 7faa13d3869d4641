"""Issuing: the files of a run are made once, kept with it, and written where they are asked for; again, they are the same bytes."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.figures.bank_holidays import is_working_day, working_day_after
from almoner.formats.ledgers.mapping import Mapping as LedgerMapping
from almoner.formats.ledgers.mapping import shipped_mapping
from almoner.office.exchange.council import Council
from almoner.office.exchange.files_out import Progress, ToIssue, formats_to_issue, make_files, why_not
from almoner.office.exchange.impossible import payees_not_possible
from almoner.office.exchange.issued_rows import FACTS, run_rows
from almoner.office.parties.queries import account_on
from almoner.office.records.queries import table_known
from almoner.office.runs.calendar import pay_date_of
from almoner.office.runs.operations import record_issue
from almoner.office.runs.operations.events import head, hold_chain
from almoner.office.runs.operations.steps import in_state
from almoner.office.runs.queries import RunShown, files_issued, payments_of, receipts_of, run_shown, stored_table
from almoner.office.runs.refusals import NoSuchRun, WrongState

LOCAL = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Issued:
    """What was issued: the run's reference, the files by name, and the formats left out with why. `again` = it had been issued before.

    `not_possible`: payees whose account cannot exist by the modulus check; the bank will send their money back.
    """

    run: str
    reference: str
    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    again: bool
    not_possible: tuple[str, ...] = ()


def issue_run(
    *,
    run: str,
    by: str,
    at: datetime,
    council: Council,
    mapping: LedgerMapping | None = None,
    formats: Sequence[str] = (),
    pay_date: date | None = None,
    progress: Progress | None = None,
) -> Issued:
    """Make and keep the files of an approved run; a run issued before keeps what it has.

    Without `formats`, every format that can be made of this run. `pay_date`: the day the money arrives; without one the calendar's,
    or the first that Bacs can reach. Raises NoSuchRun, WrongState, FormatNotPossible and the refusals of the formats.
    """
    shown = run_shown(run)
    if shown is not None and shown.state in ("issued", "settled"):
        return _issued_before(shown, formats)
    shown = in_state(run, "issued")
    # Making thousands of remittances takes minutes, so it is done before the chain is held; a sealed run cannot change meanwhile.
    issue = _to_issue(shown, at, council, mapping or shipped_mapping(council.ledger_mapping), pay_date, progress)
    left_out = () if formats else tuple((name, reason) for name in formats_to_issue() if (reason := why_not(issue, name)))
    chosen = list(dict.fromkeys(formats)) or [name for name in formats_to_issue() if name not in dict(left_out)]
    files = make_files(issue, chosen)
    with transaction.atomic():
        hold_chain()
        record_issue(run=run, files=files, by=by, at=at)
    paid = [payment["payee_id"] for payment in issue.paid]
    not_possible = payees_not_possible(issue.accounts, paid, council.modulus)
    return Issued(run, issue.reference, tuple(file.name for file in files), left_out, again=False, not_possible=not_possible)


def write_out(*, run: str, folder: Path) -> list[Path]:
    """Write a run's issued files under `folder`, each whole or not at all; the same bytes every time. Raises NoSuchRun or WrongState."""
    shown = run_shown(run)
    if shown is None:
        raise NoSuchRun(f"There is no run {run}.", "See `almoner run show` for the runs there are.")
    if shown.state not in ("issued", "settled"):
        raise WrongState(f"Run {run} is {shown.state}; it has no files yet.", "Issue it first.")
    written = []
    for file in files_issued(run):
        written.append(folder / file.name)
        write_whole(written[-1], bytes(file.content))
    return written


def write_whole(path: Path, content: bytes) -> None:
    """Put the bytes in a file beside `path`, on the disk, and only then give it its name: a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _issued_before(shown: RunShown, formats: Sequence[str]) -> Issued:
    files = files_issued(shown.run)
    had = {file.format for file in files}
    wanting = [name for name in formats if name not in had]
    if wanting:
        raise WrongState(
            f"Run {shown.run} was issued as {', '.join(sorted(had - {'manifest'}))}, and is issued once.",
            f"What {wanting[0]} would say is in those files.",
        )
    reference = next(file.reference for file in files if file.format == "manifest")
    return Issued(shown.run, reference, tuple(file.name for file in files), (), again=True)


def _to_issue(
    shown: RunShown, at: datetime, council: Council, mapping: LedgerMapping, pay_date: date | None, progress: Progress | None
) -> ToIssue:
    local = at.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)
    day = pay_date or _pay_day(shown, local.date())
    receipts = receipts_of(shown.run)
    inputs = {name: table for name in FACTS if (table := stored_table(shown.run, "input", name)) is not None}
    workings = {name: table for name in ("days", "weeks") if (table := stored_table(shown.run, "working", name)) is not None}
    return ToIssue(
        shown=shown,
        reference=f"BX-{shown.run.removeprefix('R-')}",
        payments=payments_of(shown.run).to_pylist(),
        rows=run_rows(receipts, inputs, workings),
        accounts=_accounts(at, day),
        council=council,
        mapping=mapping,
        head=head()[1],
        pay_date=day,
        issued_at=local,
        progress=progress,
    )


def _pay_day(shown: RunShown, today: date) -> date:
    """The calendar's pay date if Bacs can still reach it, else the first day it can: processed tomorrow, there the day after."""
    earliest = working_day_after(today)
    first = working_day_after(earliest if is_working_day(earliest) else today)
    planned = pay_date_of(shown.book, shown.cycle, shown.through)
    return planned if planned and planned >= first else first


def _accounts(at: datetime, pay_date: date) -> dict[str, Mapping[str, Any]]:
    """By payee the account that holds on the pay date, if a second person has verified it (BNK)."""
    by_payee: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table_known("bank_accounts", at).to_pylist():
        by_payee[row["party_id"]].append(row)
    found = {payee: account_on(rows, pay_date) for payee, rows in by_payee.items()}
    return {payee: row for payee, row in found.items() if row is not None}
