"""Days in English words, whatever language the machine speaks."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_day(day: date) -> str:
    """`6 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`06 Apr 2026`: always as wide, for columns."""
    return f"{day.day:02} {MONTHS[day.month - 1][:3]} {day.year}"
