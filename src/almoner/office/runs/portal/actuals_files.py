"""Actuals by file: a workbook to fill in, files taken and checked, and each upload looked at before it is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.tables import ACTUALS
from almoner.formats.actuals.delivery import KNOWN
from almoner.formats.actuals.opened import MOST_BYTES, too_large
from almoner.formats.actuals.reading import read_actuals
from almoner.formats.actuals.reading import rejected_rows as rejected_as_csv
from almoner.formats.actuals.workbook import write_workbook
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.actuals.operations import discard_upload
from almoner.office.actuals.queries import UploadShown, content_uploaded, submission_reference, uploads_open_to, uploads_waiting
from almoner.office.actuals.reasons import COMMON
from almoner.office.furniture.listing import XLSX, Heading, Listing, Row, answer, download, listed
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import clock, local, long_day
from almoner.office.records.queries import known_at
from almoner.office.runs.ahead import look_ahead
from almoner.office.runs.left_out import row_left_out
from almoner.office.runs.operations.uploading import Taken, submit_upload, take_upload
from almoner.office.runs.portal.actuals import difference_words
from almoner.office.runs.provider_weeks import lines_of
from almoner.office.runs.uploads import WEEKS_SHOWN, UploadPreview, upload_preview
from almoner.office.runs.workbook_rows import first_days, workbook_rows

MOST_FILES = 20
LAYOUTS = {"workbook": "workbook", "columns": "our columns", "delivery": "service-delivery file"}


def files_page(request: HttpRequest) -> HttpResponseBase:
    """The two file ways into a submission, and the files sent before."""
    reader, at = reader_of(request), _at(request)
    taken: list[Taken] = []
    error = ""
    if request.method == "POST":
        taken, error = _take(request, reader, at)
        if len(taken) == 1 and taken[0].upload is not None:
            return redirect("portal-upload", taken[0].upload)
    lines = lines_of(reader, known_at(at))
    context = {
        "taken": taken,
        "error": error,
        "mondays": first_days(at),
        "services": sorted({line["service_type"] for line in lines if line["basis"] in ("actuals", "planned")}),
        "columns": [column for column in ACTUALS.columns if column.name != "submitted_at"],
        "delivery": KNOWN,
        "reference_of": submission_reference,
    }
    failed = bool(error) or any(one.refusal for one in taken)
    if failed:
        return render(request, "runs/actuals/files.html", {**context, "listed": listed(request, _uploads(reader))}, status=422)
    return answer(request, "runs/actuals/files.html", _uploads(reader), context)


def workbook(request: HttpRequest) -> HttpResponse:
    """A workbook for one to four weeks."""
    reader, at = reader_of(request), _at(request)
    first = day_typed(request.GET.get("first", ""))
    weeks = request.GET.get("weeks", "1")
    if first is None or weeks not in ("1", "2", "3", "4"):
        raise Http404
    rows = workbook_rows(reader, first, int(weeks), request.GET.get("service", ""), at)
    reasons = sorted({reason for some in COMMON.values() for reason in some})
    return download(write_workbook(rows, reasons=reasons), f"actuals-{first}-{weeks}.xlsx", XLSX)


def upload_page(request: HttpRequest, upload: int) -> HttpResponseBase:
    """What a file would do; the press that submits it."""
    reader, at = reader_of(request), _at(request)
    preview = _preview(request, upload)
    if request.method == "POST":
        submitted = submit_upload(upload=upload, reader=reader, at=at)
        look_ahead(reader, at, request.council.calendar)  # type: ignore[attr-defined]
        return redirect("portal-submission", submitted.reference)
    context = {
        "preview": preview,
        "shown": preview.shown,
        "layout": LAYOUTS[preview.shown.layout],
        "reference": submission_reference(preview.shown.submission) if preview.shown.submission else "",
        "tabs": _tabs(preview),
        "said": _said,
        "difference": difference_words,
        "dates": sorted({week.pay_date for week in preview.worth.weeks if week.pay_date}),
        "weeks_shown": WEEKS_SHOWN,
    }
    return render(request, "runs/actuals/upload.html", context)


def rejected_rows(request: HttpRequest, upload: int) -> HttpResponse:
    """The rows that were left out, with why, ready to be mended and sent again."""
    preview = _preview(request, upload)
    read = read_actuals(preview.shown.name, content_uploaded(upload))
    return download(rejected_as_csv(read, preview.findings), f"rejected-{upload}.csv", "text/csv; charset=utf-8")


def left_out_page(request: HttpRequest, upload: int, row: int) -> HttpResponse:
    """A row that names a line of nobody: which line it was on, so that it can be entered there as an extra visit."""
    reader, at = reader_of(request), _at(request)
    found = row_left_out(reader, upload, row, at)
    if found is None:
        note_refusal(page="portal-upload-row", code="SCOPE", by=reader.by, at=at)
        raise Http404
    chosen = next((line for line in found.lines if line["line_id"] == request.GET.get("line")), None)
    if chosen is not None:
        started = f"{found.start:%H:%M}" if found.start else ""
        carried = {"extra": chosen["line_id"], "day": found.day.isoformat(), "start": started, "minutes": str(found.minutes or "")}
        week = reverse("portal-week", args=[found.week_of(chosen), chosen["person_id"]])
        return redirect(f"{week}?{urlencode(carried)}")
    return render(request, "runs/actuals/left_out.html", {"found": found, "missed": "line" in request.GET})


def discard_page(request: HttpRequest, upload: int) -> HttpResponse:
    """Give an upload up."""
    reader = reader_of(request)
    preview = _preview(request, upload)
    discard_upload(provider_id=reader.organisation_id, upload=upload, by=reader.by, at=_at(request))
    messages.success(request, f"{preview.shown.name} is discarded. Nothing of it was submitted.")
    return redirect("portal-actuals-files")


@dataclass(frozen=True)
class WaitingUpload:
    """What the frame of every page shows of a file that waits; `template` shows it. `by` is blank once its cut-off has passed."""

    upload: UploadShown
    by: str
    template: str = "runs/actuals/waiting.html"


def upload_alerts(request: HttpRequest, reader: Reader) -> list[WaitingUpload]:
    """The alert on every page of the portal for each file that was uploaded and not submitted."""
    return [WaitingUpload(one, _cut_off(one, _at(request))) for one in uploads_waiting(reader)]


def _cut_off(upload: UploadShown, at: datetime) -> str:
    if upload.cut_off_at is None or upload.cut_off_at < at:
        return ""
    here = local(upload.cut_off_at)
    return f"{clock(here)} on {long_day(here.date())}"


def _take(request: HttpRequest, reader: Reader, at: datetime) -> tuple[list[Taken], str]:
    files = request.FILES.getlist("file")
    if not files:
        return [], "Choose a file to upload"
    if len(files) > MOST_FILES:
        return [], f"Choose at most {MOST_FILES} files at a time"
    return [_taken(file, reader, at) for file in files], ""


def _taken(file: UploadedFile[Any], reader: Reader, at: datetime) -> Taken:
    name, size = file.name or "file", file.size or 0
    if size > MOST_BYTES:
        return Taken(name, refusal=too_large(name, size))
    return take_upload(name=name, content=file.read(), reader=reader, at=at)


def _preview(request: HttpRequest, upload: int) -> UploadPreview:
    reader, at = reader_of(request), _at(request)
    preview = upload_preview(reader, upload, at)
    if preview is None:
        note_refusal(page="portal-upload", code="SCOPE", by=reader.by, at=at)
        raise Http404
    return preview


def _tabs(preview: UploadPreview) -> list[tuple[str, str, int]]:
    """The parts of the preview that have something in them: id, words, how many."""
    counts = (
        ("rejected", "Rejected", len({one.row for one in preview.rejections})),
        ("held", "Held", len(preview.worth.holds)),
        ("weeks", "Weeks", len(preview.worth.weeks)),
        ("updated", "Updated", preview.worth.compared.updated.num_rows),
        ("notes", "To look at", len(preview.notes)),
    )
    return [one for one in counts if one[2]]


def _said(row: dict[str, Any]) -> str:
    """What a row of actuals says, in a few words."""
    minutes = f"{row['delivered_minutes']} minutes" if row["delivered_minutes"] is not None else ""
    units = f"{row['units'] // 100} units" if row["units"] is not None else ""
    carers = f"{row['carers']} carers" if row["carers"] > 1 else ""
    return ", ".join(part for part in (row["outcome"], minutes, units, carers, row["reason"] or "", row["comment"] or "") if part)


def _uploads(reader: Reader) -> Listing:
    headings = (
        Heading("name", "File", link=lambda row: str(row["address"])),
        Heading("at", "Uploaded", "moment"),
        Heading("by", "By"),
        Heading("read", "Rows", "number"),
        Heading("state", "State", "status", status="upload"),
        Heading("submission", "Submission", "id", link=lambda row: str(row["submitted"]) or None),
    )
    rows = [_row(shown) for shown in uploads_open_to(reader)]
    empty = "No file has been uploaded yet."
    return Listing("uploads", "Files you uploaded", headings, rows, "-at", empty, row_heading="name", noun="files")


def _row(shown: UploadShown) -> Row:
    reference = submission_reference(shown.submission) if shown.submission else ""
    return {
        "name": shown.name, "address": reverse("portal-upload", args=[shown.number]), "at": shown.at, "by": shown.by, "read": shown.read,
        "state": shown.state, "submission": reference, "submitted": reverse("portal-submission", args=[reference]) if reference else "",
    }  # fmt: skip


def _at(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at
