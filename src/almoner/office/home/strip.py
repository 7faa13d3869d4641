"""What stands under the navigation on every page of the console: runs in progress, and holds that wait too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader
from almoner.office.journal.queries import last_act
from almoner.office.runs.hold_rows import OLD_DAYS, TO_DECIDE, hold_rows
from almoner.office.runs.run_register import runs_in_progress

AT_MOST_EVERY = timedelta(minutes=1)
"""In a busy council something is done every second; these two counts need not be worked out for each of them."""


@dataclass(frozen=True)
class Waiting:
    """How many runs are in progress and how many holds are old, as counted at a moment after an act of the journal."""

    database: str
    act: int
    at: datetime
    runs: int
    holds: int


_KEPT: list[Waiting] = []
_LOCK = Lock()


def work_strip(reader: Reader, at: datetime) -> SafeString | str:
    """The strip's words, each leading to its page, as far as the reader sees it; empty for those who see neither."""
    pages = [page for page in ("console-runs", "console-holds") if may(page, reader.role, "GET")]
    if not pages:
        return ""
    waiting = _waiting(at)
    parts = {
        "console-runs": f"{_counted(waiting.runs, 'run')} in progress",
        "console-holds": f"{_counted(waiting.holds, 'hold')} older than {OLD_DAYS} days",
    }
    links = [
        format_html('<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>', reverse(page), parts[page]) for page in pages
    ]
    return format_html(" · ".join(["{}"] * len(links)), *links)


def _waiting(at: datetime) -> Waiting:
    """The counts, kept in this process until something is done, and then counted again once a minute at most."""
    database, act = str(connection.settings_dict["NAME"]), last_act()
    with _LOCK:
        kept = _KEPT[0] if _KEPT else None
    if kept is not None and kept.database == database and kept.at <= at:
        is_same_day = kept.at.date() == at.date()
        if (kept.act == act and is_same_day) or (kept.act < act and at - kept.at < AT_MOST_EVERY):
            return kept
    old = sum(row["age"] > OLD_DAYS and row["state"] in TO_DECIDE for row in hold_rows(at))
    counted = Waiting(database, act, at, runs_in_progress(), old)
    with _LOCK:
        _KEPT[:] = [counted]
    return counted


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
