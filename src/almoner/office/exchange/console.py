"""Issuing a run on the console: its files are made beside the answer, for thousands of remittances take minutes."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.exchange.operations import issue_run
from almoner.office.runs.console.run_tabs import about_run, find_run
from almoner.office.runs.console.runs import after
from almoner.office.runs.operations.long_work import begin_work


def issue_page(request: HttpRequest, run: str) -> HttpResponseBase:
    """Write the payment file and remittances of an approved run, once."""
    shown, reader, at = find_run(run), reader_of(request), request.at  # type: ignore[attr-defined]
    if request.method == "POST":
        if shown.state in ("issued", "settled"):
            return redirect("console-run-files", run)
        council, mapping = request.council, request.ledger_mapping  # type: ignore[attr-defined]
        str(mapping)  # read here, where the request is; a thread of its own comes too late for a file that has gone
        number = begin_work(
            kind="issue", subject=run, by=reader.by, at=at,
            work=lambda told: issue_run(run=run, by=reader.by, at=at, council=council, mapping=mapping, progress=told).run,
        )  # fmt: skip
        return after(request, number)
    issued = next((event for event in shown.events if event.event == "issued"), None)
    context = {"issued": issued, "may_act": may("console-run-issue", reader.role, "POST") and shown.state == "approved"}
    return render(request, "exchange/console_issue.html", about_run(request, shown) | context)
