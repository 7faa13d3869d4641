"""What accepting a query would do to money, worked out before anybody presses. Writes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from almoner.office.enquiries.queries import QueryShown
from almoner.office.journal.refusals import Refusal
from almoner.office.people.operations import absence_row, death_row
from almoner.office.runs.effects import Effect, effect_of

LOCAL = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)


def effect_of_accepting(found: QueryShown, at: datetime) -> Effect | None:
    """What the fact that a query tells would change, through yesterday; None for one that tells none, or what is known already."""
    if found.becomes not in ("death", "absence") or found.from_date is None:
        return None
    try:
        if found.becomes == "death":
            facts = {"people": death_row(person_id=found.person_id, on=found.from_date, at=at)}
        else:
            away = absence_row(person_id=found.person_id, first=found.from_date, last=found.until_date, kind="hospital", at=at)
            facts = {"absences": away}
    except Refusal:
        return None
    yesterday = at.astimezone(LOCAL).date() - timedelta(days=1)
    from_week = found.from_date - WEEK
    return effect_of([found.person_id], facts, from_week=from_week, through=max(yesterday, from_week), at=at)
