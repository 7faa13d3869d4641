"""When what is submitted now is paid: the next cut-off of a cycle that a week can make, and its pay date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.runs.calendar import DEFAULT_RULES, LOCAL, Period, calendar_periods, periods

BEHIND, AHEAD = timedelta(days=70), timedelta(days=70)


def payment_periods(cycle: str, at: datetime) -> list[Period]:
    """The periods of a cycle of payments around a moment, in order: the council's calendar, else what holds where it has none."""
    kept = calendar_periods("payments", cycle)
    if kept:
        return kept
    rule = next(rule for rule in DEFAULT_RULES if (rule.book, rule.cycle) == ("payments", cycle))
    today = at.astimezone(LOCAL).date()
    try:
        return list(periods(rule, today - BEHIND, today + AHEAD))
    except DayNotKnown:
        return []


def period_made(known: list[Period], week: date, at: datetime) -> Period | None:
    """The period whose payment a week makes when it is submitted at a moment: the first whose cut-off is still to come and that does not
    end before the week begins; None when the calendar has none."""
    return next((period for period in known if period.cut_off_at >= at and period.last_day >= week), None)


def period_missed(known: list[Period], week: date, at: datetime) -> Period | None:
    """The first period that the week could have been paid in and whose cut-off has passed; None when none has."""
    last_day = week + timedelta(days=6)
    own = next((period for period in known if period.last_day >= last_day), None)
    return own if own is not None and own.cut_off_at < at else None
