"""What people type into queries."""

from __future__ import annotations

from typing import Any

from django import forms

from almoner.office.enquiries.kinds import KINDS, MOST_CHARACTERS, kinds_for
from almoner.office.enquiries.operations import About, Told
from almoner.office.furniture.attachments import AttachmentRefused, Sent, checked_files
from almoner.office.furniture.fields import DayField, OneBoxDayField, SeveralFiles

IDS = ("person_id", "line_id", "run_id", "receipt_id", "hold_id")
DAY_OF = {"death": "died_on", "dates": "last_day"}
"""Which box a kind's day is typed into, where it is not the first day of an absence."""
SAID = {"required": "Enter what is wrong, in your own words", "max_length": f"Use {MOST_CHARACTERS:,} characters or fewer"}


class FilesSent(SeveralFiles):
    """Files sent with words, as `Sent`. One that is not kept is said at the field, so that the words stay."""

    def clean(self, data: Any, initial: Any = None) -> list[Sent]:
        """The files; a ValidationError for too many, one too large, or of a kind that is not kept."""
        sent = [Sent(name, content) for name, content in super().clean(data, initial)]
        try:
            checked_files(sent)
        except AttachmentRefused as refusal:
            raise forms.ValidationError(f"{refusal.message} {refusal.remedy}") from None
        return sent


class Message(forms.Form):
    """Words and files."""

    text = forms.CharField(max_length=MOST_CHARACTERS, widget=forms.Textarea, error_messages=SAID)
    attachments = FilesSent(label="Attachments")

    def sent(self) -> list[Sent]:
        """The files that came with it."""
        return list(self.cleaned_data["attachments"])


class Asked(Message):
    """A new query. What it is about is carried in hidden fields, never typed again."""

    kind = forms.ChoiceField(
        choices=[(name, kind.words) for name, kind in kinds_for("provider").items()],
        error_messages={"required": "Choose what your query is about"},
    )
    died_on = DayField(label="The day of death", required=False)
    last_day = DayField(label="The line's last day", required=False)
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
        kind, asked = KINDS.get(given.get("kind", "")), DAY_OF.get(given.get("kind", ""), "from_date")
        if kind and kind.dates and not given.get(asked) and asked not in self.errors:
            self.add_error(asked, "Enter the day, like 27 3 2026")
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
        asked = DAY_OF.get(self.cleaned_data["kind"], "from_date")
        days = self.cleaned_data[asked] if kind.dates else None, self.cleaned_data["until_date"] if kind.dates > 1 else None
        return Told(*days, instalments=self.cleaned_data["instalments"] if kind.count else None)
