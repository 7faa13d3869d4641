"""Days, weekends and working days: pure functions of dates.

A set of holidays is always handed in: which days they are is a figure, not a rule (CAL-4).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date, holidays: AbstractSet[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor one of `holidays`."""
    return day.weekday() < SATURDAY and day not in holidays


def working_day_on_or_before(day: date, holidays: AbstractSet[date]) -> date:
    """`day` itself when it is a working day, else the last working day before it (cut-offs move earlier, CAL-3)."""
    while not is_working_day(day, holidays):
        day -= ONE_DAY
    return day


def working_day_on_or_after(day: date, holidays: AbstractSet[date]) -> date:
    """`day` itself when it is a working day, else the next working day after it (pay dates move later, CAL-3)."""
    while not is_working_day(day, holidays):
        day += ONE_DAY
    return day


def working_day_before(day: date, holidays: AbstractSet[date]) -> date:
    """The last working day strictly before `day`."""
    return working_day_on_or_before(day - ONE_DAY, holidays)


def working_day_after(day: date, holidays: AbstractSet[date]) -> date:
    """The first working day strictly after `day`."""
    return working_day_on_or_after(day + ONE_DAY, holidays)
