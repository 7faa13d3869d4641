"""Which period of a cycle is paid next, and by which cut-off: out of the calendar, or by its rules where it does not reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max

from almoner.office.runs.calendar import DEFAULT_RULES, LOCAL, CalendarRule, Period, calendar_periods, periods
from almoner.office.runs.models import Run

BOOK = "payments"
BACK, AHEAD = timedelta(days=62), timedelta(days=70)


def coming_periods(cycles: Iterable[str], at: datetime, rules: Sequence[CalendarRule] = ()) -> list[Period]:
    """The period that each cycle is paid for next, the earliest pay date first."""
    paid = paid_through()
    found = [_coming(cycle, at, rules, paid) for cycle in sorted(set(cycles))]
    return sorted(found, key=lambda period: (period.pay_date, period.cycle))


def periods_around(cycle: str, first_day: date, last_day: date, rules: Sequence[CalendarRule] = ()) -> list[Period]:
    """The periods of a cycle that have a day in [first_day, last_day]: as the calendar has them, else by its rules."""
    rule = next((rule for rule in (*rules, *DEFAULT_RULES) if (rule.book, rule.cycle) == (BOOK, cycle)), CalendarRule(BOOK, cycle))
    by_rule = {period.from_date: period for period in periods(rule, first_day, last_day)}
    planned = {period.from_date: period for period in calendar_periods(BOOK, cycle)}
    wanted = by_rule | {start: period for start, period in planned.items() if period.until_date > first_day and start <= last_day}
    return [wanted[start] for start in sorted(wanted)]


def paid_through() -> dict[str, date]:
    """The last day that a run of each cycle has been sealed through; a run without a cycle is one of every cycle (key empty)."""
    sealed = Run.objects.filter(book=BOOK, origin="calculated").values_list("cycle").annotate(Max("through"))
    return {cycle: through for cycle, through in sealed.order_by("cycle") if through}


def _coming(cycle: str, at: datetime, rules: Sequence[CalendarRule], paid: dict[str, date]) -> Period:
    today = at.astimezone(LOCAL).date()
    reached = max((through for name, through in paid.items() if name in ("", cycle)), default=None)
    around = periods_around(cycle, today - BACK, today + AHEAD, rules)
    # What no run has reached is paid next, unless its pay date is long past: then nobody runs that cycle here.
    return next(
        period for period in around if period.pay_date >= today and (period.last_day > reached if reached else period.cut_off_at > at)
    )
