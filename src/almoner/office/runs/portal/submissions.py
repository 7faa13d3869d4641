"""What was submitted: the list, each acknowledgement with its copies to keep."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.actuals.queries import SubmissionShown
from almoner.office.furniture.listing import XLSX, Heading, Listing, Row, answer, download
from almoner.office.parties.queries import provider_names
from almoner.office.runs.acknowledged import WAYS, acknowledgement_pdf
from almoner.office.runs.submitted import Submitted, all_submitted, file_sent, submitted


def submissions_page(request: HttpRequest) -> HttpResponse:
    """Every submission of the organisation, newest first."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    rows = [_row(shown, paid) for shown, paid in all_submitted(reader, at)]
    headings = (
        Heading("reference", "Reference", "id", link=lambda row: str(row["address"])),
        Heading("at", "When", "moment"),
        Heading("by", "Who"),
        Heading("way", "Way"),
        Heading("weeks", "Weeks", "number"),
        Heading("rows", "Rows", "number", total=True, further=True),
        Heading("would_pay", "Will pay, then", "pounds"),
        Heading("would_hold", "Held, then", "pounds"),
        Heading("paid", "Paid so far", "pounds"),
    )
    empty = "Nothing has been submitted yet. Each submission will stand here with what it would pay."
    listing = Listing("submissions", "Submissions", headings, rows, "-at", empty, row_heading="reference", noun="submissions")
    return answer(request, "runs/actuals/submissions.html", listing)


def submission_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement of one submission."""
    shown = _submitted(request, reference)
    weeks = [
        {
            "week": week.week, "line": week.line_id, "person": week.person_id, "rows": week.rows, "pays": week.would_pay_pence,
            "holds": week.would_hold_pence, "codes": week.hold_codes, "address": reverse("portal-week", args=[week.week, week.person_id]),
        }
        for week in shown.submission.weeks
    ]  # fmt: skip
    return render(request, "runs/actuals/submission.html", {"shown": shown, "weeks": weeks, "way": WAYS[shown.submission.way]})


def submission_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement as a PDF."""
    shown = _submitted(request, reference)
    council: Any = request.council  # type: ignore[attr-defined]
    provider = shown.submission.provider_id
    names = provider_names(request.at, [provider])  # type: ignore[attr-defined]
    content = acknowledgement_pdf(shown, council=council.name, provider=names.get(provider, ""))
    return download(content, f"{reference}.pdf", "application/pdf")


def submission_file(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What was sent, byte for byte; of a submission from the screen its rows as CSV."""
    shown = _submitted(request, reference)
    name, content = file_sent(shown.submission)
    return download(content, name, XLSX if name.lower().endswith((".xlsx", ".xlsm")) else "text/csv; charset=utf-8")


def _row(shown: SubmissionShown, paid_pence: int) -> Row:
    return {
        "reference": shown.reference, "address": reverse("portal-submission", args=[shown.reference]), "at": shown.at, "by": shown.by,
        "way": WAYS[shown.way], "weeks": len(shown.weeks), "rows": shown.rows, "would_pay": shown.would_pay_pence,
        "would_hold": shown.would_hold_pence, "paid": paid_pence,
    }  # fmt: skip


def _submitted(request: HttpRequest, reference: str) -> Submitted:
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = submitted(reader, reference, at)
    if found is None:
        note_refusal(page="portal-submission", code="SCOPE", by=reader.by, at=at)
        raise Http404
    return found
