"""The only writer of drafts, submissions and uploads, and of the actuals that are submitted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from almoner.core.findings import Finding, findings_table
from almoner.core.tables import ACTUALS
from almoner.office.accounts.emails import Email
from almoner.office.actuals.answers import NOT_ENTERED, Answer, VisitKey, says_the_same
from almoner.office.actuals.comparison import Compared, compare, standing_actuals
from almoner.office.actuals.models import DraftAnswer, Submission, SubmittedWeek, Upload, UploadEnd
from almoner.office.actuals.parquet import to_parquet
from almoner.office.actuals.queries import (
    AT_ONCE,
    SubmissionShown,
    WeekTold,
    submission_of_content,
    submission_reference,
)
from almoner.office.actuals.refusals import NoSuchUpload, NothingToSubmit, UploadEnded
from almoner.office.journal.operations import write
from almoner.office.letters.operations import write_letters
from almoner.office.letters.recipients import Wanted
from almoner.office.letters.wording import tell_submitted
from almoner.office.records.operations import append_versions, hold_facts

LOCAL = ZoneInfo("Europe/London")
DRAFTS_KEPT = timedelta(weeks=13)
"""How long a draft is kept after something of its week was last saved."""


@dataclass(frozen=True)
class Expected:
    """What a submission or an upload would pay and hold, as was known when it was looked at."""

    weeks: tuple[WeekTold, ...]
    would_pay_pence: int
    would_hold_pence: int
    pay_date: date | None = None
    cut_off_at: datetime | None = None


@dataclass(frozen=True)
class FileTold:
    """A file as it came and what was read from it: `rows` in the schema of actuals."""

    name: str
    content: bytes
    layout: str
    rows: pa.Table
    findings: Sequence[Finding]
    read: int
    rejected: int

    @property
    def sha256(self) -> str:
        """The hash of its content."""
        return hashlib.sha256(self.content).hexdigest()


def save_draft(*, provider_id: str, answers: Iterable[Answer], standing: Iterable[Answer], by: str, at: datetime) -> int:
    """Keep answers as a draft, in place of what was kept of the same visits; returns how many are kept.

    An answer that is not entered, or that says what stands (`standing`, as submitted before), is taken out of the draft.
    """
    told = {answer.key: answer for answer in standing}
    given = {answer.key: answer for answer in answers}
    keep = [
        answer for key, answer in given.items() if answer.outcome != NOT_ENTERED and not (key in told and says_the_same(answer, told[key]))
    ]
    try:
        _replace(provider_id, given, keep, by, at)
    except IntegrityError:
        # Somebody saved the same visits at the same moment; they are there now, and are replaced.
        _replace(provider_id, given, keep, by, at)
    return len(keep)


def _replace(provider_id: str, given: Mapping[VisitKey, Answer], keep: Sequence[Answer], by: str, at: datetime) -> None:
    with transaction.atomic():
        taken_out = _take_out(given)
        DraftAnswer.objects.bulk_create([_draft(answer, provider_id, by, at) for answer in keep])
        if keep or taken_out:
            weeks = sorted({f"{answer.person_id} {answer.week}" for answer in given.values()})
            subject = weeks[0] if len(weeks) == 1 else f"{len(weeks)} weeks"
            write(act="save_draft", by=by, at=at, subject=subject, summary={"provider": provider_id, "answers": len(keep)})


def discard_draft(*, provider_id: str, keys: Iterable[VisitKey], by: str, at: datetime) -> int:
    """Give up answers that were kept as a draft; returns how many there were."""
    with transaction.atomic():
        count = _take_out(keys)
        if count:
            write(act="discard_draft", by=by, at=at, subject=provider_id, summary={"answers": count})
    return count


def expire_drafts(*, by: str, at: datetime) -> int:
    """Let drafts go of weeks of which nobody saved anything for 13 weeks; returns how many answers. What was submitted stands."""
    with transaction.atomic():
        latest = DraftAnswer.objects.order_by().values("provider_id", "person_id", "week").annotate(latest=Max("at"))
        old = [
            Q(**{name: row[name] for name in ("provider_id", "person_id", "week")}) for row in latest.filter(latest__lt=at - DRAFTS_KEPT)
        ]
        count = sum(DraftAnswer.objects.filter(one).delete()[0] for one in old)
        if count:
            write(act="expire_drafts", by=by, at=at, subject="drafts of actuals", summary={"weeks": len(old), "answers": count})
    return count


def submit(
    *,
    provider_id: str,
    rows: pa.Table,
    way: str,
    sha256: str,
    expected: Expected,
    by: str,
    at: datetime,
    file_name: str = "",
    upload: int | None = None,
) -> SubmissionShown:
    """Make actuals count: rows that are new or say something else than what stands are written, once, with this moment.

    `rows`: the schema of actuals, each visit once, all of lines the organisation may report on. `sha256` names the content: the same
    one again is the same submission. An `upload` ends with it. Raises NothingToSubmit, NoSuchUpload or UploadEnded.
    """
    with transaction.atomic():
        hold_facts()
        if earlier := submission_of_content(provider_id, sha256):
            return earlier
        if upload is not None:
            _still_waiting(provider_id, upload)
        compared = compare(rows, standing_actuals(rows, None))
        if compared.changed.num_rows == 0:
            raise NothingToSubmit("Nothing here is new, so there is nothing to submit.", "Enter what was different, and submit that.")
        kept = _keep(provider_id, compared, way, sha256, expected, by, at, file_name, upload)
        _take_out(zip(*(rows.column(name).to_pylist() for name in ("line_id", "date", "kind", "start_time")), strict=True))
        reference = submission_reference(kept.number)
        held = len([week for week in expected.weeks if week.hold_codes])
        told = tell_submitted(
            reference=reference, at=at, by=by, weeks=len(expected.weeks), visits=compared.changed.num_rows, pence=expected.would_pay_pence,
            pay_date=expected.pay_date, held=held,
        )  # fmt: skip
        letters = write_letters(kind=Email.SUBMITTED, wanted=[Wanted(provider_id, reference, told, to=by)], at=at)
        write(
            act="submit_actuals", by=by, at=at, subject=reference,
            summary={"provider": provider_id, "way": way, "new": kept.new, "updated": kept.updated, "weeks": len(expected.weeks)},
            rows=letters,
        )  # fmt: skip
        shown = submission_of_content(provider_id, sha256)
        assert shown is not None, "it was written just now"
        return shown


def keep_upload(*, provider_id: str, file: FileTold, compared: Compared, expected: Expected, by: str, at: datetime) -> int:
    """Keep a file and what was read from it; returns the upload's number. Nothing of it counts until it is submitted."""
    with transaction.atomic():
        hold_facts()
        last = Upload.objects.order_by("-number").values_list("number", flat=True).first() or 0
        upload = Upload.objects.create(
            number=last + 1, provider_id=provider_id, by=by, at=at, name=file.name, sha256=file.sha256, content=file.content,
            layout=file.layout, rows=to_parquet(file.rows), findings=to_parquet(findings_table(list(file.findings))), read=file.read,
            new=compared.new.num_rows, updated=compared.updated.num_rows, unchanged=compared.unchanged.num_rows, rejected=file.rejected,
            weeks=len(expected.weeks), would_pay_pence=expected.would_pay_pence, would_hold_pence=expected.would_hold_pence,
            cut_off_at=expected.cut_off_at, pay_date=expected.pay_date,
        )  # fmt: skip
        write(
            act="upload_actuals", by=by, at=at, subject=f"upload {upload.number}",
            summary={"provider": provider_id, "sha256": upload.sha256, "read": upload.read, "rejected": upload.rejected},
        )  # fmt: skip
    return int(upload.number)


def discard_upload(*, provider_id: str, upload: int, by: str, at: datetime) -> None:
    """Give up an upload: nothing of it was or will be written. Once discarded it stays so. Raises NoSuchUpload or UploadEnded."""
    with transaction.atomic():
        hold_facts()  # somebody else may be submitting it
        if UploadEnd.objects.filter(upload_id=upload, upload__provider_id=provider_id, end="discarded").exists():
            return
        _still_waiting(provider_id, upload)
        UploadEnd.objects.create(upload_id=upload, end="discarded", by=by, at=at)
        write(act="discard_upload", by=by, at=at, subject=f"upload {upload}", summary={"provider": provider_id})


def _keep(
    provider_id: str,
    compared: Compared,
    way: str,
    sha256: str,
    expected: Expected,
    by: str,
    at: datetime,
    file_name: str,
    upload: int | None,
) -> Submission:
    moment = at.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)
    changed = compared.changed
    stamped = changed.set_column(
        changed.column_names.index("submitted_at"),
        ACTUALS.schema.field("submitted_at"),
        pa.repeat(pa.scalar(moment, pa.timestamp("s")), changed.num_rows),
    )
    appended = append_versions("actuals", stamped, by=by, at=at)
    assert appended is not None, "there is something to submit"
    last = Submission.objects.order_by("-number").values_list("number", flat=True).first() or 0
    kept = Submission.objects.create(
        number=last + 1, provider_id=provider_id, by=by, at=at, way=way, sha256=sha256, file_name=file_name, upload_id=upload,
        first_version=appended.first_version, last_version=appended.last_version, new=compared.new.num_rows,
        updated=compared.updated.num_rows, unchanged=compared.unchanged.num_rows, would_pay_pence=expected.would_pay_pence,
        would_hold_pence=expected.would_hold_pence, pay_date=expected.pay_date,
    )  # fmt: skip
    SubmittedWeek.objects.bulk_create(
        [
            SubmittedWeek(
                submission=kept, person_id=week.person_id, line_id=week.line_id, week=week.week, rows=week.rows,
                would_pay_pence=week.would_pay_pence, would_hold_pence=week.would_hold_pence, hold_codes=" ".join(week.hold_codes),
            )
            for week in expected.weeks
        ]
    )  # fmt: skip
    if upload is not None:
        UploadEnd.objects.create(upload_id=upload, end="submitted", by=by, at=at, submission=kept)
    return kept


def _still_waiting(provider_id: str, upload: int) -> None:
    if not Upload.objects.filter(number=upload, provider_id=provider_id).exists():
        raise NoSuchUpload(f"There is no upload {upload}.", "See the list of your uploads.")
    end = UploadEnd.objects.filter(upload_id=upload).first()
    if end is not None:
        raise UploadEnded(f"This upload was {end.end} already.", "Upload the file again if it should count after all.")


def _draft(answer: Answer, provider_id: str, by: str, at: datetime) -> DraftAnswer:
    return DraftAnswer(
        provider_id=provider_id, person_id=answer.person_id, line_id=answer.line_id, week=answer.week, date=answer.date, kind=answer.kind,
        start_time=answer.start_time, outcome=answer.outcome, planned_minutes=answer.planned_minutes,
        delivered_minutes=answer.delivered_minutes, units=answer.units, carers=answer.carers, reason=answer.reason, comment=answer.comment,
        by=by, at=at,
    )  # fmt: skip


def _take_out(keys: Iterable[VisitKey]) -> int:
    """Delete the answers kept of these visits; returns how many there were."""
    wanted = set(keys)
    lines = sorted({key[0] for key in wanted})
    going = []
    for start in range(0, len(lines), AT_ONCE):
        kept = DraftAnswer.objects.filter(line_id__in=lines[start : start + AT_ONCE])
        going += [pk for pk, *key in kept.values_list("pk", "line_id", "date", "kind", "start_time") if tuple(key) in wanted]
    for start in range(0, len(going), AT_ONCE):
        DraftAnswer.objects.filter(pk__in=going[start : start + AT_ONCE]).delete()
    return len(going)
