"""What a payee is paid now and what is carried to a later run (DIF-3). Whole pence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Payable:
    """What a payee is paid, what stands between payee and council afterwards (below zero the payee owes), and the change of that."""

    amount_pence: int
    carried_out_pence: int
    change_pence: int


def payable(receipts_pence: int, carried_in_pence: int, instalment_pence: int | None = None) -> Payable:
    """Net a run's receipts for one payee against what was carried in.

    Below zero nothing is paid and the debt is carried. With an instalment agreed, at most that much of an old debt is taken
    from what the run would pay; without one, all of it. ValueError for an instalment below zero.
    """
    if instalment_pence is not None and instalment_pence < 0:
        raise ValueError("an instalment is not below zero")
    together = receipts_pence + carried_in_pence
    amount = max(together, 0)
    if carried_in_pence < 0 < receipts_pence and instalment_pence is not None:
        amount = receipts_pence - min(receipts_pence, instalment_pence, -carried_in_pence)
    carried_out = together - amount
    assert amount >= 0 and carried_out <= max(carried_in_pence, 0), "a payment is never below zero, and money due is paid"
    return Payable(amount, carried_out, carried_out - carried_in_pence)
