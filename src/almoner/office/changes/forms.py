"""What people type into change orders."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms

from almoner.core.tables import UNITS
from almoner.office.changes.kinds import KINDS, WEEKDAYS, Change, Slot
from almoner.office.furniture.fields import DayField, PoundsField

VISIT = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>am|pm)?\s+(?P<minutes>\d{1,4})(?:\s*[x×]\s*(?P<carers>\d{1,2}))?", re.IGNORECASE
)
QUANTITY = re.compile(r"(?P<whole>\d{1,5})(?:\.(?P<rest>\d{1,2}))?")
DAYS = {
    "end": "New last day", "start": "New first day", "rate": "First day of the new rate", "hours": "First day of the new quantity",
    "timetable": "First day of the new timetable", "authorise": "Authorised on",
}  # fmt: skip


class Kind(forms.Form):
    """What changes."""

    line = forms.CharField()
    kind = forms.ChoiceField(choices=list(KINDS.items()), error_messages={"required": "Choose what changes"})


class To(forms.Form):
    """From when, and to what. Only the fields that the kind of change needs are asked for."""

    def __init__(self, kind: str, line_id: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kind, self.line_id = kind, line_id
        self.fields["on"] = DayField(label=DAYS[kind], required=kind != "end")
        if kind == "rate":
            self.fields["rate"] = PoundsField(label="New rate", error_messages={"required": "Enter the new rate, like 25.33"})
            self.fields["unit"] = forms.ChoiceField(choices=[(unit, f"a{'n' * (unit[0] in 'eh')} {unit}") for unit in UNITS])
        if kind == "hours":
            self.fields["quantity"] = forms.RegexField(
                QUANTITY.pattern, error_messages={"required": "Enter how much a week, like 12.5", "invalid": "Enter a number, like 12.5"}
            )
        if kind == "timetable":
            for weekday in WEEKDAYS:
                self.fields[weekday] = forms.CharField(label=weekday.capitalize(), required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        """Visits are spelled like `8am 45, 12:30pm 30 x2`."""
        given: dict[str, Any] = super().clean() or {}
        slots: list[Slot] = []
        for weekday in WEEKDAYS if self.kind == "timetable" else ():
            for typed in filter(None, (part.strip() for part in given.get(weekday, "").split(","))):
                slot = _slot(weekday, typed)
                if slot is None:
                    self.add_error(weekday, f"{typed} is not a visit. Enter the start and the minutes, like 8am 45")
                elif any((other.weekday, other.start) == (slot.weekday, slot.start) for other in slots):
                    self.add_error(weekday, f"Two visits begin at {typed.split()[0]}. Enter one with both carers, like 8am 45 x2")
                else:
                    slots.append(slot)
        given["slots"] = tuple(slots)
        return given

    def change(self) -> Change:
        """The change that was typed; the form must be valid."""
        given = self.cleaned_data
        quantity = QUANTITY.fullmatch(given["quantity"]) if given.get("quantity") else None
        return Change(
            line_id=self.line_id,
            kind=self.kind,
            on=given["on"],
            rate_centipence=given["rate"] * 100 if given.get("rate") is not None else None,
            unit=given.get("unit", ""),
            quantity=int(quantity["whole"] + (quantity["rest"] or "").ljust(2, "0")) if quantity else None,
            slots=given["slots"],
        )


def typed(slots: tuple[Slot, ...]) -> dict[str, str]:
    """A timetable as it would be typed, by weekday."""
    told: dict[str, list[str]] = {}
    for slot in slots:
        carers = f" x{slot.carers}" if slot.carers > 1 else ""
        told.setdefault(slot.weekday, []).append(f"{slot.start:%H:%M} {slot.minutes}{carers}")
    return {weekday: ", ".join(visits) for weekday, visits in told.items()}


def _slot(weekday: str, text: str) -> Slot | None:
    found = VISIT.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 99
    minutes, carers = int(found["minutes"]), int(found["carers"] or 1)
    if hour > 23 or minute > 59 or not 1 <= minutes <= 1440 or not 1 <= carers <= 20:
        return None
    return Slot(weekday, time(hour, minute), minutes, carers)
