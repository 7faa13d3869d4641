"""Almoner with its database (`DATABASE_URL`, or SQLite in `ALMONER_HOME`): `python -m bench.ours.office WORK ARGUMENTS`."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.clock import tell, timed
from bench.histories import THROUGH, History
from bench.samples import DATA

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""A day after the last actuals of the four weeks were submitted."""
LAST_WEEK = THROUGH - timedelta(days=6)
WARM = 5


def open_database() -> None:
    """Django, and every table in the database."""
    from almoner.site.office_commands import open_office

    open_office()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def stage_history(folder: str, people: str, years: str) -> None:
    """A council with its years taken in and sealed part by part, and the four weeks taken in and not yet paid."""
    open_database()
    history = History(int(people), int(years))
    facts = Path(folder) / "facts"
    for number, part in enumerate(history.parts):
        last_day = history.last_day(part)
        at = datetime.combine(last_day + timedelta(days=6), AT.timetz())
        if number == 0:
            _take_in(Path(folder) / "before", at)
        _take_in(facts / "actuals" / f"part-{number:04}.parquet", at)
        run, holds = _draft_and_seal(last_day, at)
        print(f"{run}: through {last_day}, {holds} holds", flush=True)
    _take_in(facts, AT)


def stage_folder(folder: str) -> None:
    """A folder taken in and nothing paid."""
    open_database()
    _take_in(Path(folder), AT)


def _take_in(path: Path, at: datetime) -> None:
    """Import a folder, of its actuals the last file only and no receipts; or one file of actuals."""
    from almoner.core.findings import Severity
    from almoner.office.exchange.imports import import_folder

    with tempfile.TemporaryDirectory() as name:
        for entry in [path] if path.is_file() else path.iterdir():
            if entry.is_file():
                called = "actuals.parquet" if entry.parent.name == "actuals" else entry.name
                (Path(name) / called).symlink_to(entry.resolve())
            elif entry.name == "actuals":
                (Path(name) / "actuals.parquet").symlink_to(max(entry.iterdir()).resolve())
        taken = import_folder(Path(name), by="bench", at=at)
    errors = [finding for finding in taken.findings if finding.severity is Severity.ERROR]
    assert taken.tables and not errors, errors[:3]


def _draft_and_seal(through: date, at: datetime) -> tuple[str, int]:
    from almoner.office.runs.operations import draft_run, seal_run

    drafted = draft_run(book="payments", through=through, by="bench", at=at)
    sealed = seal_run(run=drafted.run, by="bench", at=at)
    return f"{sealed.run}: {sealed.receipts:,} receipts, £{sealed.receipts_pence / 100:,.2f}", sealed.holds


def seal() -> None:
    """Draft and seal the four weeks."""
    open_database()

    def work() -> str:
        run, holds = _draft_and_seal(THROUGH, AT)
        return f"{run}, {holds:,} holds"

    timed(work)


def keep_receipts(kept: str) -> None:
    """The receipts of the four weeks into a Parquet file, for a peer to write."""
    open_database()
    import pyarrow.parquet as pq

    from almoner.office.runs.queries import receipts_of

    run, _ = _draft_and_seal(THROUGH, AT)
    pq.write_table(receipts_of(run.partition(":")[0]), kept)


def pay() -> None:
    """Draft, seal, approve and issue as pain.001, Bacs and ledger, each in a transaction of its own, and the files on the disk."""
    open_database()
    from almoner.formats.payments.payment import Payer
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run, write_out
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    council = Council("Vale County Council", "", Payer("VALE COUNTY COUNCIL", "090128", "10203040", "654321"))

    def work() -> str:
        run = draft_run(book="payments", through=THROUGH, by="clerk", at=AT).run
        sealed = seal_run(run=run, by="clerk", at=AT)
        approve_run(run=run, by="manager", at=AT)
        issue_run(run=run, by="manager", at=AT, council=council, formats=["pain001", "bacs", "ledger"])
        with tempfile.TemporaryDirectory(dir=DATA) as out:
            files = write_out(run=run, folder=Path(out))
        return f"{sealed.payments:,} payments of {sealed.receipts:,} receipts, {len(files)} files"

    timed(work)


def preview(people: str, explained: str) -> None:
    """The last week of so many different people, one after the other; seconds are the 95th percentile of one."""
    open_database()
    from almoner.office.records.queries import table_known
    from almoner.office.runs.preview import preview_person

    ids = sorted(set(table_known("lines", AT).column("person_id").to_pylist()))
    chosen = ids[:: max(1, len(ids) // (int(people) + WARM))][: int(people) + WARM]
    assert len(chosen) >= int(people), f"there are only {len(ids)} people"
    took: list[float] = []
    receipts = 0
    cpu = time.process_time()
    for number, person in enumerate(chosen):
        began = time.perf_counter()
        shown = preview_person(person, from_week=LAST_WEEK, through=THROUGH, at=AT, workings=explained == "explained")
        if number >= WARM:
            took.append(time.perf_counter() - began)
            receipts += shown.receipts.num_rows
    took.sort()
    p50, p95 = took[len(took) // 2], took[-(-len(took) * 95 // 100) - 1]
    said = f"{len(took)} people, {receipts:,} receipts: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, max {took[-1] * 1000:.0f} ms"
    tell(p95, (time.process_time() - cpu) / len(chosen), said)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
