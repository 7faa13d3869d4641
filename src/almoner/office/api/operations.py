"""Submitting what a provider's own system tells, once per key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.operations import submit
from almoner.office.actuals.refusals import NothingToSubmit
from almoner.office.api.refusals import KeyUsed, NothingReported
from almoner.office.api.reported import Reported
from almoner.office.journal.operations import keep_answer
from almoner.office.journal.queries import answer_to
from almoner.office.records.operations import hold_facts

Answer = dict[str, Any]


def once(*, key: str, body: bytes, reader: Reader, at: datetime, do: Callable[[], Answer]) -> Answer:
    """What `do` answers, and the same again whenever the key comes again with the same body. Raises KeyUsed for another body.

    Keys are each token's own: none reads another's answer. What `do` writes and its answer are kept together or not at all.
    """
    named, digest = f"api {reader.by} {key}", hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        hold_facts()  # of two requests with one key the second waits here, and finds the first one's answer
        kept = answer_to(named)
        if kept is not None and kept.body_sha256 != digest:
            raise KeyUsed("This Idempotency-Key came with another body before.", "Use a new key for a new request.")
        if kept is not None:
            return kept.answer
        answer = do()
        keep_answer(key=named, body_sha256=digest, answer=answer, by=reader.by, at=at)
    return answer


def submit_reported(*, reported: Reported, sha256: str, reader: Reader, at: datetime) -> str | None:
    """Submit the good rows; returns the submission's reference, None when nothing in them is new. Raises NothingReported without any."""
    if reported.rows.num_rows == 0:
        raise NothingReported(
            "No visit of these may count.", "Each is named with what to do; send them again once they are put right.", reported.rejected
        )
    try:
        made = submit(
            provider_id=reader.organisation_id,
            rows=reported.rows,
            way="api",
            sha256=sha256,
            expected=reported.expected,
            by=reader.by,
            at=at,
        )
    except NothingToSubmit:
        return None
    return made.reference
