"""PRC: which rate holds on a day, banding of minutes, and the price of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.facts import WEEKDAYS, Facts, Row, contract_term, latest, valid

MOST_RATE = 100_000 * 10_000  # £100,000: above it, a slip of the keyboard
MOST_PENCE = 200_000_000 * 100  # what units of one visit may come to, £200 million, by the same reasoning


@dataclass(frozen=True)
class Price:
    """One row of the table of prices that holds on a day. `rate` is pence."""

    unit: str
    rate: Fraction
    band: int | None = None


def prices_on(facts: Facts, line: Row, day: date) -> list[Price]:
    """PRC-2, PRC-4: the whole table that holds for the line on the day; empty when there is no rate."""
    own = latest([row for row in facts.of("line_rates", "line_id", line["line_id"]) if valid(row, day)])
    if own is not None:
        facts.hit("PRC-4 dated rate of the line")
        return [Price(own["unit"], Fraction(own["rate"], 100))]
    if line["rate"] is not None:
        facts.hit("PRC-4 rate of the line" if line["rate_unit"] else "PRC-4 rate of the line, unit left blank")
        return [Price(line["rate_unit"] or _default_unit(facts, line), Fraction(line["rate"], 100))]
    return _contract_prices(facts, line, day)


def _default_unit(facts: Facts, line: Row) -> str:
    return {"placement": "week", "one_off": "each"}.get(facts.basis(line), "hour")


def _contract_prices(facts: Facts, line: Row, day: date) -> list[Price]:
    rows = [row for row in facts.of("rates", "contract_id", line["contract_id"]) if row["element"] == line["element"] and valid(row, day)]
    for day_type in day_types(facts, line, day):
        chosen = [row for row in rows if row["day_type"] == day_type]
        if not chosen:
            continue
        facts.hit(f"PRC-2 {'named weekday' if day_type in WEEKDAYS else day_type}")
        if day_type == "bank_holiday":
            facts.hit("CAL-4")
        return [_price(facts, [row for row in chosen if row["band_minutes_up_to"] == band]) for band in _bands(chosen)]
    return []


def _bands(rows: list[Row]) -> list[Any]:
    return sorted({row["band_minutes_up_to"] for row in rows}, key=lambda band: (band is None, band))


def _price(facts: Facts, equals: list[Row]) -> Price:
    row = latest(equals)
    assert row is not None
    if len(equals) > 1:
        facts.hit("PRC-2 the later of equal rows")
    return Price(row["unit"], Fraction(row["rate"], 100), row["band_minutes_up_to"])


def day_types(facts: Facts, line: Row, day: date) -> list[str]:
    """The day types of a day, the most specific first."""
    special = ["bank_holiday"] if (facts.contract(line)["nation"], day) in facts.bank_holidays else []
    return [*special, WEEKDAYS[day.weekday()], "weekend" if day.weekday() >= 5 else "weekday", "any"]


def unbanded(prices: list[Price]) -> Price | None:
    """The row that prices anything that is not a banded visit; no row, or more than £100,000, is no rate."""
    for price in prices:
        if price.band is None:
            return price
    return None


def is_a_rate(price: Price | None, units: Fraction | None = None, carers: int = 1) -> bool:
    return price is not None and price.rate * 100 <= MOST_RATE and (units is None or price.rate * units * carers <= MOST_PENCE)


def banded(facts: Facts, line: Row, day: date, minutes: int) -> int:
    """PRC-1: minutes banded by the contract's terms of the day."""
    contract = facts.contract(line)
    step = contract_term(facts, contract, "rounding_minutes", day)
    if not step:
        return minutes
    mode = contract_term(facts, contract, "rounding_mode", day)
    facts.hit(f"PRC-1 banded {mode}")
    if mode == "down":
        return int(minutes // step * step)
    if mode == "up":
        return int(-(-minutes // step) * step)
    return int((2 * minutes + step) // (2 * step) * step)


def visit_price(facts: Facts, line: Row, day: date, *, minutes: int | None, units: Fraction | None, carers: int) -> tuple[Fraction, bool]:
    """PRC-2, 3, 6: (pence, whether there was a rate) for payable minutes (None: not given) or units (None: not given)."""
    if minutes == 0 or (minutes is None and not units):
        return Fraction(0), True
    prices = prices_on(facts, line, day)
    bands = [price for price in prices if price.band is not None]
    if minutes is not None:
        for band in sorted(bands, key=lambda price: price.band or 0):
            if minutes <= (band.band or 0):
                facts.hit("PRC-3 a band")
                return (band.rate * carers, True) if is_a_rate(band, units, carers) else (Fraction(0), False)
    price = unbanded(prices)
    if price is None or not is_a_rate(price, units, carers):
        facts.hit("PRC-4 no rate")
        return Fraction(0), False
    if bands and minutes is not None:
        facts.hit("PRC-3 above the bands")
    return _unbanded_price(facts, price, minutes, units, carers), True


def _unbanded_price(facts: Facts, price: Price, minutes: int | None, units: Fraction | None, carers: int) -> Fraction:
    if carers > 1:
        facts.hit("PRC-6 carers")
    if price.unit == "hour":
        if minutes is None:
            facts.hit("PRC-4 units at an hourly rate")
            return Fraction(0)
        facts.hit("PRC-2 hours")
        return price.rate * minutes / 60 * carers
    facts.hit("PRC-6 units" if units is not None else "PRC-6 one unit")
    count = units if units is not None else Fraction(1)
    return price.rate * count * (carers if price.unit == "visit" else 1)
