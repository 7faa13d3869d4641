"""Fields of forms that Django has no word for: a day in three boxes, pounds, and files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from almoner.core.money import pence_typed

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years that a day of care can be in."""


class DayBoxes(forms.MultiWidget):
    """Day, month and year, each in a box of its own, as the GOV.UK date input has them."""

    def __init__(self) -> None:
        super().__init__(widgets={"day": forms.TextInput, "month": forms.TextInput, "year": forms.TextInput})

    def decompress(self, value: Any) -> list[str]:
        """The three boxes for a day."""
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else ["", "", ""]


class DayField(forms.MultiValueField):
    """A day typed into three boxes. Says what is wrong with it, and how a day is typed."""

    widget = DayBoxes

    def __init__(self, *, label: str, required: bool = True) -> None:
        boxes = tuple(forms.CharField(required=False, max_length=4) for _ in range(3))
        super().__init__(boxes, label=label, required=required, require_all_fields=False)
        self.error_messages["required"] = f"Enter {label[:1].lower()}{label[1:]}, like 27 3 2026"

    def compress(self, data_list: list[str]) -> date | None:
        """The day; a ValidationError names what was typed."""
        typed = [str(part).strip() for part in data_list or ()]
        if not any(typed):
            return None
        try:
            day, month, year = (int(part) for part in typed)
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise ValueError(year)
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(f"{' '.join(typed)} is not a day. Enter it like 27 3 2026") from None


class OneBoxDayField(forms.DateField):
    """A day in one box or in an address, of the years that care can be in: a day of no such year is no day."""

    def to_python(self, value: Any) -> date | None:
        """The day; None for an empty box; a ValidationError for what is no day."""
        day: date | None = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PoundsField(forms.CharField):
    """An amount in pounds, given back as whole pence."""

    def to_python(self, value: Any) -> Any:
        """Pence; None for an empty box; a ValidationError for what is no amount."""
        typed = str(value or "").strip()
        if not typed:
            return None
        pence = pence_typed(typed)
        if pence is None:
            raise forms.ValidationError(f"{value} is not an amount in pounds and pence. Enter it like 24.60")
        return pence

    def validate(self, value: Any) -> None:
        """Required means that something was typed; nought is something."""
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """None of text's apply."""


class SeveralFiles(forms.FileField):
    """Files chosen together: a list of (name, bytes), empty when none was."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False, widget=_Several(attrs={"multiple": True}))

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file's name and bytes."""
        found: list[UploadedFile[Any]] = data if isinstance(data, list) else [data] if data else []
        return [(str(file.name), file.read()) for file in found if file]


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True
