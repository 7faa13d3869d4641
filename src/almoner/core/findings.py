"""Findings: doubtful data, said so that someone can mend it. Collected and shown, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Severity(StrEnum):
    """`error`: the row is left out. `warning`: it is used, look at it. `note`: for information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Finding:
    """One doubt. `row` is the record number in the table's file (header = 1); 0 when it is about the whole table."""

    severity: Severity
    table: str
    row: int
    column: str
    value: str
    code: str
    message: str
    remedy: str


FINDINGS = pa.schema(
    [
        ("severity", pa.string()), ("table", pa.string()), ("row", pa.int64()), ("column", pa.string()),
        ("value", pa.string()), ("code", pa.string()), ("message", pa.string()), ("remedy", pa.string()),
    ]
)  # fmt: skip


def findings_table(findings: list[Finding]) -> pa.Table:
    """The findings as an Arrow table in the order given."""
    columns = {name: [str(getattr(f, name)) if name != "row" else f.row for f in findings] for name in FINDINGS.names}
    return pa.table(columns, schema=FINDINGS)


def findings_from(table: pa.Table) -> list[Finding]:
    """The rows of a `FINDINGS` table as findings."""
    return [Finding(**{**row, "severity": Severity(row["severity"])}) for row in table.to_pylist()]
