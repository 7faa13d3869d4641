"""What a change order can change: something about one line, rates in bulk, or what absences and frustrated visits pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeAlias

KINDS = {
    "end": "When it ends",
    "start": "When it starts",
    "rate": "Its rate",
    "hours": "How much a week",
    "timetable": "Its timetable",
    "provider": "Its provider",
    "share": "A funder's share",
    "authorise": "Authorise it",
}
"""Changes of one line, by the name that is stored, in the words of the page."""
BULK_KINDS = {
    "uplift": "Uplift of rates",
    "frustrated": "What frustrated visits pay",
    "absence": "What absences pay",
    "terms": "A term of contracts",
    "calendar": "When a cycle is cut off and paid",
}
"""Changes of many lines at once."""
POLICIES = ("frustrated", "absence", "terms", "calendar")
"""Those that are the council's settings: proposed and authorised by system administrators, who see nobody's care."""
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

    `rate_centipence` is in hundredths of a penny a `unit`, `quantity` in hundredths of an hour, visit or day a week. Another provider: the
    contract and element of the line `new_line` that goes on. A share: `share_order` names one that there is (None: a new one);
    `basis_points` of the cost or `amount_pence` a week, neither where it ends.
    """

    line_id: str
    kind: str
    on: date | None
    rate_centipence: int | None = None
    unit: str = ""
    quantity: int | None = None
    slots: tuple[Slot, ...] = ()
    contract_id: str = ""
    element: str = ""
    new_line: str = ""
    share_order: int | None = None
    funder_id: str = ""
    basis_points: int | None = None
    amount_pence: int | None = None
    settlement: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        slots = [[slot.weekday, slot.start.isoformat("minutes"), slot.minutes, slot.carers] for slot in self.slots]
        return {"on": self.on.isoformat() if self.on else None, "slots": slots, **{name: getattr(self, name) for name in PLAIN}}


PLAIN = (
    "rate_centipence", "unit", "quantity", "contract_id", "element", "new_line", "share_order", "funder_id", "basis_points",
    "amount_pence", "settlement",
)  # fmt: skip


@dataclass(frozen=True)
class Uplift:
    """New rates from a day for many lines: of a service, of one contract, or of lines that are named.

    `basis_points`: by how much rates rise, in hundredths of a percent, where a line has no rate of its own in `lines` (line and rate in
    hundredths of a penny) and its contract no new price in `prices` (`uplifts.price_key` and price). New rates are rounded to `step`
    hundredths of a penny, halves up. `second_reason`: why rates change by more than the council's limit.
    """

    on: date
    service: str = ""
    provider_id: str = ""
    contract_id: str = ""
    lines: tuple[tuple[str, int | None], ...] = ()
    prices: tuple[tuple[str, int], ...] = ()
    basis_points: int | None = None
    step: int = 100
    second_reason: str = ""
    kind: str = "uplift"
    line_id: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        names = ("service", "provider_id", "contract_id", "basis_points", "step", "second_reason")
        return {
            "on": self.on.isoformat(),
            "lines": [list(pair) for pair in self.lines],
            "prices": [list(pair) for pair in self.prices],
            **{name: getattr(self, name) for name in names},
        }


@dataclass(frozen=True)
class Policy:
    """What frustrated visits (`kind` frustrated: `reason`, blank for any, for at most `days`) or absences (`kind` absence: `reason` is the
    sort of absence, from the day away `days` on) pay from a day, in hundredths of a percent: of a service, or of one contract."""

    kind: str
    on: date
    reason: str
    basis_points: int
    days: int | None = None
    service: str = ""
    contract_id: str = ""
    line_id: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        names = ("reason", "basis_points", "days", "service", "contract_id")
        return {"on": self.on.isoformat(), **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True)
class Terms:
    """One term of contracts from a day on, of a service or of one contract: `term` is a column of `core.tables.CONTRACT_DATED_COLUMNS`,
    `value` what stands in it."""

    on: date
    term: str
    value: str | int | bool
    service: str = ""
    contract_id: str = ""
    kind: str = "terms"
    line_id: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        names = ("term", "value", "service", "contract_id")
        return {"on": self.on.isoformat(), **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True)
class Timing:
    """When payments of a cycle are cut off and paid, from the period that begins `on` on: how many days after a period's end, and the hour.
    Reminders go `reminder_days` before the cut-off."""

    on: date
    cycle: str
    cut_off_days: int
    cut_off_time: time
    pay_days: int
    reminder_days: int
    contract_id: str = ""
    kind: str = "calendar"
    line_id: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        names = ("cycle", "cut_off_days", "pay_days", "reminder_days")
        told = {name: getattr(self, name) for name in names}
        return {"on": self.on.isoformat(), "cut_off_time": self.cut_off_time.isoformat("minutes"), **told}


Order: TypeAlias = Change | Uplift | Policy | Terms | Timing


def change_from(line_id: str, kind: str, stored: Mapping[str, Any]) -> Order:
    """The change that was stored."""
    on = date.fromisoformat(stored["on"]) if stored["on"] else None
    if kind in BULK_KINDS:
        assert on is not None, "what is changed in bulk changes from a day"
        told = {name: value for name, value in stored.items() if name not in ("on", "lines", "prices")}
        if kind == "uplift":
            lines, prices = (tuple((name, rate) for name, rate in stored[of]) for of in ("lines", "prices"))
            return Uplift(on, lines=lines, prices=prices, **told)
        if kind == "terms":
            return Terms(on, **told)
        if kind == "calendar":
            return Timing(on, **{**told, "cut_off_time": time.fromisoformat(told["cut_off_time"])})
        return Policy(kind, on, **told)
    slots = tuple(Slot(weekday, time.fromisoformat(start), minutes, carers) for weekday, start, minutes, carers in stored["slots"])
    return Change(line_id, kind, on, slots=slots, **{name: stored[name] for name in PLAIN if name in stored})
