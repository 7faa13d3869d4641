"""Which period of a cycle is paid next, and by which cut-off: out of the calendar, or by its rules where it does not reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa
from django.db.models import Max

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.records.bulk import read_rows
from almoner.office.records.versions import database_table
from almoner.office.runs.calendar import DEFAULT_RULES, LOCAL, CalendarRule, Period, calendar_periods, periods
from almoner.office.runs.models import CalendarPeriod, Run

BOOK = "payments"
CYCLES = pa.schema([("cycle", pa.string())])
BACK, AHEAD = timedelta(days=62), timedelta(days=70)


def coming_periods(cycles: Iterable[str], at: datetime, rules: Sequence[CalendarRule] = ()) -> list[Period]:
    """The period that each cycle is paid for next, the earliest pay date first."""
    paid = paid_through()
    found = [_coming(cycle, at, rules, paid) for cycle in sorted(set(cycles))]
    return sorted(found, key=lambda period: (period.pay_date, period.cycle))


def next_cut_off_of(provider_id: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> Period | None:
    """The first cut-off still to come of the cycles that a provider's contracts are paid by; None without any contract."""
    select = f"SELECT DISTINCT cycle FROM {database_table('contracts')} WHERE provider_id = %s AND basis <> 'one_off'"
    cycles = read_rows(select, CYCLES, [provider_id], order=("cycle",)).column(0).to_pylist()
    today = at.astimezone(LOCAL).date()
    kept = CalendarPeriod.objects.filter(book=BOOK, cycle__in=cycles, until_date__gt=today - BACK).order_by("event_id", "number")
    planned = {(row.cycle, row.from_date): row for row in kept}
    coming = [row for row in planned.values() if row.cut_off_at > at]
    known = {row.cycle for row in planned.values()}
    found = [Period(row.book, row.cycle, row.from_date, row.until_date, row.cut_off_at, row.pay_date, row.moved_because) for row in coming]
    for cycle in cycles:
        if cycle not in known:
            found += [period for period in _by_rule(cycle, today - BACK, today + BACK, rules) if period.cut_off_at > at]
    return min(found, key=lambda period: (period.cut_off_at, period.pay_date), default=None)


def _by_rule(cycle: str, first_day: date, last_day: date, rules: Sequence[CalendarRule]) -> list[Period]:
    rule = next((rule for rule in (*rules, *DEFAULT_RULES) if (rule.book, rule.cycle) == (BOOK, cycle)), CalendarRule(BOOK, cycle))
    try:
        return list(periods(rule, first_day, last_day))
    except DayNotKnown:
        return []


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
