"""The form of a decision about holds: what is decided, one reason, and what the page showed of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from almoner.office.furniture.typed import whole_typed
from almoner.office.runs.operations import Shown

REASONS = (
    "Agreed with the social worker",
    "Evidence seen",
    "The plan is being changed",
    "One-off, agreed",
    "The record does not support the claim",
    "The provider will send it again",
)
WHAT = (("release", "Release"), ("uphold", "Uphold"), ("ask", "Ask the provider first"))


def shown_of(row: dict[str, Any]) -> str:
    """A hold with what the page shows of it, as a hidden field carries it."""
    return f"{row['hold']}:{row['amount']}:{row['state']}"


class Decision(forms.Form):
    """What is decided and why."""

    what = forms.CharField(error_messages={"required": "Choose what to do with it"})
    listed = forms.ChoiceField(required=False, choices=[("", ""), *((reason, reason) for reason in REASONS)])
    note = forms.CharField(
        required=False, max_length=500, error_messages={"max_length": "The note must be 500 characters or fewer, about six lines"}
    )

    reasons = REASONS

    def clean_what(self) -> str:
        """Release, uphold, ask, or release one line."""
        what = str(self.cleaned_data["what"])
        if what.partition(":")[0] not in ("release", "uphold", "ask", "line"):
            raise forms.ValidationError("Choose what to do with it")
        return what

    def clean(self) -> dict[str, Any]:
        """A reason of either kind is enough; a question to the provider needs its words."""
        told = super().clean() or self.cleaned_data
        if self.cleaned_data.get("what") == "ask" and not (told.get("note") or "").strip():
            self.add_error("note", "Write what you want to know from the provider")
        elif not (told.get("listed") or (told.get("note") or "").strip()):
            self.add_error("listed", "Choose a reason, or write a note")
        return told

    def decision(self) -> str:
        """release, uphold or ask."""
        what = str(self.cleaned_data["what"]).partition(":")[0]
        return "release" if what == "line" else what

    def line(self) -> str:
        """The one line to release, or empty for all."""
        what, _, line = str(self.cleaned_data["what"]).partition(":")
        return line if what == "line" else ""

    def reason(self) -> str:
        """The reason in words: the listed one, the note, or both."""
        if self.decision() == "ask":
            return str(self.cleaned_data["note"]).strip()
        return ": ".join(part for part in (self.cleaned_data["listed"], self.cleaned_data["note"].strip()) if part)

    def shown(self) -> dict[str, Shown | None]:
        """The holds decided, with what the page showed of each; what does not read so is left out."""
        found: dict[str, Shown | None] = {}
        for one in self.data.getlist("hold") if isinstance(self.data, QueryDict) else ():
            name, _, rest = one.partition(":")
            amount, _, state = rest.partition(":")
            pence = whole_typed(amount.removeprefix("-"))
            if pence is not None:
                found[name] = Shown(-pence if amount.startswith("-") else pence, state)
        return found
