"""One XLSX workbook with a sheet a table, to raw cells."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine
from lxml import etree

from almoner.core.tables import TABLES, Kind, Table
from almoner.formats.tables.columns import match_columns
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.raw import Raw, spelled
from almoner.formats.tables.sources import UnreadableFolder, near, reason
from almoner.formats.tables.workbook_parts import look_through


def read_workbook(path: Path, noticed: Noticed) -> dict[str, Raw]:
    """The raw cells of every table that has a sheet; UnreadableFolder when the workbook cannot be opened or has no table."""
    try:
        faults = look_through(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError, etree.XMLSyntaxError) as trouble:
        raise UnreadableFolder(f"{path} is not a workbook that can be read: {reason(trouble)}.", "Save it again as .xlsx.") from trouble
    raws: dict[str, Raw] = {}
    seen: set[str] = set()
    for sheet in book.sheet_names:
        name, file = sheet.strip().lower(), f"{path.name}, sheet {sheet}"
        if name not in TABLES:
            noticed.add(name, "unknown_file", file=file, hint=near(name, list(TABLES)))
            continue
        if name in seen:
            noticed.add(name, "two_sources", file=file, chosen="the first sheet")
            continue
        seen.add(name)
        try:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (calamine.CalamineError, OSError, ValueError) as trouble:
            noticed.add(name, "unreadable_file", file=file, reason=reason(trouble))
            continue
        for (row, column), fault in faults.get(sheet, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = fault
        raw = read_sheet(TABLES[name], rows, file, noticed)
        if raw is not None:
            raws[name] = raw
    if not seen:
        raise UnreadableFolder(f"{path} has no sheet with the name of a table.", "Name the sheets people, providers, contracts, lines, …")
    return raws


def read_sheet(table: Table, rows: Sequence[Sequence[object]], file: str, noticed: Noticed) -> Raw | None:
    """The raw cells of one sheet; None, with a finding, when nothing of it can be used."""
    if not any(any(cell != "" for cell in row) for row in rows[:1]):
        noticed.add(table.name, "empty_file", file=file)
        return None
    places = match_columns(table, [_text(cell, Kind.TEXT) for cell in rows[0]], file, noticed)
    if places is None:
        return None
    filled = [number for number, row in enumerate(rows[1:], start=2) if any(row[place] != "" for place in places.values())]
    body = [rows[number - 1] for number in filled]
    cells = {}
    for column, place in places.items():
        kind = table.column(column).kind
        cells[column] = spelled(pa.array([_text(row[place], kind) for row in body], pa.string()))
    return Raw(table.name, file, pa.array(filled, pa.int64()), cells)


def _text(cell: object, kind: Kind) -> str:
    """A cell as CSV spells it. Numbers come as floating point and are spelled with their shortest digits."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        if kind is Kind.TIME:
            return cell.strftime("%H:%M:%S")
        at_midnight = cell.time() == dt.time() and kind is not Kind.INSTANT
        return cell.date().isoformat() if at_midnight else cell.replace(microsecond=0).isoformat()
    if isinstance(cell, dt.date):
        return f"{cell.isoformat()}T00:00:00" if kind is Kind.INSTANT else cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.replace(microsecond=0).isoformat()
    if isinstance(cell, dt.timedelta):
        return _clock(cell)
    return str(cell)


def _clock(span: dt.timedelta) -> str:
    """A span of time as hours, minutes and seconds."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
