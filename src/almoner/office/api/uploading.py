"""Files of actuals from a provider's own system: taken and checked, looked at, and then submitted or given up."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import StringConstraints

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.actuals.operations import discard_upload
from almoner.office.actuals.queries import UploadShown, submission_reference, uploads_open_to
from almoner.office.api.asked import Key, missing
from almoner.office.api.operations import once
from almoner.office.api.reading import acknowledgement
from almoner.office.api.refusals import AlreadySubmitted
from almoner.office.api.shapes import SHOWN, Acknowledgement, ExpectedHold, Number, Problem, WeekExpected
from almoner.office.furniture.statuses import status
from almoner.office.furniture.words import moment
from almoner.office.runs.operations.uploading import submit_upload, take_upload
from almoner.office.runs.submitted import submitted
from almoner.office.runs.uploads import UploadPreview, upload_preview

ASKED = {401: Problem, 404: Problem, 422: Problem}
BINARY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
routes = Router(tags=["Uploading"])
Named = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=SHOWN)]
InPath = Annotated[Number, Path(...)]


class RowLeftOut(Schema):
    """A row of a file that is left out: its number as a spreadsheet counts them, why, and what to do."""

    row: int
    column: str
    value: str
    code: str
    message: str
    remedy: str


class UploadTold(Schema):
    """A file that was sent: what was read, and what of it would be new, updated, the same and left out. Nothing of it counts until it is
    submitted; `submission` is then its reference."""

    upload: int
    name: str
    sha256: str
    at: datetime
    by: str
    state: str
    layout: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    would_pay_pence: int
    would_hold_pence: int
    cut_off_at: datetime | None
    pay_date: date | None
    submission: str | None


class Uploads(Schema):
    """Files that were sent, newest first."""

    uploads: list[UploadTold]


class UploadChecked(UploadTold):
    """A file as it would be submitted now: each week with what it would pay and hold, what would be held and why, and each row left out."""

    weeks: list[WeekExpected]
    holds: list[ExpectedHold]
    rows_left_out: list[RowLeftOut]


@routes.get("/uploads", response={200: Uploads, 401: Problem}, url_name="uploads", operation_id="uploads")
def uploads(request: HttpRequest) -> Any:
    """The files the organisation sent; of a limited token its own."""
    return {"uploads": [_told(shown) for shown in uploads_open_to(reader_of(request))]}


@routes.post(
    "/uploads", response={200: UploadChecked, 401: Problem, 409: Problem, 413: Problem, 422: Problem}, url_name="uploads",
    operation_id="upload", openapi_extra=BINARY,
)  # fmt: skip
def upload(request: HttpRequest, name: Annotated[Named, Query()], idempotency_key: Key) -> Any:
    """Send a file as the body: the workbook, a CSV in our own columns, or the 24-column service-delivery file, up to 10 MB. It is read
    and checked, and the answer says what it would do. A file that was submitted before is recognised by its content (409)."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    content = request.body
    body = f"{name}\n".encode() + content
    return once(key=idempotency_key, body=body, reader=reader, at=at, do=lambda: _take(name, content, reader, at))


@routes.get("/uploads/{number}", response={200: UploadChecked, **ASKED}, url_name="upload", operation_id="upload_checked")
def upload_checked(request: HttpRequest, number: InPath) -> Any:
    """A file as it would be submitted now."""
    preview = upload_preview(reader_of(request), number, request.at)  # type: ignore[attr-defined]
    return _checked(preview) if preview else missing(request, "api:upload")


@routes.post(
    "/uploads/{number}/submit", response={200: Acknowledgement, 409: Problem, **ASKED}, url_name="upload-submit",
    operation_id="submit_upload",
)  # fmt: skip
def submit(request: HttpRequest, number: InPath, idempotency_key: Key) -> Any:
    """Submit the rows of a file that are new or updated. By submitting you say this care was delivered as entered."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    _require(request, reader, number, "api:upload-submit")
    return once(key=idempotency_key, body=_named("submit", number, request), reader=reader, at=at, do=lambda: _submit(number, reader, at))


@routes.post(
    "/uploads/{number}/discard", response={200: UploadChecked, 409: Problem, **ASKED}, url_name="upload-discard",
    operation_id="discard_upload",
)  # fmt: skip
def discard(request: HttpRequest, number: InPath, idempotency_key: Key) -> Any:
    """Give a file up: nothing of it was or will be written."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    _require(request, reader, number, "api:upload-discard")
    return once(key=idempotency_key, body=_named("discard", number, request), reader=reader, at=at, do=lambda: _discard(number, reader, at))


def _named(act: str, number: int, request: HttpRequest) -> bytes:
    return f"{act} {number} ".encode() + request.body


def _require(request: HttpRequest, reader: Reader, number: int, page: str) -> None:
    if upload_preview(reader, number, request.at) is None:  # type: ignore[attr-defined]
        missing(request, page)


def _take(name: str, content: bytes, reader: Reader, at: datetime) -> dict[str, Any]:
    taken = take_upload(name=name, content=content, reader=reader, at=at)
    if taken.refusal is not None:
        raise taken.refusal
    if taken.earlier is not None:
        raise AlreadySubmitted(
            f"This file was submitted on {moment(taken.earlier.at)} as {taken.earlier.reference}.",
            "Nothing has changed and nothing is paid twice. If you meant a correction, check you chose the newer file.",
        )
    assert taken.upload is not None, "a file that is not refused is kept"
    return _shown(taken.upload, reader, at)


def _submit(number: int, reader: Reader, at: datetime) -> dict[str, Any]:
    made = submit_upload(upload=number, reader=reader, at=at)
    found = submitted(reader, made.reference, at)
    assert found is not None, "it was submitted just now"
    kept: dict[str, Any] = json.loads(Acknowledgement(**acknowledgement(found)).model_dump_json())
    return kept


def _discard(number: int, reader: Reader, at: datetime) -> dict[str, Any]:
    discard_upload(provider_id=reader.organisation_id, upload=number, by=reader.by, at=at)
    return _shown(number, reader, at)


def _shown(number: int, reader: Reader, at: datetime) -> dict[str, Any]:
    preview = upload_preview(reader, number, at)
    assert preview is not None, "it is there"
    kept: dict[str, Any] = json.loads(UploadChecked(**_checked(preview)).model_dump_json())
    return kept


def _told(shown: UploadShown) -> dict[str, Any]:
    return {
        "upload": shown.number, "name": shown.name, "sha256": shown.sha256, "at": shown.at, "by": shown.by,
        "state": status("upload", shown.state).word, "layout": shown.layout, "read": shown.read, "new": shown.new,
        "updated": shown.updated, "unchanged": shown.unchanged, "rejected": shown.rejected, "would_pay_pence": shown.would_pay_pence,
        "would_hold_pence": shown.would_hold_pence, "cut_off_at": shown.cut_off_at, "pay_date": shown.pay_date,
        "submission": submission_reference(shown.submission) if shown.submission else None,
    }  # fmt: skip


def _checked(preview: UploadPreview) -> dict[str, Any]:
    compared, expected = preview.worth.compared, preview.worth.expected
    now = {
        "new": compared.new.num_rows, "updated": compared.updated.num_rows, "unchanged": compared.unchanged.num_rows,
        "would_pay_pence": expected.would_pay_pence, "would_hold_pence": expected.would_hold_pence, "cut_off_at": expected.cut_off_at,
        "pay_date": expected.pay_date,
    }  # fmt: skip
    weeks = [
        WeekExpected(
            line_id=week.line_id, week=week.week, visits=week.rows, would_pay_pence=week.would_pay_pence,
            would_hold_pence=week.would_hold_pence, held=list(week.hold_codes),
        )
        for week in expected.weeks
    ]  # fmt: skip
    holds = [
        ExpectedHold(
            code=row["code"], person_id=row["person_id"], line_id=row["line_id"] or None, week=row["week"],
            amount_pence=row["amount_pence"], message=row["message"], remedy=row["remedy"],
        )
        for row in preview.worth.holds
    ]  # fmt: skip
    left_out = [
        RowLeftOut(row=one.row, column=one.column, value=one.value, code=one.code, message=one.message, remedy=one.remedy)
        for one in preview.rejections
    ]
    told = _told(preview.shown)
    return {**told, **(now if preview.shown.state == "checked" else {}), "weeks": weeks, "holds": holds, "rows_left_out": left_out}
