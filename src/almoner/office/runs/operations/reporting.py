"""What providers say of their weeks, from the pages: saved as drafts, and submitted with what it would pay and hold as is known then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import Answer
from almoner.office.actuals.line_weeks import LineWeek, as_planned, line_weeks
from almoner.office.actuals.operations import discard_draft, save_draft, submit
from almoner.office.actuals.queries import SubmissionShown, submission_of_content
from almoner.office.actuals.refusals import DraftChanged, NothingToSubmit
from almoner.office.furniture.words import local
from almoner.office.records.queries import known_at
from almoner.office.runs.drafts import check_drafts, reported_rows
from almoner.office.runs.line_worth import NOTHING, Worth
from almoner.office.runs.provider_weeks import SHOWN, drafts_worth, lines_of, worth_of_weeks

STALE = "This changed while you were looking. Check the new figures, then press again."


def save_week(*, weeks: Sequence[LineWeek], answers: Iterable[Answer], reader: Reader, at: datetime) -> int:
    """Keep answers about these weeks as a draft; returns how many are kept. What says the same as was submitted is no draft."""
    standing = [answer for one in weeks for answer in one.standing.values()]
    return save_draft(provider_id=reader.organisation_id, answers=answers, standing=standing, by=reader.by, at=at)


def start_again(*, weeks: Sequence[LineWeek], reader: Reader, at: datetime) -> int:
    """Give up the drafts of these weeks; what was submitted before stands."""
    keys = [key for one in weeks for key in one.drafts]
    return discard_draft(provider_id=reader.organisation_id, keys=keys, by=reader.by, at=at)


def mark_as_planned(*, chosen: Iterable[tuple[str, date]], reader: Reader, at: datetime) -> tuple[int, Worth]:
    """Keep drafts that say that chosen weeks (line, first day) were given as planned, where nothing else is said of a visit.

    Returns how many weeks, and what they would pay.
    """
    wanted = set(chosen)
    if not wanted:
        return 0, NOTHING
    with transaction.atomic():
        weeks = _chosen(wanted, reader, at)
        answers = [answer for one in weeks for answer in as_planned(one, at) if answer.key not in one.entered]
        save_week(weeks=weeks, answers=answers, reader=reader, at=at)
    if min(week for _, week in wanted) < local(at).date() - SHOWN:
        return len(weeks), worth_of_weeks(_chosen(wanted, reader, at), at)
    return len(weeks), drafts_worth(reader.organisation_id, at)[1].of(one.key for one in weeks)


def _chosen(wanted: set[tuple[str, date]], reader: Reader, at: datetime) -> list[LineWeek]:
    """The weeks named by line and first day, of lines the reader reports on."""
    known, ids = known_at(at), {line_id for line_id, _ in wanted}
    lines = [line for line in lines_of(reader, known) if line["line_id"] in ids]
    days = [week for _, week in wanted]
    return [one for one in line_weeks(lines, min(days), max(days), known) if one.key in wanted]


def submit_drafts(*, digest: str, reader: Reader, at: datetime) -> SubmissionShown:
    """Submit every draft that is ready, as it was shown: `digest` names it. Pressed twice it is the same submission.

    Raises DraftChanged when the drafts are not what was shown any more, NothingToSubmit when none is ready.
    """
    with transaction.atomic():
        if earlier := submission_of_content(reader.organisation_id, digest):
            return earlier
        checked = check_drafts(reader, at)
        if not checked.ready:
            raise NothingToSubmit("There is no draft that is ready to be submitted.", "Enter a week first.")
        if checked.digest != digest:
            raise DraftChanged(STALE, "Go back, and look at what would be submitted now.")
        rows = reported_rows(checked.answers)
        return submit(
            provider_id=reader.organisation_id, rows=rows, way="screen", sha256=digest, expected=checked.expected, by=reader.by, at=at
        )
