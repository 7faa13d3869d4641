"""Periods, cut-offs and pay dates (CAL-3). Bank holidays move cut-offs earlier and pay dates later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from almoner.figures.bank_holidays import bank_holiday_figures, working_day_on_or_after, working_day_on_or_before
from almoner.office.runs.models import CalendarPeriod

LOCAL = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
LENGTHS = {"weekly": timedelta(days=7), "four_weekly": timedelta(days=28)}


@dataclass(frozen=True)
class CalendarRule:
    """How a book's cycle runs: a period ends, its cut-off falls so many days later at an hour, its pay date so many days later.

    `anchor` is the first day of one period of weeks; months need none. Reminders go out `reminder_days` before the cut-off.
    """

    book: str
    cycle: str
    anchor: date = date(2026, 4, 6)
    cut_off_days: int = 2
    cut_off_time: time = time(18)
    pay_days: int = 9
    reminder_days: int = 2


@dataclass(frozen=True)
class Period:
    """One period: its days `[from_date, until_date)`, its cut-off, its pay date, and why either was moved."""

    book: str
    cycle: str
    from_date: date
    until_date: date
    cut_off_at: datetime
    pay_date: date
    moved_because: str

    @property
    def last_day(self) -> date:
        """The last day in it: a run's `through`."""
        return self.until_date - ONE_DAY


DEFAULT_RULES = (
    CalendarRule("payments", "weekly"),
    CalendarRule("payments", "four_weekly"),
    CalendarRule("payments", "monthly"),
    CalendarRule("claims", "monthly", pay_days=30),
    CalendarRule("charges", "four_weekly", pay_days=16),
)
"""What holds where a council has said nothing else."""


def periods(rule: CalendarRule, first_day: date, last_day: date) -> Iterator[Period]:
    """The periods of a rule that have a day in [first_day, last_day], in order. Raises DayNotKnown past the known bank holidays."""
    start = _start_holding(rule, first_day)
    while start <= last_day:
        until = _next_start(rule, start)
        yield _period(rule, start, until)
        start = until


def _period(rule: CalendarRule, start: date, until: date) -> Period:
    wanted_cut_off = until + timedelta(days=rule.cut_off_days - 1)
    wanted_pay = until + timedelta(days=rule.pay_days - 1)
    cut_off, pay = working_day_on_or_before(wanted_cut_off), working_day_on_or_after(wanted_pay)
    moved = [_why(day) for day, wanted in ((wanted_cut_off, cut_off), (wanted_pay, pay)) if day != wanted]
    return Period(
        rule.book, rule.cycle, start, until, datetime.combine(cut_off, rule.cut_off_time, LOCAL), pay, "; ".join(dict.fromkeys(moved))
    )


def _why(day: date) -> str:
    holiday = next((kept.name for kept in bank_holiday_figures().days if kept.date == day and "england" in kept.nations), "")
    return f"{holiday} {day.day} {day:%B}" if holiday else f"{day:%A} {day.day} {day:%B}"


def _start_holding(rule: CalendarRule, day: date) -> date:
    if rule.cycle == "monthly":
        return day.replace(day=1)
    length = LENGTHS[rule.cycle]
    return day - (day - rule.anchor) % length


def _next_start(rule: CalendarRule, start: date) -> date:
    if rule.cycle == "monthly":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + LENGTHS[rule.cycle]


def calendar_periods(book: str, cycle: str) -> list[Period]:
    """The periods of a book's cycle in the calendar, in order; a later event's row for the same period holds."""
    rows = CalendarPeriod.objects.filter(book=book, cycle=cycle).order_by("event_id", "number")
    latest = {
        row.from_date: Period(row.book, row.cycle, row.from_date, row.until_date, row.cut_off_at, row.pay_date, row.moved_because)
        for row in rows
    }
    return [latest[start] for start in sorted(latest)]


def pay_date_of(book: str, cycle: str, through: date) -> date | None:
    """The pay date of the period that ends with `through`; None when the calendar has none. Without a cycle, the earliest of any."""
    rows = CalendarPeriod.objects.filter(book=book, until_date=through + ONE_DAY)
    wanted = rows.filter(cycle=cycle) if cycle else rows
    latest = {(row.cycle, row.from_date): row.pay_date for row in wanted.order_by("event_id", "number")}
    return min(latest.values(), default=None)
