"""Large Parquet tables in which nothing is doubtful are read where they lie, part by part, instead of being taken into memory whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from almoner.cli.spelling import DUCKDB_TYPES
from almoner.core.calculate import begin_ahead
from almoner.core.desks import Facts
from almoner.core.findings import Finding, Severity
from almoner.core.tables import TABLES, Column, Kind, Table
from almoner.formats.tables import Count, read_folder

MANY_ROWS = 20_000
"""A table with fewer rows is sooner read whole."""

FIRST_RECORD = 2
"""Records are numbered as in a CSV file, whose header is the first."""


@dataclass(frozen=True)
class Read:
    """A folder as the calculation takes it: tables in memory, and queries for those read in place, with counts and findings."""

    tables: dict[str, Facts]
    findings: list[Finding]
    counts: dict[str, Count]

    @property
    def any_in_place(self) -> bool:
        """Whether any table is still where it lies."""
        return any(isinstance(facts, str) for facts in self.tables.values())

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error, so that some row or table was left out."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def read_facts(folder: Path, *, in_parts: bool, all_in_memory: bool = False) -> Read:
    """The folder read and checked. Parquet tables of many rows, or any large one when parts are wanted, are read in place.

    Meanwhile the calculation of the whole is made ready on another core.
    """
    if not in_parts:
        begin_ahead()
    read = read_folder(folder, leave_from=None if all_in_memory else 0 if in_parts else MANY_ROWS)
    queries = {name: facts_query(TABLES[name], source.paths) for name, source in read.left.items()}
    return Read({**read.tables, **queries}, read.findings, read.counts)


def facts_query(table: Table, files: tuple[Path, ...]) -> str:
    """SQL for the table's rows in its schema: numbered as records over all its files, defaults in place of blanks."""
    cells = ", ".join(_cell(column) for column in table.columns)
    selects, offset = [], FIRST_RECORD
    for file in files:
        named = _text(re.sub(r"[*?[]", r"[\g<0>]", str(file.absolute())))  # else a folder named a* would stand for all that begin with a
        # Else a folder named carers=2 would say how many carers came.
        asked = f"read_parquet({named}, file_row_number = true, hive_partitioning = false)"
        selects.append(f"SELECT file_row_number + {offset} AS row, {cells} FROM {asked}")
        offset += pq.read_metadata(file).num_rows
    return " UNION ALL ".join(selects)


def _cell(column: Column) -> str:
    kind = "TIMESTAMP_S" if column.kind is Kind.INSTANT else DUCKDB_TYPES.get(column.kind, "BIGINT")
    name = f'"{column.name}"'
    blank = "" if column.default is None else f", {_text(column.default)}::{kind}"
    return f"coalesce({name}{blank})::{kind} AS {name}" if blank else f"{name}::{kind} AS {name}"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
