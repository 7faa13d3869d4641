"""Reading the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from almoner.office.journal.models import IdempotencyKey, JournalEntry


@dataclass(frozen=True)
class Entry:
    """One act."""

    number: int
    act: str
    by: str
    at: datetime
    subject: str
    summary: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a repeated request is given again, if its body has the same hash."""

    body_sha256: str
    answer: dict[str, Any]


def entries(*, subject: str | None = None, act: str | None = None) -> Iterator[Entry]:
    """The journal's lines in order, all of them or those about one subject or of one act."""
    wanted = {name: value for name, value in (("subject", subject), ("act", act)) if value is not None}
    for line in JournalEntry.objects.filter(**wanted).iterator():
        yield Entry(line.number, line.act, line.by, line.at, line.subject, line.summary)


def answer_to(key: str) -> Answer | None:
    """The answer already given to this key, if any."""
    kept = IdempotencyKey.objects.filter(key=key).first()
    return Answer(kept.body_sha256, kept.answer) if kept else None
