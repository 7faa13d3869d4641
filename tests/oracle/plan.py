"""The timetable: which visits are planned on a day, and what a plan is worth."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.facts import WEEKDAYS, Facts, Row, contract_term, days_in_week, in_line, line_term, valid
from tests.oracle.rates import banded, is_a_rate, prices_on, unbanded, visit_price


def has_timetable(facts: Facts, line: Row) -> bool:
    """LIN-5: any schedule row, whatever its dates."""
    return bool(facts.of("schedule", "line_id", line["line_id"]))


def planned_visits(facts: Facts, line: Row, day: date) -> list[Row]:
    """The planned visits of a day in the line's dates, one for each start time."""
    if not in_line(facts, line, day):
        return []
    slots: dict[Any, Row] = {}
    for row in facts.of("schedule", "line_id", line["line_id"]):
        if row["weekday"] == WEEKDAYS[day.weekday()] and valid(row, day):
            other = slots.get(row["start_time"])
            if other is None or (row["valid_from"], row["row"]) > (other["valid_from"], other["row"]):
                slots[row["start_time"]] = row
    return [slots[start] for start in sorted(slots)]


def timetable_of_week(facts: Facts, line: Row, week: date) -> list[tuple[date, Row]]:
    return [(day, slot) for day in days_in_week(facts, line, week) for slot in planned_visits(facts, line, day)]


def payable_planned_minutes(facts: Facts, line: Row, day: date, minutes: int) -> int:
    """PRC-1: planned minutes are banded like delivered ones, and no visit is paid for longer than planned where capped."""
    payable = banded(facts, line, day, minutes)
    return min(payable, minutes) if contract_term(facts, facts.contract(line), "cap_at_planned", day) else payable


def planned_price(facts: Facts, line: Row, day: date, minutes: int, carers: int) -> tuple[Fraction, bool, bool]:
    """(pence, whether there was a rate, whether it earns at all) of a visit exactly as planned."""
    payable = payable_planned_minutes(facts, line, day, minutes)
    pence, rated = visit_price(facts, line, day, minutes=payable, units=None, carers=carers)
    return pence, rated, payable > 0


def quantity_on(facts: Facts, line: Row, day: date) -> Fraction | None:
    """LIN-5: the quantity a week as it stands that day; None with a timetable or without a quantity."""
    if has_timetable(facts, line):
        return None
    quantity = line_term(facts, line, "quantity_per_week", day)
    return None if quantity is None else Fraction(quantity, 100)


def quantity_price(facts: Facts, line: Row, day: date) -> tuple[Fraction, bool]:
    """(pence, whether there was a rate) of one day of a quantity line: a seventh of the week at the day's own rate."""
    quantity = quantity_on(facts, line, day)
    if not quantity:
        return Fraction(0), True
    price = unbanded(prices_on(facts, line, day))
    if price is None or not is_a_rate(price):
        return Fraction(0), False
    facts.hit("LIN-5")
    return price.rate * quantity / 7, True
