"""When payments of a cycle are cut off and paid: a change of it is new rows of the calendar for the periods that are planned, and the rule
for those that are planned later. What amounts come to is not touched by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.changes.kinds import Timing
from almoner.office.changes.proposal import Proposed
from almoner.office.changes.queries import OrderShown, orders
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.furniture.words import day, local, moment, pounds
from almoner.office.runs.calendar import CalendarRule, Period, periods
from almoner.office.runs.cut_offs import payment_periods
from almoner.office.runs.cycles import paid_through
from almoner.office.runs.run_register import register

BOOK = "payments"
SHOWN = 3
"""Days that are offered when a day was typed on which no period begins."""


def timing_facts(change: Timing, at: datetime) -> Proposed:
    """The periods of the calendar as the change would have them. Raises ChangeRefused or NothingChanges."""
    if change.pay_days <= change.cut_off_days:
        raise ChangeRefused("The pay date would not be after the cut-off.", "Enter more days until it is paid.")
    known = payment_periods(change.cycle, at)
    planned = [one for one in known if one.from_date >= change.on]
    _check(change, known, planned, at)
    last = _until(change)
    wanted = [one for one in planned if last is None or one.from_date < last]
    moved = _moved(change, wanted)
    if not moved:
        raise NothingChanges("Every period is cut off and paid then already.", "Choose other days.")
    compared = tuple((f"Period from {day(one.from_date)} to {day(one.last_day)}", _said(before), _said(one)) for before, one in moved)
    late = [one for _, one in moved if one.cut_off_at <= at]
    if late:
        raise ChangeRefused(f"The new cut-off of {moment(late[0].cut_off_at)} is past.", "Choose a later period.")
    return Proposed((), {}, change.on, compared, tuple(_remarks(change, last, at)), periods=tuple(one for _, one in moved))


def _check(change: Timing, known: Sequence[Period], planned: Sequence[Period], at: datetime) -> None:
    """The first period must be one of the calendar's, still open, and no run may have reached it."""
    open_still = [one for one in known if one.cut_off_at > at]
    if not planned or planned[0].from_date != change.on or planned[0].cut_off_at <= at:
        offered = ", ".join(day(one.from_date) for one in open_still[:SHOWN])
        remedy = f"Choose one of its first days, like {offered}." if offered else "The calendar is brought up by `almoner due` each night."
        raise ChangeRefused(f"No {change.cycle.replace('_', '-')} period that is still open begins on {day(change.on)}.", remedy)
    reached = max((through for name, through in paid_through().items() if name in ("", change.cycle)), default=None)
    if reached is not None and reached >= change.on:
        raise ChangeRefused(f"A run has paid through {day(reached)}.", "Choose a period after it.")


def _moved(change: Timing, planned: Sequence[Period]) -> list[tuple[Period, Period]]:
    """Each period that moves, as it is and as it would be."""
    try:
        ruled = {one.from_date: one for one in periods(_rule(change), change.on, planned[-1].from_date)} if planned else {}
    except DayNotKnown:
        raise ChangeRefused("Bank holidays are not known so far ahead.", "Choose an earlier period.") from None
    both = [(one, ruled[one.from_date]) for one in planned if one.from_date in ruled]
    return [(old, new) for old, new in both if (old.cut_off_at, old.pay_date) != (new.cut_off_at, new.pay_date)]


def _rule(change: Timing) -> CalendarRule:
    return CalendarRule(BOOK, change.cycle, change.on, change.cut_off_days, change.cut_off_time, change.pay_days, change.reminder_days)


def _said(period: Period) -> str:
    because = f" ({period.moved_because})" if period.moved_because else ""
    return f"cut off at {moment(period.cut_off_at)}, paid on {day(period.pay_date)}{because}"


def _remarks(change: Timing, last: date | None, at: datetime) -> Iterable[str]:
    if last:
        yield f"From {day(last)} another change holds, which stays."
    ahead = f"{change.reminder_days} day{'' if change.reminder_days == 1 else 's'}"
    yield f"Providers see the new days on their pages and in reminders, which go {ahead} before each cut-off."


def told_of_calendar(change: Timing, facts: Proposed) -> Iterable[str]:
    """What the page of its effect says first: that no amount changes, and about how much is paid on other days."""
    count = len(facts.periods)
    yield f"No amount changes. {count} planned period{'s' if count != 1 else ''} from {day(change.on)} on and all later ones move."
    own = (change.cycle.replace("_", "-"), "all")
    paid = next((row for row in register() if row["book"] == BOOK.capitalize() and row["cycle"] in own and row["state"] != "draft"), None)
    if paid is not None and not paid["imported"]:
        yield f"The last run of this cycle, {paid['run']}, paid {pounds(paid['total'])}: about so much comes on another day each time."


def timings_in_force(cycle: str = "") -> list[OrderShown]:
    """The changes of the calendar that are in force, by their first day; of two from one day the later decided one last."""
    found = [one for one in orders(kind="calendar") if one.state == "in_force" and (not cycle or _timing(one).cycle == cycle)]
    return sorted(found, key=lambda one: (_timing(one).on, one.steps[-1].at, one.number))


def _timing(order: OrderShown) -> Timing:
    assert isinstance(order.change, Timing), "only changes of the calendar are asked for"
    return order.change


def _until(change: Timing) -> date | None:
    """The first day of the next change of the cycle that is in force."""
    return min((_timing(one).on for one in timings_in_force(change.cycle) if _timing(one).on > change.on), default=None)


def rules_in_force(rules: Sequence[CalendarRule], at: datetime) -> tuple[CalendarRule, ...]:
    """The calendar's rules with what was changed here: by them periods are planned that are not planned yet, which all begin later than any
    change. Reminders go as the rule of the day says."""
    return tuple(_changed(rule, at) if rule.book == BOOK else rule for rule in rules)


def _changed(rule: CalendarRule, at: datetime) -> CalendarRule:
    timings = [_timing(one) for one in timings_in_force(rule.cycle)]
    if not timings:
        return rule
    begun = [timing for timing in timings if timing.on <= local(at).date()]
    reminder = begun[-1].reminder_days if begun else rule.reminder_days
    latest = _rule(timings[-1])
    return replace(latest, reminder_days=reminder)
