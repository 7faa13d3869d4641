"""Runs on the console: the list, a new draft, and how far long work is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.tables import BOOKS, CONTRACTS
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.furniture.fields import OneBoxDayField
from almoner.office.furniture.listing import Heading, Listing, answer
from almoner.office.furniture.words import local
from almoner.office.runs.console.promptness import promptness_shown
from almoner.office.runs.operations import draft_run
from almoner.office.runs.operations.long_work import begin_work, wait_briefly
from almoner.office.runs.run_register import register, same_draft, work_shown

CYCLES = (("", "All contracts"), *((cycle, cycle.replace("_", "-").capitalize()) for cycle in CONTRACTS.column("cycle").choices))
HEADINGS = (
    Heading("run", "Run", "id", link=lambda row: reverse("console-run", args=[row["run"]])),
    Heading("book", "Book"),
    Heading("cycle", "Cycle"),
    Heading("through", "Through", "date"),
    Heading("providers", "Paid or billed", "number"),
    Heading("receipts", "Receipts", "number"),
    Heading("total", "Total", "pounds"),
    Heading("held", "Held", "pounds"),
    Heading("against", "Against last", "pounds"),
    Heading("state", "State", "status", status="run"),
    Heading("waits", "Waits for"),
)
KINDS = {"draft": "working out the draft", "issue": "writing the payment file and the remittances"}
DONE = {"draft": "{} is drafted. It counts for nothing until it is sealed.", "issue": "{} is issued: its files stand under Files."}
USUALLY = {"draft": "a few seconds", "issue": "a second for every 20 remittances"}


class Start(forms.Form):
    """Which run to draft."""

    book = forms.ChoiceField(choices=[(book, book.capitalize()) for book in BOOKS])
    cycle = forms.ChoiceField(choices=CYCLES, required=False)
    through = OneBoxDayField(
        widget=forms.SelectDateWidget,
        error_messages={"required": "Enter the last day in it, like 14 6 2026", "invalid": "Enter a real date, like 14 6 2026"},
    )


def runs_page(request: HttpRequest) -> HttpResponseBase:
    """Every draft and run; those that wait for somebody first."""
    reader = reader_of(request)
    rows = register()
    listing = Listing(
        "runs", "Runs", HEADINGS, rows, "", "There is no run yet. Start a draft: it counts for nothing until it is sealed.", "run", "runs",
        order_words="those that wait for somebody first, then the newest",
    )  # fmt: skip
    told = {"may_act": may("console-run-start", reader.role, "POST"), "prompt": promptness_shown(local(request.at).date())}  # type: ignore[attr-defined]
    return answer(request, "runs/console_runs.html", listing, told)


def start_page(request: HttpRequest) -> HttpResponseBase:
    """Choose book, cycle and last day; the draft is worked out beside the answer."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    form = Start(request.POST or None, initial={"through": _last_sunday(at), "book": "payments"})
    if request.method != "POST" or not form.is_valid():
        day = form.initial["through"]
        given = {name: request.POST.get(f"through_{name}", str(getattr(day, name))) for name in ("day", "month", "year")}
        return render(request, "runs/console_start.html", {"form": form, **given}, status=400 if form.errors else 200)
    book, cycle, through = (form.cleaned_data[name] for name in ("book", "cycle", "through"))
    there = same_draft(book, cycle, through)
    if there:
        messages.info(request, f"{there} is drafted already through that day. Discard it to draft again.")
        return redirect("console-run", there)
    return draft(request, book, cycle, through, by=reader.by)


def draft(request: HttpRequest, book: str, cycle: str, through: date, *, by: str) -> HttpResponseBase:
    """Begin to work out a draft, and answer with it or with the page that tells how far it is."""
    at = request.at  # type: ignore[attr-defined]
    number = begin_work(
        kind="draft", subject=f"{book} {cycle or 'all'} through {through}", by=by, at=at,
        work=lambda _: draft_run(book=book, cycle=cycle, through=through, by=by, at=at).run,
    )  # fmt: skip
    return after(request, number)


def after(request: HttpRequest, number: int) -> HttpResponseBase:
    """Where somebody goes who began long work: to what came of it when it was short, else to where it is told how far it is."""
    wait_briefly(number)
    found = work_shown(number)
    if found is not None and found.state == "done":
        return _done(request, found.kind, found.result)
    return redirect("console-work", number)


def _done(request: HttpRequest, kind: str, run: str) -> HttpResponseBase:
    """To what came of long work, said as any other press is."""
    messages.success(request, DONE[kind].format(run))
    return redirect("console-run", run)


def work_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """How far long work is; when it is done, what came of it."""
    found = work_shown(number)
    if found is None:
        raise Http404
    if found.state == "done":
        return _done(request, found.kind, found.result)
    context: dict[str, Any] = {"work": found, "doing": KINDS[found.kind], "usually": USUALLY[found.kind]}
    return render(request, "runs/console_work.html", context, status=409 if found.state == "refused" else 200)


def _last_sunday(at: datetime) -> date:
    today = local(at).date()
    return today - timedelta(days=today.isoweekday() % 7 or 7)
