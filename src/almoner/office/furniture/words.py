"""How pages spell pence, days, moments and times of care. One spelling each, the same on every page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from almoner.core.money import percent_text, pounds, rate_text

__all__ = [
    "as_known",
    "clock",
    "day",
    "duration",
    "local",
    "long_day",
    "moment",
    "percent_text",
    "pounds",
    "rate_text",
    "short_duration",
    "span",
    "week_of",
]

LOCAL = ZoneInfo("Europe/London")
NONE = "–"


def local(at: datetime) -> datetime:
    """A moment on the clocks of the council."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(LOCAL)


def day(value: date | None) -> str:
    """`6 April 2026`; a dash for none."""
    return f"{value.day} {value:%B %Y}" if value else NONE


def long_day(value: date | None) -> str:
    """`Monday 6 April 2026`; a dash for none."""
    return f"{value:%A} {value.day} {value:%B %Y}" if value else NONE


def clock(value: time | datetime) -> str:
    """`6pm`, `9:14am`, `midday`, `midnight`."""
    if (value.hour, value.minute) in ((0, 0), (12, 0)):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{(value.hour - 1) % 12 + 1}{minutes}{'am' if value.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """`8 June 2026 at 9:14am`, on the council's clocks; a dash for none."""
    if value is None:
        return NONE
    here = local(value)
    return f"{day(here.date())} at {clock(here)}"


def as_known(at: datetime) -> str:
    """`as known at 11:02am on 16 June 2026`, on the council's clocks: at the foot of what is printed."""
    here = local(at)
    return f"as known at {clock(here)} on {day(here.date())}"


def span(first: date, last: date) -> str:
    """`6 to 12 April 2026`, `27 April to 3 May 2026`; both days included."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    start = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    return f"{start} to {day(last)}"


def week_of(first: date) -> str:
    """`1 to 7 June 2026` for the week that begins on a day."""
    return span(first, first + timedelta(days=6))


def duration(minutes: int | None) -> str:
    """`15 hours 45 minutes`, `45 minutes`, `2 hours`; a dash for none."""
    if minutes is None:
        return NONE
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in ((hours, "hour"), (rest, "minute")) if count]
    return ("−" if minutes < 0 else "") + (" ".join(parts) or "0 minutes")


def short_duration(minutes: int | None) -> str:
    """`15h 45m`, as tables and grids have room for; a dash for none."""
    if minutes is None:
        return NONE
    hours, rest = divmod(abs(minutes), 60)
    return ("−" if minutes < 0 else "") + (f"{hours}h {rest:02}m" if hours else f"{rest}m")
