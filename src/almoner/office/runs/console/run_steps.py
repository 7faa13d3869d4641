"""The steps of a run, each on a page of its own that says what it does before it does it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.core.money import pounds
from almoner.core.second_person import is_same_person
from almoner.office.accounts.permissions import may
from almoner.office.accounts.queries import accesses_of
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.accounts.roles import Role
from almoner.office.runs.console.run_tabs import about_run, find_run
from almoner.office.runs.console.runs import draft
from almoner.office.runs.operations import approve_run, discard_run, settle_run
from almoner.office.runs.operations.checks import seal_looked_at
from almoner.office.runs.queries import RunShown
from almoner.office.runs.refusals import NotSettled
from almoner.office.runs.returned_list import MOST_BYTES, read_returned
from almoner.office.runs.run_checks import flagged_receipts
from almoner.office.runs.run_papers import facts_since, returns

Row = dict[str, Any]
DONE = {
    "sealed": "{} is sealed. Nothing in it can change.", "approved": "{} is approved. It may be issued.",
    "settled": "{} is settled: what was really paid is recorded.",
}  # fmt: skip


def _again(request: HttpRequest, shown: RunShown, step: str, reader: Reader) -> HttpResponseBase | None:
    """The same answer as before, where the reader has done this step already."""
    if any(event.event == step and is_same_person(event.by, reader.by) for event in shown.events):
        return _done(request, shown.run, step)
    return None


def _done(request: HttpRequest, run: str, step: str) -> HttpResponseBase:
    messages.success(request, DONE[step].format(run))
    return redirect("console-run", run)


def _page(request: HttpRequest, shown: RunShown, template: str, context: Row, status: int = 200) -> HttpResponseBase:
    return render(request, template, about_run(request, shown) | context, status=status)


def seal_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Seal a draft. What changed since it was drafted is told; what nobody looked at takes a reason."""
    shown, reader, at = find_run(run), reader_of(request), request.at  # type: ignore[attr-defined]
    reason, error = request.POST.get("reason", ""), ""
    flagged = flagged_receipts(shown) if shown.state == "draft" else []
    left = sum(not row["looked"] for row in flagged)
    if request.method == "POST":
        if answer := _again(request, shown, "sealed", reader):
            return answer
        if left and not reason.strip():
            error = "Say why the run is sealed without looking at them"
        else:
            seal_looked_at(run=run, reason=reason, by=reader.by, at=at)
            return _done(request, run, "sealed")
    context = {
        "left": left, "reason": reason, "error": error, "since": facts_since(shown, at) if shown.state == "draft" else {},
        "may_act": may("console-run-seal", reader.role, "POST") and shown.state == "draft",
    }  # fmt: skip
    return _page(request, shown, "runs/console_seal.html", context, 400 if error else 200)


def approve_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Approve a sealed run, as somebody else than who sealed it."""
    shown, reader = find_run(run), reader_of(request)
    if request.method == "POST":
        if answer := _again(request, shown, "approved", reader):
            return answer
        approve_run(run=run, by=reader.by, at=request.at, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
        return _done(request, run, "approved")
    sealer = next((event.by for event in shown.events if event.event == "sealed"), "")
    able = [
        one.name
        for one in accesses_of("", side="council")
        if one.role is Role.PAYMENTS_APPROVER and not one.waits_for_confirmation and not is_same_person(one.email, sealer)
    ]
    context = {
        "sealer": sealer, "is_sealer": is_same_person(sealer, reader.by), "able": able,
        "may_act": may("console-run-approve", reader.role, "POST") and shown.state == "sealed",
    }  # fmt: skip
    return _page(request, shown, "runs/console_approve.html", context)


def discard_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Give a draft up; nothing of it counts. Or give it up and draft again."""
    reader = reader_of(request)
    if request.method == "POST":
        shown = find_run(run)
        discard_run(run=run, by=reader.by, at=request.at)  # type: ignore[attr-defined]
        if request.POST.get("act") == "again":
            return draft(request, shown.book, shown.cycle, shown.through, by=reader.by)
        messages.success(request, f"{run} is discarded; nothing of it counts.")
        return redirect("console-runs")
    shown = find_run(run)
    return _page(request, shown, "runs/console_discard.html", {"may_act": may("console-run-discard", reader.role, "POST")})


class ReturnedList(forms.Form):
    """What came back: a file, or typed in."""

    told = forms.CharField(required=False, max_length=MOST_BYTES)
    file = forms.FileField(required=False)

    def clean(self) -> Row:
        """The text of either."""
        told = dict(super().clean() or self.cleaned_data)
        file = told.get("file")
        if file:
            if file.size > MOST_BYTES:
                self.add_error("file", "The file must be smaller than 1 MB")
                return told
            try:
                told["told"] = file.read(MOST_BYTES).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "The file must be CSV, saved as UTF-8")
        try:
            self.outcomes = read_returned(told.get("told", ""))
        except NotSettled as refusal:
            self.add_error("told", f"{refusal.message} {refusal.remedy}")
        return told


def settle_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Record what the bank did: the returned list is previewed first."""
    shown, reader, at = find_run(run), reader_of(request), request.at  # type: ignore[attr-defined]
    form = ReturnedList(request.POST or None, request.FILES or None)
    preview = None
    if request.method == "POST":
        if answer := _again(request, shown, "settled", reader):
            return answer
        if form.is_valid():
            preview = returns(shown, {name: outcome.outcome != "paid" for name, outcome in form.outcomes.items()}, at)
            if request.POST.get("act") == "settle" and not preview.unknown:
                settled = settle_run(run=run, by=reader.by, at=at, outcomes=form.outcomes)
                messages.info(request, f"{settled.paid} paid, {settled.bounced} returned ({pounds(settled.bounced_pence)}).")
                return _done(request, run, "settled")
    context = {
        "form": form, "preview": preview, "told": form.cleaned_data.get("told", "") if form.is_bound and form.is_valid() else "",
        "may_act": may("console-run-settle", reader.role, "POST") and shown.state == "issued",
    }  # fmt: skip
    return _page(request, shown, "runs/console_settle.html", context, 400 if form.errors else 200)
