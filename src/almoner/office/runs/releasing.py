"""Which holds may be released, and how much one person may release of a provider in a day: for the pages and the operation alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from almoner.core.holding import fits_below, pence_together
from almoner.core.money import pounds
from almoner.core.second_person import is_same_person
from almoner.office.journal.queries import entries_like
from almoner.office.runs.holds import HoldShown

LOCAL = ZoneInfo("Europe/London")
MENDED_ONLY = ("UNP", "RAT")
"""Holds that the rules pay for no release: only a mended fact ends them (HLD-4)."""
ENDED_BY_ANOTHER = ("BNK", "CRD", "AGR")
"""Holds that a release would pay, and that are for somebody else to end: another officer verifies, finance adds, the provider agrees."""
NOT_RELEASED = (*MENDED_ONLY, *ENDED_BY_ANOTHER)
ALL_OF_A_DAY = 100_000

Released = Mapping[str, Mapping[str, int]]
"""Pence by provider and hold."""


class Allowance:
    """What somebody may still release of each provider today. Counts what it lets through, so that one decision of many is counted too."""

    def __init__(self, limit_pence: int | None, released: Released) -> None:
        self.limit_pence = limit_pence
        self._released: dict[str, dict[str, int]] = defaultdict(dict, {provider: dict(holds) for provider, holds in released.items()})

    def used_pence(self, hold: HoldShown) -> int:
        """What was released of a hold's provider, besides the hold."""
        return pence_together(pence for name, pence in self._released[hold.provider_id].items() if name != hold.hold)

    def lets(self, hold: HoldShown) -> bool:
        """Whether a hold may be released; if so it counts from now on."""
        if not fits_below(self.limit_pence, self.used_pence(hold), hold.amount_pence):
            return False
        self._released[hold.provider_id][hold.hold] = hold.amount_pence
        return True


def allowance_of(by: str, limit_pence: int | None, at: datetime) -> Allowance:
    """What somebody with a limit (None: without) may release, with what they released since midnight counted."""
    return Allowance(limit_pence, {} if limit_pence is None else _released_today(by, at))


def over_limit_words(hold: HoldShown, allowance: Allowance) -> str:
    """Why a hold is above a limit, with what was released of its provider today."""
    assert allowance.limit_pence is not None, "who has no limit is never above it"
    used = allowance.used_pence(hold)
    said = f"{pounds(hold.amount_pence)} of {hold.hold} is above your limit of {pounds(allowance.limit_pence)} for one provider in a day."
    return f"{said} You have released {pounds(used)} of this provider today." if used else said


def _released_today(by: str, at: datetime) -> dict[str, dict[str, int]]:
    """As the journal has it. A hold of which one line was released counts whole."""
    midnight = datetime.combine(at.astimezone(LOCAL).date(), time(), LOCAL)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for act in ("release_hold", "release_holds"):
        for line in entries_like(act=act, since=midnight, most=ALL_OF_A_DAY):
            if is_same_person(line.by, by):
                for provider, holds in line.summary.get("released", {}).items():
                    found[provider] |= holds
    return found
