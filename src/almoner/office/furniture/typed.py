"""What people and their programs type into addresses and boxes, read once and alike: None for what nobody can mean."""

from __future__ import annotations

from datetime import date, datetime

from almoner.office.furniture.fields import FIRST_YEAR, LAST_YEAR

MOST_DIGITS = 15


def day_typed(text: str) -> date | None:
    """A day, `2026-06-01`, of the years that care can be in."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def whole_typed(text: str) -> int | None:
    """A whole number from nought, of as many digits as numbers of ours have at the most."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def moment_typed(text: str) -> datetime | None:
    """A moment as a page wrote it, with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
