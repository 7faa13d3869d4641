"""Facts as they would be if all care were given as planned. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import TABLES
from almoner.office.runs.earlier import EVER


def as_if_planned(inputs: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of facts in which everything is signed, paid on plan, and nothing was told, decided or paid before."""
    contracts, lines = inputs["contracts"], inputs["lines"]
    basis = pc.if_else(pc.equal(contracts.column("basis"), "actuals"), "planned", contracts.column("basis"))
    unsigned = pa.repeat(pa.scalar(False), contracts.num_rows)
    signed = pa.repeat(pa.scalar(EVER, pa.date32()), lines.num_rows)
    nothing = {name: TABLES[name].empty() for name in ("actuals", "prior_receipts", "releases", "bank_accounts")}
    return nothing | {
        "contracts": _with(_with(contracts, "basis", basis), "needs_agreement", unsigned),
        "lines": _with(lines, "authorised_on", signed),
    }


def _with(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    position = table.schema.get_field_index(name)
    return table.set_column(position, table.schema.field(position), values)
