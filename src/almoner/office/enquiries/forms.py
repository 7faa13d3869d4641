"""What people type into queries."""

from __future__ import annotations

from typing import Any

from django import forms

from almoner.office.enquiries.attachments import Sent
from almoner.office.enquiries.kinds import KINDS, MOST_CHARACTERS
from almoner.office.enquiries.operations import About, Told
from almoner.office.furniture.fields import DayField, OneBoxDayField, SeveralFiles

IDS = ("person_id", "line_id", "run_id", "receipt_id", "hold_id")
SAID = {"required": "Enter what is wrong, in your own words", "max_length": f"Use {MOST_CHARACTERS:,} characters or fewer"}


class Message(forms.Form):
    """Words and files."""

    text = forms.CharField(max_length=MOST_CHARACTERS, widget=forms.Textarea, error_messages=SAID)
    attachments = SeveralFiles(label="Attachments")

    def sent(self) -> list[Sent]:
        """The files that came with it."""
        return [Sent(name, content) for name, content in self.cleaned_data["attachments"]]


class Asked(Message):
    """A new query. What it is about is carried in hidden fields, never typed again."""

    kind = forms.ChoiceField(
        choices=[(name, kind.words) for name, kind in KINDS.items()], error_messages={"required": "Choose what your query is about"}
    )
    from_date = DayField(label="The first day", required=False)
    until_date = DayField(label="The last day", required=False)
    instalments = forms.IntegerField(min_value=1, max_value=60, required=False)
    person_id = forms.CharField(required=False)
    line_id = forms.CharField(required=False)
    week = OneBoxDayField(required=False)
    run_id = forms.CharField(required=False)
    receipt_id = forms.CharField(required=False)
    hold_id = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """A day is asked for where the kind needs one."""
        given: dict[str, Any] = super().clean() or {}
        kind = KINDS.get(given.get("kind", ""))
        if kind and kind.dates and not given.get("from_date") and "from_date" not in self.errors:
            self.add_error("from_date", "Enter the day, like 27 3 2026")
        if kind and kind.count and not given.get("instalments") and "instalments" not in self.errors:
            self.add_error("instalments", "Enter how many instalments, from 1 to 60")
        if kind and (kind.dates or kind.becomes == "absence") and not given.get("person_id"):
            self.add_error("person_id", "Enter the person's number")
        return given

    def about(self) -> About:
        """What it is about."""
        return About(**{name: self.cleaned_data[name] for name in IDS}, week=self.cleaned_data["week"])

    def told(self) -> Told:
        """The days and the number, where this kind has them."""
        kind = KINDS[self.cleaned_data["kind"]]
        days = self.cleaned_data["from_date"] if kind.dates else None, self.cleaned_data["until_date"] if kind.dates > 1 else None
        return Told(*days, instalments=self.cleaned_data["instalments"] if kind.count else None)
