"""Work that takes longer than a page may: done beside the answer, in a thread of the same process (docs/decisions/0012-long-work.md).

Every work is an operation that is one transaction: a process that ends in the middle of it leaves nothing half done, only a row here
whose heart no longer beats, and the work may be begun again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now

from almoner.office.journal.refusals import Refusal
from almoner.office.runs.desk_models import LongWork

LOG = logging.getLogger(__name__)
BEATS_EVERY = 5.0
"""Seconds between two signs of life."""
LOST_AFTER = timedelta(minutes=2)
"""By the database's clock: without a sign of life for so long, the process that did the work has ended."""
BRIEFLY = 1.5
"""Seconds that an answer waits for work that may be short."""
STEPS_TOLD = 50

Progress = Callable[[str, int, int], None]
Work = Callable[[Progress], str]
_RUNNING: dict[int, Thread] = {}


def begin_work(*, kind: str, subject: str, by: str, at: datetime, work: Work) -> int:
    """Begin `work` beside this answer; returns its number. The same kind for the same subject is not begun twice at a time.

    `work` is given a function to tell how far it is (stage, done, of) and returns what came of it.
    """
    _forget_lost(kind, subject)
    try:
        with transaction.atomic():
            row = LongWork.objects.create(kind=kind, subject=subject, by=by, at=at.astimezone(UTC), beat_at=Now())
    except IntegrityError:
        return int(LongWork.objects.values_list("pk", flat=True).get(kind=kind, subject=subject, state="working"))
    number = int(row.pk)
    _RUNNING[number] = Thread(target=_carry_out, args=(number, work), name=f"work-{number}", daemon=True)
    _RUNNING[number].start()
    return number


def wait_briefly(number: int) -> None:
    """Wait a moment for work that this process does: most is done before anybody would see a page about it."""
    thread = _RUNNING.get(number)
    if thread is not None:
        thread.join(BRIEFLY)


def _forget_lost(kind: str, subject: str) -> None:
    LongWork.objects.filter(kind=kind, subject=subject, state="working", beat_at__lt=Now() - LOST_AFTER).update(
        state="refused", code="STOPPED", message="It stopped before it ended; nothing was kept.", remedy="It was begun again."
    )


def _carry_out(number: int, work: Work) -> None:
    ended = Event()
    heart = Thread(target=_beat, args=(number, ended), daemon=True)
    heart.start()
    told: dict[str, str] = {}
    try:
        told = {"state": "done", "result": work(_progress(number))}
    except Refusal as refusal:
        told = {"state": "refused", "code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}
    except Exception:
        LOG.exception("long work %s", number)
        told = {
            "state": "refused",
            "code": "BROKEN",
            "message": "Sorry, this did not work, and nothing was changed.",
            "remedy": "Try again.",
        }
    finally:
        ended.set()
        heart.join()
        LongWork.objects.filter(pk=number).update(**told, beat_at=Now())
        connections.close_all()
        _RUNNING.pop(number, None)


def _beat(number: int, ended: Event) -> None:
    while not ended.wait(BEATS_EVERY):
        LongWork.objects.filter(pk=number).update(beat_at=Now())
    connections.close_all()


def _progress(number: int) -> Progress:
    seen = [""]

    def tell(stage: str, done: int, of: int) -> None:
        if stage != seen[0] or done % max(1, of // STEPS_TOLD) == 0:
            seen[0] = stage
            LongWork.objects.filter(pk=number).update(stage=stage, done=done, of=of)

    return tell
