"""The picture of the last payments: is this one usual?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from almoner.core.money import pounds
from almoner.office.furniture.upright import Upright, uprights

PICTURED, LEAST_PICTURED = 12, 3


@dataclass(frozen=True)
class Paid:
    """One payment: its day, and in pence what of it is regular, what adjusts earlier weeks, and all of it."""

    on: date
    regular_pence: int
    adjustment_pence: int
    paid_pence: int


@dataclass(frozen=True)
class PaymentChart:
    """The finding as a title, the picture, and the table's rows, the newest first."""

    title: str
    picture: Markup
    rows: tuple[Paid, ...]


def payment_chart(payments: Sequence[Paid]) -> PaymentChart | None:
    """The last twelve payments, care and adjustments as bars of their own; None for fewer than three."""
    shown = sorted(payments, key=lambda one: one.on)[-PICTURED:]
    if len(shown) < LEAST_PICTURED:
        return None
    title = _finding(shown[-1], shown[:-1])
    bars = [Upright(f"{one.on.day} {one.on:%b}", (one.regular_pence, one.adjustment_pence)) for one in shown]
    picture = uprights(title, bars, ("Care of the weeks paid", "Adjustments to earlier weeks"), last_words=pounds(shown[-1].regular_pence))
    return None if picture is None else PaymentChart(title, picture, tuple(reversed(shown)))


def _finding(last: Paid, before: Sequence[Paid]) -> str:
    least, most = (found(one.regular_pence for one in before) for found in (min, max))
    care = pounds(last.regular_pence)
    if last.regular_pence > most:
        said = f"The last payment is for more care than the {len(before)} before it: {care}, at most {pounds(most)} before"
    elif last.regular_pence < least:
        said = f"The last payment is for less care than the {len(before)} before it: {care}, at least {pounds(least)} before"
    else:
        said = f"The last payment is as usual: {care} of care, between {pounds(least)} and {pounds(most)} in the {len(before)} before it"
    taken = f"; {pounds(-last.adjustment_pence)} was taken back" if last.adjustment_pence < 0 else ""
    return f"{said}{taken}"
