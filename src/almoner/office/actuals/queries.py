"""Drafts, submissions and uploads as frozen dataclasses and Arrow tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
from django.db.models import Max, Q, QuerySet

from almoner.core.findings import Finding, findings_from
from almoner.core.tables import ACTUALS
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import Answer, Drafted
from almoner.office.actuals.models import DraftAnswer, Submission, SubmittedWeek, Upload
from almoner.office.actuals.parquet import from_parquet
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import once

AT_ONCE = 500
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class WeekTold:
    """One line's week in a submission, and what it would pay and hold as was known then."""

    person_id: str
    line_id: str
    week: date
    rows: int
    would_pay_pence: int
    would_hold_pence: int
    hold_codes: tuple[str, ...]


@dataclass(frozen=True)
class SubmissionShown:
    """A submission. `reference` is the number people use. Amounts are as was known when it was submitted."""

    number: int
    provider_id: str
    by: str
    at: datetime
    way: str
    sha256: str
    file_name: str
    upload: int | None
    new: int
    updated: int
    unchanged: int
    would_pay_pence: int
    would_hold_pence: int
    pay_date: date | None
    weeks: tuple[WeekTold, ...]

    @property
    def reference(self) -> str:
        """`S-008812`."""
        return submission_reference(self.number)

    @property
    def rows(self) -> int:
        """Rows that were written."""
        return self.new + self.updated


@dataclass(frozen=True)
class UploadShown:
    """An upload. `state` is checked, submitted or discarded; `submission` the number of what it became."""

    number: int
    provider_id: str
    by: str
    at: datetime
    name: str
    sha256: str
    layout: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    weeks: int
    would_pay_pence: int
    would_hold_pence: int
    cut_off_at: datetime | None
    pay_date: date | None
    state: str
    submission: int | None


def submission_reference(number: int) -> str:
    """`S-008812`."""
    return f"S-{number:06}"


def drafts_of(lines: Iterable[str], week: date | None = None) -> list[Drafted]:
    """What was saved and not submitted for these lines, of one week (its first day) or of all, by line, date and start."""
    wanted, found = list(lines), []
    for start in range(0, len(wanted), AT_ONCE):
        answers = DraftAnswer.objects.filter(line_id__in=wanted[start : start + AT_ONCE])
        found += [_drafted(row) for row in (answers if week is None else answers.filter(week=week))]
    return found


def submissions_open_to(reader: Reader, lines: Iterable[str]) -> list[SubmissionShown]:
    """The submissions of a reader's organisation, newest first. A limited access sees its own, made since it
    reaches what it does, and those of its `lines` only."""
    found = Submission.objects.filter(provider_id=reader.organisation_id).prefetch_related("submitted_weeks").order_by("-number")
    shown = [_submission(row) for row in found]
    if not reader.is_limited:
        return shown
    within = set(lines)
    return [one for one in shown if _is_own(one, reader) or {week.line_id for week in one.weeks} <= within]


def submissions_by(provider_id: str) -> list[SubmissionShown]:
    """Every submission of a provider, newest first: for the council, who sees all of it."""
    found = Submission.objects.filter(provider_id=provider_id).prefetch_related("submitted_weeks").order_by("-number")
    return [_submission(row) for row in found]


def _is_own(shown: SubmissionShown, reader: Reader) -> bool:
    return shown.by == reader.by and shown.at >= (reader.since or EVER)


def submission_open_to(reader: Reader, number: int, lines: Iterable[str]) -> SubmissionShown | None:
    """One submission as `submissions_open_to` gives it; None when there is none or when it is not open to the reader."""
    row = Submission.objects.filter(number=number, provider_id=reader.organisation_id).prefetch_related("submitted_weeks").first()
    if row is None:
        return None
    shown = _submission(row)
    is_open = not reader.is_limited or _is_own(shown, reader) or {week.line_id for week in shown.weeks} <= set(lines)
    return shown if is_open else None


def submission_of_content(provider_id: str, sha256: str) -> SubmissionShown | None:
    """What an organisation submitted with this content; None when it did not."""
    row = Submission.objects.filter(provider_id=provider_id, sha256=sha256).prefetch_related("submitted_weeks").first()
    return _submission(row) if row else None


def submissions_of_weeks(lines: Iterable[str]) -> dict[tuple[str, date], tuple[int, datetime]]:
    """The latest submission of each line's week: its number and moment."""
    wanted = list(lines)
    latest: dict[tuple[str, date], tuple[int, datetime]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = SubmittedWeek.objects.filter(line_id__in=wanted[start : start + AT_ONCE]).order_by("submission_id")
        latest |= {
            (line, week): (number, at) for line, week, number, at in rows.values_list("line_id", "week", "submission_id", "submission__at")
        }
    return latest


def rows_submitted(number: int) -> pa.Table:
    """The rows a submission wrote, in the schema of actuals."""
    row = Submission.objects.filter(number=number).values_list("first_version", "last_version").first()
    if row is None or row[0] is None:
        return ACTUALS.empty()
    select = 'SELECT *, version AS "row" FROM almoner_actuals WHERE version BETWEEN %s AND %s'
    return read_rows(select, ACTUALS.schema, list(row), order=("row",))


def uploads_open_to(reader: Reader) -> list[UploadShown]:
    """The uploads of a reader's organisation, newest first; of a limited access its own, made since it reaches what it does."""
    return [_upload(row) for row in _uploads(reader).order_by("-number")[:AT_ONCE]]


def uploads_waiting(reader: Reader) -> list[UploadShown]:
    """The uploads that were neither submitted nor discarded, oldest first."""
    return once(("uploads waiting", reader), lambda: [_upload(row) for row in _uploads(reader).filter(end=None).order_by("number")])


def upload_open_to(reader: Reader, number: int) -> UploadShown | None:
    """One upload; None when there is none or when it is not open to the reader."""
    row = _uploads(reader).filter(number=number).first()
    return _upload(row) if row else None


def upload_waiting_with(reader: Reader, sha256: str) -> UploadShown | None:
    """The upload with this content that waits to be submitted; None when there is none."""
    row = _uploads(reader).filter(sha256=sha256, end=None).first()
    return _upload(row) if row else None


def rows_uploaded(number: int) -> tuple[pa.Table, list[Finding]]:
    """The good rows of an upload in the schema of actuals, and what was doubtful in it."""
    row = Upload.objects.only("rows", "findings").get(number=number)
    return from_parquet(bytes(row.rows)).cast(ACTUALS.schema), findings_from(from_parquet(bytes(row.findings)))


def content_uploaded(number: int) -> bytes:
    """The bytes of an upload as they came."""
    return bytes(Upload.objects.only("content").get(number=number).content)


def _uploads(reader: Reader) -> QuerySet[Upload]:
    own = Q(by=reader.by, at__gte=reader.since or EVER) if reader.is_limited else Q()
    return Upload.objects.filter(own, provider_id=reader.organisation_id).select_related("end").defer("content", "rows", "findings")


def _drafted(row: DraftAnswer) -> Drafted:
    answer = Answer(
        row.person_id, row.line_id, row.week, row.date, row.start_time, row.outcome, row.kind, row.planned_minutes, row.delivered_minutes,
        row.units, row.carers, row.reason, row.comment,
    )  # fmt: skip
    return Drafted(answer, row.by, row.at)


def _submission(row: Submission) -> SubmissionShown:
    weeks = list(row.submitted_weeks.all())
    return SubmissionShown(
        row.number, row.provider_id, row.by, row.at, row.way, row.sha256, row.file_name, row.upload_id, row.new, row.updated,
        row.unchanged, row.would_pay_pence, row.would_hold_pence, row.pay_date,
        tuple(
            WeekTold(w.person_id, w.line_id, w.week, w.rows, w.would_pay_pence, w.would_hold_pence, tuple(w.hold_codes.split()))
            for w in weeks
        ),
    )  # fmt: skip


def _upload(row: Upload) -> UploadShown:
    end = getattr(row, "end", None)
    return UploadShown(
        row.number, row.provider_id, row.by, row.at, row.name, row.sha256, row.layout, row.read, row.new, row.updated, row.unchanged,
        row.rejected, row.weeks, row.would_pay_pence, row.would_hold_pence, row.cut_off_at,
        row.pay_date, end.end if end else "checked",
        end.submission_id if end else None,
    )  # fmt: skip


def uploads_not_submitted() -> dict[str, int]:
    """How many checked files each provider has neither submitted nor discarded."""
    waiting = Upload.objects.filter(end=None).values_list("provider_id", flat=True)
    return dict(Counter(waiting))


def last_submissions() -> dict[str, datetime]:
    """When each provider last submitted actuals."""
    latest = Submission.objects.values_list("provider_id").annotate(Max("at")).order_by("provider_id")
    return {provider: at for provider, at in latest if at}
