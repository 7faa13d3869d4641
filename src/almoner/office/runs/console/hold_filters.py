"""Which holds a page of the console lists: by code, and by the filters beside the table. All of it stands in the query string."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from almoner.core.money import pounds
from almoner.office.furniture.statuses import HOLD_WORDS, STATUSES
from almoner.office.runs.hold_rows import TO_DECIDE

Row = dict[str, Any]
SUB = {
    "TOL": "Tolerance", "DAT": "Dates", "DUP": "Duplicate", "HOS": "Hospital", "DTH": "After death", "FUT": "Future",
    "RAT": "Rate missing", "UNP": "No such line", "AUT": "Not authorised", "AGR": "Not agreed", "BNK": "Bank details",
    "CRD": "Creditor reference",
}  # fmt: skip
AGES = (("", "Any age"), ("8", "Over 7 days"), ("15", "Over 14 days"), ("31", "Over 30 days"))
STATES = (("", "To decide"), ("all", "All"), *((state, STATUSES["hold"][state].word) for state in (*TO_DECIDE, "released", "upheld")))


class HoldFilter(forms.Form):
    """The filters of the list. What is not understood filters nothing."""

    code = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=STATES)
    provider = forms.CharField(required=False)
    team = forms.CharField(required=False)
    service = forms.CharField(required=False)
    amount = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, help_text="whole pounds")
    age = forms.ChoiceField(required=False, choices=AGES)
    comment = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)

    def told(self, name: str) -> Any:
        """What is asked of one filter; empty when it is not understood."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def pence_from(self) -> int:
        """The least amount, in pence."""
        return int(self.told("amount") or 0) * 100

    def fits(self, row: Row, me: str) -> bool:
        """Whether a hold is among those asked for, the code left aside."""
        state, age = self.told("state"), self.told("age")
        return (
            (state == "all" or (row["state"] in TO_DECIDE if not state else row["state"] == state))
            and (not self.told("provider") or row["provider_id"] == self.told("provider"))
            and (not self.told("team") or row["team"] == self.told("team"))
            and (not self.told("service") or self.told("service") in row["services"])
            and row["amount"] >= self.pence_from()
            and (not age or row["age"] >= int(age))
            and (not self.told("comment") or bool(row["comment"]))
            and (not self.told("mine") or row["assigned"] == me)
        )

    def chosen(self, query: QueryDict, names: dict[str, str]) -> list[tuple[str, str]]:
        """The chosen filters in words, each with the address without it."""
        words = {
            "state": dict(STATES).get(self.told("state"), ""), "provider": names.get(self.told("provider"), self.told("provider")),
            "team": self.told("team"), "service": self.told("service"), "age": dict(AGES).get(self.told("age"), ""),
            "amount": f"{pounds(self.pence_from())} or more", "comment": "With a comment", "mine": "Assigned to me",
        }  # fmt: skip
        return [(words[name], _without(query, name)) for name in words if self.told(name)]


def _without(query: QueryDict, *names: str) -> str:
    left = query.copy()
    for name in (*names, "page"):
        left.pop(name, None)
    return f"?{left.urlencode()}"


def sub_navigation(rows: Sequence[Row], code: str, query: QueryDict) -> list[dict[str, Any]]:
    """A way to the holds of each code there is, with how many."""
    counts = Counter(row["code"] for row in rows)
    kept = _without(query, "code").removeprefix("?")
    items = [{"text": f"All ({len(rows)})", "href": f"{reverse('console-holds')}?{kept}", "current": not code}]
    for name, words in SUB.items():
        if counts[name]:
            items.append({"text": f"{words} ({counts[name]})", "href": f"?{kept}&code={name}".replace("?&", "?"), "current": code == name})
    return items


def reason_words(row: Row) -> str:
    """Why it is held, in the words of pages."""
    words = HOLD_WORDS[row["code"]]
    return words[0].upper() + words[1:]
