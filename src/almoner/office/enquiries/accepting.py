"""What accepting a query would do to money, worked out before anybody presses, and again when they do. Writes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from almoner.office.enquiries.queries import QueryShown
from almoner.office.journal.refusals import Refusal
from almoner.office.people.operations import absence_row, death_row
from almoner.office.runs.effects import Effect, effect_of
from almoner.office.runs.holds import HoldShown, open_holds
from almoner.office.runs.queries import balances, total_pence

LOCAL = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Accepting:
    """What accepting does: the effect of a death or an absence, the hold that is released, or the debt with its instalment, in pence."""

    effect: Effect | None = None
    hold: HoldShown | None = None
    owed_pence: int | None = None
    instalment_pence: int | None = None

    @property
    def shown(self) -> str:
        """The figures, as the page carries them to the press; the same text while they are the same."""
        told: dict[str, object] = {}
        if self.effect is not None:
            told = {"books": dict(self.effect.totals), "held": total_pence(self.effect.holds)}
        elif self.hold is not None:
            told = {"hold": self.hold.amount_pence, "state": self.hold.state}
        elif self.owed_pence is not None:
            told = {"owed": self.owed_pence, "instalment": self.instalment_pence}
        return json.dumps(told, sort_keys=True)


def accepting(found: QueryShown, at: datetime) -> Accepting:
    """What accepting a query would do now; empty where there is nothing in it to accept, or it is known already."""
    if found.becomes in ("death", "absence") and found.from_date is not None:
        return Accepting(effect=effect_of_accepting(found, at))
    if found.becomes == "release":
        return Accepting(hold=next((hold for hold in open_holds() if hold.hold == found.hold_id), None))
    if found.becomes == "instalments":
        owed = balances([found.organisation_id]).column("balance_pence").to_pylist()
        if owed and owed[0] < 0:
            return Accepting(owed_pence=-owed[0], instalment_pence=-(owed[0] // (found.instalments or 1)))
    return Accepting()


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
