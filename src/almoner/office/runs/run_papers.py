"""What a run pays whom, who owes afterwards, and the files it was issued in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.parties.queries import provider_names
from almoner.office.records.changes import changed_between
from almoner.office.runs.models import IssuedFile
from almoner.office.runs.operations.balances import worked_out
from almoner.office.runs.queries import PAYMENTS, RunShown, payments_of
from almoner.office.runs.run_register import numbered_receipts

Row = dict[str, Any]


@dataclass(frozen=True)
class Due:
    """How many are paid by a run, how much, and how many are in debit and carried."""

    paid: int
    paid_pence: int
    carried: int


def payments_of_run(shown: RunShown) -> pa.Table:
    """What a run pays each payee (`queries.PAYMENTS`); of a draft, what it would pay if it were sealed now."""
    if shown.state != "draft":
        return payments_of(shown.run)
    if shown.book != "payments":
        return PAYMENTS.empty_table()
    rows, _ = worked_out(shown.run, numbered_receipts(shown))
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=PAYMENTS)


def payments_due(shown: RunShown) -> Due | None:
    """What a run of the payments book pays in all; None of another book."""
    if shown.book != "payments":
        return None
    payments = payments_of_run(shown)
    paid = payments.filter(pc.greater(payments.column("amount_pence"), 0))
    in_debit = payments.filter(pc.less(payments.column("carried_out_pence"), 0))
    return Due(paid.num_rows, pc.sum(paid.column("amount_pence")).as_py() or 0, in_debit.num_rows)


@dataclass(frozen=True)
class Returns:
    """What settling would record: payments paid and returned, in counts and pence; `unknown` are references the run does not pay."""

    paid: int
    paid_pence: int
    returned: int
    returned_pence: int
    rows: list[Row]
    unknown: list[str]


def returns(shown: RunShown, told: Mapping[str, bool], at: datetime) -> Returns:
    """What a returned list means for an issued run: by reference, whether it came back."""
    payments = payments_of(shown.run)
    payments = payments.filter(pc.greater(payments.column("amount_pence"), 0))
    came_back = pc.is_in(payments.column("reference"), value_set=pa.array([name for name, came in told.items() if came], pa.string()))
    returned, paid = payments.filter(came_back), payments.filter(pc.invert(came_back))
    names = provider_names(at, set(returned.column("payee_id").to_pylist())) if returned.num_rows else {}
    rows = [{**row, "payee": names.get(row["payee_id"], row["payee_id"])} for row in returned.to_pylist()]
    unknown = sorted(told.keys() - set(payments.column("reference").to_pylist()))
    sums = [pc.sum(table.column("amount_pence")).as_py() or 0 for table in (paid, returned)]
    return Returns(paid.num_rows, sums[0], returned.num_rows, sums[1], rows, unknown)


def debts(shown: RunShown, at: datetime) -> list[Row]:
    """The payees in debit after a run, with their names."""
    payments = payments_of_run(shown)
    rows = payments.filter(pc.less(payments.column("carried_out_pence"), 0)).to_pylist()
    names = provider_names(at, {row["payee_id"] for row in rows}) if rows else {}
    return [{**row, "payee": names.get(row["payee_id"], row["payee_id"])} for row in rows]


def file_names(run: str) -> list[Row]:
    """The files of an issued run in order, without their bytes."""
    return [
        dict(row)
        for row in IssuedFile.objects.filter(run_id=run).order_by("number").values("number", "name", "format", "reference", "size_bytes")
    ]


def file_issued(run: str, number: int) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of one file of an issued run; None when there is none."""
    file = IssuedFile.objects.filter(run_id=run, number=number).first()
    return (file.name, file.media_type, bytes(file.content)) if file else None


def facts_since(shown: RunShown, at: datetime) -> dict[str, int]:
    """How many facts were recorded after those a run knows, by table."""
    counts = pc.value_counts(changed_between(shown.as_of, at).column("table_name")).to_pylist()
    return {count["values"].replace("_", " "): count["counts"] for count in counts}
