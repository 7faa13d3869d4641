"""What people type into uplifts, policies and limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from almoner.core.money import pence_typed, rate_typed
from almoner.core.tables import Kind
from almoner.office.changes.contract_terms import COLUMNS, TERM_WORDS, term_text
from almoner.office.changes.forms import basis_points
from almoner.office.changes.kinds import Policy, Terms, Timing, Uplift
from almoner.office.changes.limits import LIMITS
from almoner.office.changes.uplifts import STEPS
from almoner.office.furniture.fields import DayField

SCOPES = {"service": "A service, with all its contracts", "contract": "One contract", "lines": "Lines that I name"}
LINE = re.compile(r"(?P<line>[A-Za-z0-9][A-Za-z0-9._-]*)(?:[\s,;]+£?(?P<pounds>\d{1,6})(?:\.(?P<rest>\d{1,4}))?)?")
MOST_LINES = 5_000
MOST_PERCENT = 100_00


class UpliftScope(forms.Form):
    """Which rates change."""

    scope = forms.ChoiceField(choices=list(SCOPES.items()), error_messages={"required": "Choose which rates change"})


class UpliftTyped(forms.Form):
    """Which rates, from when, and by how much or to what."""

    scope = forms.ChoiceField(choices=list(SCOPES.items()), error_messages={"required": "Choose which rates change"})
    service = forms.ChoiceField(required=False)
    provider = forms.CharField(required=False, max_length=40)
    contract = forms.CharField(required=False, max_length=80)
    lines = forms.CharField(required=False, max_length=200_000)
    percent = forms.CharField(required=False, max_length=10)
    step = forms.ChoiceField(choices=[(str(step), words.capitalize()) for step, words in STEPS.items()], required=False)

    def __init__(self, services: Sequence[str], *arguments: Any, prices: Sequence[Mapping[str, Any]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.prices = {f"price_{n}": price for n, price in enumerate(prices)}
        self.fields["service"] = forms.ChoiceField(choices=[("", ""), *((name, name) for name in services)], required=False)
        self.fields["on"] = DayField(label="First day of the new rates")
        for name in self.prices:
            self.fields[name] = forms.CharField(required=False, max_length=14)

    def clean(self) -> dict[str, Any]:
        """Lines are named one a row, with their new rate beside them where they do not all change by the same percentage."""
        given: dict[str, Any] = super().clean() or {}
        scope = given.get("scope")
        typed = given.get("percent", "").strip()
        given["basis_points"] = basis_points(typed) if typed else None
        if typed and (given["basis_points"] is None or not -MOST_PERCENT < given["basis_points"] <= MOST_PERCENT):
            self.add_error("percent", f"{given['percent']} is not a percentage up to 100. Enter it like 3.1")
        if scope == "service" and not given.get("service"):
            self.add_error("service", "Choose the service")
        if scope == "contract" and not given.get("contract", "").strip():
            self.add_error("contract", "Enter the contract's number")
        given["new_prices"] = self._new_prices(given)
        given["named"] = self._named(given.get("lines", "")) if scope == "lines" else ()
        if scope == "lines" and not given["named"] and "lines" not in self.errors:
            self.add_error("lines", "Enter the lines, one a row, like LN-204417 25.33")
        entered = bool(given["new_prices"]) if scope != "lines" else all(rate is not None for _, rate in given["named"])
        if not {"percent", "lines", *self.prices} & set(self.errors) and not given["basis_points"] and not entered:
            self.add_error("percent", "Enter by how much rates rise, like 3.1")
        return given

    def _new_prices(self, given: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
        found = []
        for name, price in self.prices.items():
            typed = given.get(name, "").strip()
            rate = rate_typed(typed) if typed else None
            if typed and rate is None:
                self.add_error(name, f"{typed} is not a rate in pounds. Enter it like 25.33")
            if rate is not None:
                found.append((str(price["key"]), rate))
        return tuple(found)

    def _named(self, typed: str) -> tuple[tuple[str, int | None], ...]:
        found: dict[str, int | None] = {}
        for number, row in enumerate((row.strip() for row in typed.splitlines()), 1):
            told = LINE.fullmatch(row)
            if row and told is None:
                self.add_error("lines", f"Row {number}, {row[:40]}, is not a line and its rate. Enter it like LN-204417 25.33")
                return ()
            if told and told["line"] in found:
                self.add_error("lines", f"Line {told['line']} is in row {number} for the second time. Enter each line once")
                return ()
            if told:
                found[told["line"]] = int(told["pounds"] + (told["rest"] or "").ljust(4, "0")) if told["pounds"] else None
        if len(found) > MOST_LINES:
            self.add_error("lines", f"There are {len(found):,} lines. Enter at most {MOST_LINES:,} at a time")
        return tuple(found.items())

    def uplift(self) -> Uplift:
        """What was typed; the form must be valid."""
        given = self.cleaned_data
        scope = given["scope"]
        return Uplift(
            given["on"],
            service=given["service"] if scope == "service" else "",
            provider_id=given["provider"].strip() if scope == "service" else "",
            contract_id=given["contract"].strip() if scope == "contract" else "",
            lines=given["named"],
            prices=given["new_prices"] if scope == "contract" else (),
            basis_points=given["basis_points"],
            step=int(given["step"] or 100),
        )


class PolicyTyped(forms.Form):
    """What frustrated visits or absences pay, from when, and in which contracts."""

    reason = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)
    contract = forms.CharField(required=False, max_length=80)
    percent = forms.CharField(max_length=10, error_messages={"required": "Enter the percentage that is paid, like 50"})
    days = forms.IntegerField(required=False, min_value=1, max_value=366)

    def __init__(self, kind: str, reasons: Sequence[tuple[str, str]], services: Sequence[str], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kind = kind
        self.fields["reason"] = forms.ChoiceField(choices=list(reasons), required=False)
        self.fields["service"] = forms.ChoiceField(choices=[("", ""), *((name, name) for name in services)], required=False)
        self.fields["on"] = DayField(label="First day")

    def clean(self) -> dict[str, Any]:
        """Either a service or a contract."""
        given: dict[str, Any] = super().clean() or {}
        given["basis_points"] = basis_points(given.get("percent", ""))
        if "percent" in given and not 0 <= (-1 if given["basis_points"] is None else given["basis_points"]) <= 2 * MOST_PERCENT:
            self.add_error("percent", "Enter a percentage from 0 to 200, like 50")
        if bool(given.get("service")) == bool(given.get("contract", "").strip()):
            self.add_error("service", "Choose a service, or enter one contract")
        return given

    def policy(self) -> Policy:
        """What was typed; the form must be valid."""
        given = self.cleaned_data
        return Policy(
            self.kind, given["on"], given["reason"], given["basis_points"], given["days"], given["service"], given["contract"].strip()
        )


class LimitTyped(forms.Form):
    """A limit from a day on."""

    name = forms.ChoiceField(
        choices=[(name, limit.words) for name, limit in LIMITS.items()], error_messages={"required": "Choose the limit"}
    )
    value = forms.CharField(max_length=20, error_messages={"required": "Enter the limit"})
    reason = forms.CharField(max_length=400, error_messages={"required": "Enter why the limit changes"})

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["on"] = DayField(label="First day")

    def clean(self) -> dict[str, Any]:
        """A percentage or pounds, as the limit is of."""
        given: dict[str, Any] = super().clean() or {}
        limit, typed = LIMITS.get(given.get("name", "")), given.get("value", "")
        if limit and typed:
            given["amount"] = basis_points(typed) if limit.unit == "percent" else pence_typed(typed)
            if given["amount"] is None or given["amount"] < 0:
                self.add_error("value", "Enter a percentage, like 10" if limit.unit == "percent" else "Enter pounds, like 10000.00")
        return given

    def chosen_day(self) -> date:
        """The first day; the form must be valid."""
        day: date = self.cleaned_data["on"]
        return day


class TermChosen(forms.Form):
    """Which term of contracts changes."""

    term = forms.ChoiceField(choices=list(TERM_WORDS.items()), error_messages={"required": "Choose which term changes"})


class TermTyped(forms.Form):
    """What a term becomes, from when, and in which contracts."""

    term = forms.ChoiceField(choices=list(TERM_WORDS.items()))
    service = forms.ChoiceField(required=False)
    contract = forms.CharField(required=False, max_length=80)

    def __init__(self, term: str, services: Sequence[str], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.column = COLUMNS[term]
        self.fields["service"] = forms.ChoiceField(choices=[("", ""), *((name, name) for name in services)], required=False)
        self.fields["value"] = self._value()
        self.fields["on"] = DayField(label="First day")

    def _value(self) -> forms.Field:
        said = {"required": "Enter its new value"}
        if self.column.kind is Kind.CHOICE:
            return forms.ChoiceField(choices=[(one, term_text(self.column.name, one)) for one in self.column.choices], error_messages=said)
        if self.column.kind is Kind.YES_NO:
            return forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], error_messages=said)
        if self.column.kind is Kind.COUNT:
            return forms.IntegerField(min_value=self.column.least, max_value=self.column.most, error_messages=said)
        return forms.CharField(max_length=400, error_messages=said)

    def clean(self) -> dict[str, Any]:
        """Either a service or a contract, and a percentage where the term is one."""
        given: dict[str, Any] = super().clean() or {}
        if self.column.kind is Kind.PERCENT and "value" in given:
            given["value"] = basis_points(given["value"])
            if given["value"] is None or not 0 <= given["value"] <= (self.column.most or MOST_PERCENT):
                self.add_error("value", "Enter a percentage, like 10")
        if self.column.kind is Kind.YES_NO and "value" in given:
            given["value"] = given["value"] == "yes"
        if bool(given.get("service")) == bool(given.get("contract", "").strip()):
            self.add_error("service", "Choose a service, or enter one contract")
        return given

    def terms(self) -> Terms:
        """What was typed; the form must be valid."""
        given = self.cleaned_data
        return Terms(given["on"], self.column.name, given["value"], given["service"], given["contract"].strip())


class TimingTyped(forms.Form):
    """When a cycle is cut off and paid, from which period on."""

    cycle = forms.ChoiceField(
        choices=[("weekly", "Weekly"), ("four_weekly", "Four-weekly"), ("monthly", "Monthly")],
        error_messages={"required": "Choose the cycle"},
    )
    cut_off_days = forms.IntegerField(min_value=0, max_value=60, error_messages={"required": "Enter a number of days, like 2"})
    cut_off_time = forms.TimeField(
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"required": "Enter the hour, like 18:00", "invalid": "Enter the hour as hours and minutes, like 18:00"},
    )
    pay_days = forms.IntegerField(min_value=1, max_value=90, error_messages={"required": "Enter a number of days, like 9"})
    reminder_days = forms.IntegerField(min_value=0, max_value=30, error_messages={"required": "Enter a number of days, like 2"})

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["on"] = DayField(label="First day of the first period")

    def clean(self) -> dict[str, Any]:
        """The money comes after the cut-off."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("pay_days") is not None and given.get("cut_off_days") is not None and given["pay_days"] <= given["cut_off_days"]:
            self.add_error("pay_days", "Enter more days than until the cut-off")
        return given

    def timing(self) -> Timing:
        """What was typed; the form must be valid."""
        given = self.cleaned_data
        return Timing(given["on"], given["cycle"], given["cut_off_days"], given["cut_off_time"], given["pay_days"], given["reminder_days"])
