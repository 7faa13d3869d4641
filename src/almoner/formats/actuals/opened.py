"""A file that somebody uploaded, opened safely: the records of a CSV or of a workbook's sheet as text. Formulas and macros are not read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import python_calamine as calamine

from almoner.formats.refusals import FormatRefusal

MOST_BYTES = 10 << 20
MOST_UNPACKED = 200 << 20
MOST_ROWS = 100_000
SHEET = "actuals"
FORMULA = "\N{SYMBOL FOR SUBSTITUTE}formula"
"""What stands for a cell that holds a formula; no text begins so."""

BROKEN = (calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, IndexError, NotImplementedError)
"""What is raised over a workbook that is none, or damaged."""

_PIECE = 1 << 20
_LINK = re.compile(rb"<Relationship\b[^>]*>")
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*\bid="([^"]+)"')
_FAR = re.compile(rb'<c\b[^>]*?\br="(?:[A-Z]{3,}[0-9]|[B-Z][A-Z][0-9]|[A-Z]+(?:1[1-9][0-9]{4}|[2-9][0-9]{5}|[0-9]{7,})")')
"""A cell beyond column AZ or row 110,000: a sheet is read whole, and a stray one would fill the memory."""
_FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>\s*<f\b')
_KINDS = ((b"%PDF", "a PDF"), (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"))


class ActualsNotReadable(FormatRefusal):
    """What was uploaded is no workbook and no CSV, or has none of the columns that are read."""

    code = "ACTUALS-NOT-READABLE"


class ActualsTooLarge(FormatRefusal):
    """The file is larger, or has more rows, than is read."""

    code = "ACTUALS-TOO-LARGE"


class ActualsUnsafe(FormatRefusal):
    """The file unpacks to more than is accepted, so it was not opened."""

    code = "ACTUALS-UNSAFE"


@dataclass(frozen=True)
class Opened:
    """The records of a file as text, the heading first, and what they were read from: csv or workbook. `encoding` is empty for UTF-8."""

    name: str
    kind: str
    records: list[list[str]]
    encoding: str = ""


def open_file(name: str, content: bytes) -> Opened:
    """Open what was uploaded. Raises ActualsTooLarge, ActualsUnsafe or ActualsNotReadable."""
    if len(content) > MOST_BYTES:
        raise too_large(name, len(content))
    if content.startswith(b"PK"):
        return _workbook(name, content)
    looks = next((kind for begins, kind in _KINDS if content.startswith(begins)), "")
    if looks or (b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise _other(name)
    text, encoding = _decoded(content)
    return Opened(name, "csv", _csv(name, text), encoding)


def too_large(name: str, size: int) -> ActualsTooLarge:
    """The refusal of a file of so many bytes."""
    return ActualsTooLarge(f"{name} is {-(-size >> 20)} MB. The most is {MOST_BYTES >> 20} MB.", "Split it by week.")


def _other(name: str) -> ActualsNotReadable:
    return ActualsNotReadable(f"{name} is not a workbook or CSV.", "Save it as XLSX or CSV and upload it again.")


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and the encoding where it is not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def _csv(name: str, text: str) -> list[list[str]]:
    heading = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=heading.count)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                raise _too_many(name)
    except csv.Error as wrong:
        raise ActualsNotReadable(f"{name} cannot be read as CSV after row {len(records)}: {wrong}.", "Save it as CSV again.") from wrong
    if not records or not any(cell.strip() for cell in records[0]):
        raise ActualsNotReadable(f"{name} has no heading in its first row.", "Put the names of the columns in the first row.")
    return records


def _too_many(name: str) -> ActualsTooLarge:
    return ActualsTooLarge(f"{name} has more than {MOST_ROWS:,} rows.", "Split it by week.")


def _workbook(name: str, content: bytes) -> Opened:
    try:
        formulas = _looked_through(name, content)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = book.sheet_names
        place = next((n for n, sheet in enumerate(sheets) if sheet.strip().lower() == SHEET), 0)
        rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
    except FormatRefusal:
        raise
    except BROKEN as wrong:
        raise _other(name) from wrong
    if len(rows) > MOST_ROWS + 1:
        raise _too_many(name)
    records = [[_text(cell) for cell in row] for row in rows]
    for row, column in formulas.get(place, ()):
        if row < len(records) and column < len(records[row]):
            records[row][column] = FORMULA
    if not records:
        raise ActualsNotReadable(f"{name} is an empty workbook.", "Download a workbook here, fill it in and upload it.")
    return Opened(name, "workbook", records)


def _looked_through(name: str, content: bytes) -> dict[int, list[tuple[int, int]]]:
    """The cells that hold formulas, by the place of their sheet. What a part says of its size is not believed: it is counted as it
    unpacks."""
    found: dict[int, list[tuple[int, int]]] = {}
    room = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > room:
            raise _unsafe(name)
        if "xl/workbook.xml" not in parts.namelist():
            raise _other(name)
        places = _places(parts)
        for part in parts.infolist():
            is_sheet, cells, rest = part.filename.startswith("xl/worksheets/"), [], b""
            with parts.open(part) as stream:
                while piece := stream.read(_PIECE):
                    room -= len(piece)
                    text = rest + piece if is_sheet else b""
                    if room < 0 or _FAR.search(text):
                        raise _unsafe(name)
                    cells += _FORMULA.findall(text) if b"<f" in text else []
                    rest = text[max(text.rfind(b"<c "), 0) :]  # a cell cut in two is looked at again, whole
            if cells:
                found[places.get(part.filename, 0)] = [(int(row) - 1, _column(letters)) for letters, row in cells]
    return found


def _places(parts: zipfile.ZipFile) -> dict[str, int]:
    """The place of each sheet in the workbook, by the part that holds it."""
    links = {}
    for link in _LINK.findall(parts.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in parts.namelist() else b""):
        named = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', link))
        target = named.get(b"Target", b"").decode("utf-8", "replace")
        links[named.get(b"Id", b"")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return {links[found]: place for place, found in enumerate(_SHEET.findall(parts.read("xl/workbook.xml"))) if found in links}


def _unsafe(name: str) -> ActualsUnsafe:
    return ActualsUnsafe(f"{name} unpacks to more than we accept, so it was not opened.", "Delete its empty area, or split it by week.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _text(cell: object) -> str:
    """A cell as CSV spells it. Numbers come as floating point and are spelled with their shortest digits."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.replace(microsecond=0).isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(cell)


def names_of(heading: Sequence[str]) -> list[str]:
    """The names of the columns as they are compared: without case, blanks and marks."""
    return [re.sub(r"[\s_\ufeff]", "", cell).lower() for cell in heading]
