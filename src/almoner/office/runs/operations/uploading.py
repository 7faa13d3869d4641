"""Files of actuals from the pages: taken and checked, and submitted with what they would pay and hold as is known then."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from almoner.formats.actuals.reading import read_actuals
from almoner.formats.refusals import FormatRefusal
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.operations import FileTold, keep_upload, submit
from almoner.office.actuals.queries import SubmissionShown, submission_of_content, upload_waiting_with
from almoner.office.actuals.refusals import NoSuchUpload, NothingToSubmit
from almoner.office.actuals.uploaded import within_reach
from almoner.office.records.queries import known_at
from almoner.office.runs.provider_weeks import lines_of
from almoner.office.runs.uploads import upload_preview, worth_of_rows

LONGEST_NAME = 120


@dataclass(frozen=True)
class Taken:
    """What became of a file: an upload to look at, or the submission its content was sent in before. `refusal` says why it was not
    opened."""

    name: str
    upload: int | None = None
    earlier: SubmissionShown | None = None
    refusal: FormatRefusal | None = None


def take_upload(*, name: str, content: bytes, reader: Reader, at: datetime) -> Taken:
    """Read and check a file, and keep it with what was read; nothing of it counts until it is submitted.

    A file that was submitted already, and one that waits, are recognised by their content, whatever the name.
    """
    name = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:] or "file"
    digest = hashlib.sha256(content).hexdigest()
    if earlier := submission_of_content(reader.organisation_id, digest):
        return Taken(name, earlier=earlier)
    if waiting := upload_waiting_with(reader, digest):
        return Taken(name, waiting.number)
    try:
        read = read_actuals(name, content)
    except FormatRefusal as refusal:
        return Taken(name, refusal=refusal)
    lines = lines_of(reader, known_at(at))
    rows, refused = within_reach(read, lines, at)
    worth = worth_of_rows(rows, lines, at)
    findings = [*read.findings, *refused]
    rejected = read.rejected | {finding.row for finding in refused}
    file = FileTold(name, content, read.layout, rows, findings, read.read, len(rejected))
    number = keep_upload(
        provider_id=reader.organisation_id, file=file, compared=worth.compared, expected=worth.expected, by=reader.by, at=at
    )  # fmt: skip
    return Taken(name, number)


def submit_upload(*, upload: int, reader: Reader, at: datetime) -> SubmissionShown:
    """Submit the good rows of an upload that are new or updated. Pressed twice it is the same submission.

    Raises NoSuchUpload, UploadEnded when it was discarded, NothingToSubmit when no row is new.
    """
    preview = upload_preview(reader, upload, at)
    if preview is None:
        raise NoSuchUpload(f"There is no upload {upload}.", "See the list of your uploads.")
    if earlier := submission_of_content(reader.organisation_id, preview.shown.sha256):
        return earlier
    if preview.worth.compared.changed.num_rows == 0:
        raise NothingToSubmit("Nothing in this file is new, so there is nothing to submit.", "Discard the upload.")
    return submit(
        provider_id=reader.organisation_id, rows=preview.rows, way=preview.shown.layout, sha256=preview.shown.sha256,
        expected=preview.worth.expected, by=reader.by, at=at, file_name=preview.shown.name, upload=upload,
    )  # fmt: skip
