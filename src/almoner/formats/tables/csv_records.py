"""The careful way through a CSV file whose quotation marks do not simply balance line by line.

A cell in quotation marks may hold line breaks; a quotation mark that is never closed would swallow the rest of the file.
Each physical line is looked at: those that are whole records by themselves stay, a stray quotation mark inside a cell
and all (6" is an inch to some); one that opens a cell is joined to the
lines that follow until the cell is closed and the record has the header's number of cells; one that cannot be so joined
is a broken record. It is taken out, named, and the next line starts afresh. A cell too long to be joined is taken out whole where
nothing in it looks like a record.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

QUOTED = r'"(?:[^"]|"")*"'
STRICT = rf'(?:[^",\r\n]+|{QUOTED}|)'
JOINED = rf'(?:[^",\r\n][^,\r\n]*|{QUOTED}|)'
ALONE = r'(?:[^",\r\n][^,\r\n]*|"(?:[^"\r\n]|"")*"[^",\r\n]*|)'
END = r"(?:\r\n|\n|\r)?"

PLAIN = rf"^{STRICT}(?:,{STRICT})*{END}$"
_ALONE = re.compile(rf"{ALONE}(?:,{ALONE})*{END}".encode())
_WHOLE = re.compile(rf"{JOINED}(?:,{JOINED})*{END}".encode())
_OPEN = re.compile(rf'(?:{JOINED},)*"(?:[^"]|"")*'.encode())

MOST_JOINS = 32
LONGEST_RECORD = 1 << 16
"""A record longer than this, in bytes, or one that would need more joins, is taken to be broken."""
MOST_BROKEN = 200_000
"""More records of one file that are broken, or not as long as the header, are not looked at one by one: nothing of the file is used."""


class TooManyBroken(Exception):
    """More than `MOST_BROKEN` records are broken; `place` is the first of them (0 = first record of the body)."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(place)


@dataclass(frozen=True)
class Mended:
    """`body` with every broken record blanked; `broken` holds their places (0 = first record of the body) and beginnings, `long` the
    places of those with too long a cell, which cell that is (0 = first) and their beginnings."""

    body: bytes
    broken: list[tuple[int, str]]
    long: list[tuple[int, int, str]]


def mend(body: bytes, cells: int) -> Mended:
    """The body of a CSV file (header cut off, `cells` columns) as well-formed records, one blank line for each broken one.

    Raises TooManyBroken.
    """
    lines = body.splitlines(keepends=True)
    texts = pa.array(lines, pa.binary())
    whole = pc.match_substring_regex(texts, PLAIN)
    doubtful = pc.indices_nonzero(pc.invert(whole)).to_pylist()
    kept: list[bytes] = []
    broken: list[tuple[int, str]] = []
    long: list[tuple[int, int, str]] = []
    records = done = at = 0
    while at < len(doubtful):
        line = doubtful[at]
        kept += lines[done:line]
        records += line - done
        end = _joined(lines, doubtful, at, cells)
        if end is None:
            beginning = lines[line][:200].decode("utf-8", "replace").rstrip("\r\n")
            if cell := _long_cell(lines, texts, doubtful, at, cells):
                long.append((records, cell - 1, beginning))
                done = doubtful[at + 1] + 1
            else:
                broken.append((records, beginning))
                done = line + 1
            if len(broken) > MOST_BROKEN:
                raise TooManyBroken(broken[0][0])
            kept.append(b"\n")
        else:
            kept += lines[line : end + 1]
            done = end + 1
        records += 1
        while at < len(doubtful) and doubtful[at] < done:
            at += 1
    kept += lines[done:]
    return Mended(b"".join(kept), broken, long)


def _joined(lines: list[bytes], doubtful: list[int], at: int, cells: int) -> int | None:
    """The last line of the record that begins at doubtful line `at`; None when it is broken."""
    start = doubtful[at]
    record, done = lines[start], start + 1
    if _ALONE.fullmatch(record):
        return start
    for following in doubtful[at + 1 : at + 1 + MOST_JOINS]:
        if not _OPEN.fullmatch(record):
            return None
        if following - done > LONGEST_RECORD:
            return None
        record += b"".join(lines[done : following + 1])
        done = following + 1
        if len(record) > LONGEST_RECORD:
            return None
        if _WHOLE.fullmatch(record):
            return following if _cells(record) == cells else None
    return None


def _long_cell(lines: list[bytes], texts: pa.Array, doubtful: list[int], at: int, cells: int) -> int | None:
    """Which cell (1 = first) opens at doubtful line `at`, goes on for more than a record may be long, and closes at the next doubtful line.

    None when that is not so, or when a line between them may be a record: then the quotation mark was a slip, and costs its line only.
    """
    start, *following = doubtful[at : at + 2]
    if not following or not _OPEN.fullmatch(lines[start]):
        return None
    between = texts.slice(start + 1, following[0] - start - 1)
    if (pc.sum(pc.binary_length(between)).as_py() or 0) < LONGEST_RECORD or pc.any(
        pc.equal(pc.count_substring(between, ","), cells - 1)
    ).as_py():
        return None
    ends = lines[start] + lines[following[0]]
    return _cells(lines[start]) if len(ends) <= LONGEST_RECORD and _WHOLE.fullmatch(ends) and _cells(ends) == cells else None


def _cells(record: bytes) -> int:
    """How many cells a well-formed record has."""
    return len(next(csv.reader(io.StringIO(record.decode("utf-8", "replace"), newline="")), []))
