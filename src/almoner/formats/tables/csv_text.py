"""CSV bytes to raw cells. Record numbers stay right whatever stands in the file, and one bad row never costs another."""

from __future__ import annotations

import codecs
import csv
import io
from array import array
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from almoner.core.tables import ARROW, Kind, Table
from almoner.formats.tables.bytes_seen import decoded, looks_encoded, other_than_csv
from almoner.formats.tables.columns import match_columns
from almoner.formats.tables.csv_records import MOST_BROKEN, Mended, TooManyBroken, mend
from almoner.formats.tables.noticed import MOST_NAMED, Noticed
from almoner.formats.tables.raw import LONGEST_CELL, Cells, Raw, spelled

TEXT = pa.dictionary(pa.int32(), pa.string())
READ_AT_ONCE = (Kind.DATE, Kind.TIME)
"""Kinds that Arrow's reader takes no other spellings for than we do."""

BLOCK = 2 << 20
MOST_BLOCK = (1 << 31) - 1
LONGEST_HEADER = 1 << 16
MOST_QUOTES = 20_000
BESIDE_QUOTES = (b"", b",", b"\n", b"\r", b'"')
ENDS = (b"\n", b"\r")


@dataclass
class Records:
    """The records of a body: `cells` in dictionary-encoded columns, and those with another number of cells than the header."""

    cells: pa.Table
    ragged: array[int] = field(default_factory=lambda: array("q"))  # places in the body, 0 = first
    named: list[tuple[int, int, str]] = field(default_factory=list)  # place, cells found, beginning of the record
    unnamed: int = 0  # ragged records, blank lines aside, beyond those named

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
    encoding = None if _is_utf8(data) else looks_encoded(data)
    if encoding:
        data, body_at = decoded(data[body_at:]).encode(), 0
    try:
        records, mended = _records(data, body_at, len(header), _types(table, places))
    except TooManyBroken as refused:
        noticed.add(name, "too_many_broken", row=refused.place + 2, file=file, most=f"{MOST_BROKEN:,}")
        return None
    unread = _say_records(name, records, mended, header, noticed)
    rows = pa.arange(2, records.count + 2)
    if records.ragged:
        rows = rows.filter(pc.invert(pc.is_in(rows, pc.add(pa.array(records.ragged, pa.int64()), 2))))
    cells = {column: _cells(records.cells.column(f"c{at}").chunk(0)) for column, at in places.items()}
    return _without_blank_rows(Raw(name, file, rows, cells, unread, encoding))


def _types(table: Table, places: dict[str, int]) -> dict[str, pa.DataType]:
    """How Arrow is first asked to read each column, by its name there: days and times of day as such, all else as distinct texts."""
    return {f"c{at}": ARROW[kind] if (kind := table.column(name).kind) in READ_AT_ONCE else TEXT for name, at in places.items()}


def _cells(column: pa.Array) -> Cells:
    return spelled(column) if pa.types.is_dictionary(column.type) else Cells(column, None)


def _header(data: bytes, start: int) -> tuple[list[str], int]:
    """The cells of the header record and where the body begins. A quotation mark left open ends with its line, and swallows no rows."""
    lines = data[start : start + LONGEST_HEADER].splitlines(keepends=True)
    for among, strict in ((lines, True), (lines[:1], False)):
        reader = csv.reader(io.StringIO(b"".join(among).decode("utf-8", "replace"), newline=""), strict=strict)
        try:
            header = next(reader, [])
        except csv.Error:
            continue
        if reader.line_num == 1 or not any("," in cell and ("\n" in cell or "\r" in cell) for cell in header):
            return header, start + len(b"".join(lines[: reader.line_num]))
    return [], start + len(lines[0])


def _is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8. Looked at first, because Arrow's reader cannot name a row that is not."""
    try:
        return data.isascii() or bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _records(data: bytes, start: int, cells: int, types: dict[str, pa.DataType]) -> tuple[Records, Mended | None]:
    """The records from `start` on, and where they had to be mended how. Raises TooManyBroken."""
    quotes = _quotes(data, start)
    if quotes % 2 == 0:
        plain = quotes <= MOST_QUOTES and _plainly_quoted(data, start, quotes // 2)
        records = _parse(data, start, cells, types, breaks=not plain)
        if plain or records.count == (lines := _lines(data, start)) or _breaks_explain(records, lines, cells):
            return records, None
    mended = mend(data[start:], cells)
    try:
        return _parse(mended.body, 0, cells, types, breaks=quotes > 0), mended
    except TooManyBroken as refused:
        raise TooManyBroken(min([refused.place, *(place for place, _ in mended.broken[:1])])) from None


def _quotes(data: bytes, start: int) -> int:
    """How many quotation marks there are from `start` on: found one by one while they are few, which is far quicker than counting."""
    found, at = 0, data.find(b'"', start)
    while at >= 0 and found <= MOST_QUOTES:
        found, at = found + 1, data.find(b'"', at + 1)
    return found if at < 0 else found + data.count(b'"', at)


def _plainly_quoted(data: bytes, start: int, pairs: int) -> bool:
    """Whether all quotation marks enclose whole cells, without line breaks: then every line is a record, and sooner read as one."""
    end = start - 1
    for _ in range(pairs):
        begin = data.find(b'"', end + 1)
        end = data.find(b'"', begin + 1)
        before, after = data[max(start, begin - 1) : begin], data[end + 1 : end + 2]
        if before not in BESIDE_QUOTES or after not in BESIDE_QUOTES:
            return False
        if data.find(b"\n", begin, end) >= 0 or data.find(b"\r", begin, end) >= 0:
            return False
    return True


def _lines(data: bytes, start: int) -> int:
    """Physical lines from `start` on."""
    returns = data.count(b"\r", start) - data.count(b"\r\n", start) if data.find(b"\r", start) >= 0 else 0
    unended = len(data) > start and not data.endswith(ENDS)
    return data.count(b"\n", start) + returns + (1 if unended else 0)


def _breaks_explain(records: Records, lines: int, cells: int) -> bool:
    """Whether line breaks inside cells explain why there are fewer records than lines, and no cell looks like swallowed records."""
    breaks = 0
    for encoded in (column.chunk(0) for column in records.cells.columns):
        if not pa.types.is_dictionary(encoded.type):
            continue
        found = pc.add(
            pc.count_substring(encoded.dictionary, "\n"),
            pc.subtract(pc.count_substring(encoded.dictionary, "\r"), pc.count_substring(encoded.dictionary, "\r\n")),
        )
        commas = pc.count_substring(encoded.dictionary, ",")
        if pc.any(pc.and_(pc.greater(found, 0), pc.greater_equal(commas, cells - 1))).as_py():
            return False
        breaks += pc.sum(found.take(encoded.indices)).as_py() or 0
    return bool(records.count + breaks == lines)


class _Ragged:
    """The records with another number of cells than the header, as Arrow's reader tells of them; more than `MOST_BROKEN` end it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Nothing has been read yet."""
        self.seen = 0
        self.places: array[int] = array("q")
        self.named: list[tuple[int, int, str]] = []
        self.unnamed = 0

    def count(self, record: arrow_csv.InvalidRow) -> str:
        """Of a record whose place nobody knows, for several cores read at a time."""
        self.seen += 1
        return "error" if self.seen > MOST_BROKEN else "skip"

    def number(self, record: arrow_csv.InvalidRow) -> str:
        """Of a record with its place."""
        self.places.append(record.number - 1)
        if record.text.strip() and len(self.named) < MOST_NAMED:
            self.named.append((record.number - 1, record.actual_columns, record.text[:200]))
        elif record.text.strip():
            self.unnamed += 1
        return self.count(record)


def _parse(data: bytes, start: int, cells: int, types: dict[str, pa.DataType], *, breaks: bool) -> Records:
    """The records from `start` on by Arrow's reader: on all cores first, and once more on one where records must be numbered."""
    ragged = _Ragged()
    with suppress(TooManyBroken):
        found = _arrow(data, start, cells, types, ragged, breaks=breaks, threads=True)
        if not ragged.seen:
            return Records(found)
    found = _arrow(data, start, cells, types, ragged, breaks=breaks, threads=False)
    return Records(found, ragged.places, ragged.named, ragged.unnamed)


def _arrow(data: bytes, start: int, cells: int, types: dict[str, pa.DataType], ragged: _Ragged, *, breaks: bool, threads: bool) -> pa.Table:
    """The columns asked for of the records from `start` on, each in one chunk.

    When any cell is not of its type, all columns come as distinct texts, so that the cell can be named. Raises TooManyBroken.
    """
    body = pa.py_buffer(data).slice(start)
    if not body.size:
        return pa.table({name: pa.chunked_array([pa.array([], kind)]) for name, kind in types.items()})
    texts = dict.fromkeys(types, TEXT)
    # A record longer than a block cannot be read, so the whole is one block in the end.
    attempts = [(types, BLOCK, breaks), (texts, BLOCK, breaks), (texts, min(body.size + BLOCK, MOST_BLOCK), True)]
    handler = ragged.count if threads else ragged.number
    for kinds, block, broken in attempts:
        ragged.begin()
        read = arrow_csv.ReadOptions(column_names=[f"c{at}" for at in range(cells)], block_size=block, use_threads=threads)
        parse = arrow_csv.ParseOptions(newlines_in_values=broken, ignore_empty_lines=False, invalid_row_handler=handler)
        convert = arrow_csv.ConvertOptions(
            include_columns=list(kinds), column_types=kinds, strings_can_be_null=True, null_values=[""], check_utf8=False
        )
        try:
            table = arrow_csv.read_csv(pa.BufferReader(body), read_options=read, parse_options=parse, convert_options=convert)
        except pa.ArrowInvalid:
            if ragged.seen > MOST_BROKEN:
                raise TooManyBroken(ragged.places[0] if ragged.places else 0) from None
            if (kinds, block, broken) == attempts[-1]:
                raise
        else:
            return table.unify_dictionaries().combine_chunks()
    raise AssertionError("the last attempt returns or raises")


def _say_records(table: str, records: Records, mended: Mended | None, header: list[str], noticed: Noticed) -> int:
    """Findings for the records that are not as long as the header, broken, or too long; how many there are."""
    for place, found, beginning in records.named:
        code = "too_many_cells" if found > len(header) else "too_few_cells"
        noticed.add(table, code, row=place + 2, value=beginning, found=found, expected=len(header))
    if records.unnamed:
        noticed.more(table, "too_many_cells", records.unnamed)
    broken, long = (mended.broken, mended.long) if mended else ([], [])
    for place, beginning in broken:
        noticed.add(table, "unbalanced_quote", row=place + 2, value=beginning)
    for place, cell, beginning in long:
        noticed.add(table, "long_cell", row=place + 2, column=header[cell], value=beginning, longest=f"{LONGEST_CELL:,}")
    return len(records.named) + records.unnamed + len(broken) + len(long)


def _without_blank_rows(raw: Raw) -> Raw:
    """The same cells without the rows in which every cell is blank."""
    blank = None
    for cells in raw.cells.values():
        empty = (cells.spellings if cells.places is None else cells.places).is_null()
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return raw
    kept = pc.invert(blank)
    raw.cells = {name: _filtered(cells, kept) for name, cells in raw.cells.items()}
    raw.rows = raw.rows.filter(kept)
    return raw


def _filtered(cells: Cells, kept: pa.Array) -> Cells:
    if cells.places is None:
        return Cells(cells.spellings.filter(kept), None)
    return Cells(cells.spellings, cells.places.filter(kept))
