"""Raw cells to a table of the core's schema: every cell is checked against its column, and rows with a wrong cell are left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.findings import Severity
from almoner.core.tables import ARROW, DECIMALS, SCALES, TABLES, Column, Kind, Table
from almoner.formats.tables.engine import Engine
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.raw import LONGEST_CELL, UNDECODED, Cells, Raw
from almoner.formats.tables.shown import number_advice, shown
from almoner.formats.tables.spelling import EARLIEST, LATEST, SECONDS_OF_A_DAY, Meant, meanings, spelled_number, trimmed
from almoner.formats.tables.spoken import Numbered, Spoken
from almoner.formats.tables.wording import CODES

LAST_DAYS = {"valid_to": "valid_from", "end_date": "start_date", "last_day": "first_day"}
"""Columns that say the last day of a period, with the column of its first day."""

ROWS_FOR_THREADS = 50_000
"""The columns of a table with fewer rows are sooner worked out one after the other."""

WITHOUT_GAPS = ("nhs_number", "sort_code", "account_number")
"""Numbers that people write in groups (20-00-00, 943 476 5919); the gaps are not kept."""


@dataclass
class Settled:
    """A table in the core's schema.

    `read` counts its records with something in them. `spoken` are the columns as read, before any row was left out.
    `out_rows` and `out_ids` are the rows left out so far and what their first column said.
    """

    table: Table
    file: str
    rows: pa.Table
    read: int
    spoken: dict[str, Spoken | Numbered] = field(default_factory=dict)
    out_rows: list[pa.Array] = field(default_factory=list)
    out_ids: list[pa.Array] = field(default_factory=list)
    _at_hand: pa.Table | None = None

    def at_hand(self, engine: Engine) -> None:
        """Let SQL find the rows under the table's name; called only where SQL is needed, for it takes longer than most checks."""
        if self._at_hand is not self.rows:
            engine.register(self.table.name, self.rows)
            self._at_hand = self.rows

    def leave_out(self, rows: pa.Array) -> None:
        """Take the rows with these record numbers away, remembering their ids."""
        going = pc.is_in(self.rows.column("row"), rows)
        gone = self.rows.filter(going)
        self.remember(gone.column("row"), gone.column(self.table.columns[0].name))
        self.rows = self.rows.filter(pc.invert(going))

    def remember(self, rows: pa.ChunkedArray, ids: pa.ChunkedArray) -> None:
        """Keep the record numbers and ids of rows left out, for those that refer to them."""
        self.out_rows.append(pa.array(rows.combine_chunks()) if isinstance(rows, pa.ChunkedArray) else rows)
        self.out_ids.append(ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids)


def settle(engine: Engine, raws: Mapping[str, Raw], noticed: Noticed) -> dict[str, Settled]:
    """Every raw table settled; all the spellings of one kind, of all tables, are read together."""
    wanted = {name: [c for c in TABLES[name].columns if c.name in raw.cells] for name, raw in raws.items()}
    asked = [(column, _texts(column, raws[name].cells[column.name])) for name, columns in wanted.items() for column in columns]
    answers = iter(zip(asked, meanings(engine, asked), strict=True))
    settled = {}
    for name, raw in raws.items():
        spelt = {}
        for column in wanted[name]:
            (_, texts), meant = next(answers)
            spelt[column.name] = _Spelt(column, raw, texts, meant)
        settled[name] = _settle_table(raw, spelt, noticed)
    return settled


def _texts(column: Column, cells: Cells) -> pa.Array:
    """The trimmed spellings of a column; none where its cells came in the internal type."""
    if cells.places is None:
        return pa.array([], pa.string())
    gapless = column.name in WITHOUT_GAPS
    return trimmed(pc.replace_substring_regex(cells.spellings, "[ -]", "") if gapless else cells.spellings)


@cache
def default_of(column: Column) -> pa.Scalar:
    """The column's default in the internal type; null where it has none."""
    value: object = column.default
    if column.default is None:
        pass
    elif column.kind in SCALES:
        value = int(column.default) * SCALES[column.kind]
    elif column.kind is Kind.DATE:
        value = date.fromisoformat(column.default)
    elif column.kind is Kind.YES_NO:
        value = column.default == "yes"
    return pa.scalar(value, ARROW[column.kind])


@dataclass(frozen=True)
class _Spelt:
    """One column's trimmed spellings and what they mean."""

    column: Column
    raw: Raw
    texts: pa.Array
    meant: Meant


@dataclass(frozen=True)
class _Column:
    """One column worked out: a value for each row, how a row's cell was spelled, and for each code the rows that have it (masks)."""

    values: pa.Array
    spelling: Callable[[int], str]
    doubts: dict[str, pa.Array]
    spoken: Spoken | Numbered | None = None


def _settle_table(raw: Raw, spelt: Mapping[str, _Spelt], noticed: Noticed) -> Settled:
    """One table: its good rows in the core's schema, findings for the others."""
    table = TABLES[raw.table]
    count = len(raw.rows)
    columns = dict(zip((c.name for c in table.columns), _worked_out(table, spelt, count), strict=True))
    bad = None
    for name, worked in columns.items():
        for code, mask in worked.doubts.items():
            _say(raw, table.column(name), code, mask, worked, noticed)
            if CODES[code].severity is Severity.ERROR:
                bad = mask if bad is None else pc.or_(bad, mask)
    rows = pa.table([raw.rows, *(worked.values for worked in columns.values())], schema=table.schema)
    spoken = {name: worked.spoken for name, worked in columns.items() if worked.spoken}
    settled = Settled(table, raw.file, rows, count, spoken)
    if bad is not None:
        first = columns[table.columns[0].name]
        settled.remember(raw.rows.filter(bad), pc.cast(first.values, pa.string()).filter(bad))
        settled.rows = rows.filter(pc.invert(bad))
    return settled


def _worked_out(table: Table, spelt: Mapping[str, _Spelt], count: int) -> Iterable[_Column]:
    """Every column of a table with so many rows: one after the other, or, of a large one, several at a time."""

    def one(column: Column) -> _Column:
        return _work_out(spelt[column.name]) if column.name in spelt else _absent(column, count)

    if count < ROWS_FOR_THREADS:
        return map(one, table.columns)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, table.columns))


def _absent(column: Column, count: int) -> _Column:
    """A column that is not in the file: its default in every row."""
    default = default_of(column)
    return _Column(pa.repeat(default, count) if default.is_valid else pa.nulls(count, ARROW[column.kind]), lambda place: "", {})


def _work_out(spelt: _Spelt) -> _Column:
    """A column's values and doubts."""
    cells, default = spelt.raw.cells[spelt.column.name], default_of(spelt.column)
    return _kept(spelt.column, cells.spellings, default) if cells.places is None else _read(spelt, cells.places, default)


def _read(spelt: _Spelt, places: pa.Array, default: pa.Scalar) -> _Column:
    """A spelled column: the doubts of its spellings, carried to the rows that have them."""
    column, texts, values, codes = spelt.column, spelt.texts, spelt.meant.values, spelt.meant.codes
    codes = _with_bounds(column, values, codes)
    if spelt.raw.undecoded:
        codes = pc.if_else(pc.fill_null(pc.match_substring(texts, UNDECODED), False), "bad_encoding", codes)
    long = pc.greater(pc.binary_length(spelt.raw.cells[column.name].spellings), LONGEST_CELL)
    if pc.any(long).as_py():
        codes = pc.if_else(pc.fill_null(long, False), "long_cell", codes)
    values = _opened(values, codes)
    blanks = pc.is_null(texts) if texts.null_count else None
    if default.is_valid and blanks is not None:
        values = pc.if_else(blanks, default, values)
    found = values.take(places)
    if default.is_valid and places.null_count:
        found = pc.fill_null(found, default) if values.null_count == 0 else pc.if_else(pc.is_null(places), default, found)
    doubts = {}
    for code in pc.unique(pc.drop_null(codes)).to_pylist():
        mask = pc.fill_null(pc.equal(codes, code).take(places), False)
        if pc.any(mask).as_py():
            doubts[code] = mask
    if column.required and (places.null_count or blanks is not None):
        blank = pc.fill_null(pc.is_null(texts).take(places), True)
        if pc.any(blank).as_py():
            doubts["blank_required"] = blank
    return _Column(found, lambda place: _text(texts, places[place].as_py()), doubts, Spoken(values, places, default))


def _text(texts: pa.Array, place: int | None) -> str:
    return "" if place is None else texts[place].as_py() or ""


def _kept(column: Column, kept: pa.Array, default: pa.Scalar) -> _Column:
    """A column that came in the internal type."""
    codes = _with_bounds(column, kept, pa.nulls(len(kept), pa.string()))
    doubts = {}
    if codes.null_count < len(codes):
        doubts = {code: pc.fill_null(pc.equal(codes, code), False) for code in pc.unique(pc.drop_null(codes)).to_pylist()}
    if column.required and kept.null_count:
        doubts["blank_required"] = pc.is_null(kept)
    values = _opened(kept, codes)
    if default.is_valid and kept.null_count:
        values = pc.if_else(pc.is_null(kept), default, values)
    spelling = lambda place: shown(column.kind, kept.slice(place, 1))[0].as_py() or ""  # noqa: E731
    return _Column(values, spelling, doubts, None if column.kind in (Kind.TEXT, Kind.CHOICE, Kind.YES_NO) else Numbered(values))


def _opened(values: pa.Array, codes: pa.Array) -> pa.Array:
    """The values, with last dates that are too far away made open."""
    if codes.null_count == len(codes) or not pc.any(pc.equal(codes, "taken_as_open")).as_py():
        return values
    return pc.if_else(pc.fill_null(pc.equal(codes, "taken_as_open"), False), pa.scalar(None, values.type), values)


def _with_bounds(column: Column, values: pa.Array, codes: pa.Array) -> pa.Array:
    """The codes, with those of values outside the column's bounds (and of dates too far away) added."""
    for bound, code, outside in ((column.least, "below_least", pc.less), (column.most, "above_most", pc.greater)):
        if bound is not None:
            beyond = outside(values, bound)
            if pc.any(beyond).as_py():
                codes = pc.if_else(pc.fill_null(beyond, False), code, codes)
    if column.kind in (Kind.DATE, Kind.INSTANT) and len(values):
        span = pc.min_max(values)
        early, late = (pa.scalar(day).cast(pa.date32()).cast(values.type) for day in (EARLIEST, LATEST))
        if span["min"].is_valid and pc.or_(pc.less(span["min"], early), pc.greater(span["max"], late)).as_py():
            far = pc.fill_null(pc.greater(values, late), False)
            codes = pc.if_else(pc.or_(far, pc.fill_null(pc.less(values, early), False)), "unlikely_date", codes)
            if column.name in LAST_DAYS and not column.required:
                codes = pc.if_else(far, "taken_as_open", codes)
    if column.kind is Kind.TIME and len(values):
        seconds = values.cast(pa.int32())
        beyond = pc.fill_null(pc.or_(pc.less(seconds, 0), pc.greater_equal(seconds, SECONDS_OF_A_DAY)), False)
        if pc.any(beyond).as_py():
            codes = pc.if_else(beyond, "wrong_time", codes)
    return codes


def _say(raw: Raw, column: Column, code: str, mask: pa.Array, worked: _Column, noticed: Noticed) -> None:
    """Findings for the rows of one column that have one code."""
    places = pc.indices_nonzero(mask)
    room = noticed.room(raw.table, code)
    for place in places.slice(0, room).to_pylist():
        value = worked.spelling(place)
        said = _said(column, code, value, worked.values[place], raw)
        noticed.add(raw.table, code, row=raw.rows[place].as_py(), column=column.name, value=value.replace(UNDECODED, ""), **said)
    if len(places) > room:
        noticed.more(raw.table, code, len(places) - room)


def _said(column: Column, code: str, value: str, taken: pa.Scalar, raw: Raw) -> Mapping[str, object]:
    """The words that a code's sentences need besides the value."""
    if code == "wrong_number":
        return number_advice(column.kind, value)
    if code == "float_noise":
        step = "penny" if column.kind in (Kind.MONEY, Kind.RATE) else "step"
        return {"taken": spelled_number(column.kind, taken.as_py()), "step": step}
    bounds: Sequence[tuple[str, int | None]] = (("least", column.least), ("most", column.most))
    return {
        "decimals": DECIMALS.get(column.kind, 0),
        "choices": ", ".join(column.choices),
        "looks": raw.undecoded or "",
        "longest": f"{LONGEST_CELL:,}",
        **{word: spelled_number(column.kind, bound) for word, bound in bounds if bound is not None},
    }
