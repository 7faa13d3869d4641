"""Large Parquet tables that need not be taken into memory: the full reading would say nothing of them, and take every cell as it stands.

The files are looked through one group of rows at a time, and columns of which the file itself tells that nothing is wrong are not
looked at. Where anything at all could be said, the answer is no, and the full reading says it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from almoner.core.tables import ARROW, SCALES, TABLES, Column, Kind, Table
from almoner.formats.tables.comparisons import may_overlap, may_repeat
from almoner.formats.tables.raw import LONGEST_CELL
from almoner.formats.tables.row_checks import CHECKS
from almoner.formats.tables.settle import Settled, default_of
from almoner.formats.tables.sources import Source
from almoner.formats.tables.spelling import EARLIEST, LATEST, SECONDS_OF_A_DAY, trimmed
from almoner.formats.tables.spoken import Numbered, Spoken

LOOKED_AT = {
    "actuals": ("kind", "delivered_minutes", "units", "outcome"),
    "schedule": ("valid_from", "valid_to"),
    "prior_receipts": (),
}
"""The tables that are ever so large, with the columns that are compared within a row."""

MOST_COMPARED = 5_000_000
"""More actuals than this are not searched for rows that replace others: the later wins, and the earlier is then not listed as a note."""

TEXTS = (Kind.TEXT, Kind.CHOICE)
UNITS = ("s", "ms", "us")


def rows_of(source: Source) -> int:
    """How many rows the files of a source hold; 0 when one of them is no Parquet."""
    try:
        return sum(pq.read_metadata(path).num_rows for path in source.paths)
    except (pa.ArrowException, OSError):
        return 0


def sound_alone(source: Source) -> Settled | None:
    """The table's columns that are compared with other tables, where nothing can be said of its rows by themselves; else None.

    It asks nothing of other tables, so that they may be read meanwhile.
    """
    table = TABLES[source.table]
    compared = _compared(table, rows_of(source))
    pieces: list[pa.Table] = []
    try:
        with ThreadPoolExecutor(min(len(source.paths), os.cpu_count() or 1)) as pool:
            for found in pool.map(lambda path: _looked_through(table, path, compared), source.paths):
                if found is None:
                    pool.shutdown(cancel_futures=True)
                    return None
                pieces += found
        return _never_repeating(table, pa.concat_tables(pieces))
    except (pa.ArrowException, OSError, ValueError, NotImplementedError, OverflowError):  # the last for days that no calendar has
        return None


def beyond_doubt(looked_at: Settled | None, parents: Mapping[str, Settled]) -> bool:
    """Whether a table, as `sound_alone` found it, may be used where it lies: its rows name lines that are there, on which they have an
    effect. `parents`: what is left of the tables it refers to."""
    if looked_at is None:
        return False
    if (named := looked_at.spoken.get("line_id")) is not None:
        lines = parents["lines"].rows.column("line_id").combine_chunks() if "lines" in parents else pa.array([], pa.string())
        if not named.among(lines):
            return False
    return not any(check.possible(looked_at, parents) for check in CHECKS if check.table == looked_at.table.name and check.joined)


def _looked_through(table: Table, path: Path, compared: list[str]) -> list[pa.Table] | None:
    """Of one file the columns that are compared with others; nothing when anything could be said of its rows."""
    if not _fits(table, pq.read_schema(path)):
        return None
    alone, pieces = compared == ["line_id"], []
    for rows in _pieces(table, path, [*compared, *LOOKED_AT[table.name]]):
        if not _sound_cells(table, rows):
            return None
        if set(compared) <= set(rows.column_names):
            if _contradicted(table, rows):
                return None
            pieces.append(pa.table({"line_id": rows.column("line_id").unique()}) if alone else rows.select(compared))
    return pieces


def _compared(table: Table, rows: int) -> list[str]:
    """The columns that are compared between rows or with another table."""
    if table.name == "actuals" and rows > MOST_COMPARED:
        return ["line_id"]
    return [*table.key, "valid_to"] if "valid_from" in table.key else [*table.key]


def _fits(table: Table, schema: pa.Schema) -> bool:
    """Whether a file has exactly the table's columns in the types that are meant."""
    return sorted(schema.names) == sorted(column.name for column in table.columns) and all(
        _is_meant(column.kind, schema.field(column.name).type) for column in table.columns
    )


def _is_meant(kind: Kind, found: pa.DataType) -> bool:
    if kind is Kind.INSTANT:
        return bool(pa.types.is_timestamp(found)) and found.tz is None and found.unit in UNITS
    if kind is Kind.TIME:
        return bool(pa.types.is_time(found)) and found.unit in UNITS
    return bool(found == ARROW[kind])


def _pieces(table: Table, path: Path, together: list[str]) -> Iterator[pa.Table]:
    """Of each group of rows of a file, in the core's types and defaults in place of blanks: the columns that are looked at together,
    and, one by one, the others that need a look."""
    with pq.ParquetFile(path, read_dictionary=[column.name for column in table.columns if column.kind in TEXTS]) as file:
        places = {name: at for at, name in enumerate(file.schema_arrow.names)}
        for group in range(file.num_row_groups):
            told = file.metadata.row_group(group)
            others = [c for c in table.columns if c.name not in together and not _told(c, told.column(places[c.name]), told.num_rows)]
            for columns in ([column for column in table.columns if column.name in together], *([column] for column in others)):
                found = file.read_row_group(group, columns=[column.name for column in columns], use_threads=False)
                yield pa.table({column.name: _as_meant(column, found.column(column.name)) for column in columns})


def _told(column: Column, cells: pq.ColumnChunkMetaData, rows: int) -> bool:
    """Whether the file itself tells that nothing is wrong with the cells of a column in these rows."""
    known = cells.statistics
    if known is None or not known.has_null_count or (column.required and known.null_count):
        return False
    if known.null_count == rows or column.kind is Kind.YES_NO:
        return True
    plain = column.kind in SCALES or column.kind is Kind.DATE
    return plain and bool(known.has_min_max) and _within(column, known.min, known.max)


def _as_meant(column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells in the core's type (texts by their distinct values), blanks filled; ArrowInvalid when that loses parts of a second."""
    default = default_of(column)
    if column.kind in TEXTS:
        blank = default.is_valid and cells.null_count
        return cells.cast(pa.string()).fill_null(default).dictionary_encode() if blank else cells
    meant = cells.cast(ARROW[column.kind])
    return meant.fill_null(default) if default.is_valid and meant.null_count else meant


def _sound_cells(table: Table, rows: pa.Table) -> bool:
    """Whether each cell is one that its column may have, spelled as it is kept."""
    texts = []
    for name in rows.column_names:
        column, cells = table.column(name), rows.column(name)
        if column.required and cells.null_count:
            return False
        if column.kind is Kind.TEXT:
            texts += [chunk.dictionary for chunk in cells.chunks]
        elif column.kind is Kind.CHOICE:
            if not all(set(chunk.dictionary.to_pylist()) <= set(column.choices) for chunk in cells.chunks):
                return False
        elif column.kind is not Kind.YES_NO and cells.null_count < len(cells):
            span = pc.min_max(cells)
            if column.kind is Kind.TIME:
                span = pc.min_max(cells.cast(pa.int32()))
            if not _within(column, span["min"].as_py(), span["max"].as_py()):
                return False
    return not texts or _as_kept(pa.concat_arrays(texts))


def _within(column: Column, least: Any, most: Any) -> bool:
    """Whether numbers, days, instants or seconds of a day from `least` to `most` are such as the column may have."""
    lower: Any = column.least
    upper: Any = column.most
    if column.kind is Kind.DATE:
        lower, upper = date.fromisoformat(EARLIEST), date.fromisoformat(LATEST)
    elif column.kind is Kind.INSTANT:
        lower, upper = datetime.fromisoformat(EARLIEST), datetime.fromisoformat(LATEST)
    elif column.kind is Kind.TIME:
        lower, upper = 0, SECONDS_OF_A_DAY - 1
    return (lower is None or least >= lower) and (upper is None or most <= upper)


def _as_kept(texts: pa.Array) -> bool:
    """Whether the full reading would keep these texts letter by letter, none too long."""
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > LONGEST_CELL:
        return False
    same = pc.equal(trimmed(texts), texts)
    return not same.null_count and not pc.any(pc.or_(pc.invert(same), pc.match_substring(texts, "\0"))).as_py()


def _contradicted(table: Table, rows: pa.Table) -> bool:
    """Whether any row may contradict itself."""
    piece = Settled(table, "", rows, rows.num_rows)
    return any(check.possible(piece, {}) for check in CHECKS if check.table == table.name and not check.joined)


def _never_repeating(table: Table, rows: pa.Table) -> Settled | None:
    """The columns as they were spoken; None where a row may repeat or overlap another."""
    spoken = {name: _spoken(table.column(name), rows.column(name)) for name in rows.column_names}
    whole = Settled(table, "", table.empty(), rows.num_rows, spoken)
    return None if set(table.key) <= set(spoken) and (may_repeat(whole) or may_overlap(whole)) else whole


def _spoken(column: Column, cells: pa.ChunkedArray) -> Spoken | Numbered:
    if column.kind not in TEXTS:
        return Numbered(cells.combine_chunks())
    encoded = cells.unify_dictionaries().combine_chunks()
    encoded = encoded if isinstance(encoded, pa.Array) else encoded.chunk(0)
    return Spoken(encoded.dictionary, encoded.indices, default_of(column))
