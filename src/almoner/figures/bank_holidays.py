"""Bank holidays: the days each nation keeps, and the working days that follow from them.

The days stand in `bank_holidays.toml`, each with its source and how sure it is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import pyarrow as pa

from almoner.core import period
from almoner.core.tables import BANK_HOLIDAYS

NATIONS = ("england", "wales", "scotland", "northern_ireland")
BACS_NATION = "england"
"""Bacs works in every nation by the holidays of England and Wales, which are the same days."""


class DayNotKnown(ValueError):
    """A day outside the years for which bank holidays are known: refused, not guessed."""

    code = "DAY-NOT-KNOWN"

    def __init__(self, day: date, known_from: date, known_until: date) -> None:
        self.message = f"Bank holidays are known from {known_from:%d %B %Y} to {known_until:%d %B %Y}, so {day:%d %B %Y} cannot be placed."
        self.remedy = "Check the year, or install a version of Almoner with later figures."
        super().__init__(f"{self.message} {self.remedy}")


class NotAWorkingDay(ValueError):
    """A payment day on which no bank pays."""

    code = "NOT-A-WORKING-DAY"

    def __init__(self, day: date, following: date) -> None:
        self.message = f"{day:%A %d %B %Y} is not a working day, so no payment can arrive on it."
        self.remedy = f"Choose the next working day, {following:%A %d %B %Y}."
        super().__init__(f"{self.message} {self.remedy}")


@dataclass(frozen=True)
class BankHoliday:
    """One day and the nations that keep it. `sure`: V published, X worked out from the law."""

    date: date
    name: str
    nations: tuple[str, ...]
    source: str
    sure: str


@dataclass(frozen=True)
class BankHolidayFigures:
    """The whole file: days in order, and the years for which it is complete (both ends inclusive)."""

    days: tuple[BankHoliday, ...]
    known_from: date
    known_until: date
    published_until: date


@cache
def bank_holiday_figures() -> BankHolidayFigures:
    """What `bank_holidays.toml` says, each day with the words of its source."""
    told = tomllib.loads((files("almoner.figures") / "bank_holidays.toml").read_text(encoding="utf-8"))
    days = tuple(
        BankHoliday(day["date"], day["name"], tuple(day["nations"]), told["sources"][day["source"]], day["sure"])
        for day in told["days"]["bank_holidays"]
    )
    return BankHolidayFigures(days, told["known_from"], told["known_until"], told["published_until"])


@cache
def bank_holidays() -> pa.Table:
    """One row per nation and day, in the schema `core.tables.BANK_HOLIDAYS`, ordered by nation, then day."""
    pairs = sorted((nation, day.date) for day in bank_holiday_figures().days for nation in day.nations)
    return pa.table({"nation": [nation for nation, _ in pairs], "date": [day for _, day in pairs]}, schema=BANK_HOLIDAYS)


@cache
def holidays_of(nation: str) -> frozenset[date]:
    """The days one nation keeps; KeyError for a nation that is not in `NATIONS`."""
    if nation not in NATIONS:
        raise KeyError(nation)
    return frozenset(day.date for day in bank_holiday_figures().days if nation in day.nations)


def is_working_day(day: date, nation: str = BACS_NATION) -> bool:
    """Whether banks work that day; DayNotKnown outside the known years."""
    return period.is_working_day(_known(day), holidays_of(nation))


def working_day_before(day: date, nation: str = BACS_NATION) -> date:
    """The last working day strictly before `day`; DayNotKnown outside the known years."""
    return _known(period.working_day_before(_known(day), holidays_of(nation)))


def working_day_after(day: date, nation: str = BACS_NATION) -> date:
    """The first working day strictly after `day`; DayNotKnown outside the known years."""
    return _known(period.working_day_after(_known(day), holidays_of(nation)))


def working_day_on_or_before(day: date, nation: str = BACS_NATION) -> date:
    """`day` or the last working day before it: where a cut-off that meets a holiday moves (CAL-3)."""
    return _known(period.working_day_on_or_before(_known(day), holidays_of(nation)))


def working_day_on_or_after(day: date, nation: str = BACS_NATION) -> date:
    """`day` or the next working day after it: where a pay date that meets a holiday moves (CAL-3)."""
    return _known(period.working_day_on_or_after(_known(day), holidays_of(nation)))


def processing_day(pay_date: date) -> date:
    """The day Bacs processes a payment that arrives on `pay_date`: the working day before it.

    NotAWorkingDay when nothing can arrive on `pay_date`; DayNotKnown outside the known years.
    """
    if not is_working_day(pay_date):
        raise NotAWorkingDay(pay_date, working_day_after(pay_date))
    return working_day_before(pay_date)


def require_known(through: date) -> None:
    """DayNotKnown when bank holidays are not known as far as `through`: a calculation is refused, not guessed."""
    figures = bank_holiday_figures()
    if through > figures.known_until:
        raise DayNotKnown(through, figures.known_from, figures.known_until)


def _known(day: date) -> date:
    figures = bank_holiday_figures()
    if not figures.known_from <= day <= figures.known_until:
        raise DayNotKnown(day, figures.known_from, figures.known_until)
    return day
