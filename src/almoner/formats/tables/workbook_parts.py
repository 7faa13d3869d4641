"""What a workbook's parts say that its cells do not: how far its sheets reach, and which formulas have come to an error."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

MOST_CELLS = 50_000_000
"""A sheet that covers a larger area than this is not opened: one stray cell at the far corner would fill the memory."""

MOST_UNPACKED = 4 << 30
"""A workbook that unpacks to more bytes than this is not opened."""

PIECE = 16 << 20
LONGEST_ROW = 4 * PIECE

_FAR = re.compile(rb"""\br=["'](?:[A-Z]{2,}[0-9]|[A-Z]*[0-9]{7})""")
"""Within 26 columns and a million rows no cell is far away."""
_PLACE = re.compile(rb"""\br=["']([A-Z]*)([0-9]+)["']""")
_FAULT = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+)([0-9]+)["'][^>]*>.*?<(?:\w+:)?v>([^<]*)<""", re.DOTALL)
_NAMES = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Faults = dict[tuple[int, int], str]
"""By row and column, both from 0: #N/A, #DIV/0! and so on."""


def look_through(path: Path) -> dict[str, Faults]:
    """The error cells of each sheet by name, for they would be read as blank.

    ValueError when a sheet is too large to open; BadZipFile, KeyError, OSError or XMLSyntaxError when it is no workbook.
    """
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            raise ValueError(f"it unpacks to more than {MOST_UNPACKED >> 30} GiB; split it")
        names = _sheets(parts)
        found = {}
        for name in parts.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                faults = _look_through(parts, name)
                found[names.get(name, "")] = faults
    return found


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """The sheets' names by the parts that hold them."""
    targets = {link.get("Id"): link.get("Target", "") for link in _read(parts, "xl/_rels/workbook.xml.rels")}
    sheets = _read(parts, "xl/workbook.xml").iter("{*}sheet")
    return {posixpath.join("/xl", targets.get(sheet.get(_NAMES), ""))[1:]: sheet.get("name", "") for sheet in sheets}


def _read(parts: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(parts.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _look_through(parts: zipfile.ZipFile, name: str) -> Faults:
    faults: Faults = {}
    far = False
    with parts.open(name) as sheet:
        for piece in _pieces(sheet):
            far = far or _FAR.search(piece) is not None
            if b't="e"' in piece or b"t='e'" in piece:
                for letters, row, said in _FAULT.findall(piece):
                    faults[int(row) - 1, _column(letters) - 1] = said.decode("utf-8", "replace")
    if far:
        with parts.open(name) as sheet:
            _refuse_when_vast(sheet, name)
    return faults


def _refuse_when_vast(sheet: IO[bytes], name: str) -> None:
    """ValueError when the area from the first cell to the last column and row holds more cells than `MOST_CELLS`."""
    columns, rows = b"A", 1
    for piece in _pieces(sheet):
        for letters, row in set(_PLACE.findall(piece)):
            columns, rows = max(columns, letters, key=_column), max(rows, int(row[:10]))
    if _column(columns) * rows > MOST_CELLS:
        raise ValueError(f"its {name} reaches to cell {columns.decode()[:10]}{rows}; delete the empty area")


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet in pieces that begin and end between rows."""
    rest = b""
    while block := sheet.read(PIECE):
        rest += block
        cut = rest.rfind(b"<row")
        if cut > 0 or len(rest) > LONGEST_ROW:
            yield rest[: cut if cut > 0 else len(rest)]
            rest = rest[cut:] if cut > 0 else b""
    yield rest


def _column(letters: bytes) -> int:
    """The number of a column, A = 1."""
    number = 0
    for letter in letters[:10]:
        number = number * 26 + letter - ord("A") + 1
    return number
