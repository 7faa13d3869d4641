"""Which period of a cycle is paid next, and by which cut-off: out of the calendar, or by its rules where it does not reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
from django.db.models import Max

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.records.bulk import read_rows
from almoner.office.records.versions import database_table
from almoner.office.runs.calendar import DEFAULT_RULES, LOCAL, CalendarRule, Period, calendar_periods, periods
from almoner.office.runs.freshness import watched
from almoner.office.runs.models import CalendarPeriod, Run

BOOK = "payments"
CYCLES = pa.schema([("cycle", pa.string())])
BACK, AHEAD = timedelta(days=62), timedelta(days=70)


def coming_periods(cycles: Iterable[str], at: datetime, rules: Sequence[CalendarRule] = ()) -> list[Period]:
    """The period that each cycle is paid for next, the earliest pay date first."""
    return coming_among(cycles_around(cycles, at, rules), at)


@dataclass(frozen=True)
class Cycle:
    """A cycle of payments around a day: its periods in order, and the last day that a sealed run of it has reached."""

    around: tuple[Period, ...]
    reached: date | None

    def within(self, first_day: date, last_day: date) -> list[Period]:
        """The periods with a day in [first_day, last_day]."""
        return [period for period in self.around if period.until_date > first_day and period.from_date <= last_day]


def cycles_around(cycles: Iterable[str], at: datetime, rules: Sequence[CalendarRule] = ()) -> list[Cycle]:
    """These cycles around a moment's day. They change with an event of the chain or with the day."""
    paid, today = paid_through(), at.astimezone(LOCAL).date()
    return [
        Cycle(
            tuple(periods_around(cycle, today - BACK, today + AHEAD, rules)),
            max((through for name, through in paid.items() if name in ("", cycle)), default=None),
        )
        for cycle in sorted(set(cycles))
    ]


def coming_among(cycles: Iterable[Cycle], at: datetime) -> list[Period]:
    """The period that each of these cycles is paid for next at a moment, the earliest pay date first."""
    return sorted((_coming(cycle, at) for cycle in cycles), key=lambda period: (period.pay_date, period.cycle))


def next_cut_off_of(provider_id: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> Period | None:
    """The first cut-off still to come of the cycles that a provider's contracts are paid by; None without any contract."""
    watch = watched(provider_id, at)
    depends = (watch.care, watch.event, watch.day, tuple(rules))
    around = watch.keep("cut-offs", depends, lambda: _around(provider_id, watch.day, rules))
    return min((one for one in around if one.cut_off_at > at), key=lambda period: (period.cut_off_at, period.pay_date), default=None)


def _around(provider_id: str, today: date, rules: Sequence[CalendarRule]) -> list[Period]:
    """The periods around a day by which a provider is paid: those of the calendar, else by the rules."""
    select = f"SELECT DISTINCT cycle FROM {database_table('contracts')} WHERE provider_id = %s AND basis <> 'one_off'"
    cycles = read_rows(select, CYCLES, [provider_id], order=("cycle",)).column(0).to_pylist()
    kept = CalendarPeriod.objects.filter(book=BOOK, cycle__in=cycles, until_date__gt=today - BACK).order_by("event_id", "number")
    planned = {(row.cycle, row.from_date): row for row in kept}
    known = {row.cycle for row in planned.values()}
    found = [
        Period(row.book, row.cycle, row.from_date, row.until_date, row.cut_off_at, row.pay_date, row.moved_because)
        for row in planned.values()
    ]
    return found + [period for cycle in cycles if cycle not in known for period in _by_rule(cycle, today - BACK, today + BACK, rules)]


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


def _coming(cycle: Cycle, at: datetime) -> Period:
    today, reached = at.astimezone(LOCAL).date(), cycle.reached
    # What no run has reached is paid next, unless its pay date is long past: then nobody runs that cycle here.
    return next(
        period for period in cycle.around if period.pay_date >= today and (period.last_day > reached if reached else period.cut_off_at > at)
    )
