"""What a change order can change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

KINDS = {
    "end": "When it ends",
    "start": "When it starts",
    "rate": "Its rate",
    "hours": "How much a week",
    "timetable": "Its timetable",
    "authorise": "Authorise it",
}
"""By the name that is stored, in the words of the page."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, order=True)
class Slot:
    """A planned visit of a timetable."""

    weekday: str
    start: time
    minutes: int
    carers: int = 1


@dataclass(frozen=True)
class Change:
    """One change of one line. `on` is the new last or first day, or the first day of what is new; None for a line without an end.

    `rate_centipence` is in hundredths of a penny a `unit`, `quantity` in hundredths of an hour, visit or day a week.
    """

    line_id: str
    kind: str
    on: date | None
    rate_centipence: int | None = None
    unit: str = ""
    quantity: int | None = None
    slots: tuple[Slot, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "on": self.on.isoformat() if self.on else None,
            "rate_centipence": self.rate_centipence,
            "unit": self.unit,
            "quantity": self.quantity,
            "slots": [[slot.weekday, slot.start.isoformat("minutes"), slot.minutes, slot.carers] for slot in self.slots],
        }


def change_from(line_id: str, kind: str, stored: dict[str, Any]) -> Change:
    """The change that was stored."""
    slots = tuple(Slot(weekday, time.fromisoformat(start), minutes, carers) for weekday, start, minutes, carers in stored["slots"])
    on = date.fromisoformat(stored["on"]) if stored["on"] else None
    return Change(line_id, kind, on, stored["rate_centipence"], stored["unit"], stored["quantity"], slots)
