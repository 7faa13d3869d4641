"""Where a line's week stands, in one place for every page: a word of `furniture.statuses` (week)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WeekFacts:
    """What decides where a week stands. `is_whole`: nothing that has begun waits for an answer; `pays`: whether it brings money, None where
    that was not worked out; `is_due`: something changed since it was sealed."""

    basis: str
    has_ended: bool
    is_told: bool
    is_whole: bool = True
    is_drafted: bool = False
    is_uploaded: bool = False
    is_held: bool = False
    is_sealed: bool = False
    is_paid: bool = False
    is_due: bool = False
    pays: bool | None = None


def state_of_week(week: WeekFacts) -> str:
    """The state: first what the provider has begun, then what is stopped, then what was paid, then what was told."""
    if week.is_uploaded or week.is_drafted:
        return "uploaded" if week.is_uploaded else "draft"
    if week.is_held:
        return "held"
    if week.is_sealed:
        return "change_due" if week.is_due else "paid" if week.is_paid else "being_paid"
    if not week.is_told and week.basis == "actuals":
        return "awaiting" if week.has_ended else "not_yet"
    if not week.is_told:
        return "nothing" if week.pays is False else "on_plan"
    if week.basis == "actuals" and not (week.has_ended and week.is_whole):
        return "part"
    return "submitted" if week.pays else "nothing"
