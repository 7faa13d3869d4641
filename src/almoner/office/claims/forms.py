"""What people type about claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from almoner.core.money import pounds
from almoner.office.claims.reasons import REASONS
from almoner.office.claims.receipts import KINDS, OPEN, STATES, Wanted
from almoner.office.enquiries.forms import FilesSent
from almoner.office.enquiries.kinds import MOST_CHARACTERS, kinds_for
from almoner.office.furniture.attachments import Sent
from almoner.office.furniture.fields import DayField, PoundsField

LONG = f"Use {MOST_CHARACTERS:,} characters or fewer"


class Chosen(forms.Form):
    """The filters of a funder's receipts, in the address."""

    month = forms.ChoiceField(required=False)
    scheme = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=KINDS)
    state = forms.ChoiceField(required=False, choices=STATES)
    changed = forms.BooleanField(required=False)

    def __init__(self, months: Iterable[date], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.months = list(months)
        choices = [(OPEN, "Every month, not invoiced yet"), *((f"{month:%Y-%m}", f"{month:%B %Y}") for month in self.months)]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]
        self.is_valid()

    def wanted(self, usual: date | None) -> Wanted:
        """What is asked for; without a month the `usual` one. Filters that make no sense are left out."""
        told = self.cleaned_data
        asked = told.get("month", "")
        month = None if asked == OPEN else date.fromisoformat(f"{asked}-01") if asked else usual
        return Wanted(month, told.get("scheme", ""), told.get("kind", ""), told.get("state", ""), told.get("changed", False))


class Words(forms.Form):
    """Words and files."""

    text = forms.CharField(
        max_length=MOST_CHARACTERS, widget=forms.Textarea,
        error_messages={"required": "Enter what you found, in words the other side can check", "max_length": LONG},
    )  # fmt: skip
    attachments = FilesSent(label="Attachments")

    def sent(self) -> list[Sent]:
        """The files that came with it."""
        return list(self.cleaned_data["attachments"])


class Dispute(Words):
    """Why a receipt is disputed, and how much of it."""

    reason = forms.ChoiceField(choices=list(REASONS.items()), error_messages={"required": "Choose why you dispute it"})
    amount = PoundsField(label="Amount disputed", error_messages={"required": "Enter the amount you dispute, like 310.20"})

    def __init__(self, most: int, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.most = most

    def clean_amount(self) -> int:
        """Part of the receipt."""
        pence: int = self.cleaned_data["amount"]
        if not 0 < pence <= self.most:
            raise forms.ValidationError(f"Enter an amount up to {pounds(self.most)}, which is the whole receipt")
        return pence


class Settlement(Words):
    """The council's answer to a dispute or, when it is settled, how."""

    outcome = forms.ChoiceField(
        choices=[
            ("agreed", "The claim stands: the partner has agreed to it"),
            ("corrected", "The claim was corrected by a change of facts"),
        ],
        required=False,
    )

    def __init__(self, settling: bool, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.settling = settling

    def clean_outcome(self) -> str:
        """Asked for when it is settled, not when it is answered."""
        outcome: str = self.cleaned_data["outcome"]
        if self.settling and not outcome:
            raise forms.ValidationError("Choose how it was settled")
        return outcome


class Reference(forms.Form):
    """What a funder calls a line."""

    reference = forms.CharField(required=False, max_length=40, error_messages={"max_length": "Use 40 characters or fewer"})


class InvoicePaid(forms.Form):
    """What a funder paid of an invoice."""

    amount = PoundsField(label="Amount", error_messages={"required": "Enter what was paid, like 1024.50"})
    paid_on = DayField(label="Day it was paid")
    reference = forms.CharField(
        max_length=60, error_messages={"required": "Enter the reference on the bank statement", "max_length": "Use 60 characters or fewer"}
    )

    def clean_amount(self) -> int:
        """More than nothing."""
        pence: int = self.cleaned_data["amount"]
        if pence <= 0:
            raise forms.ValidationError("Enter an amount above £0.00")
        return pence


class TakenBack(forms.Form):
    """Why a payment that was entered is taken back."""

    place = forms.IntegerField(min_value=1)
    text = forms.CharField(
        max_length=400, error_messages={"required": "Say why it is taken back", "max_length": "Use 400 characters or fewer"}
    )


class Question(Words):
    """A query of a funder. What it is about is carried in hidden fields, never typed again."""

    kind = forms.ChoiceField(choices=[(name, kind.words) for name, kind in kinds_for("partner").items()],
                             error_messages={"required": "Choose what your query is about"})  # fmt: skip
    invoice = forms.CharField(required=False, max_length=20)
    line = forms.CharField(required=False, max_length=100)
