"""Reading the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, Q

from almoner.office.journal.models import IdempotencyKey, JournalEntry
from almoner.office.records.canonical import link
from almoner.office.records.queries import Trouble
from almoner.office.records.stored_form import unknown_form

COMING_IN = ("sign_in", "sign_out", "refuse", "search_by_name", "export_journal")
"""Acts that change nothing of the council's work."""


@dataclass(frozen=True)
class Entry:
    """One act."""

    number: int
    act: str
    by: str
    at: datetime
    subject: str
    summary: dict[str, Any]
    form: int


@dataclass(frozen=True)
class Answer:
    """What a repeated request is given again, if its body has the same hash."""

    body_sha256: str
    answer: dict[str, Any]


def entries(*, subject: str | None = None, act: str | None = None) -> Iterator[Entry]:
    """The journal's lines in order, all of them or those about one subject or of one act."""
    wanted = {name: value for name, value in (("subject", subject), ("act", act)) if value is not None}
    for line in JournalEntry.objects.filter(**wanted).iterator():
        yield Entry(line.number, line.act, line.by, line.at, line.subject, line.summary, line.form)


def entries_like(
    *, who: str = "", act: str = "", subject: str = "", refused: bool = False, since: datetime | None = None, most: int = 5_000
) -> list[Entry]:
    """The newest lines by somebody (a part of their name), of one act, about a subject (a part of its id, also where a line names several),
    from a moment on, or refusals only: all that are given must fit."""
    found = JournalEntry.objects.order_by("-number")
    if who:
        found = found.filter(by__icontains=who)
    if act:
        found = found.filter(act=act)
    if subject:
        found = found.filter(Q(subject__icontains=subject) | Q(summary__icontains=subject))
    if refused:
        found = found.filter(act="refuse")
    if since is not None:
        found = found.filter(at__gte=since)
    return [Entry(line.number, line.act, line.by, line.at, line.subject, line.summary, line.form) for line in found[:most]]


def last_act() -> int:
    """The number of the last line that is about the council's work, and not about somebody's coming in or being refused; 0 before any."""
    return JournalEntry.objects.exclude(act__in=COMING_IN).order_by("-number").values_list("number", flat=True).first() or 0


def last_of(acts: Iterable[str]) -> dict[str, datetime]:
    """When each of these acts was last done; without those that never were."""
    found = JournalEntry.objects.filter(act__in=list(acts)).order_by().values_list("act").annotate(Max("at"))
    return dict(found.values_list("act", "at__max"))


def latest_at() -> datetime | None:
    """The latest moment that anything was done at; None before any."""
    latest: datetime | None = JournalEntry.objects.aggregate(latest=Max("at"))["latest"]
    return latest


def acts() -> list[str]:
    """Every act there is a line of."""
    return sorted(set(JournalEntry.objects.order_by().values_list("act", flat=True).distinct()))


def answer_to(key: str) -> Answer | None:
    """The answer already given to this key, if any."""
    kept = IdempotencyKey.objects.filter(key=key).first()
    return Answer(kept.body_sha256, kept.answer) if kept else None


def journal_head() -> tuple[int, str]:
    """Number and hash of the last line; (0, "") when there is none."""
    last = JournalEntry.objects.order_by("-number").first()
    return (last.number, last.sha256) if last else (0, "")


def troubles_in_journal() -> Iterator[Trouble]:
    """Every line compared with the hash it was written under: altered, missing, added and reordered lines show."""
    previous, number = "", 0
    for line in JournalEntry.objects.order_by("number").iterator():
        number += 1
        if line.number != number:
            yield Trouble(f"journal {number}", "is missing")
            number = line.number
        if line.form not in SPELLINGS:
            yield Trouble(f"journal {line.number}", unknown_form(line.form))
        elif line.sha256 != link(previous, SPELLINGS[line.form](line)):
            yield Trouble(f"journal {line.number}", f"differs from what was written of {line.act} by {line.by}")
        previous = line.sha256


def canonical_entry(entry: JournalEntry) -> str:
    """The text an entry's hash is taken over: JSON with sorted keys and the moment in UTC."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    cells = [entry.form, entry.number, entry.act, entry.by, at, entry.subject, entry.summary]
    return json.dumps(cells, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def answer_hash(kept: IdempotencyKey) -> str:
    """SHA-256 over an answer as it is kept: its key, the body it was given to, itself and when."""
    at = kept.at.astimezone(UTC).isoformat(timespec="microseconds")
    return link("", json.dumps([kept.key, kept.body_sha256, kept.answer, at], sort_keys=True, ensure_ascii=True, separators=(",", ":")))


SPELLINGS: dict[int, Callable[[JournalEntry], str]] = {1: canonical_entry}
"""How a line is spelled for its hash, by form."""
ANSWER_HASHES: dict[int, Callable[[IdempotencyKey], str]] = {1: answer_hash}
"""How an answer is hashed, by the form of its line."""


def troubles_in_answers() -> Iterator[Trouble]:
    """Every answer that is kept against the hash in its line of the journal: altered, missing and added ones show."""
    kept = {answer.key: answer for answer in IdempotencyKey.objects.all()}
    for line in entries(act="keep_answer"):
        answer = kept.pop(line.subject.removeprefix("answer "), None)
        if answer is None:
            yield Trouble(line.subject, "is missing, and the journal speaks of it")
        elif line.form in ANSWER_HASHES and ANSWER_HASHES[line.form](answer) != line.summary.get("sha256"):
            yield Trouble(line.subject, "is not the answer that was given")
    for key in sorted(kept):
        yield Trouble(f"answer {key}", "has no line in the journal")
