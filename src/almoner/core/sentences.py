"""What sentences of an explanation are made of: the sentence with its rules, and days, counts and units in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]

UNIT_WORDS = {"hour": "an hour", "visit": "a visit", "day": "a day", "night": "a night", "week": "a week", "each": "each"}


@dataclass(frozen=True)
class Sentence:
    """One sentence and the rules it rests on."""

    text: str
    rules: tuple[str, ...]


def day_text(day: date, *, weekday: bool = False) -> str:
    """'6 April 2026', or 'Monday 6 April 2026'."""
    return f"{day:%A} {day.day} {day:%B %Y}" if weekday else f"{day.day} {day:%B %Y}"


def clock_text(minute: int) -> str:
    """A minute of the day as a time: '8am', '12:30pm', 'midday', 'midnight'."""
    hour, rest = divmod(minute % (24 * 60), 60)
    if rest == 0 and hour % 12 == 0:
        return "midday" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{rest:02}' if rest else ''}{'am' if hour < 12 else 'pm'}"


def instant_text(instant: datetime) -> str:
    """'8 June 2026 at 9:14am'."""
    hour = instant.hour % 12 or 12
    return f"{day_text(instant.date())} at {hour}:{instant.minute:02}{'am' if instant.hour < 12 else 'pm'}"


def span_text(first: date, last: date) -> str:
    """'6 April 2026' or '6 April to 12 April 2026'."""
    return day_text(first) if first == last else f"{first.day} {first:%B} to {day_text(last)}"


def plural(count: int, noun: str) -> str:
    """'1 visit', '28 visits'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def joined(parts: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def minutes_text(minutes: int) -> str:
    """'45 minutes', '945 minutes', '1 minute'."""
    return plural(minutes, "minute")
