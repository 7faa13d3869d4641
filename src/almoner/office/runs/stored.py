"""Arrow tables to Parquet bytes and back: how a run keeps what it read and made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from almoner.office.records import stored_form
from almoner.office.runs.chain import TABLE_HASHES, bytes_hash


@dataclass(frozen=True)
class Kept:
    """A table as it is stored. `role`: input, result or working."""

    role: str
    name: str
    row_count: int
    content_hash: str
    bytes_hash: str
    content: bytes


@dataclass(frozen=True)
class Keeping:
    """A table on its way to its stored form: as bytes with their hash, and, beside it, the hash of its values."""

    role: str
    name: str
    row_count: int
    stored: Future[tuple[bytes, str]]
    hashed: Future[str]

    def result(self) -> Kept:
        """The table as it is stored, as soon as it is."""
        content, hash_ = self.stored.result()
        return Kept(self.role, self.name, self.row_count, self.hashed.result(), hash_, content)


def keep(role: str, name: str, table: pa.Table) -> Kept:
    """The table as Parquet bytes with both its hashes."""
    content = to_parquet(table)
    return Kept(role, name, table.num_rows, _values_hash(table), bytes_hash(content), content)


def keep_all(pool: Executor, tables: Sequence[tuple[str, str, pa.Table]]) -> list[Keeping]:
    """Begin to keep tables, given by role, name and table. The work is Arrow's and the hashes', which let other threads go on."""
    largest_first = sorted(tables, key=lambda one: -one[2].nbytes)
    return [
        Keeping(role, name, table.num_rows, pool.submit(_stored, table), pool.submit(_values_hash, table))
        for role, name, table in largest_first
    ]


def _stored(table: pa.Table) -> tuple[bytes, str]:
    content = to_parquet(table)
    return content, bytes_hash(content)


def _values_hash(table: pa.Table) -> str:
    return TABLE_HASHES[stored_form.FORM](table)


def to_parquet(table: pa.Table) -> bytes:
    """The table as one Parquet file in memory, without statistics: what is read of it is found by its rows."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=1, store_schema=True, write_statistics=False)
    return bytes(sink.getvalue().to_pybytes())


def from_parquet(content: bytes, *, filters: list[tuple[str, str, object]] | None = None, columns: Sequence[str] | None = None) -> pa.Table:
    """The table of a Parquet file in memory, or of it these columns and the rows that meet all of `filters`; ArrowInvalid when the bytes
    are none."""
    return pq.read_table(pa.BufferReader(content), filters=filters, columns=list(columns) if columns else None)
