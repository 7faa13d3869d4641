"""Large Parquet tables read where they lie, part by part, instead of being taken into memory whole.

One scan asks of every row whether the full reading could have anything to say of it. If so the table is read in full, and the finding
named; if not, its rows are used as they stand. Only a row that replaces another (the later wins, as always) is then not listed as a note.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from almoner.cli.spelling import DUCKDB_TYPES
from almoner.core.calculate import Facts
from almoner.core.findings import Finding, Severity
from almoner.core.tables import TABLES, Column, Kind, Table
from almoner.formats.tables import Count, Folder, read_folder

LARGE = ("actuals", "schedule", "prior_receipts")
MANY_ROWS = 1_000_000
FIRST_RECORD = 2
"""Records are numbered as in a CSV file, whose header is the first."""

DOUBTFUL = {
    "actuals": """(coalesce(kind, 'visit') = 'visit' AND delivered_minutes > 1440)
        OR (coalesce(outcome, 'delivered') IN ('delivered', 'extra') AND delivered_minutes IS NULL AND units IS NULL)
        OR line_id NOT IN (SELECT line_id FROM lines WHERE line_id IS NOT NULL)""",
    "schedule": "valid_to < valid_from OR line_id NOT IN (SELECT line_id FROM lines WHERE line_id IS NOT NULL)",
    "prior_receipts": "FALSE",
}
TWICE = {"schedule": "SELECT 1 FROM {rows} GROUP BY hash(line_id, weekday, start_time, valid_from) HAVING count(*) > 1 LIMIT 1"}
UNBOUNDED_LINES = """SELECT 1 FROM {rows} JOIN lines USING (line_id) JOIN contracts USING (contract_id)
    WHERE basis IN ('placement', 'one_off') LIMIT 1"""


def files_of(folder: Path, name: str) -> list[Path]:
    """The Parquet files that hold a table under `folder`, in order; none when it is not there as Parquet alone."""
    if not folder.is_dir() or (folder / f"{name}.csv").exists():
        return []
    single, several = folder / f"{name}.parquet", folder / name
    if single.is_file():
        return [] if several.is_dir() else [single]
    return sorted(several.glob("*.parquet")) if several.is_dir() else []


def facts_query(table: Table, files: list[Path]) -> str:
    """SQL for the table's rows in its schema: numbered as records over all its files, defaults in place of blanks."""
    cells = ", ".join(_cell(column) for column in table.columns)
    selects, offset = [], FIRST_RECORD
    for file in files:
        selects.append(f"SELECT file_row_number + {offset} AS row, {cells} FROM read_parquet({_text(str(file))}, file_row_number = true)")
        offset += pq.read_metadata(file).num_rows
    return " UNION ALL ".join(selects)


def readable_in_place(connection: duckdb.DuckDBPyConnection, table: Table, files: list[Path]) -> bool:
    """Whether nothing in these files could be doubted. `connection` has the tables `lines` and `contracts`."""
    try:
        if not all(_fits(connection, table, file) for file in files):
            return False
        names = ", ".join(_text(str(file)) for file in files)
        rows = f"read_parquet([{names}])"
        doubt = " OR ".join([DOUBTFUL[table.name], *(doubt for column in table.columns for doubt in _doubts(column))])
        questions = [f"SELECT 1 FROM {rows} WHERE {doubt} LIMIT 1"]
        if table.name in TWICE:
            questions.append(TWICE[table.name].format(rows=rows))
        if table.name != "prior_receipts":
            questions.append(UNBOUNDED_LINES.format(rows=rows))
        return all(connection.execute(question).fetchone() is None for question in questions)
    except duckdb.Error:
        return False


@contextmanager
def without(folder: Path, names: list[str]) -> Iterator[Path]:
    """The same folder without some of its tables."""
    with tempfile.TemporaryDirectory(prefix="almoner-") as name:
        for entry in folder.iterdir():
            if entry.stem not in names:
                (Path(name) / entry.name).symlink_to(entry.resolve())
        yield Path(name)


def _fits(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> bool:
    """Whether the file has exactly the table's columns in the types that are meant."""
    found = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE FROM read_parquet({_text(str(file))})").fetchall()}
    return set(found) == {column.name for column in table.columns} and all(
        found[column.name] in ((kind := DUCKDB_TYPES.get(column.kind, "BIGINT")), f"{kind}_S", f"{kind}_MS") for column in table.columns
    )


def _doubts(column: Column) -> Iterator[str]:
    name = f'"{column.name}"'
    if column.required:
        yield f"{name} IS NULL"
    if column.kind is Kind.TEXT:
        yield f"{name} = '' OR {name} <> trim({name})"
    if column.choices:
        yield f"{name} NOT IN ({', '.join(_text(choice) for choice in column.choices)})"
    if column.least is not None:
        yield f"{name} < {column.least}"
    if column.most is not None:
        yield f"{name} > {column.most}"


def _cell(column: Column) -> str:
    kind = "TIMESTAMP_S" if column.kind is Kind.INSTANT else DUCKDB_TYPES.get(column.kind, "BIGINT")
    name = f'"{column.name}"'
    blank = "" if column.default is None else f", {_text(column.default)}::{kind}"
    return f"coalesce({name}{blank})::{kind} AS {name}" if blank else f"{name}::{kind} AS {name}"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Read:
    """A folder as the calculation takes it: tables in memory, and queries for those read in place, with counts and findings."""

    tables: dict[str, Facts]
    findings: list[Finding]
    counts: dict[str, Count]

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error, so that some row or table was left out."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def read_facts(folder: Path, *, in_parts: bool) -> Read:
    """The folder read and checked. Parquet tables over a million rows, or any large one when parts are wanted, are read in place."""
    files = {name: found for name in LARGE if (found := files_of(folder, name))}
    rows = {name: _rows(found) for name, found in files.items()}
    wanted = [name for name in files if rows[name] > (0 if in_parts else MANY_ROWS)]
    if not wanted or not all(files_of(folder, name) for name in ("people", "contracts", "lines")):
        return _whole(read_folder(folder))
    with without(folder, wanted) as rest:
        read = read_folder(rest)
    with duckdb.connect() as connection:
        for name in ("lines", "contracts"):
            connection.register(name, read.tables[name])
        queries = {
            name: facts_query(TABLES[name], files[name]) for name in wanted if readable_in_place(connection, TABLES[name], files[name])
        }
    if len(queries) < len(wanted):
        with without(folder, list(queries)) as rest:
            read = read_folder(rest)
    counts = {name: Count(rows[name], rows[name]) for name in queries}
    return Read({**read.tables, **queries}, list(read.findings), {**read.counts, **counts})


def _rows(files: list[Path]) -> int:
    """How many rows the files hold; 0 when they are no Parquet, so that the full reading says so."""
    try:
        return sum(pq.read_metadata(file).num_rows for file in files)
    except (pa.ArrowException, OSError):
        return 0


def _whole(read: Folder) -> Read:
    return Read(dict(read.tables), list(read.findings), dict(read.counts))
