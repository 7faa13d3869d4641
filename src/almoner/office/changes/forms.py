"""What people type into change orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from django import forms

from almoner.core.money import pence_typed
from almoner.core.tables import UNITS
from almoner.office.changes.kinds import KINDS, WEEKDAYS, Change, Slot
from almoner.office.furniture.attachments import AttachmentRefused, Sent, checked_files
from almoner.office.furniture.fields import DayField, PoundsField, SeveralFiles

VISIT = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>am|pm)?\s+(?P<minutes>\d{1,4})(?:\s*[x×]\s*(?P<carers>\d{1,2}))?", re.IGNORECASE
)
QUANTITY = re.compile(r"(?P<whole>\d{1,5})(?:\.(?P<rest>\d{1,2}))?")
DAYS = {
    "end": "New last day", "start": "New first day", "rate": "First day of the new rate", "hours": "First day of the new quantity",
    "timetable": "First day of the new timetable", "authorise": "Authorised on", "provider": "First day with the new provider",
    "share": "First day of the new share",
}  # fmt: skip
PERCENT = re.compile(r"(?P<sign>[-−])?(?P<whole>\d{1,3})(?:\.(?P<rest>\d{1,2}))?\s*%?")


def basis_points(typed: str) -> int | None:
    """Hundredths of a percent of what is typed like `3.1` or `-2.5%`; None for what is no percentage."""
    found = PERCENT.fullmatch(typed.strip())
    if not found:
        return None
    value = int(found["whole"]) * 100 + int((found["rest"] or "").ljust(2, "0"))
    return -value if found["sign"] else value


WHOLE = 10_000
HOW = {"percent": "A percentage of the cost", "amount": "An amount a week, in pounds", "none": "Nothing: the share ends"}
SETTLEMENTS = {"": "As it is, or claimed by us", "claim": "We pay all and claim it", "direct": "The funder pays the provider directly"}


class Kind(forms.Form):
    """What changes."""

    line = forms.CharField()
    kind = forms.ChoiceField(choices=list(KINDS.items()), error_messages={"required": "Choose what changes"})


class To(forms.Form):
    """From when, and to what. Only the fields that the kind of change needs are asked for."""

    def __init__(
        self,
        kind: str,
        line_id: str,
        *arguments: Any,
        shares: Sequence[tuple[str, str]] = (),
        funders: Mapping[str, str] | None = None,
        **named: Any,
    ) -> None:
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

        if kind == "provider":
            self.fields["to"] = forms.CharField(error_messages={"required": "Enter the new provider's number, or a part of its name"})
        if kind == "share":
            self._ask_for_share(shares, funders or {})

    def _ask_for_share(self, shares: Sequence[tuple[str, str]], funders: Mapping[str, str]) -> None:
        required = {"required": "Choose which share changes"}
        self.fields["share"] = forms.ChoiceField(choices=[*shares, ("new", "A new share")], error_messages=required)
        self.fields["funder"] = forms.ChoiceField(choices=[("", ""), *funders.items()], required=False)
        self.fields["how"] = forms.ChoiceField(choices=list(HOW.items()), error_messages={"required": "Choose how much it becomes"})
        self.fields["much"] = forms.CharField(required=False, max_length=20)
        self.fields["settlement"] = forms.ChoiceField(choices=list(SETTLEMENTS.items()), required=False)

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
        if self.kind == "share":
            self._read_share(given)
        return given

    def _read_share(self, given: dict[str, Any]) -> None:
        how, typed = given.get("how"), given.get("much", "")
        given["basis_points"] = basis_points(typed) if how == "percent" else None
        given["amount_pence"] = pence_typed(typed) if how == "amount" else None
        if how == "percent" and not 0 < (given["basis_points"] or 0) <= WHOLE:
            self.add_error("much", "Enter a percentage up to 100, like 50")
        if how == "amount" and not given["amount_pence"]:
            self.add_error("much", "Enter an amount a week, like 100.00")
        if given.get("share") == "new" and not given.get("funder"):
            self.add_error("funder", "Choose who owes the new share")

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
            share_order=int(given["share"]) if given.get("share", "new") != "new" else None,
            funder_id=given.get("funder", "") if given.get("share") == "new" else "",
            basis_points=given.get("basis_points"),
            amount_pence=given.get("amount_pence"),
            settlement=given.get("settlement", ""),
        )


class Going(forms.Form):
    """Which of the new provider's contracts a line goes on under, and the new line's number."""

    terms = forms.ChoiceField(error_messages={"required": "Choose the contract the care goes on under"})
    new_line = forms.CharField(max_length=40, error_messages={"required": "Enter the new line's number"})

    def __init__(self, offered: Sequence[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["terms"] = forms.ChoiceField(choices=list(offered), error_messages=self.fields["terms"].error_messages)

    def onto(self, change: Change) -> Change:
        """The change, going on under what was chosen; the form must be valid."""
        contract, _, element = self.cleaned_data["terms"].partition("|")
        return replace(change, contract_id=contract, element=element, new_line=self.cleaned_data["new_line"].strip())


class Because(forms.Form):
    """Why it changes, and what shows it. A change above a limit takes a second reason."""

    reason = forms.CharField(max_length=2_000, error_messages={"required": "Enter why it changes"})
    evidence = forms.CharField(max_length=400, error_messages={"required": "Enter what shows it, like the review of 3 June, DOC-1182"})
    attachments = SeveralFiles(label="Files that show it")

    def __init__(self, *arguments: Any, over_limit: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if over_limit:
            required = {"required": "Enter why the limit does not hold here"}
            self.fields["second_reason"] = forms.CharField(max_length=2_000, error_messages=required)

    def clean_attachments(self) -> list[Sent]:
        """Files that are kept; one that is not is said at the field."""
        sent = [Sent(name, content) for name, content in self.cleaned_data["attachments"]]
        try:
            checked_files(sent)
        except AttachmentRefused as refusal:
            raise forms.ValidationError(f"{refusal.message} {refusal.remedy}") from None
        return sent

    @property
    def words(self) -> list[str]:
        """The fields in words, which are carried along until it is sent."""
        return [name for name in self.fields if name != "attachments"]


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
