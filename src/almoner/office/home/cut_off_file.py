"""Cut-offs as a calendar file (RFC 5545): what a provider's own calendar program shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from almoner.office.furniture.words import long_day, span
from almoner.office.runs.calendar import Period

OCTETS = 75
"""The most bytes in a line of the file; longer ones are folded."""


def calendar_file(periods: Iterable[Period], council: str, at: datetime) -> bytes:
    """One event a cut-off, of half an hour before it, with what it is paid for and when. `at`: when the file was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Almoner//Cut-offs//EN", f"X-WR-CALNAME:{_text(f'Cut-offs, {council}')}"]
    for period in periods:
        paid = f"Care of {span(period.from_date, period.last_day)}, paid on {long_day(period.pay_date)} if submitted by then."
        lines += [
            "BEGIN:VEVENT",
            f"UID:{period.book}-{period.cycle}-{period.from_date.isoformat()}@almoner",
            f"DTSTAMP:{_moment(at)}",
            f"DTSTART:{_moment(period.cut_off_at - timedelta(minutes=30))}",
            f"DTEND:{_moment(period.cut_off_at)}",
            f"SUMMARY:{_text(f'Actuals due for {span(period.from_date, period.last_day)}')}",
            f"DESCRIPTION:{_text(paid)}",
            "END:VEVENT",
        ]
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line with its ending, cut where it is too long; never inside a letter."""
    parts, rest = [], line
    while len(rest.encode()) > OCTETS:
        cut = OCTETS
        while len(rest[:cut].encode()) > OCTETS:
            cut -= 1
        parts.append(rest[:cut])
        rest = f" {rest[cut:]}"
    return "\r\n".join([*parts, rest]).encode() + b"\r\n"
