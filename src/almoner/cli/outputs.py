"""The files that `almoner calculate` leaves behind. Each is written under another name first, so that none is ever half there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from almoner.cli.spelling import decimal_text
from almoner.core.findings import FINDINGS, Finding, Severity, findings_table
from almoner.core.memory import in_memory
from almoner.core.tables import HOLDS, RECEIPTS
from almoner.formats.cells import safe_text

RECEIPTS_FILE = "receipts.csv"
HOLDS_FILE = "holds.csv"
FINDINGS_FILE = "findings.csv"
WORKINGS_FILE = "workings.parquet"
SUMMARY_FILE = "summary.json"
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?")
ORDER = {severity: place for place, severity in enumerate(Severity)}


@contextmanager
def finished(path: Path) -> Iterator[Path]:
    """Another name to write to; it becomes `path` when all went well and vanishes when it did not."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_receipts(parts: Sequence[pa.Table], out: Path) -> pa.Table:
    """`receipts.csv`, one row a receipt, sorted by its columns; returns all receipts in that order."""
    return _write_money(parts, RECEIPTS, out / RECEIPTS_FILE, "ORDER BY ALL")


def write_holds(parts: Sequence[pa.Table], out: Path) -> pa.Table:
    """`holds.csv`; returns all holds in its order."""
    return _write_money(parts, HOLDS, out / HOLDS_FILE, "ORDER BY ALL")


def write_findings(findings: Sequence[Finding], out: Path) -> None:
    """`findings.csv`, the gravest first. What users typed is repeated so that no spreadsheet runs it as a formula."""
    ordered = sorted(findings, key=lambda finding: (ORDER[finding.severity], finding.table, finding.row, finding.column, finding.code))
    with in_memory() as connection, finished(out / FINDINGS_FILE) as path:
        connection.register("ordered", findings_table([_harmless(finding) for finding in ordered]))
        columns = ", ".join(_csv_cell(field) for field in FINDINGS)
        connection.execute(f"COPY (SELECT {columns} FROM ordered) TO '{_quoted(path)}' (FORMAT csv, HEADER true)")


def _harmless(finding: Finding) -> Finding:
    """The finding as a spreadsheet may show it; a plain number keeps its minus."""
    value = finding.value if NUMBER.fullmatch(finding.value) else safe_text(finding.value)
    table, column, message, remedy = map(safe_text, (finding.table, finding.column, finding.message, finding.remedy))
    return replace(finding, table=table, column=column, value=value, message=message, remedy=remedy)


def write_summary(summary: dict[str, Any], out: Path) -> None:
    """`summary.json`."""
    with finished(out / SUMMARY_FILE) as path:
        path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_money(parts: Sequence[pa.Table], schema: pa.Schema, target: Path, order: str) -> pa.Table:
    together = pa.concat_tables([schema.empty_table(), *(part.cast(schema) for part in parts)])
    columns = ", ".join(_csv_cell(field) for field in schema)
    with in_memory() as connection, finished(target) as path:
        connection.register("together", together)
        connection.execute(f"CREATE TEMP TABLE sorted AS SELECT * FROM together {order}")
        connection.execute(f"COPY (SELECT {columns} FROM sorted) TO '{_quoted(path)}' (FORMAT csv, HEADER true)")
        return connection.sql("SELECT * FROM sorted").to_arrow_table().cast(schema)


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("'", "''")  # absolute, or a folder named ~ would be looked for at home


def _csv_cell(field: pa.Field) -> str:
    if field.name == "amount_pence":
        return f"{decimal_text('amount_pence', 2)} AS amount"
    name = f'"{field.name}"'
    return f"nullif({name}, '') AS {name}" if pa.types.is_string(field.type) else name


class Workings:
    """`workings.parquet`, written part by part; `with` closes it, and removes it when something went wrong."""

    def __init__(self, out: Path) -> None:
        out = out.absolute()  # or a folder named ~ would be looked for at home
        self._final = out / WORKINGS_FILE
        self._partial = out / f".{WORKINGS_FILE}.partial"
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Nothing is opened before the first part comes."""
        return self

    def add(self, workings: pa.Table) -> None:
        """Append one part's rows; every part has the same columns."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._partial, workings.schema, compression="zstd", compression_level=1)
        self._writer.write_table(workings.cast(self._writer.schema))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file and give it its name."""
        if self._writer is None:
            return
        self._writer.close()
        if kind is None:
            self._partial.replace(self._final)
        else:
            self._partial.unlink(missing_ok=True)
