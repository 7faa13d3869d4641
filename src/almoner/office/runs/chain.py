"""The chain: the hashes over what is stored, each event's covering the one before. Pure.

Rows are hashed over their canonical text (`records.canonical`), which anyone can spell again by hand. Large tables are hashed column by
column over their values, which is quicker and depends as little on how Parquet happened to spell them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.records.canonical import canonical_rows, link

BEGINNING = "0" * 64
"""The hash before the first event."""


def rows_hash(rows: pa.Table) -> str:
    """SHA-256 over the canonical text of the rows in the order given, column names first."""
    named = "\t".join(rows.column_names).encode() + b"\n"
    return hashlib.sha256(named + canonical_rows(rows)).hexdigest()


def bytes_hash(content: bytes) -> str:
    """SHA-256 over bytes as they are stored."""
    return hashlib.sha256(content).hexdigest()


def table_hash(table: pa.Table) -> str:
    """SHA-256 over a table's column names, types and values in row order, independent of chunks and encodings."""
    running = hashlib.sha256(f"{table.num_rows}\n".encode())
    for name, column in zip(table.schema.names, table.columns, strict=True):
        running.update(f"{name}:{_kind(column.type)}\n".encode())
        if len(column):
            for part in _value_buffers(pa.concat_arrays(column.chunks)):
                running.update(part)
    return running.hexdigest()


TABLE_HASHES: dict[int, Callable[[pa.Table], str]] = {1: table_hash}
"""How a stored table is hashed, by form (`records.stored_form`)."""


def _kind(kind: pa.DataType) -> str:
    """The kind of a column however wide it is kept: text, whole numbers, days, times of day, instants, and lists and structures of them."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return "text"
    if pa.types.is_time(kind) or pa.types.is_timestamp(kind):
        return "time" if pa.types.is_time(kind) else "instant"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list of {_kind(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "(" + ", ".join(f"{field.name}:{_kind(field.type)}" for field in kind) + ")"
    return "whole number" if pa.types.is_integer(kind) else str(kind)


def _value_buffers(column: pa.Array) -> Iterator[bytes | memoryview]:
    """Which cells are filled, one byte a cell; then the values in one canonical run of bytes."""
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        raise TypeError(f"a {kind} column has no canonical values")
    yield _numbers(pc.is_valid(column).cast(pa.uint8()), 1)
    if pa.types.is_struct(kind):
        for child in column.flatten():
            yield from _value_buffers(child)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield _numbers(pc.fill_null(pc.list_value_length(column), 0).cast(pa.int64()), 8)
        yield from _value_buffers(pc.list_flatten(column))
    elif _kind(kind) == "text":
        text = pc.fill_null(column.cast(pa.large_string()), "")
        yield _numbers(pc.binary_length(text).cast(pa.int64()), 8)
        yield _letters(text)
    elif pa.types.is_boolean(kind):
        yield _numbers(pc.fill_null(column, False).cast(pa.uint8()), 1)
    else:
        yield _numbers(pc.fill_null(_as_integers(column), 0), 8)


def _as_integers(column: pa.Array) -> pa.Array:
    """Dates, times and instants as the whole number they count, in the unit that Parquet keeps; integers widened."""
    kind = column.type
    if pa.types.is_time(kind):
        column = column.cast(pa.time64("us"))
    elif pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz))
    return column.cast(pa.int32()).cast(pa.int64()) if pa.types.is_date32(kind) else column.cast(pa.int64())


def _letters(text: pa.Array) -> memoryview:
    """The letters of a column of large strings without a blank, one after another."""
    if len(text) == 0:
        return memoryview(b"")
    offsets = memoryview(text.buffers()[1]).cast("q")
    letters = text.buffers()[2]
    start, end = offsets[text.offset], offsets[text.offset + len(text)]
    return memoryview(letters)[start:end] if letters is not None else memoryview(b"")


def _numbers(column: pa.Array, width: int) -> memoryview:
    """The bytes of a column of whole numbers without a blank, little-endian."""
    if len(column) == 0:
        return memoryview(b"")
    data = memoryview(column.buffers()[1])
    return data[column.offset * width : (column.offset + len(column)) * width]


@dataclass(frozen=True)
class Link:
    """What one event of the chain says; its hash covers all of it and the event before."""

    number: int
    subject: str
    event: str
    by: str
    at: datetime
    reason: str
    journal_head: str
    form: int
    content_hash: str
    previous_hash: str

    def hash(self) -> str:
        """SHA-256 over the link, its content and the link before."""
        instant = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = (str(self.form), str(self.number), self.subject, self.event, self.by, instant, self.reason, self.journal_head)
        return link(self.previous_hash, *said, self.content_hash)


def parts_hash(parts: Iterable[tuple[str, str]]) -> str:
    """One hash over named hashes, in the order given."""
    return link(BEGINNING, *(text for part in parts for text in part))
