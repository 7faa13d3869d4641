"""The only writer of versions and of what is kept about imports, and the moments that runs look at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from django.db import connection

from almoner.core.findings import Finding
from almoner.core.tables import TABLES
from almoner.office.records import stored_form
from almoner.office.records.bulk import append_rows
from almoner.office.records.models import Horizon, ImportBatch, ImportedFile, ImportedTable, ImportFinding, Recording
from almoner.office.records.standing import RECORDED
from almoner.office.records.troubles import recording_hash
from almoner.office.records.versions import database_table

FACTS_LOCK = 0x_A1_40_4E_52_01
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class FileRead:
    """A file as it came, by the hash of its bytes."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> FileRead:
        """The file with this content."""
        return cls(name, len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class TableRead:
    """What became of one table's rows: `read` = new + updated + unchanged + rejected. `withdrawn` ones were known and did not come."""

    table: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    withdrawn: int


@dataclass(frozen=True)
class Appended:
    """The versions that were added, first and last included, and the moment they count as known from."""

    table: str
    first_version: int
    last_version: int
    recorded_at: datetime


def append_versions(
    name: str, rows: pa.Table, *, by: str, at: datetime, batch: int | None = None, withdrawn: bool = False
) -> Appended | None:
    """Add `rows`, in the schema of `core.tables` and in their order, as new versions of the table `name`; None when there are none.

    Must be called inside the caller's `atomic()`, which holds every other writer of facts off until it ends. The versions
    count as known from `at`, or from just after the latest moment a run has looked at, whichever is later. `withdrawn`
    rows say that the facts with their keys no longer stand.
    """
    if rows.num_rows == 0:
        return None
    hold_facts()
    recorded_at = _after_horizon(at)
    last = Recording.objects.order_by("-number").first()
    before = Recording.objects.filter(table=name).order_by("-last_version").values_list("last_version", flat=True).first() or 0
    count = rows.num_rows
    recorded = {
        "version": pa.array(range(before + 1, before + count + 1), pa.int64()),
        "recorded_at": pa.repeat(pa.scalar(recorded_at, RECORDED.field("recorded_at").type), count),
        "recorded_by": pa.repeat(by, count),
        "batch": pa.repeat(pa.scalar(batch, pa.int64()), count),
        "withdrawn": pa.repeat(withdrawn, count),
    }
    columns = {column.name: rows.column(column.name) for column in TABLES[name].columns}
    versions = pa.table({**recorded, **columns})
    digest = hashlib.sha256()
    append_rows(database_table(name), versions, digest)
    recording = Recording(
        number=last.number + 1 if last else 1,
        table=name,
        first_version=before + 1,
        last_version=before + count,
        recorded_at=recorded_at,
        recorded_by=by,
        batch=batch,
        form=stored_form.FORM,
    )
    recording.sha256 = recording_hash(recording, last.sha256 if last else "", digest.hexdigest())
    recording.save(force_insert=True)
    return Appended(name, before + 1, before + count, recorded_at)


def fix_as_of(at: datetime) -> datetime:
    """Settle the moment a run looks at: waits for writers under way, and keeps later ones from recording at or before it.

    Must be called inside `atomic()`. Returns `at` in UTC: whatever is known at it now stays all that was known at it.
    """
    hold_facts()
    moment = at.astimezone(UTC)
    horizon = Horizon.objects.first()
    if horizon is None:
        Horizon.objects.create(at=moment)
    elif horizon.at < moment:
        Horizon.objects.update(at=moment)
    return moment


def hold_facts() -> None:
    """Hold off every other writer of facts until the transaction ends. SQLite's transactions do so from their beginning."""
    assert connection.in_atomic_block, "facts are recorded inside one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FACTS_LOCK])


def _after_horizon(at: datetime) -> datetime:
    horizon = Horizon.objects.values_list("at", flat=True).first()
    moment = at.astimezone(UTC)
    return moment if horizon is None or moment > horizon else horizon + INSTANT


def keep_import(*, by: str, at: datetime, source: str, files: Sequence[FileRead]) -> int:
    """Keep what came in, by whom and from where; returns the import's number. Must be called inside `atomic()`."""
    whole = hashlib.sha256("".join(f"{file.sha256}  {file.name}\n" for file in files).encode()).hexdigest()
    batch = ImportBatch.objects.create(at=at.astimezone(UTC), by=by, source=source, sha256=whole)
    ImportedFile.objects.bulk_create([ImportedFile(batch=batch, **asdict(file)) for file in files])
    return batch.pk


def keep_outcome(batch: int, *, tables: Sequence[TableRead], findings: Sequence[Finding]) -> None:
    """Keep what became of every table of an import, and what was doubtful in it."""
    ImportedTable.objects.bulk_create([ImportedTable(batch_id=batch, **asdict(table)) for table in tables])
    doubts = [ImportFinding(batch_id=batch, **{**asdict(finding), "severity": str(finding.severity)}) for finding in findings]
    ImportFinding.objects.bulk_create(doubts, batch_size=1_000)
