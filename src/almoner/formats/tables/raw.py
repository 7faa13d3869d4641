"""A table as it was found in its file, before anything is believed of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

UNDECODED = "�"
"""Stands before each byte that is not UTF-8 (which is then shown as Windows-1252 would show it)."""
LONGEST_CELL = 1 << 16
"""A longer cell, in bytes, is no fact but a slip: often many rows swallowed by one quotation mark."""


@dataclass(frozen=True)
class Cells:
    """The cells of one column.

    Spelled: `spellings` are the distinct texts and `places` says, for each row, which (null = no text).
    Kept: `places` is None and `spellings` are the rows' values themselves, already in the internal unit and type.
    """

    spellings: pa.Array
    places: pa.Array | None


@dataclass
class Raw:
    """The cells of one table by column, with each row's record number (header = 1). Columns not in the file are absent.

    `unread` counts the records that could not be told apart into cells and are already named.
    """

    table: str
    file: str
    rows: pa.Array
    cells: dict[str, Cells] = field(default_factory=dict)
    unread: int = 0
    undecoded: str | None = None  # which encoding the file seems to be in, when it is not UTF-8


def spelled(texts: pa.Array) -> Cells:
    """The cells of a column of texts, plain or already dictionary-encoded."""
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    return Cells(encoded.dictionary.cast(pa.string()), encoded.indices.cast(pa.int32()))
