"""The council's limits, each from a day on. A limit moves no money: what is above it takes a second reason beside the second person."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import transaction

from almoner.office.changes.limits import LIMITS
from almoner.office.changes.models import Limit
from almoner.office.changes.refusals import LimitRefused
from almoner.office.furniture.words import local
from almoner.office.journal.operations import Json, write


def set_limit(*, name: str, value: int, from_date: date, reason: str, by: str, at: datetime) -> bool:
    """Set a limit (`limits.LIMITS`, in its unit) from today or a later day on. False when the same was set already. Raises LimitRefused."""
    if name not in LIMITS or value < 0:
        raise LimitRefused("That is no limit.", "Choose a limit, and enter a number from nought on.")
    if from_date < local(at).date():
        raise LimitRefused("The first day is past.", "Choose today or a later day: what was done under the limit before stays as it is.")
    if not reason.strip():
        raise LimitRefused("The reason is missing.", "Say why the limit changes.")
    with transaction.atomic():
        standing = Limit.objects.select_for_update().filter(name=name, from_date=from_date).order_by("-id").first()
        if standing is not None and standing.value == value:
            return False
        made = Limit.objects.create(name=name, value=value, from_date=from_date, reason=reason.strip(), by=by, at=at.astimezone(UTC))
        summary: dict[str, Json] = {"value": value, "from": from_date.isoformat()}
        write(act="set_limit", by=by, at=at, subject=f"limit {name}", summary=summary, rows={"almoner_limits": [made.pk]})
    return True
