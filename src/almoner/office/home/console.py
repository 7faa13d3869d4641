"""The console's first page, and the journal."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from almoner.office.accounts.permissions import may
from almoner.office.accounts.queries import accesses_of
from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.fields import OneBoxDayField
from almoner.office.furniture.listing import XLSX, Heading, Listing, answer, as_csv, as_xlsx, download
from almoner.office.furniture.words import LOCAL, local
from almoner.office.home.today import today
from almoner.office.journal.operations import note_export
from almoner.office.journal.queries import Entry, acts, entries_like

Row = dict[str, Any]
MOST = 5_000
HEADINGS = (
    Heading("at", "At", "moment"),
    Heading("by", "Who"),
    Heading("role", "Role"),
    Heading("act", "Did"),
    Heading("subject", "To what", "id"),
    Heading("with", "With"),
    Heading("result", "Result"),
)


def today_page(request: HttpRequest) -> HttpResponse:
    """A morning's work in order."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    return render(request, "home/today.html", {"today": today(reader, at), "day": local(at).date()})


class JournalFilter(forms.Form):
    """The filters of the journal."""

    who = forms.CharField(required=False, strip=True)
    what = forms.CharField(required=False, strip=True)
    id = forms.CharField(required=False, strip=True)
    since = OneBoxDayField(required=False)
    refused = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, strip=True, max_length=500)

    def told(self) -> Row:
        """What is asked; what is not understood asks nothing."""
        self.is_valid()
        return self.cleaned_data


def journal_page(request: HttpRequest) -> HttpResponseBase:
    """Who did what; newest first. It is exported with a reason, and the export is a line of its own."""
    reader = reader_of(request)
    form = JournalFilter(request.POST if request.method == "POST" else request.GET)
    told = form.told()
    since = told.get("since")
    found = entries_like(
        who=told.get("who", ""), act=told.get("what", ""), subject=told.get("id", ""), refused=bool(told.get("refused")), most=MOST,
        since=datetime.combine(since, time(), LOCAL) if since else None,
    )  # fmt: skip
    roles = {access.email: access.role.word for access in accesses_of("", side="council")}
    rows = [_row(one, roles) for one in found]
    listing = Listing(
        "journal", "Journal", HEADINGS, rows, "", "No line fits. Every act of the console, the portal and the command line is a line here.",
        "", "lines", order_words="the newest first", downloads=False,
    )  # fmt: skip
    missing = request.method == "POST" and not told.get("reason")
    if request.method == "POST" and not missing:
        asked = {name: str(told.get(name) or "") for name in ("who", "what", "id", "since", "refused")}
        note_export(reason=told["reason"], rows=len(rows), asked=asked, by=reader.by, at=request.at)  # type: ignore[attr-defined]
        as_book = request.POST.get("as") == "xlsx"
        return (
            download(as_xlsx(listing, rows), "journal.xlsx", XLSX)
            if as_book
            else download(as_csv(listing, rows), "journal.csv", "text/csv")
        )
    context = {
        "form": form, "told": told, "acts": acts(), "missing": missing, "may_export": may("console-journal", reader.role, "POST"),
        "is_cut": len(rows) == MOST, "most": MOST,
    }  # fmt: skip
    response = answer(request, "home/journal.html", listing, context)
    response.status_code = 400 if missing else 200
    return response


def _row(one: Entry, roles: dict[str, str]) -> Row:
    told = ", ".join(
        f"{name.replace('_', ' ')} {_short(value)}"
        for name, value in sorted(one.summary.items())
        if name not in ("code", "hash", "kept", "rows")
    )
    return {
        "at": one.at, "by": one.by, "role": roles.get(one.by, ""), "act": one.act.replace("_", " ").capitalize(), "subject": one.subject,
        "with": told, "result": f"Refused: {one.summary.get('code', '')}" if one.act == "refuse" else "Done",
    }  # fmt: skip


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
