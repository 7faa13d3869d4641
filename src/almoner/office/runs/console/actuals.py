"""Weeks not submitted, by provider, and reminders of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.listing import Heading, Listing, answer
from almoner.office.furniture.words import local
from almoner.office.runs.not_submitted import awaited_weeks, by_provider, reminded_on
from almoner.office.runs.operations.reminding import remind_providers
from almoner.office.runs.reminders import Reminder, next_cut_offs, reminders_to

Row = dict[str, Any]
HEADINGS = (
    Heading("provider", "Provider"),
    Heading("weeks", "Weeks", "number", total=True),
    Heading("oldest", "Oldest", "date"),
    Heading("people", "People", "number", total=True),
    Heading("worth", "Pounds at plan", "pounds", total=True),
    Heading("uploads", "Uploaded, not submitted", "number", total=True),
    Heading("submitted", "Last submitted", "moment"),
    Heading("reminded", "Last reminded", "moment"),
    Heading("email", "Contact"),
)
QUIET = (("", "Any"), ("1", "Not reminded today"), ("7", "Not reminded for 7 days"))


class AwaitedFilter(forms.Form):
    """The filters of the list."""

    service = forms.CharField(required=False)
    weeks = forms.IntegerField(required=False, min_value=1, max_value=13, help_text="oldest at least so many weeks ago")
    quiet = forms.ChoiceField(required=False, choices=QUIET)

    def told(self, name: str) -> Any:
        """What is asked of one filter; empty when it is not understood."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


def actuals_page(request: HttpRequest) -> HttpResponseBase:
    """Who has not told us, most pounds first."""
    reader, at, form = reader_of(request), request.at, AwaitedFilter(request.GET)  # type: ignore[attr-defined]
    may_act = may("console-actuals", reader.role, "POST")
    if request.method == "POST":
        chosen = [("provider", name) for name in request.POST.getlist("provider")]
        return redirect(f"{reverse('console-actuals-remind')}?{urlencode(chosen)}")
    weeks = awaited_weeks(at)
    wanted = [row for row in weeks if not form.told("service") or row["service"] == form.told("service")]
    today = local(at).date()
    rows = [
        row | {"choice": row["provider_id"] if may_act else "", "choice_words": row["provider"]}
        for row in by_provider(wanted)
        if (not form.told("weeks") or row["oldest"] <= today - timedelta(weeks=form.told("weeks")))
        and (not form.told("quiet") or _is_quiet(row, today - timedelta(days=int(form.told("quiet")))))
    ]
    listing = Listing(
        "weeks-not-submitted", "Weeks not submitted", HEADINGS, rows, "-worth",
        "Nobody has a week to submit that has ended. The weeks of this week follow when it ends.", "provider", "providers",
    )  # fmt: skip
    context = {"form": form, "services": sorted({row["service"] for row in weeks}), "quiet": QUIET, "may_act": may_act}
    return answer(request, "runs/console_actuals.html", listing, context)


def _is_quiet(row: Row, since: date) -> bool:
    return row["reminded"] is None or local(row["reminded"]).date() <= since


def remind_page(request: HttpRequest) -> HttpResponseBase:
    """Check the reminders to chosen providers, and send them."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    names = set(request.POST.getlist("provider") if request.method == "POST" else request.GET.getlist("provider"))
    reminders = _reminders([row for row in awaited_weeks(at) if row["provider_id"] in names], at)
    today = reminded_on(local(at).date())
    if request.method == "POST":
        count = remind_providers(reminders=reminders, by=reader.by, at=at)
        messages.success(request, f"{count} provider{'' if count == 1 else 's'} reminded.")
        return redirect("console-actuals")
    wanted = [one for one in reminders if one.addresses and one.provider_id not in today]
    context = {
        "reminders": wanted, "emails": sum(len(one.addresses) for one in wanted), "text": wanted[0].text if wanted else None,
        "without": [one for one in reminders if not one.addresses], "already": [one for one in reminders if one.provider_id in today],
        "may_act": may("console-actuals-remind", reader.role, "POST"),
    }  # fmt: skip
    return render(request, "runs/console_remind.html", context)


def _reminders(weeks: list[Row], at: datetime) -> list[Reminder]:
    cycles: dict[str, set[str]] = {}
    for week in weeks:
        cycles.setdefault(week["provider_id"], set()).add(week["cycle"])
    coming = {provider: found for provider, theirs in cycles.items() if (found := next_cut_offs(theirs, at))}
    return reminders_to(by_provider(weeks), coming, at)
