"""What a provider's next pages will show, worked out while somebody reads what stands before them. Writes nothing.

A submission changes what is expected and what weeks are worth; nobody should wait for that who only looks on. Only a server works ahead,
and only for its own pages: what is worked out is kept in the process (`freshness`), where a page that comes sooner waits for the same
answer instead of working it out a second time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from django.db import close_old_connections

from almoner.office.accounts.readers import Reader
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.outlook import outlook
from almoner.office.runs.provider_weeks import provider_weeks

LOG = logging.getLogger(__name__)


class _Ahead:
    """One thread that works ahead, once somebody began it: what is worked out for nobody must not crowd out what somebody waits for."""

    thread: ThreadPoolExecutor | None = None


def begin() -> None:
    """From now on this process works ahead."""
    _Ahead.thread = _Ahead.thread or ThreadPoolExecutor(1, thread_name_prefix="ahead")


def end() -> None:
    """Work ahead no more; what was begun is finished."""
    if _Ahead.thread is not None:
        _Ahead.thread.shutdown()
    _Ahead.thread = None


def look_ahead(reader: Reader, at: datetime, rules: Sequence[CalendarRule]) -> Future[None] | None:
    """Work out what the reader's home and weeks will show, beside the answer; None where nobody works ahead."""
    return _Ahead.thread.submit(_look, reader, at, tuple(rules)) if _Ahead.thread else None


def _look(reader: Reader, at: datetime, rules: tuple[CalendarRule, ...]) -> None:
    close_old_connections()
    try:
        outlook(reader.organisation_id, at=at, rules=rules)
        provider_weeks(reader, at, rules=rules)
    except Exception:
        # The page itself will meet the trouble, and tell it to whom it concerns.
        LOG.exception("working ahead")
    finally:
        close_old_connections()
