"""When invented councils live: five weeks round Easter 2024 or round Christmas 2024."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

BANK_HOLIDAYS: set[tuple[str, date]] = {
    (nation, date.fromisoformat(day))
    for nation, days in {
        "england": "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-12-25 2024-12-26 2025-01-01",
        "wales": "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-12-25 2024-12-26 2025-01-01",
        "scotland": "2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-12-25 2024-12-26 2025-01-01 2025-01-02",
        "northern_ireland": "2024-01-01 2024-03-18 2024-03-29 2024-04-01 2024-05-06 2024-12-25 2024-12-26 2025-01-01",
    }.items()
    for day in days.split()
}


@dataclass(frozen=True)
class Window:
    """Five weeks from a Monday; what is paid, and from what was known when."""

    first: date
    through: date
    as_of: datetime | None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=34)

    def day(self, rng: Random) -> date:
        """Some day of the five weeks."""
        return self.first + timedelta(days=rng.randrange(35))

    def later(self, rng: Random, first: date, often_open: float = 0.6) -> date | None:
        """A last day on or after the first, or open."""
        return None if rng.random() < often_open else max(first, self.first) + timedelta(days=rng.randrange(14))


def window_of(batch: int) -> Window:
    """The window of a batch of councils: they share `through` and `as_of`, so one calculation can take them all."""
    rng = Random(f"window {batch}")
    first = (date(2024, 3, 18), date(2024, 12, 9))[batch % 2]
    through = first + timedelta(days=rng.randint(10, 36))
    as_of = datetime.combine(through + timedelta(days=rng.randint(-4, 6)), time(12, 30)) if batch % 3 == 0 else None
    return Window(first, through, as_of)
