"""What a provider says about a hold: its answer to what it was asked, or a comment. The hold then waits for the council again."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from almoner.office.journal.operations import write
from almoner.office.records.operations import hold_facts
from almoner.office.runs.desk_models import HoldStep
from almoner.office.runs.refusals import ReasonMissing

MOST_CHARACTERS = 2_000


def answer_hold(*, hold: str, text: str, by: str, at: datetime) -> bool:
    """Keep the provider's words about a hold; False where the same words of the same person are its last step already (pressed twice).

    Whose hold it is has been looked at by the page. Raises ReasonMissing.
    """
    words = text.strip()
    if not words:
        raise ReasonMissing("An answer needs its words.", "Write what you want to tell the payments team.")
    if len(words) > MOST_CHARACTERS:
        raise ReasonMissing(f"That is {len(words):,} characters.", f"Use {MOST_CHARACTERS:,} or fewer, or send a query with a file.")
    with transaction.atomic():
        hold_facts()
        last = HoldStep.objects.filter(hold_id=hold).order_by("id").last()
        if last is not None and (last.step, last.note, last.by) == ("answered", words, by):
            return False
        rows = keep_answer(hold=hold, words=words, by=by, at=at)
        write(act="answer_hold", by=by, at=at, subject=hold, summary={}, rows=rows)
    return True


def keep_answer(*, hold: str, words: str, by: str, at: datetime) -> dict[str, list[int]]:
    """The provider's words as a step of a hold, for an act of another capability that tells them too (a query about the hold): the row, by
    its table, for that act's line in the journal. Nothing is decided by it, so the step names no amount."""
    step = HoldStep.objects.create(hold_id=hold, step="answered", amount_pence=0, note=words, by=by, at=at.astimezone(UTC))
    return {HoldStep._meta.db_table: [step.pk]}
