"""Almoner with its database (`DATABASE_URL`, or SQLite in `ALMONER_HOME`): `python -m bench.ours.office WORK ARGUMENTS`."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.clock import tell, timed
from bench.histories import THROUGH
from bench.ours.staging import AT, draft_and_seal, open_database
from bench.samples import DATA

LAST_WEEK = THROUGH - timedelta(days=6)
WARM = 5


def seal() -> None:
    """Draft and seal the four weeks."""
    open_database()

    def work() -> str:
        run, holds = draft_and_seal(THROUGH, AT)
        return f"{run}, {holds:,} holds"

    timed(work)


def keep_receipts(kept: str) -> None:
    """The receipts of the four weeks into a Parquet file, for a peer to write."""
    open_database()
    import pyarrow.parquet as pq

    from almoner.office.runs.queries import receipts_of

    run, _ = draft_and_seal(THROUGH, AT)
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
