"""Money and exact sums as people write them. Pence and parts are whole numbers; nothing here rounds."""

from __future__ import annotations

import re
from fractions import Fraction

PARTS_PER_PENNY = 420_000_000
"""The unit of exact sums in the rules (`rules/units.sql`)."""

VULGAR = {
    Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔", Fraction(1, 4): "¼", Fraction(3, 4): "¾", Fraction(1, 5): "⅕",
    Fraction(2, 5): "⅖", Fraction(3, 5): "⅗", Fraction(4, 5): "⅘", Fraction(1, 6): "⅙", Fraction(5, 6): "⅚", Fraction(1, 8): "⅛",
    Fraction(3, 8): "⅜", Fraction(5, 8): "⅝", Fraction(7, 8): "⅞",
}  # fmt: skip


def pounds(pence: int) -> str:
    """Whole pence as text: 102450 -> '£1,024.50', -945 -> '−£9.45'."""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


AMOUNT = re.compile(r"£?(?P<whole>[0-9]{1,9})(?:\.(?P<pence>[0-9]{1,2}))?")


def pence_typed(text: str) -> int | None:
    """Whole pence of an amount as people type it: '£1,024.5' -> 102450; None for what is no amount of at most a thousand million."""
    found = AMOUNT.fullmatch(text.strip().replace(",", ""))
    return int(found["whole"]) * 100 + int((found["pence"] or "").ljust(2, "0")) if found else None


RATE = re.compile(r"£?(?P<whole>[0-9]{1,7})(?:\.(?P<rest>[0-9]{1,4}))?")


def rate_typed(text: str) -> int | None:
    """Hundredths of a penny of a rate as people type it: '24.605' -> 246050; None for what is no rate of at most four decimals."""
    found = RATE.fullmatch(text.strip().replace(",", ""))
    return int(found["whole"]) * 10_000 + int((found["rest"] or "").ljust(4, "0")) if found else None


def exact_pounds(parts: int, split: int = 1) -> str:
    """An exact sum as text, the fraction of a penny as a fraction: '£84.43⅓', '£517.85 5⁄7'."""
    pence = Fraction(parts, PARTS_PER_PENNY * split)
    whole, rest = divmod(pence, 1)
    if rest == 0:
        return pounds(int(whole))
    return pounds(int(whole)) + VULGAR.get(rest, f" {rest.numerator}⁄{rest.denominator}")


def rate_text(centipence: int) -> str:
    """A rate in hundredths of a penny as text, two decimals or as many as it has: 246000 -> '£24.60', 246050 -> '£24.605'."""
    sign = "−" if centipence < 0 else ""
    whole, rest = divmod(abs(centipence), 10_000)
    decimals = f"{rest:04}".rstrip("0").ljust(2, "0")
    return f"{sign}£{whole:,}.{decimals}"


def raised_rate(centipence: int, basis_points: int, step: int) -> int:
    """A rate not below zero, raised by hundredths of a percent (lowered, below zero) and rounded to steps of hundredths of a penny, halves
    up: 246000 raised by 310 in steps of 100 -> 253600."""
    exact = centipence * (10_000 + basis_points)
    return (2 * exact + 10_000 * step) // (20_000 * step) * step


def changed_by(before: int, after: int) -> int:
    """By how many hundredths of a percent a rate changes, towards zero; a rate from nothing changes by all of it."""
    if before == 0:
        return 10_000 if after else 0
    return (after - before) * 10_000 // before if after >= before else -((before - after) * 10_000 // before)


def percent_text(basis_points: int) -> str:
    """Basis points as text: 1000 -> '10%', 3333 -> '33.33%'."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"
