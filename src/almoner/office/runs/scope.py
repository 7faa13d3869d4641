"""What a run must look at again, and why it posts what it posts. Pure: tables in, tables out (`scope.sql`, `causes.sql` say how)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import duckdb
import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.core.tables import SCOPE
from almoner.office.records.changes import CHANGES

PACKAGES = pa.schema([(name, pa.string()) for name in ("line_id", "person_id", "provider_id", "contract_id", "week_start")])
"""Every line in every version: whose it was and under which contract."""

HELD = pa.schema([("person_id", pa.string()), ("week", pa.date32())])
PENDING = pa.schema([("person_id", pa.string())])


@dataclass(frozen=True)
class Since:
    """What there is to know about the time since the run that this one builds on."""

    earlier_through: date
    changes: pa.Table
    packages: pa.Table
    held: pa.Table
    pending: pa.Table
    unplaced: pa.ChunkedArray

    def tables(self) -> dict[str, pa.Table]:
        """What the causes of receipts are worked out from, by name."""
        bounds = pa.table({"earlier_through": pa.array([self.earlier_through], pa.date32())})
        return {"changes": self.changes, "packages": self.packages, "bounds": bounds}


def since_from(tables: Mapping[str, pa.Table]) -> Since:
    """The part of `Since` that causes are worked out from, out of the tables that `Since.tables` gave."""
    return Since(
        earlier_through=tables["bounds"].column("earlier_through")[0].as_py(),
        changes=tables["changes"].cast(CHANGES),
        packages=tables["packages"].cast(PACKAGES),
        held=HELD.empty_table(),
        pending=PENDING.empty_table(),
        unplaced=pa.chunked_array([], pa.string()),
    )


WORDS = {
    "people": "the person's record", "deaths": "the day of death", "contracts": "the contract",
    "contract_terms": "the contract's terms", "rates": "a rate",
    "lines": "the line", "line_terms": "the line's terms", "line_rates": "the line's own rate", "schedule": "the timetable",
    "actuals": "actuals", "absences": "an absence", "absence_policy": "what absences pay",
    "frustration_policy": "what frustrated visits pay",
    "shares": "a share", "contributions": "the contribution", "top_ups": "a top-up", "releases": "a decision on a hold",
}  # fmt: skip
"""What a changed fact is called when a receipt says why it was posted; `deaths` are rows of `people` from a day on."""


def scope_since(since: Since, *, through: date) -> pa.Table:
    """The weeks of people to look at again, in the schema `core.tables.SCOPE`, one row a person, sorted."""
    with in_memory() as memory:
        _lay_out(memory, since, through)
        found: pa.Table = memory.sql("FROM scope").to_arrow_table()
    return found.cast(SCOPE)


def causes(receipts: pa.Table, since: Since, *, through: date) -> pa.Array:
    """Why each of `receipts` (`core.tables.RECEIPTS`) was posted, in words and in their order (DIF-2)."""
    words = pa.table({"table_name": list(WORDS), "words": list(WORDS.values())})
    numbered = receipts.append_column("number", pa.array(range(1, receipts.num_rows + 1), pa.int64()))
    with in_memory() as memory:
        _lay_out(memory, since, through)
        memory.register("words", words)
        memory.register("numbered", numbered)
        memory.execute(_sql("causes"))
        found: pa.Table = memory.sql("FROM causes").to_arrow_table()
    assert found.num_rows == receipts.num_rows, "every receipt has one cause"
    return found.column("cause").combine_chunks()


def _lay_out(memory: duckdb.DuckDBPyConnection, since: Since, through: date) -> None:
    bounds = pa.table({"earlier_through": [since.earlier_through], "through": [through]})
    for name, table in (
        ("changes", since.changes), ("packages", since.packages), ("held", since.held), ("pending", since.pending), ("bounds", bounds),
    ):  # fmt: skip
        memory.register(name, table)
    memory.execute(_sql("scope"))


def _sql(name: str) -> str:
    return (files("almoner.office.runs") / f"{name}.sql").read_text(encoding="utf-8")
