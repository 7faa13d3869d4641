"""What the calendar says is due: drafts after a cut-off, reminders before one. Run by cron, as often as liked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files

import pyarrow as pa
from django.db import transaction

from almoner.core.memory import in_memory
from almoner.office.accounts.emails import Email
from almoner.office.actuals.operations import expire_drafts
from almoner.office.actuals.queries import uploads_not_submitted
from almoner.office.journal.operations import write
from almoner.office.letters.operations import write_letters
from almoner.office.letters.recipients import Wanted, addresses_of
from almoner.office.letters.wording import tell_due
from almoner.office.records.bulk import append_rows
from almoner.office.records.queries import table_known
from almoner.office.runs.calendar import LOCAL, CalendarRule, Period, calendar_periods, periods
from almoner.office.runs.contents import PERIODS, REMINDERS
from almoner.office.runs.models import CalendarPeriod, Draft, ReminderSent, Run
from almoner.office.runs.operations.drafting import Drafted, draft_unless_empty
from almoner.office.runs.operations.events import add_event, head, hold_chain
from almoner.office.runs.operations.promptness import measure_promptness

AHEAD, BEHIND = timedelta(days=92), timedelta(days=35)


@dataclass(frozen=True)
class Reminder:
    """A provider to be told which weeks are awaited before a cut-off."""

    provider_id: str
    name: str
    cycle: str
    from_date: date
    cut_off_at: datetime
    week_count: int
    oldest: date


@dataclass(frozen=True)
class Due:
    """What was done: periods added to the calendar, runs drafted, providers reminded, answers of old drafts of actuals let go."""

    periods: int
    drafted: tuple[Drafted, ...]
    reminders: tuple[Reminder, ...]
    drafts_expired: int


def do_what_is_due(*, by: str, at: datetime, rules: Sequence[CalendarRule], full: bool = False) -> Due:
    """Bring the calendar up to three months ahead, draft each run whose cut-off has passed, remind providers, and let drafts of
    actuals go that nobody has touched for 13 weeks.

    A draft or run that reaches as far already is enough, and one in which nothing would be posted, paid or held is not kept; the same
    instant twice does nothing the second time.
    """
    added = extend_calendar(by=by, at=at, rules=rules)
    drafted: list[Drafted] = []
    reminders: list[Reminder] = []
    for rule in rules:
        period = _due_for_draft(rule, at)
        if period is not None:
            cycle = rule.cycle if rule.book == "payments" else ""
            made = draft_unless_empty(book=rule.book, through=period.last_day, cycle=cycle, by=by, at=at, full=full)
            drafted += [made] if made else []
        if rule.book == "payments":
            for coming in _due_for_reminder(rule, at):
                reminders += _remind(coming, by=by, at=at)
    measure_promptness(by=by, at=at)
    return Due(added, tuple(drafted), tuple(reminders), expire_drafts(by=by, at=at))


def extend_calendar(*, by: str, at: datetime, rules: Sequence[CalendarRule]) -> int:
    """Add the periods that the calendar lacks, from the last one past to three months ahead; returns how many."""
    today = at.astimezone(LOCAL).date()
    with transaction.atomic():
        hold_chain()
        wanted = [period for rule in rules for period in periods(rule, today - BEHIND, today + AHEAD)]
        known = set(CalendarPeriod.objects.values_list("book", "cycle", "from_date"))
        missing = [period for period in wanted if (period.book, period.cycle, period.from_date) not in known]
        if missing:
            write_periods(missing, by=by, at=at, reason="the calendar's rules")
    return len(missing)


def write_periods(added: Sequence[Period], *, by: str, at: datetime, reason: str) -> int:
    """Put periods in the calendar, over those of the same first day; returns the number of the event. Inside the chain's transaction."""
    number = head()[0] + 1
    rows = [
        {
            "event_id": number, "number": n, "book": period.book, "cycle": period.cycle, "from_date": period.from_date,
            "until_date": period.until_date, "cut_off_at": period.cut_off_at, "pay_date": period.pay_date,
            "moved_because": period.moved_because,
        }
        for n, period in enumerate(added, start=1)
    ]  # fmt: skip
    append_rows("almoner_calendar_periods", pa.Table.from_pylist(rows, schema=PERIODS))
    add_event(number=number, subject="calendar", event="periods planned", by=by, at=at, reason=reason)
    write(act="plan_calendar", by=by, at=at, subject="calendar", summary={"periods": len(rows)})
    return number


def plan_period(*, period: Period, reason: str, by: str, at: datetime) -> int:
    """Put one period in the calendar by hand, over the one with the same first day; returns the number of the event."""
    with transaction.atomic():
        hold_chain()
        return write_periods([period], by=by, at=at, reason=reason)


def _due_for_draft(rule: CalendarRule, at: datetime) -> Period | None:
    """The latest period past its cut-off that no draft or run reaches to the end of."""
    past = [period for period in calendar_periods(rule.book, rule.cycle) if period.cut_off_at <= at]
    if not past:
        return None
    covering = ("", rule.cycle) if rule.book == "payments" else ("",)
    for model in (Draft, Run):
        if model._default_manager.filter(book=rule.book, cycle__in=covering, through__gte=past[-1].last_day).exists():
            return None
    return past[-1]


def _due_for_reminder(rule: CalendarRule, at: datetime) -> list[Period]:
    soon = timedelta(days=rule.reminder_days)
    return [period for period in calendar_periods(rule.book, rule.cycle) if period.cut_off_at - soon <= at < period.cut_off_at]


def _remind(period: Period, *, by: str, at: datetime) -> list[Reminder]:
    told = set(ReminderSent.objects.filter(cycle=period.cycle, from_date=period.from_date).values_list("provider_id", flat=True))
    due = [reminder for reminder in awaited(period, at) if reminder.provider_id not in told]
    if not due:
        return []
    letters = _letters(due, period, at)
    to = {
        one.organisation_id: [address for address, _ in addresses]
        for one, addresses in zip(letters, addresses_of(Email.DUE, letters, at), strict=True)
    }
    with transaction.atomic():
        hold_chain()
        number = head()[0] + 1
        rows = [
            {
                "event_id": number, "number": n, "provider_id": reminder.provider_id, "cycle": reminder.cycle,
                "from_date": reminder.from_date, "week_count": reminder.week_count, "address": ", ".join(to[reminder.provider_id]),
            }
            for n, reminder in enumerate(due, start=1)
        ]  # fmt: skip
        append_rows("almoner_reminders_sent", pa.Table.from_pylist(rows, schema=REMINDERS))
        add_event(number=number, subject="calendar", event="reminders sent", by=by, at=at)
        sent = write_letters(kind=Email.DUE, wanted=letters, at=at)
        write(act="send_reminders", by=by, at=at, subject="calendar", summary={"providers": len(rows)}, rows=sent)
    return due


def _letters(due: Sequence[Reminder], period: Period, at: datetime) -> list[Wanted]:
    later = next((one for one in calendar_periods(period.book, period.cycle) if one.cut_off_at > period.cut_off_at), None)
    files = uploads_not_submitted()
    return [
        Wanted(
            reminder.provider_id,
            f"{period.cycle} {period.from_date.isoformat()}",
            tell_due(
                weeks=reminder.week_count, oldest=reminder.oldest, cut_off_at=period.cut_off_at, pay_date=period.pay_date,
                later=later.pay_date if later else None, uploads=files.get(reminder.provider_id, 0),
            ),
        )
        for reminder in due
    ]  # fmt: skip


def awaited(period: Period, at: datetime) -> list[Reminder]:
    """The providers whose actuals are still awaited for weeks of a period, as known at an instant."""
    bounds = pa.table({"from_date": [period.from_date], "until_date": [period.until_date], "cycle": [period.cycle]})
    with in_memory() as memory:
        for name in ("lines", "contracts", "people", "providers"):
            memory.register(name, table_known(name, at))
        window = {"from_date": period.from_date - timedelta(days=7), "until_date": period.until_date + timedelta(days=7)}
        memory.register("actuals", table_known("actuals", at, **window))
        memory.register("bounds", bounds)
        memory.execute((files("almoner.office.runs") / "awaited.sql").read_text(encoding="utf-8"))
        rows = memory.sql("FROM awaited").fetchall()
    return [
        Reminder(provider_id, name, period.cycle, period.from_date, period.cut_off_at, count, oldest)
        for provider_id, name, count, oldest in rows
    ]
