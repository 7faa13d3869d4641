"""What a provider was paid, run by run: amounts, weeks covered, where each payment stands and when the money comes. Reads only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db.models import BinaryField
from django.db.models.functions import Substr

from almoner.office.records.bulk import any_of, read_rows
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.cycles import periods_around
from almoner.office.runs.models import CalendarPeriod, IssuedFile, Run, RunEvent, SettlementLine
from almoner.office.runs.queries import PAYMENTS, SEALED_HOLDS

BY_RUN = pa.schema(
    [
        ("run_id", pa.string()), ("first_week", pa.date32()), ("last_week", pa.date32()), ("regular_pence", pa.int64()),
        ("adjustment_pence", pa.int64()), ("total_pence", pa.int64()), ("receipts", pa.int64()),
    ]
)  # fmt: skip
OF_RUN = pa.schema(
    [*PAYMENTS, ("cycle", pa.string()), ("through", pa.date32()), ("origin", pa.string()), ("as_of", pa.timestamp("us", "UTC"))]
)
PAID_WEEK = pa.schema(
    [("line_id", pa.string()), ("week", pa.date32()), ("run_id", pa.string()), ("number", pa.int64()), ("kind", pa.string()),
     ("amount_pence", pa.int64()), ("cause", pa.string())]
)  # fmt: skip


@dataclass(frozen=True)
class PaymentShown:
    """One run's payment to a provider. `regular_pence`, `adjustment_pence` and the weeks are of the lines asked for; the rest is of all.

    `state` is a word of `furniture.statuses` (receipt). `pay_date` is the issued one, else what the calendar says.
    """

    run: str
    reference: str
    through: date
    pay_date: date | None
    first_week: date | None
    last_week: date | None
    regular_pence: int
    adjustment_pence: int
    lines_pence: int
    carried_in_pence: int
    carried_out_pence: int
    amount_pence: int
    state: str
    run_state: str
    as_of: datetime
    reason: str

    @property
    def is_sent(self) -> bool:
        """Whether its payment file was made for the bank."""
        return self.run_state in ("issued", "settled")

    @property
    def state_more(self) -> str:
        """How far a sealed payment is, for those who do not know the council's steps."""
        return SEALED_SO_FAR.get(self.run_state, "") if self.state == "sealed" else ""


SEALED_SO_FAR = {"sealed": "waits for approval", "approved": "approved, not issued yet", "issued": "issued for payment"}


def payments_to(provider_id: str, lines: pa.ChunkedArray, *, rules: Sequence[CalendarRule] = ()) -> list[PaymentShown]:
    """Every payment that a sealed run makes to a provider, the newest first, with what of it is for these lines."""
    select = (
        "SELECT p.*, r.cycle, r.through, r.origin, r.as_of FROM almoner_payments p JOIN almoner_runs r ON r.id = p.run_id"
        " WHERE p.payee_id = %s AND r.book = 'payments'"
    )
    rows = read_rows(select, OF_RUN, [provider_id], order=("run_id",)).to_pylist()
    runs = [row["run_id"] for row in rows]
    states = dict(RunEvent.objects.filter(subject__in=runs).order_by("number").values_list("subject", "event"))
    settled = {line.reference: line for line in SettlementLine.objects.filter(reference__in=[row["reference"] for row in rows])}
    by_run, days = _by_run(lines), pay_dates(runs, rules)
    found = []
    for row in reversed(rows):
        part = by_run.get(row["run_id"], {})
        told = settled.get(row["reference"])
        found.append(
            PaymentShown(
                row["run_id"], row["reference"], row["through"], days.get(row["run_id"]), part.get("first_week"), part.get("last_week"),
                part.get("regular_pence", 0), part.get("adjustment_pence", 0), part.get("total_pence", 0), row["carried_in_pence"],
                row["carried_out_pence"], row["amount_pence"], _state(row, told), states.get(row["run_id"], "sealed"), row["as_of"],
                told.reason if told else "",
            )
        )  # fmt: skip
    return found


def _state(row: dict[str, int], told: SettlementLine | None) -> str:
    if told is not None:
        return "paid" if told.outcome == "paid" else "returned"
    return "carried" if row["amount_pence"] == 0 and row["carried_out_pence"] < 0 else "sealed"


def _by_run(lines: pa.ChunkedArray) -> dict[str, dict[str, Any]]:
    term, parameter = any_of("line_id", lines)
    select = (
        "SELECT run_id, min(CASE WHEN kind = 'regular' THEN week END) AS first_week,"
        " max(CASE WHEN kind = 'regular' THEN week END) AS last_week,"
        " CAST(coalesce(sum(CASE WHEN kind = 'regular' THEN amount_pence END), 0) AS BIGINT) AS regular_pence,"
        " CAST(coalesce(sum(CASE WHEN kind <> 'regular' THEN amount_pence END), 0) AS BIGINT) AS adjustment_pence,"
        " CAST(sum(amount_pence) AS BIGINT) AS total_pence, count(*) AS receipts"
        f" FROM almoner_receipts WHERE book = 'payments' AND {term} GROUP BY run_id"
    )
    return {row["run_id"]: row for row in read_rows(select, BY_RUN, [parameter], order=("run_id",)).to_pylist()}


def pay_dates(runs: Sequence[str], rules: Sequence[CalendarRule] = ()) -> dict[str, date]:
    """The day the money of each run comes: as issued, else as the calendar has it for its last day."""
    if not runs:
        return {}
    # The whole manifest names every file of the run; the day stands near its beginning.
    begun = IssuedFile.objects.filter(run_id__in=runs, format="manifest").annotate(
        begins=Substr("content", 1, 600, output_field=BinaryField())
    )
    found: dict[str, date] = {run: _pay_date(begins) for run, begins in begun.values_list("run_id", "begins")}
    waiting = [run for run in runs if run not in found]
    return found | (_planned(waiting, rules) if waiting else {})


def _pay_date(manifest: Any) -> date:
    told = re.search(rb'"pay_date": "(\d{4}-\d\d-\d\d)"', bytes(manifest))
    assert told is not None, "a manifest begins with its run, reference, book, last day and pay date"
    return date.fromisoformat(told[1].decode())


def _planned(runs: Sequence[str], rules: Sequence[CalendarRule]) -> dict[str, date]:
    headers = list(Run.objects.filter(id__in=runs, origin="calculated").values_list("id", "cycle", "through"))
    kept = CalendarPeriod.objects.filter(book="payments", until_date__in=[through + timedelta(days=1) for _, _, through in headers])
    planned = {(row.cycle, row.until_date): row.pay_date for row in kept.order_by("event_id", "number")}
    found: dict[str, date] = {}
    for run, cycle, through in headers:
        dates = [day for (of, until), day in planned.items() if until == through + timedelta(days=1) and cycle in ("", of)]
        ruled = [
            period.pay_date for period in periods_around(cycle or "four_weekly", through, through, rules) if period.last_day == through
        ]
        found |= {run: min(dates or ruled)} if dates or ruled else {}
    return found


def receipts_for(lines: pa.ChunkedArray | list[str], *, from_week: date | None = None) -> pa.Table:
    """Sealed receipts of payments for lines (`PAID_WEEK`), in the order of the runs."""
    term, parameter = any_of("line_id", lines)
    since, days = ("AND week >= %s", [from_week]) if from_week else ("", [])
    select = f"SELECT * FROM almoner_receipts WHERE book = 'payments' AND {term} {since}"
    return read_rows(select, PAID_WEEK, [parameter, *days], order=("run_id", "number"))


def receipts_in(run: str, lines: pa.ChunkedArray) -> pa.Table:
    """What one run posted for lines (`PAID_WEEK`), in its order."""
    term, parameter = any_of("line_id", lines)
    select = f"SELECT * FROM almoner_receipts WHERE run_id = %s AND book = 'payments' AND {term}"
    return read_rows(select, PAID_WEEK, [run, parameter], order=("number",))


def holds_in(run: str, provider_id: str) -> pa.Table:
    """What one run held of a provider (`queries.SEALED_HOLDS`)."""
    select = "SELECT * FROM almoner_sealed_holds WHERE run_id = %s AND provider_id = %s"
    return read_rows(select, SEALED_HOLDS, [run, provider_id], order=("number",))


def document_of(reference: str, run: str, kind: str) -> tuple[str, str, bytes] | None:
    """An issued remittance by its payment's reference: file name, media type, bytes as issued. `kind`: pdf, csv or xlsx."""
    kept = IssuedFile.objects.filter(run_id=run, format="remittances", name=f"remittances/{reference}.{kind}").first()
    return (kept.name.rpartition("/")[2], kept.media_type, bytes(kept.content)) if kept else None
