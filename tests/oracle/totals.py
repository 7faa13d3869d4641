"""LIN-6: one total for a week, spread over the line's days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.facts import Facts, Row, contract_term, days, days_in_week, died_on
from tests.oracle.plan import planned_visits, timetable_of_week
from tests.oracle.rates import is_a_rate, prices_on, unbanded


@dataclass
class Total:
    """A week's total: exact pence by day, and the code that stops it, if any."""

    row: Row
    by_day: dict[date, Fraction] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    held: str | None = None

    @property
    def pence(self) -> Fraction:
        return sum(self.by_day.values(), Fraction(0))


def spread_total(facts: Facts, line: Row, week: date, row: Row) -> Total:
    """The total priced day by day up to `through`, each day by its weight and its own rate."""
    total = Total(row)
    if row["outcome"] not in ("delivered", "extra"):
        return total
    carer_minutes, units = _amount(facts, line, week, row)
    if not carer_minutes and not (units and row["delivered_minutes"] is None):
        return total
    weights = _weights(facts, line, week)
    if not weights:
        died = died_on(facts, line)
        total.codes.append("DTH" if died is not None and week > died else "DAT")
        weights = dict.fromkeys(days(week, week + timedelta(days=6)), 1)
    facts.hit("LIN-6 a total is spread")
    for day, weight in weights.items():
        if day > facts.through or weight == 0:
            continue
        part = Fraction(weight, sum(weights.values()))
        price = _day_price(facts, line, day, carer_minutes, units, row["carers"] or 1)
        if price is None:
            total.codes.append("RAT")
        total.by_day[day] = Fraction(0) if price is None else price * part
    return total


def spread_plan(facts: Facts, line: Row, week: date, row: Row) -> dict[date, Fraction]:
    """What the minutes a total says were planned are worth by day, spread as the total is (HLD-1)."""
    weights = _weights(facts, line, week)
    minutes = row["planned_minutes"] * (row["carers"] or 1)
    worth = {}
    for day, weight in weights.items():
        price = _day_price(facts, line, day, minutes, None, row["carers"] or 1)
        worth[day] = Fraction(0) if price is None else price * Fraction(weight, sum(weights.values()))
    return worth


def _amount(facts: Facts, line: Row, week: date, row: Row) -> tuple[int | None, Fraction | None]:
    """(minutes × carers, capped at the timetable's where the contract says so; units)."""
    units = None if row["units"] is None else Fraction(row["units"], 100)
    if row["delivered_minutes"] is None:
        return None, units
    minutes = row["delivered_minutes"] * (row["carers"] or 1)
    timetable = timetable_of_week(facts, line, week)
    plan = sum(slot["minutes"] * (slot["carers"] or 1) for _, slot in timetable)
    capped = row["outcome"] != "extra" and contract_term(facts, facts.contract(line), "cap_at_planned", week)
    if capped and timetable and plan < minutes:
        facts.hit("LIN-6 a total is capped at the timetable's")
        minutes = plan
    return minutes, units


def _weights(facts: Facts, line: Row, week: date) -> dict[date, int]:
    """Planned minutes × carers by day of the line in the week; every day alike without a plan."""
    in_line = days_in_week(facts, line, week)
    planned = {day: sum(slot["minutes"] * (slot["carers"] or 1) for slot in planned_visits(facts, line, day)) for day in in_line}
    if sum(planned.values()):
        facts.hit("LIN-6 by planned minutes")
        return planned
    return dict.fromkeys(in_line, 1)


def _day_price(facts: Facts, line: Row, day: date, carer_minutes: int | None, units: Fraction | None, carers: int) -> Fraction | None:
    """What the whole total would cost at the day's rate; None when the day has none."""
    price = unbanded(prices_on(facts, line, day))
    if price is None or not is_a_rate(price):
        return None
    if price.unit == "hour":
        return price.rate * (carer_minutes or 0) / 60
    count = units if units is not None else Fraction(1)
    return price.rate * count * (carers if price.unit == "visit" else 1)
