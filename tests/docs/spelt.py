"""How the pages of rules spell days, money and lengths, read and written. Money in whole pence, rates in hundredths of a penny."""

from __future__ import annotations

import re
from datetime import date, datetime, time

YEAR = 2026
MONDAY = date(YEAR, 6, 1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOTHING = "–"


def pence(text: str) -> int:
    """'£1,024.50' -> 102450, '−£9.45' -> -945."""
    whole, _, rest = text.replace("−", "").strip("£").replace(",", "").partition(".")
    return (-1 if text.startswith("−") else 1) * (int(whole) * 100 + int(rest.ljust(2, "0") or 0))


def rate(text: str) -> tuple[int, str]:
    """'£24 an hour' -> (240000, 'hour')."""
    found = re.fullmatch(r"(£[\d.,]+) (?:an?|each) ?(\w+)?", text)
    assert found, text
    return pence(found.group(1)) * 100, found.group(2) or "each"


def pounds(amount: int | None) -> str:
    """102450 -> '£1,024.50'; nothing at all is a dash."""
    if amount is None:
        return NOTHING
    return f"{'−' if amount < 0 else ''}£{abs(amount) // 100:,}.{abs(amount) % 100:02}"


def day(text: str) -> date:
    """'Thu 4 June' or '4 June' -> the day in 2026; the weekday must be right."""
    words = text.split()
    found = datetime.strptime(f"{words[-2]} {words[-1]} {YEAR}", "%d %B %Y").date()
    assert len(words) == 2 or f"{found:%A}".startswith(words[0]), f"{text} is a {found:%A}"
    return found


def day_text(found: date) -> str:
    return f"{found:%a} {found.day} {found:%B}"


def moment(text: str) -> datetime:
    """'Mon 8 June 10:30'."""
    on, _, at = text.rpartition(" ")
    return datetime.combine(day(on), time.fromisoformat(at))


def minutes(text: str) -> int:
    """'45', '45 minutes', '11 h', '11 h 1 min'."""
    found = re.fullmatch(r"(?:(\d+) h ?)?(?:(\d+) ?(?:min|minutes)?)?", text)
    assert found and text, text
    return int(found.group(1) or 0) * 60 + int(found.group(2) or 0)


def hundredths(text: str) -> int:
    """Percent or quantities: '33.33' -> 3333."""
    return pence(f"£{text}")
