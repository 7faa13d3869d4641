"""Reading a folder of tables: find the files, read them, check every cell and row, keep what is good and name the rest."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.findings import Finding, Severity
from almoner.core.tables import TABLES
from almoner.formats.tables.beyond_doubt import LOOKED_AT, beyond_doubt, rows_of, sound_alone
from almoner.formats.tables.comparisons import check_keys, check_overlaps, check_shares
from almoner.formats.tables.csv_text import read_csv
from almoner.formats.tables.engine import Engine
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.parquet_file import read_parquet
from almoner.formats.tables.raw import Raw
from almoner.formats.tables.references import check_lines_of_actuals, check_references, in_order
from almoner.formats.tables.row_checks import check_rows
from almoner.formats.tables.settle import Settled, settle
from almoner.formats.tables.sources import Source, find_sources, reason
from almoner.formats.tables.workbook import read_workbook


@dataclass(frozen=True)
class Count:
    """How many records of a table were read, used and left out (blank rows are none)."""

    read: int
    used: int

    @property
    def left_out(self) -> int:
        """Records read and not used."""
        return self.read - self.used


@dataclass(frozen=True)
class Folder:
    """What a folder holds: every table of `TABLES` in its schema (absent ones empty), good rows only; what was doubtful; how many.

    `left` are the tables left where they lie, for nothing in them is doubtful; their rows are not among `tables`.
    """

    tables: dict[str, pa.Table]
    findings: list[Finding]
    counts: dict[str, Count]
    left: dict[str, Source] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error, so that some row or table was left out."""
        return any(f.severity is Severity.ERROR for f in self.findings)


def read_folder(path: Path, known: Mapping[str, pa.Table] | None = None, *, leave_from: int | None = None) -> Folder:
    """The tables under `path`: a folder of CSV or Parquet files, or an .xlsx workbook.

    Dates stay inclusive as written; money and other numbers are in the internal units. Rows with an error, and rows that
    refer to them, are left out and named. UnreadableFolder when there is nothing to read at all. `known` are facts that
    stand already, by table: references may lead to them, and a table that is there needs no file. `leave_from`: large tables
    with as many rows, in Parquet and beyond doubt, are left where they lie.
    """
    known = known or {}
    noticed = Noticed()
    sources = find_sources(Path(path), noticed)
    large = {name: source for name, source in sources.files.items() if leave_from is not None and _may_be_left(source, leave_from)}
    others = {name: source for name, source in sources.files.items() if name not in large}
    # Large tables are looked through, one after the other, while the others are read.
    with ThreadPoolExecutor(1) as beside:
        looked_at = {name: beside.submit(sound_alone, large[name]) for name in in_order() if name in large}
        raws = read_workbook(sources.workbook, noticed) if sources.workbook else _read_files(others, noticed)
        said = {finding.table for finding in noticed.findings() if finding.severity is Severity.ERROR}
        for name, table in TABLES.items():
            if table.required and name not in raws and name not in said and not (name in known and known[name].num_rows):
                noticed.add(name, "missing_table")
        return _check_tables(raws, noticed, known, large, looked_at)


def _may_be_left(source: Source, leave_from: int) -> bool:
    return source.suffix == ".parquet" and source.table in LOOKED_AT and rows_of(source) >= max(1, leave_from)


def _read_files(files: Mapping[str, Source], noticed: Noticed) -> dict[str, Raw]:
    """The raw cells of every file that can be read at all."""
    raws: dict[str, Raw] = {}
    for name, source in files.items():
        table = TABLES[name]
        try:
            if source.suffix == ".parquet":
                raw = read_parquet(table, source.paths, source.shown, noticed)
            else:
                raw = read_csv(table, source.paths[0].read_bytes(), source.shown, noticed)
        except (OSError, pa.ArrowException) as trouble:
            noticed.add(name, "unreadable_file", file=source.shown, reason=reason(trouble))
            continue
        if raw is not None:
            raws[name] = raw
    return raws


def _check_tables(
    raws: dict[str, Raw],
    noticed: Noticed,
    known: Mapping[str, pa.Table],
    large: Mapping[str, Source],
    looked_at: dict[str, Future[Settled | None]],
) -> Folder:
    """The raw tables checked and settled, each after those it refers to; of the large ones only those that are doubtful."""
    left: dict[str, Source] = {}
    with Engine() as engine:
        settled = settle(engine, raws, noticed)
        parents: dict[str, Settled] = {}
        for name in in_order():
            if name in large and beyond_doubt(looked_at.pop(name).result(), parents):
                left[name] = large[name]
            elif name in large:
                raws |= (raw := _read_files({name: large[name]}, noticed))
                settled |= settle(engine, raw, noticed)
            if name in settled:
                _check_table(engine, settled[name], parents, noticed)
            parents |= _standing(name, settled.get(name), known.get(name))
    for name, table in settled.items():
        if table.read == 0 and TABLES[name].required:
            noticed.add(name, "no_rows", file=table.file)
    tables = {name: settled[name].rows if name in settled else table.empty() for name, table in TABLES.items() if name not in left}
    counts = {name: Count(table.read + raws[name].unread, table.rows.num_rows) for name, table in settled.items()}
    counts |= {name: Count(rows_of(source), rows_of(source)) for name, source in left.items()}
    return Folder(tables, noticed.findings(), counts, left)


def _standing(name: str, settled: Settled | None, known: pa.Table | None) -> dict[str, Settled]:
    """What later tables may refer to: the rows that came, and those known that none of them replaces."""
    if known is None or not known.num_rows:
        return {name: settled} if settled else {}
    if settled is None:
        return {name: Settled(TABLES[name], "", known, 0)}
    key = TABLES[name].key[0]
    others = known.filter(pc.invert(pc.is_in(known.column(key), settled.rows.column(key).combine_chunks())))
    return {name: replace(settled, rows=pa.concat_tables([settled.rows, others]))}


def _check_table(engine: Engine, table: Settled, parents: Mapping[str, Settled], noticed: Noticed) -> None:
    """Every check of one table after its cells: references, rows, keys, overlaps, shares."""
    name = table.table.name
    check_references(table, parents, noticed)
    if not table.rows.num_rows:
        return
    check_rows(engine, table, parents, noticed)
    check_keys(engine, table, noticed)
    if name == "actuals":
        check_lines_of_actuals(table, parents.get("lines"), noticed)
    if name == "shares":
        check_shares(engine, table, noticed)
    check_overlaps(engine, table, noticed)
