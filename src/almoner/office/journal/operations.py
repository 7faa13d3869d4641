"""The only writer of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from almoner.office.journal.kept import kept_with
from almoner.office.journal.models import IdempotencyKey, JournalEntry
from almoner.office.journal.queries import ANSWER_HASHES, SPELLINGS
from almoner.office.journal.refusals import ReasonForExport
from almoner.office.journal.rows import rows_named
from almoner.office.records import stored_form
from almoner.office.records.canonical import link

JOURNAL_LOCK = 0x_A1_40_4E_52_02
Json = dict[str, Any] | list[Any] | str | int | bool | None


def write(
    *,
    act: str,
    by: str,
    at: datetime,
    subject: str,
    summary: dict[str, Json] | None = None,
    rows: Mapping[str, Iterable[int]] | None = None,
) -> int:
    """Add one line and return its number. `summary` holds counts and ids, no personal data; must be called inside `atomic()`.
    Where something is kept of the subject (`kept`), its hash joins the summary, and so does that of the rows which the act wrote (`rows`:
    by table their ids).

    Call it last in an operation: on PostgreSQL other acts wait for their line until this transaction ends.
    """
    assert connection.in_atomic_block, "an act and its line in the journal are one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JOURNAL_LOCK])
    last = JournalEntry.objects.order_by("-number").first()
    entry = JournalEntry(
        number=last.number + 1 if last else 1,
        act=act,
        by=by,
        at=at.astimezone(UTC),
        subject=subject,
        summary={**(summary or {}), **kept_with(subject), **rows_named(rows or {})},
        form=stored_form.FORM,
    )
    entry.sha256 = link(last.sha256 if last else "", SPELLINGS[stored_form.FORM](entry))
    entry.save(force_insert=True)
    return entry.number


def keep_answer(*, key: str, body_sha256: str, answer: dict[str, Json], by: str, at: datetime) -> None:
    """Keep the answer to a request, to be given again to the same key, with one line; IntegrityError when the key has one.

    Must be called inside the `atomic()` of what was asked for.
    """
    kept = IdempotencyKey.objects.create(key=key, body_sha256=body_sha256, answer=answer, at=at.astimezone(UTC))
    write(act="keep_answer", by=by, at=at, subject=f"answer {key}", summary={"sha256": ANSWER_HASHES[stored_form.FORM](kept)})


def note_export(*, reason: str, rows: int, asked: Mapping[str, str], by: str, at: datetime) -> int:
    """Write that somebody took lines of the journal away, which ones and why; returns the line's number. Raises ReasonForExport."""
    if not reason.strip():
        raise ReasonForExport("The journal is taken away with a reason.", "Say what it is for.")
    with transaction.atomic():
        summary: dict[str, Json] = {"reason": reason.strip(), "lines": rows, **{name: value for name, value in asked.items() if value}}
        return write(act="export_journal", by=by, at=at, subject="journal", summary=summary)
