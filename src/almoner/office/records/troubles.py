"""Whether what is stored is still what was recorded: altered, missing, added and reordered rows show against their chain of hashes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from almoner.office.records.bulk import read_rows
from almoner.office.records.canonical import canonical_rows, link
from almoner.office.records.models import Recording
from almoner.office.records.standing import columns_of
from almoner.office.records.stored_form import unknown_form
from almoner.office.records.versions import VERSIONED, database_table

SLICE = 100_000


@dataclass(frozen=True)
class Trouble:
    """Something stored is not what was recorded; `where` names the table and the rows."""

    where: str
    message: str


def troubles_in_facts() -> Iterator[Trouble]:
    """Every recording compared with the versions that stand. One that is wrong is named once, and the chain goes on from what it says."""
    previous, number = "", 0
    reached: defaultdict[str, int] = defaultdict(int)
    for recording in Recording.objects.order_by("number"):
        number += 1
        where = f"{recording.table} {recording.first_version} to {recording.last_version}"
        if recording.number != number:
            yield Trouble(f"recording {number}", "is missing")
            number = recording.number
        if recording.first_version != reached[recording.table] + 1:
            yield Trouble(where, f"does not follow version {reached[recording.table]}")
        reached[recording.table] = recording.last_version
        if recording.table not in VERSIONED:
            yield Trouble(where, "belongs to no table of facts")
        elif recording.form not in DIGESTS:
            yield Trouble(where, unknown_form(recording.form))
        elif recording.sha256 != recording_hash(recording, previous, DIGESTS[recording.form](recording)):
            yield Trouble(where, f"differs from what {recording.recorded_by} recorded at {recording.recorded_at:%Y-%m-%d %H:%M:%S}")
        previous = recording.sha256
    for name in VERSIONED:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{database_table(name)}" WHERE version > %s OR version < 1', [reached[name]])
            added = cursor.fetchone()[0]
        if added:
            yield Trouble(name, f"has {added} versions that no recording speaks of")


def troubles_in_text() -> Iterator[Trouble]:
    """Text with a NUL character in it, which only another program's hand can have put into SQLite: what follows one is not read back
    (`bulk.read_rows`), so no hash would show it. PostgreSQL keeps none."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("almoner_")]
        for table in sorted(tables):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            damaged = " OR ".join(f'(typeof("{name}") = \'text\' AND instr("{name}", char(0)))' for name in columns)
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {damaged}')
            if count := cursor.fetchone()[0]:
                yield Trouble(table.removeprefix("almoner_"), f"has {count} rows with a character in them that no text has")


def recording_hash(recording: Recording, previous: str, digest: str) -> str:
    """The hash of a recording: over the one before, what it says of itself, and the digest of its versions' canonical text."""
    said = [recording.form, recording.number, recording.table, recording.first_version, recording.last_version, recording.batch or ""]
    at = recording.recorded_at.isoformat(timespec="microseconds")
    return link(previous, "\t".join(map(str, said)), at, recording.recorded_by, digest)


def _digest(recording: Recording) -> str:
    digest = hashlib.sha256()
    columns = columns_of(recording.table)
    select = f'SELECT * FROM "{database_table(recording.table)}" WHERE version BETWEEN %s AND %s'
    for first in range(recording.first_version, recording.last_version + 1, SLICE):
        last = min(first + SLICE - 1, recording.last_version)
        digest.update(canonical_rows(read_rows(select, columns, [first, last], order=("version",))))
    return digest.hexdigest()


DIGESTS: dict[int, Callable[[Recording], str]] = {1: _digest}
"""How the rows of a recording are digested, by form."""

_TEXT, _NUMBER = pa.string(), pa.int64()
_IMPORT = (
    ("almoner_import_batches", "id", {"id": _NUMBER, "at": pa.timestamp("us", "UTC"), "by": _TEXT, "source": _TEXT, "sha256": _TEXT}),
    ("almoner_imported_files", "batch_id", {"id": _NUMBER, "name": _TEXT, "size": _NUMBER, "sha256": _TEXT}),
    (
        "almoner_imported_tables",
        "batch_id",
        {"id": _NUMBER, "table": _TEXT, **dict.fromkeys(("read", "new", "updated", "unchanged", "rejected", "withdrawn"), _NUMBER)},
    ),
    (
        "almoner_import_findings",
        "batch_id",
        {"id": _NUMBER, "severity": _TEXT, "table": _TEXT, "row": _NUMBER}
        | dict.fromkeys(("column", "value", "code", "message", "remedy"), _TEXT),
    ),
)
"""What is kept of an import: the table, which of its columns names the import, and the columns in the order they are hashed."""


def import_hash(batch: int) -> str:
    """SHA-256 over everything kept of an import as it stands: whence, its files, its counts and its findings, in canonical text."""
    texts = [
        canonical_rows(read_rows(f'SELECT * FROM "{table}" WHERE {owner} = %s', pa.schema(list(columns.items())), [batch], order=("id",)))
        for table, owner, columns in _IMPORT
    ]
    return link("", *texts)


IMPORT_HASHES: dict[int, Callable[[int], str]] = {1: import_hash}
"""How what is kept of an import is hashed, by form."""


def imports_kept() -> set[int]:
    """The numbers of the imports of which anything is kept."""
    numbers: set[int] = set()
    with connection.cursor() as cursor:
        for table, owner, _ in _IMPORT:
            cursor.execute(f'SELECT DISTINCT {owner} FROM "{table}"')
            numbers |= {row[0] for row in cursor.fetchall()}
    return numbers
