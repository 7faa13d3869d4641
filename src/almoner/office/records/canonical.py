"""One spelling of rows as text: what PostgreSQL's COPY reads, and what the hashes that guard stored rows are taken over.

A row is its cells in order, parted by tabs and ended by a newline. A blank is `\\N`; dates are `2026-04-06`, times
`07:30:00`, moments `2026-04-06 07:30:00`, instants `2026-04-06 07:30:00.000000Z`, truth `true` and `false`, numbers their
digits; backslash, tab, newline and carriage return are written `\\\\`, `\\t`, `\\n`, `\\r`. The spelling never changes.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column's cells as canonical text, none of them null."""
    text = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        for plain, escaped in ESCAPES:
            if pc.any(pc.match_substring(text, plain)).as_py():
                text = pc.replace_substring(text, plain, escaped)
    return pc.fill_null(text, "\\N")


def canonical_rows(table: pa.Table) -> bytes:
    """All rows of `table` as canonical text (UTF-8)."""
    if table.num_rows == 0 or table.num_columns == 0:
        return b""
    separated: list[Any] = [cells(column).cast(pa.large_string()).combine_chunks() for column in table.columns]
    rows = pc.binary_join_element_wise(*separated, pa.scalar("\t", pa.large_string()))
    ended = pc.binary_join_element_wise(rows, pa.scalar("\n", pa.large_string()), pa.scalar("", pa.large_string()))
    start, end = ended.offset, ended.offset + len(ended)
    offsets = pa.Array.from_buffers(pa.int64(), end + 1, [None, ended.buffers()[1]])
    return bytes(ended.buffers()[2][offsets[start].as_py() : offsets[end].as_py()])


def link(previous: str, *parts: bytes | str) -> str:
    """The hash of a chain's next link: SHA-256, in hex, over the link before it and `parts`, each preceded by its length."""
    digest = hashlib.sha256()
    for part in (previous, *parts):
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
