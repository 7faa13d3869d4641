"""The ledger file: rows of a run written as a mapping says, to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from almoner.formats.cells import safe_text
from almoner.formats.days import MONTHS
from almoner.formats.ledgers.mapping import MONEY_FORMATS, Column, Mapping, MappingRefused, Record
from almoner.formats.pounds import pounds
from almoner.formats.refusals import FormatRefusal

LEDGER = pa.schema(
    [
        ("run_reference", pa.string()), ("reference", pa.string()), ("book", pa.string()), ("payee_id", pa.string()),
        ("payee_name", pa.string()), ("creditor_reference", pa.string()), ("person_id", pa.string()), ("line_id", pa.string()),
        ("contract_id", pa.string()), ("service_type", pa.string()), ("element", pa.string()), ("cost_code", pa.string()),
        ("week", pa.date32()), ("last_day", pa.date32()), ("pay_date", pa.date32()), ("kind", pa.string()), ("amount_pence", pa.int64()),
    ]
)  # fmt: skip
"""What the shipped mappings read: one row for each receipt. `reference` is the payee's payment in the run, `week` and `last_day` the
week's first and last day, `amount_pence` signed. Another mapping may read any table."""


class LedgerCellRefused(FormatRefusal):
    """A value that the mapping cannot spell: too long, not in a lookup, missing, or in letters the encoding has not."""

    code = "LEDGER-CELL"


@dataclass(frozen=True)
class Place:
    """Where in the file a line stands: its rows (all for the file, the group's, or one), and its numbers from 1."""

    rows: Sequence[dict[str, Any]]
    row: int = 0
    group: int = 0
    row_in_group: int = 0
    groups: int = 0
    rows_in_group: int = 0
    rows_in_file: int = 0


def write_ledger(rows: pa.Table, mapping: Mapping) -> bytes:
    """`rows` as the mapping's bytes, in their order; groups in the order of their first row.

    Raises MappingRefused when a column the mapping reads is not among the rows' or is of another kind, and LedgerCellRefused, naming
    row and column, for a value it cannot spell. The same rows and mapping give the same bytes.
    """
    for record in mapping.records:
        for column in record.columns:
            _check_source(column, rows.schema)
    missing = next((name for name in mapping.group_by if name not in rows.schema.names), None)
    if missing:
        raise MappingRefused(f"group_by names '{missing}', which the rows do not have.", f"Use one of {', '.join(rows.schema.names)}.")
    lines = [_line([column.name for column in mapping.records[0].columns], mapping, "The header")] if mapping.header else []
    for record, place in _places(rows.to_pylist(), mapping):
        cells = [_safe(column, _cell(column, place, mapping), mapping) for column in record.columns]
        lines.append(_line(cells, mapping, f"Row {place.row or 1}"))
    return "".join(line + mapping.line_end for line in lines).encode(mapping.encoding)


def _places(rows: list[dict[str, Any]], mapping: Mapping) -> Iterator[tuple[Record, Place]]:
    """Every line to be written: the file's own first, then each group's followed by its rows, the end of the file last."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in mapping.group_by), []).append(row)
    by_per = {per: [record for record in mapping.records if record.per == per] for per in ("file", "group", "row", "end of file")}
    whole = Place(rows, groups=len(groups), rows_in_file=len(rows))
    yield from ((record, whole) for record in by_per["file"])
    number = 0
    for group, members in enumerate(groups.values(), start=1):
        here = {"group": group, "groups": len(groups), "rows_in_group": len(members), "rows_in_file": len(rows)}
        yield from ((record, Place(members, row=number + 1, **here)) for record in by_per["group"])
        for row_in_group, row in enumerate(members, start=1):
            number += 1
            yield from ((record, Place([row], row=number, row_in_group=row_in_group, **here)) for record in by_per["row"])
    yield from ((record, whole) for record in by_per["end of file"])


def _cell(column: Column, place: Place, mapping: Mapping) -> str:
    """The finished text of one cell: fetched, split, looked up, spelled, then cut or padded."""
    if column.constant is not None:
        text = column.constant
    elif column.parts:
        text = "".join(_cell(part, place, mapping) for part in column.parts)
    elif column.sum_of is not None:
        text = _money(column.format, sum(row[column.sum_of] or 0 for row in place.rows))
    elif column.count is not None:
        text = str({"rows": place.rows_in_file, "groups": place.groups, "rows in group": place.rows_in_group}[column.count])
    elif column.number is not None:
        text = str({"row": place.row, "group": place.group, "row in group": place.row_in_group}[column.number])
    else:
        text = _fetched(column, column.source or "", place, mapping)
    return _fitted(text.upper() if column.upper else text, column, place)


def _safe(column: Column, cell: str, mapping: Mapping) -> str:
    """Text from the rows that no spreadsheet will run; numbers, the mapping's own words and fixed widths stay as they are."""
    from_rows = column.source is not None or bool(column.parts)
    return safe_text(cell) if from_rows and column.format in ("text", "date") and mapping.delimiter else cell


def _fetched(column: Column, source: str, place: Place, mapping: Mapping) -> str:
    value = place.rows[0][source] if place.rows else None
    if value is None or value == "":
        if column.required:
            raise _refused(column, place, "is empty", "Fill it in for that row, or leave `required` out of the mapping.")
        return column.otherwise or ""
    if column.format in MONEY_FORMATS:
        return _money(column.format, value)
    if column.format == "date":
        return _day(value, column.pattern)
    text = str(value)
    if column.separator is not None:
        pieces = text.split(column.separator)
        if column.part > len(pieces) and column.otherwise is None:
            raise _refused(column, place, f"has no part {column.part} in '{text}'", "Correct the code, or give the column `otherwise`.")
        text = pieces[column.part - 1] if column.part <= len(pieces) else column.otherwise or ""
    if column.lookup is not None:
        known = mapping.lookups[column.lookup]
        if text not in known and column.otherwise is None:
            raise _refused(
                column, place, f"finds no '{text}' in lookup {column.lookup}", "Add it to the lookup, or give the column `otherwise`."
            )
        return known.get(text, column.otherwise or "")
    return text


def _money(format_: str, pence: int) -> str:
    kept = {"debit": max(pence, 0), "credit": max(-pence, 0)}.get(format_.split("_")[0])
    if kept is not None:
        return "" if kept == 0 else (pounds(kept) if format_.endswith("pounds") else str(kept))
    signed = -pence if format_.endswith("_reversed") else pence
    return pounds(signed) if format_.startswith("pounds") else str(signed)


def _day(day: date, pattern: str) -> str:
    """`day` in the pattern, with English month names whatever the machine's language."""
    month = MONTHS[day.month - 1]
    figures = {
        "d": f"{day:%d}",
        "m": f"{day:%m}",
        "Y": f"{day.year:04}",
        "y": f"{day:%y}",
        "j": f"{day:%j}",
        "b": month[:3],
        "B": month,
        "%": "%",
    }
    return re.sub("%(.)", lambda code: figures[code[1]], pattern)


def _fitted(text: str, column: Column, place: Place) -> str:
    text = text[: column.cut] if column.cut else text
    if column.width and len(text) > column.width:
        raise _refused(column, place, f"is '{text}', longer than {column.width}", "Shorten it, widen the column, or give the column `cut`.")
    return text.rjust(column.width, column.pad) if column.align == "right" else text.ljust(column.width, column.pad)


def _line(cells: list[str], mapping: Mapping, where: str) -> str:
    """One line without its end; LedgerCellRefused when a cell cannot stand in this file."""
    line = mapping.delimiter.join(_quoted(cell, mapping, where) for cell in cells)
    try:
        line.encode(mapping.encoding)
    except UnicodeEncodeError as trouble:
        letter = line[trouble.start]
        raise LedgerCellRefused(
            f"{where} has the letter '{letter}', which {mapping.encoding} has not.", 'Write encoding = "utf-8".'
        ) from None
    return line


def _quoted(cell: str, mapping: Mapping, where: str) -> str:
    awkward = any(letter in cell for letter in ('"', "\r", "\n")) or (mapping.delimiter != "" and mapping.delimiter in cell)
    if awkward and (mapping.quote == "never" or not mapping.delimiter):
        raise LedgerCellRefused(f"{where} has '{cell}', which would break the line.", 'Write quote = "needed", or correct the text.')
    if awkward or (mapping.quote == "all" and mapping.delimiter):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _check_source(column: Column, schema: pa.Schema) -> None:
    for part in column.parts:
        _check_source(part, schema)
    name = column.source or column.sum_of
    if name is None:
        return
    if name not in schema.names:
        raise MappingRefused(f"Column {column.name} reads '{name}', which the rows do not have.", f"Use one of {', '.join(schema.names)}.")
    kind = schema.field(name).type
    if column.format == "date" and not pa.types.is_date(kind):
        raise MappingRefused(f"Column {column.name} reads '{name}' as a date, and it is {kind}.", "Leave its format out.")
    if column.format in MONEY_FORMATS and not pa.types.is_integer(kind):
        raise MappingRefused(
            f"Column {column.name} reads '{name}' as money, and it is {kind}.", "Read a column of pence, such as amount_pence."
        )
    if column.format == "number" and not pa.types.is_integer(kind):
        raise MappingRefused(f"Column {column.name} reads '{name}' as a number, and it is {kind}.", "Leave its format out.")
    if column.format == "text" and pa.types.is_date(kind):
        raise MappingRefused(f"Column {column.name} reads the date '{name}' as text.", 'Write format = "date" and a pattern.')


def _refused(column: Column, place: Place, what: str, remedy: str) -> LedgerCellRefused:
    return LedgerCellRefused(f"Column {column.name} {what} (row {place.row}).", remedy)
