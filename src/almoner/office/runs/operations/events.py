"""Adding a link to the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import connection

from almoner.office.journal.queries import journal_head
from almoner.office.records import stored_form
from almoner.office.runs.chain import BEGINNING, Link, parts_hash
from almoner.office.runs.contents import PARTS
from almoner.office.runs.models import RunEvent
from almoner.office.runs.refusals import InvariantBroken

CHAIN_LOCK = 0x_A1_40_4E_52_03


def hold_chain() -> None:
    """Hold off every other writer of the chain until this transaction ends. SQLite's transactions do so from their beginning."""
    assert connection.in_atomic_block, "the chain grows inside one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def head() -> tuple[int, str]:
    """The number and hash of the last event; 0 and the beginning before the first."""
    last = RunEvent.objects.order_by("-number").values_list("number", "hash").first()
    return last if last else (0, BEGINNING)


def add_event(
    *, number: int, subject: str, event: str, by: str, at: datetime, reason: str = "", written: Mapping[str, str] | None = None
) -> RunEvent:
    """Complete the link `number`, whose rows have been written, with the hashes of what was written with it, read back.

    `written`: hashes of parts as they were meant; InvariantBroken when one does not read back so. Must be called inside the transaction
    that holds the chain (`hold_chain`); `number` follows the head.
    """
    last, previous = head()
    assert number == last + 1, "events are added one after another"
    moment = at.astimezone(UTC)
    parts = PARTS[stored_form.FORM](number, subject, event)
    wrong = [name for name, hash_ in parts if (written or {}).get(name, hash_) != hash_]
    if wrong:
        raise InvariantBroken(f"The {wrong[0]} of {subject} do not read back as they were written.")
    added = Link(number, subject, event, by, moment, reason, journal_head()[1], stored_form.FORM, parts_hash(parts), previous)
    return RunEvent.objects.create(**asdict(added), hash=added.hash())
