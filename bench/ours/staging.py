"""Making databases to measure with: `python -m bench.ours.staging PROGRAM ARGUMENTS`, into `DATABASE_URL` or `ALMONER_HOME`."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.histories import History

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""A day after the last actuals of the four weeks were submitted."""


def open_database() -> None:
    """Django, and every table in the database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.site.settings"
    import django

    django.setup()
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
        _decide(draft_and_seal(last_day, at)[0], at + timedelta(hours=1))
    told, holds = draft_and_seal(last_day, at + timedelta(hours=2))
    assert holds == 0, f"{told}: {holds} holds of the history are undecided"
    _take_in(facts, AT)


def _decide(told: str, at: datetime) -> None:
    """Release what the run that was told of holds (visits of a bank holiday differ from their plan): the next run pays it."""
    from almoner.office.runs.queries import holds_of

    held = holds_of(told.partition(":")[0]).select(["code", "person_id", "provider_id", "line_id", "week"])
    if held.num_rows:
        same = {"decision": "release", "reason": "Seen and agreed", "by": "bench", "at": at.replace(tzinfo=None)}
        rows = [{**{name: cell or None for name, cell in row.items()}, **same} for row in held.to_pylist()]
        with tempfile.TemporaryDirectory() as folder:
            pq.write_table(pa.Table.from_pylist(rows), Path(folder) / "releases.parquet")
            _take_in(Path(folder) / "releases.parquet", at)


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


def draft_and_seal(through: date, at: datetime) -> tuple[str, int]:
    """Draft and seal payments; what came of it in words, beginning with the run, and how many holds there are."""
    from almoner.office.runs.operations import draft_run, seal_run

    drafted = draft_run(book="payments", through=through, by="bench", at=at)
    sealed = seal_run(run=drafted.run, by="bench", at=at)
    return f"{sealed.run}: {sealed.receipts:,} receipts, £{sealed.receipts_pence / 100:,.2f}", sealed.holds


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
