"""What a change does to the next payment of each provider it touches. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.carrying import payable
from almoner.office.runs.calendar import CalendarRule
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


def _cycles(lines: pa.Table, moved: pa.Table) -> set[str]:
    touched = pc.is_in(lines.column("line_id"), value_set=moved.column("line_id").combine_chunks())
    return set(lines.filter(touched).column("cycle").to_pylist())
