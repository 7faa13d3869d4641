"""What a change does to the next payment of each provider it touches. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.carrying import payable
from almoner.core.memory import in_memory
from almoner.office.records.queries import known_at, rows_known, table_known
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.cycles import coming_periods
from almoner.office.runs.effects import Effect
from almoner.office.runs.outlook import outlook
from almoner.office.runs.queries import balances, total_pence


@dataclass(frozen=True)
class NextPayment:
    """A provider's next payment: when it comes, what is expected as things are known now, and what would be paid and carried on with the
    change; carried amounts are below zero for a debt."""

    provider_id: str
    pay_date: date
    expected_pence: int
    carried_now_pence: int
    paid_pence: int
    carried_pence: int


def next_payments(effect: Effect, *, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[NextPayment]:
    """The next payment of every provider whose past weeks an effect moves, by provider. Raises DaysNotKnown."""
    moved = effect.weeks.filter(pc.equal(effect.weeks.column("book"), "payments"))
    found = []
    for provider_id in sorted(set(moved.column("payee_id").to_pylist())):
        own = moved.filter(pc.equal(moved.column("payee_id"), provider_id))
        view = outlook(provider_id, at=at, rules=rules)
        cycles = _cycles(view.lines, own)
        payment = next((one for one in view.payments if one.period.cycle in cycles), next(iter(view.payments), None))
        if payment is None:
            continue
        within = own.filter(pc.less_equal(own.column("week"), pa.scalar(payment.period.last_day, pa.date32())))
        amounts = [*payment.receipts.column("amount_pence").chunks, *within.column("difference_pence").chunks]
        standing = balances([provider_id]).to_pylist()
        result = payable(
            total_pence(pa.table({"amount_pence": pa.chunked_array(amounts, pa.int64())})), payment.carried_in_pence,
            standing[0]["instalment_pence"] if standing else None,
        )  # fmt: skip
        found.append(
            NextPayment(
                provider_id,
                payment.period.pay_date,
                payment.result.amount_pence,
                payment.result.carried_out_pence,
                result.amount_pence,
                result.carried_out_pence,
            )
        )
    return found


@dataclass(frozen=True)
class NextDifference:
    """By how much the next payment of a provider differs, of how many lines; what else is in it is not worked out."""

    provider_id: str
    pay_date: date
    lines: int
    difference_pence: int


def next_differences(effect: Effect, *, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[NextDifference]:
    """What an effect on many providers adds to or takes from the next payment of each, by provider and pay date: of the weeks that it
    reaches. Raises DaysNotKnown."""
    moved = effect.weeks.filter(pc.equal(effect.weeks.column("book"), "payments"))
    if not moved.num_rows:
        return []
    known = known_at(at)
    contracts = table_known("contracts", known)
    coming = coming_periods(pc.unique(contracts.column("cycle")).to_pylist(), at, rules)
    told = [(one.cycle, one.last_day, one.pay_date) for one in coming]
    names = ("cycle", "last_day", "pay_date")
    with in_memory() as memory:
        memory.register("moved", moved)
        memory.register("lines", rows_known("lines", known, {"line_id": pc.unique(moved.column("line_id"))}))
        memory.register("contracts", contracts)
        memory.register("coming", pa.table(dict(zip(names, map(list, zip(*told, strict=True)), strict=True))))
        rows = (
            memory.sql(
                """
            SELECT m.payee_id, n.pay_date, count(DISTINCT m.line_id)::BIGINT AS lines, sum(m.difference_pence)::BIGINT AS difference_pence
            FROM moved m
            JOIN lines l ON l.line_id = m.line_id
            JOIN contracts c ON c.contract_id = l.contract_id
            JOIN coming n ON n.cycle = c.cycle AND m.week <= n.last_day
            GROUP BY ALL ORDER BY abs(sum(m.difference_pence)) DESC, m.payee_id, n.pay_date
            """
            )
            .to_arrow_table()
            .to_pylist()
        )
    return [NextDifference(row["payee_id"], row["pay_date"], row["lines"], row["difference_pence"]) for row in rows]


def _cycles(lines: pa.Table, moved: pa.Table) -> set[str]:
    touched = pc.is_in(lines.column("line_id"), value_set=moved.column("line_id").combine_chunks())
    return set(lines.filter(touched).column("cycle").to_pylist())
