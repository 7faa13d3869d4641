"""What is held, as one reckons it with pencil and paper: the part of some lines in a hold of the whole week, and what a limit lets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def pence_together(amounts: Iterable[int]) -> int:
    """Amounts in pence together."""
    return sum(amounts)


def held_with_the_week(weeks: Iterable[Mapping[str, Any]]) -> int:
    """What of these lines' weeks (rows of `rules/week_workings.sql`) waits with the person's whole week (TOL), in pence: what would be paid
    beyond what is (HLD-5). A line that has no amount in such a week has nothing that waits."""
    return sum((week["hi_pence"] or 0) - (week["cleared_pence"] or 0) for week in weeks if week["held_code"] == "TOL")


def fits_below(limit_pence: int | None, released_pence: int, amount_pence: int) -> bool:
    """Whether an amount may be released beside what was already; without a limit (None) any may."""
    return limit_pence is None or released_pence + amount_pence <= limit_pence
