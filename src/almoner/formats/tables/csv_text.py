"""CSV bytes to raw cells. Record numbers stay right whatever stands in the file, and one bad row never costs another."""

from __future__ import annotations

import codecs
import csv
import io
from array import array
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from almoner.core.tables import Table
from almoner.formats.tables.bytes_seen import looks_encoded, other_than_csv
from almoner.formats.tables.columns import match_columns
from almoner.formats.tables.csv_records import mend
from almoner.formats.tables.noticed import MOST_NAMED, Noticed
from almoner.formats.tables.raw import UNDECODED, Cells, Raw, spelled

BLOCK = 4 << 20
MOST_BLOCK = (1 << 31) - 1
LONGEST_HEADER = 1 << 16
ENDS = (b"\n", b"\r")


def _show_byte(trouble: UnicodeError) -> tuple[str, int]:
    """Each byte that is not UTF-8 becomes `UNDECODED` and the letter Windows-1252 gives it."""
    assert isinstance(trouble, UnicodeDecodeError)
    bad = trouble.object[trouble.start : trouble.end]
    return "".join(UNDECODED + bytes([b]).decode("cp1252", "replace") for b in bad), trouble.end


codecs.register_error("almoner.undecoded", _show_byte)


@dataclass
class Records:
    """The records of a body: `cells` in dictionary-encoded columns, and those with another number of cells than the header."""

    cells: pa.Table
    ragged: array[int] = field(default_factory=lambda: array("q"))  # places in the body, 0 = first
    named: list[tuple[int, int, str]] = field(default_factory=list)  # place, cells found, beginning of the record

    @property
    def count(self) -> int:
        """Records in all, ragged ones included."""
        return int(self.cells.num_rows) + len(self.ragged)


def read_csv(table: Table, data: bytes, file: str, noticed: Noticed) -> Raw | None:
    """The raw cells of a CSV file; None, with a finding, when nothing of it can be used."""
    name = table.name
    if other := other_than_csv(data):
        noticed.add(name, "not_csv", file=file, looks=other[0], advice=other[1])
        return None
    start = 3 if data.startswith(codecs.BOM_UTF8) else 0
    if not data[start : start + LONGEST_HEADER].strip():
        noticed.add(name, "empty_file", file=file)
        return None
    header, body_at = _header(data, start)
    places = match_columns(table, header, file, noticed)
    if places is None:
        return None
    body = data[body_at:]
    encoding = None
    try:
        records, broken = _records(body, len(header), places)
    except _NotUtf8:
        encoding = looks_encoded(body)
        records, broken = _records(body.decode("utf-8", "almoner.undecoded").encode(), len(header), places)
    _say_records(name, records, broken, len(header), noticed)
    rows = np.delete(np.arange(2, records.count + 2, dtype=np.int64), np.frombuffer(records.ragged, dtype=np.int64))
    cells = {column: spelled(records.cells.column(f"c{at}").chunk(0)) for column, at in places.items()}
    return _without_blank_rows(Raw(name, file, pa.array(rows), cells, encoding))


def _header(data: bytes, start: int) -> tuple[list[str], int]:
    """The cells of the header record and where the body begins."""
    head = data[start : start + LONGEST_HEADER]
    lines = head.splitlines(keepends=True)
    reader = csv.reader(io.StringIO(head.decode("utf-8", "replace"), newline=""))
    try:
        header = next(reader, [])
        taken = reader.line_num if len(b"".join(lines[: reader.line_num])) < LONGEST_HEADER else 1
    except csv.Error:
        header, taken = [], 1
    return header, start + len(b"".join(lines[:taken]))


class _NotUtf8(Exception):
    """Some byte of the body is not UTF-8."""


def _records(body: bytes, cells: int, places: dict[str, int]) -> tuple[Records, list[tuple[int, str]]]:
    """The records of the body and those broken by quotation marks (place, beginning)."""
    records = _parse(body, cells, places)
    if records.count == _lines(body) or _breaks_explain(records, _lines(body), cells):
        return records, []
    mended = mend(body, cells)
    return _parse(mended.body, cells, places), mended.broken


def _lines(body: bytes) -> int:
    """Physical lines of the body."""
    ends = body.count(b"\n") + (body.count(b"\r") - body.count(b"\r\n") if b"\r" in body else 0)
    return ends + (1 if body and not body.endswith(ENDS) else 0)


def _breaks_explain(records: Records, lines: int, cells: int) -> bool:
    """Whether line breaks inside cells explain why there are fewer records than lines, and no cell looks like swallowed records."""
    breaks = 0
    for column in records.cells.columns:
        encoded = column.chunk(0)
        found = pc.add(
            pc.count_substring(encoded.dictionary, "\n"),
            pc.subtract(pc.count_substring(encoded.dictionary, "\r"), pc.count_substring(encoded.dictionary, "\r\n")),
        )
        commas = pc.count_substring(encoded.dictionary, ",")
        if pc.any(pc.and_(pc.greater(found, 0), pc.greater_equal(commas, cells - 1))).as_py():
            return False
        breaks += pc.sum(found.take(encoded.indices)).as_py() or 0
    return bool(records.count + breaks == lines)


def _parse(body: bytes, cells: int, places: dict[str, int]) -> Records:
    """The records of the body by Arrow's reader: on all cores first, and once more on one where records must be numbered."""
    ragged_seen = False

    def skip(record: arrow_csv.InvalidRow) -> str:
        nonlocal ragged_seen
        ragged_seen = True
        return "skip"

    found = Records(_arrow(body, cells, places, skip, threads=True))
    if not ragged_seen:
        return found
    found = Records(found.cells)

    def number(record: arrow_csv.InvalidRow) -> str:
        found.ragged.append(record.number - 1)
        if len(found.named) < MOST_NAMED and record.text.strip():
            found.named.append((record.number - 1, record.actual_columns, record.text[:200]))
        return "skip"

    found.cells = _arrow(body, cells, places, number, threads=False)
    return found


def _arrow(body: bytes, cells: int, places: dict[str, int], ragged: object, *, threads: bool) -> pa.Table:
    """The columns of the body that are asked for, dictionary-encoded, each in one chunk; _NotUtf8 when one is not UTF-8."""
    text = pa.dictionary(pa.int32(), pa.string())
    wanted = [f"c{at}" for at in places.values()]
    if not body:
        return pa.table({name: pa.chunked_array([pa.array([], text)]) for name in wanted})
    names = [f"c{at}" for at in range(cells)]
    convert = arrow_csv.ConvertOptions(
        include_columns=wanted, column_types=dict.fromkeys(wanted, text), strings_can_be_null=True, null_values=[""]
    )
    parse = arrow_csv.ParseOptions(newlines_in_values=b'"' in body, ignore_empty_lines=False, invalid_row_handler=ragged)
    for block in (BLOCK, min(len(body) + BLOCK, MOST_BLOCK)):
        read = arrow_csv.ReadOptions(column_names=names, block_size=block, use_threads=threads)
        try:
            table = arrow_csv.read_csv(pa.BufferReader(body), read_options=read, parse_options=parse, convert_options=convert)
        except pa.ArrowInvalid as trouble:
            if "UTF8" in str(trouble):
                raise _NotUtf8 from trouble
            if block != BLOCK:
                raise
        else:
            return table.unify_dictionaries().combine_chunks()
    raise AssertionError("unreachable: the second block size either reads or raises")


def _say_records(table: str, records: Records, broken: list[tuple[int, str]], cells: int, noticed: Noticed) -> None:
    """Findings for the records that are not as long as the header, or broken."""
    for place, found, beginning in records.named:
        code = "too_many_cells" if found > cells else "too_few_cells"
        noticed.add(table, code, row=place + 2, value=beginning, found=found, expected=cells)
    if len(records.named) == MOST_NAMED:
        noticed.more(table, code, len(records.ragged) - MOST_NAMED)
    for place, beginning in broken:
        noticed.add(table, "unbalanced_quote", row=place + 2, value=beginning)


def _without_blank_rows(raw: Raw) -> Raw:
    """The same cells without the rows in which every cell is blank."""
    blank = None
    for cells in raw.cells.values():
        empty = cells.places.is_null()  # type: ignore[union-attr]
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return raw
    kept = pc.invert(blank)
    raw.cells = {name: Cells(c.spellings, c.places.filter(kept)) for name, c in raw.cells.items()}  # type: ignore[union-attr]
    raw.rows = raw.rows.filter(kept)
    return raw
