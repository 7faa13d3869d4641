"""Parquet files to raw cells. Columns in the internal units are taken as they are; texts are read as CSV spells them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from almoner.core.tables import ARROW, SCALES, Column, Kind, Table
from almoner.formats.tables.bytes_seen import decoded, looks_encoded
from almoner.formats.tables.columns import match_columns
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.raw import UNDECODED, Cells, Raw, spelled
from almoner.formats.tables.sources import reason
from almoner.formats.tables.spelling import SECONDS_OF_A_DAY
from almoner.formats.tables.writing import spelled_column

UNITS = {
    Kind.MONEY: "pence",
    Kind.RATE: "hundredths of a penny",
    Kind.PERCENT: "hundredths of a per cent",
    Kind.QUANTITY: "hundredths",
}
ROWS_FOR_THREADS = 50_000
"""A file with fewer rows is read by one thread, which is sooner done."""

TROUBLES = (pa.ArrowException, OSError, ValueError, NotImplementedError)


def read_parquet(table: Table, paths: Sequence[Path], file: str, noticed: Noticed) -> Raw | None:
    """The raw cells of a table in one or more Parquet files, one after another; None, with a finding, when nothing can be used."""
    parts: list[tuple[dict[str, int], pa.Table]] = []
    undecoded = None
    for path in paths:
        try:
            metadata = pq.read_metadata(path)
            schema = pq.ParquetFile(path, metadata=metadata).schema_arrow
            names = list(schema.names)
            places = match_columns(table, names, file, noticed)
            if places is None:
                return None
            texts = [
                names[at] for at in places.values() if pa.types.is_string(schema.types[at]) or pa.types.is_large_string(schema.types[at])
            ]
            wanted = [names[at] for at in places.values()]
            with pq.ParquetFile(path, metadata=metadata, read_dictionary=texts) as opened:
                found = opened.read(columns=wanted, use_threads=metadata.num_rows > ROWS_FOR_THREADS).select(wanted)
            columns, strange = zip(*map(_in_utf8, found.columns), strict=True)
            undecoded = undecoded or next(filter(None, strange), None)
        except TROUBLES as trouble:
            noticed.add(table.name, "unreadable_file", file=path.name, reason=reason(trouble))
            return None
        parts.append((places, pa.table(dict(zip(places, columns, strict=True)))))
    count = sum(part.num_rows for _, part in parts)
    cells = {}
    for column in table.columns:
        cells_of = [part.column(column.name) if column.name in places else None for places, part in parts]
        if any(c is not None for c in cells_of):
            lengths = [part.num_rows for _, part in parts]
            made = as_cells(column, cells_of, lengths)
            if made is None:
                noticed.add(table.name, "ambiguous_units", row=1, column=column.name, file=file, unit=UNITS[column.kind])
                return None
            cells[column.name] = made
    return Raw(table.name, file, pa.arange(2, count + 2), cells, undecoded=undecoded)


def _in_utf8(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str | None]:
    """Texts and bytes as texts, with what is not UTF-8 marked, and then also the encoding it seems to be in; other columns as they are."""
    kinds = pa.types
    if kinds.is_dictionary(column.type) and kinds.is_string(column.type.value_type):
        _refuse_beyond_dictionary(column)
        if all(_is_utf8(chunk.dictionary) for chunk in column.chunks):
            return column, None
        column = column.cast(pa.binary())
    elif kinds.is_string(column.type) or kinds.is_large_string(column.type) or kinds.is_string_view(column.type):
        if all(map(_is_utf8, column.chunks)):
            return column, None
        column = column.cast(pa.binary())
    elif not (kinds.is_binary(column.type) or kinds.is_large_binary(column.type) or kinds.is_fixed_size_binary(column.type)):
        return column, None
    texts = [None if cell is None else decoded(cell) for cell in column.to_pylist()]
    bad = b"".join(cell for cell, text in zip(column.to_pylist(), texts, strict=True) if text and UNDECODED in text)
    return pa.chunked_array([pa.array(texts, pa.string())]), looks_encoded(bad) if bad else None


def _refuse_beyond_dictionary(column: pa.ChunkedArray) -> None:
    """ArrowInvalid when a damaged file names a text that its dictionary does not have."""
    for chunk in column.chunks:
        span = pc.min_max(chunk.indices)
        if span["max"].is_valid and not 0 <= span["min"].as_py() <= span["max"].as_py() < len(chunk.dictionary):
            raise pa.ArrowInvalid("a cell names a text that is not in the file, which is damaged")


def _is_utf8(texts: pa.Array) -> bool:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def as_cells(column: Column, parts: Sequence[pa.ChunkedArray | None], lengths: Sequence[int]) -> Cells | None:
    """The parts of one column as cells: kept where every part can be, else spelled. None when fractions make the unit doubtful."""
    if any(part is not None and _fractions(column.kind, part) for part in parts):
        return None
    kept = [pa.nulls(n, ARROW[column.kind]) if part is None else _kept(column.kind, part) for part, n in zip(parts, lengths, strict=True)]
    if all(part is not None for part in kept):
        return Cells(_one(pa.chunked_array(kept, ARROW[column.kind])), None)
    spelt = [
        pa.nulls(n, pa.string()) if part is None else _texts(column.kind, part) if plain is None else spelled_column(column, plain)
        for part, plain, n in zip(parts, kept, lengths, strict=True)
    ]
    if len(spelt) == 1 and pa.types.is_dictionary(spelt[0].type):
        return spelled(_one(spelt[0].unify_dictionaries()))
    return spelled(_one(pa.chunked_array([_one(_plain(part)) for part in spelt], pa.string())))


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array of the chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    return column.cast(pa.string())


def _fractions(kind: Kind, part: pa.ChunkedArray) -> bool:
    """Whether a number column of several units holds fractions, so that 12.00 might be pounds as well as pence."""
    if SCALES.get(kind, 1) == 1 or not pa.types.is_floating(part.type):
        return False
    part = _full_width(part)
    return bool(pc.any(pc.and_not(pc.not_equal(pc.floor(part), part), pc.is_nan(part))).as_py())


def _kept(kind: Kind, part: pa.ChunkedArray) -> pa.Array | None:
    """The column in the internal type where its own type says the same thing; else None."""
    natural = {
        Kind.DATE: lambda t: pa.types.is_date(t) or (pa.types.is_timestamp(t) and t.tz is None),
        Kind.INSTANT: lambda t: pa.types.is_timestamp(t) and t.tz is None,
        Kind.TIME: pa.types.is_time,
        Kind.YES_NO: pa.types.is_boolean,
    }.get(kind, lambda t: kind in SCALES and (pa.types.is_integer(t) or pa.types.is_floating(t)))
    if pa.types.is_null(part.type):
        return pa.nulls(len(part), ARROW[kind])
    if not natural(part.type):
        return None
    if pa.types.is_floating(part.type):
        part = _without_nan(part)
    if kind is Kind.DATE and pa.types.is_timestamp(part.type) and _has_time_of_day(part):
        return None
    try:
        return _one(part.cast(ARROW[kind]))
    except pa.ArrowInvalid:
        return None


def _full_width(part: pa.ChunkedArray) -> pa.ChunkedArray:
    """Half-wide floating point made wider, for little can be asked of it."""
    return part.cast(pa.float32()) if pa.types.is_float16(part.type) else part


def _without_nan(part: pa.ChunkedArray) -> pa.ChunkedArray:
    """Floating point with blanks where it is no number, which is how pandas writes them."""
    wide = _full_width(part)
    return pc.if_else(pc.is_nan(wide), pa.scalar(None, wide.type), wide)


def _has_time_of_day(part: pa.ChunkedArray) -> bool:
    """Whether any instant is not at midnight: a date would lose it."""
    ticks = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[part.type.unit] * SECONDS_OF_A_DAY
    instants = part.cast(pa.int64())
    return bool(pc.any(pc.not_equal(pc.multiply(pc.divide(instants, ticks), ticks), instants)).as_py())


def _texts(kind: Kind, part: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as text, spelled as CSV would; values of a type that has no text are shown as such."""
    kinds = pa.types
    if kinds.is_dictionary(part.type) and kinds.is_string(part.type.value_type):
        return part
    if kinds.is_dictionary(part.type):
        part = part.cast(part.type.value_type)
    if kinds.is_boolean(part.type):
        return pc.if_else(part, "yes", "no")
    if kinds.is_floating(part.type):
        part = _without_nan(part)
        whole = pc.equal(pc.floor(part), part)
        if pc.all(pc.fill_null(pc.and_(whole, pc.less(pc.abs(part), 1e15)), True)).as_py():
            part = part.cast(pa.int64())
    if kinds.is_timestamp(part.type):
        if part.type.tz is not None:
            return pc.strftime(part, ("%Y-%m-%d" if kind is Kind.DATE else "%Y-%m-%dT%H:%M:%S") + "Z")
        spelt = _whole_seconds(pc.strftime(part, "%Y-%m-%dT%H:%M:%S"))
        return pc.replace_substring_regex(spelt, "T00:00:00$", "") if kind is Kind.DATE else spelt
    if kinds.is_time(part.type):
        return _whole_seconds(part.cast(pa.string()))
    try:
        return part.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.chunked_array([pa.array([None if v is None else str(v) for v in part.to_pylist()], pa.string())])


def _whole_seconds(spelt: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts without idle fractions, so that one cell with parts of a second does not spoil the others."""
    return pc.replace_substring_regex(spelt, r"\.0+$", "")
