"""Whether the council pays on time: of the pounds paid each month, those that came within 30 days of their submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.figures.late_payment import DAYS_TO_PAY, late_rates_table
from almoner.office.runs.desk_models import RunPromptness
from almoner.office.runs.models import Run, RunEvent, SettlementLine
from almoner.office.runs.payments import pay_dates
from almoner.office.runs.queries import payments_of, receipts_of, stored_table

TARGET = 95
"""Percent of pounds that a council means to pay in time."""
MONTHS = 12
RUNS = pa.schema([("pay_date", pa.date32()), ("paid_pence", pa.int64()), ("prompt_pence", pa.int64()), ("interest_pence", pa.int64())])


@dataclass(frozen=True)
class Prompt:
    """What a run paid for the first time, how much of it in time, and the interest the law gives on the rest, in pence."""

    pay_date: date
    paid_pence: int
    prompt_pence: int
    interest_pence: int


@dataclass(frozen=True)
class PromptMonth:
    """The same of a month. `basis_points`: how much came in time, in hundredths of a percent, rounded down."""

    month: date
    paid_pence: int
    prompt_pence: int
    interest_pence: int
    basis_points: int


BY_MONTH = """
    SELECT date_trunc('month', pay_date)::DATE AS month, sum(paid_pence)::BIGINT, sum(prompt_pence)::BIGINT, sum(interest_pence)::BIGINT,
        (sum(prompt_pence) * 10000 // sum(paid_pence))::BIGINT
    FROM runs GROUP BY month HAVING sum(paid_pence) > 0 ORDER BY month
"""


def prompt_months(at: date) -> list[PromptMonth]:
    """The last twelve months in which anything was paid, the oldest first."""
    columns = ("pay_date", "paid_pence", "prompt_pence", "interest_pence")
    rows = list(RunPromptness.objects.filter(pay_date__lte=at).values(*columns))
    with in_memory() as memory:
        memory.register("runs", pa.Table.from_pylist(rows, schema=RUNS))
        return [PromptMonth(*row) for row in memory.sql(BY_MONTH).fetchall()][-MONTHS:]


def not_measured() -> list[str]:
    """The settled runs of payments of which it is not written down how promptly they paid."""
    settled = RunEvent.objects.filter(event="settled").values("subject")
    measured = RunPromptness.objects.values("run_id")
    return list(Run.objects.filter(book="payments", id__in=settled).exclude(id__in=measured).order_by("id").values_list("id", flat=True))


def measured(run: str) -> Prompt | None:
    """How promptly a settled run paid; None where its pay date is not known."""
    day = pay_dates([run]).get(run)
    if day is None:
        return None
    bounced = set(SettlementLine.objects.filter(run_id=run, outcome="bounced").values_list("reference", flat=True))
    paid = [row["payee_id"] for row in payments_of(run).to_pylist() if row["amount_pence"] > 0 and row["reference"] not in bounced]
    actuals = stored_table(run, "input", "actuals")
    with in_memory() as memory:
        memory.register("receipts", receipts_of(run))
        memory.register("actuals", actuals if actuals is not None else NO_ACTUALS)
        memory.register("arrived", pa.table({"payee_id": pa.array(paid, pa.string())}))
        memory.register("rates", late_rates_table())
        memory.register("bounds", pa.table({"pay_date": [day], "days_to_pay": pa.array([DAYS_TO_PAY], pa.int32())}))
        memory.execute((files("almoner.office.runs") / "promptness.sql").read_text(encoding="utf-8"))
        (pence,) = memory.sql("FROM promptness").fetchall()
    return Prompt(day, *pence)


NO_ACTUALS = pa.table(
    {"line_id": pa.array([], pa.string()), "date": pa.array([], pa.date32()), "submitted_at": pa.array([], pa.timestamp("s"))}
)
