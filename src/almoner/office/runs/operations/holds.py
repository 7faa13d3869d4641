"""Decisions about holds: a person, a reason and a time (HLD-4)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction

from almoner.core.tables import RELEASES
from almoner.office.journal.operations import write
from almoner.office.records.operations import append_versions
from almoner.office.runs.holds import HoldShown, open_holds
from almoner.office.runs.refusals import NoSuchHold, NotReleasable, ReasonMissing

MENDED_ONLY = ("UNP", "RAT")
LOCAL = ZoneInfo("Europe/London")


def release_hold(*, hold: str, reason: str, by: str, at: datetime) -> HoldShown:
    """Release a hold: the next run pays it. Raises NoSuchHold, ReasonMissing, or NotReleasable for what must be mended instead."""
    return _decide("release", hold=hold, reason=reason, by=by, at=at)


def uphold_hold(*, hold: str, reason: str, by: str, at: datetime) -> HoldShown:
    """Record that a hold stays. Raises NoSuchHold, ReasonMissing or NotReleasable."""
    return _decide("uphold", hold=hold, reason=reason, by=by, at=at)


def _decide(decision: str, *, hold: str, reason: str, by: str, at: datetime) -> HoldShown:
    if not reason.strip():
        raise ReasonMissing("A decision about a hold needs a reason.", "Say why, in words the provider may read.")
    with transaction.atomic():
        found = next((shown for shown in open_holds() if shown.hold == hold), None)
        if found is None:
            raise NoSuchHold(f"There is no open hold {hold}.", "See `almoner holds` for the holds there are.")
        if decision == "release" and found.code in MENDED_ONLY:
            raise NotReleasable(f"A hold {found.code} cannot be released.", found.remedy)
        key = {name: getattr(found, name) or None for name in ("code", "person_id", "provider_id", "line_id", "week")}
        moment = at.astimezone(LOCAL).replace(tzinfo=None, microsecond=0)
        row = {"row": 0, "decision": decision, **key, "reason": reason.strip(), "by": by, "at": moment}
        append_versions("releases", pa.Table.from_pylist([row], schema=RELEASES.schema), by=by, at=at)
        write(act=f"{decision}_hold", by=by, at=at, subject=hold, summary={"code": found.code, "run": found.run})
    return found
