"""Rows for the files of a run, out of what the run itself read and posted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.core.tables import TABLES

FACTS = ("people", "providers", "funders", "lines", "line_terms", "contracts")
DAYS = pa.schema(
    [
        ("line_id", pa.string()), ("week", pa.date32()), ("kind", pa.string()), ("held", pa.string()), ("payable_minutes", pa.int64()),
        ("units_hundredths", pa.int64()), ("rate_centipence", pa.int64()), ("unit", pa.string()),
        ("is_band", pa.bool_()),
    ]
)  # fmt: skip
SHARE = pa.struct([("funder_id", pa.string()), ("settlement", pa.string()), ("amount_pence", pa.int64())])
WEEKS = pa.schema(
    [
        ("line_id", pa.string()), ("week", pa.date32()), ("shares", pa.list_(SHARE)), ("netted_pence", pa.int64()),
        ("top_up_pence", pa.int64()), ("hi_pence", pa.int64()), ("cleared_pence", pa.int64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class RunRows:
    """`ledger`: one row a receipt for the ledger; `advice`: one row a receipt as a remittance tells it. Both in the receipts' order."""

    ledger: pa.Table
    advice: pa.Table


def run_rows(receipts: pa.Table, inputs: Mapping[str, pa.Table], workings: Mapping[str, pa.Table]) -> RunRows:
    """The rows of one run. `inputs` are the facts it read, `workings` what it worked out."""
    with in_memory() as memory:
        memory.register("receipts", receipts)
        for name, schema in (("days", DAYS), ("weeks", WEEKS)):
            memory.register(name, workings.get(name, schema.empty_table()))
        for name in FACTS:
            memory.register(name, inputs.get(name, TABLES[name].empty()))
        memory.execute((files("almoner.office.exchange") / "issued_rows.sql").read_text(encoding="utf-8"))
        return RunRows(memory.sql("FROM ledger_rows").to_arrow_table(), memory.sql("FROM advice_rows").to_arrow_table())
