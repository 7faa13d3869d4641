"""The picture of a line's last weeks: is this week odd for this person?"""

from __future__ import annotations

from typing import Any

from almoner.core.money import pounds
from almoner.office.furniture.step_lines import StepPoint, step_lines
from almoner.office.furniture.words import day
from almoner.office.runs.hold_rows import percent_words
from almoner.office.runs.line_drawn import WeekDrawn


def line_chart(weeks: list[WeekDrawn]) -> dict[str, Any] | None:
    """The finding as a title, the picture (None under three weeks) and the table's rows, the newest first; None where nothing was told."""
    if not weeks:
        return None
    beyond = [week for week in weeks if week.is_beyond]
    if beyond:
        latest = beyond[-1]
        many = f"{len(weeks)} week{'' if len(weeks) == 1 else 's'}"
        title = (
            f"In {len(beyond)} of {many} more or less was claimed than the contract allows, last in the week of {day(latest.week)}:"
            f" {_differs(latest)}"
        )
    else:
        many = f"All {len(weeks)} weeks were" if len(weeks) > 1 else "The week was"
        title = f"{many} claimed within what the contract allows"
    points = [StepPoint(day(one.week), (one.planned_pence, one.claimed_pence, one.paid_pence), one.low, one.high) for one in weeks]
    top = max(max(point.heights) for point in points)
    highest = max([top, *(one.high for one in weeks if one.high is not None)])
    names = ("Planned", "Claimed", "Paid")
    picture = step_lines(title, points, names, band="Allowed without a check", top_words=pounds(highest))
    rows = [(day(one.week), one.planned_pence, one.claimed_pence, one.paid_pence, _differs(one)) for one in reversed(weeks)]
    return {"title": title, "picture": picture, "rows": rows}


def _differs(week: WeekDrawn) -> str:
    if week.claimed_pence == week.planned_pence:
        return "as planned"
    return percent_words(week.difference) or "not planned"
