"""Tables as they are kept beside an upload."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq


def to_parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def from_parquet(content: bytes) -> pa.Table:
    """The table of such bytes."""
    return pq.read_table(pa.BufferReader(content))
