"""The picture of how promptly the council pays, with its table."""

from __future__ import annotations

from datetime import date
from typing import Any

from almoner.figures.late_payment import DAYS_TO_PAY, known_until
from almoner.office.furniture.curve import Point, Scale, curve
from almoner.office.runs.promptness import TARGET, PromptMonth, prompt_months

WHOLE, TENTH = 10_000, 1_000


def promptness_shown(today: date) -> dict[str, Any] | None:
    """The finding as a title, the picture (None under three months) and the table's months, the newest first; None before any was paid."""
    months = prompt_months(today)
    if not months:
        return None
    last = months[-1]
    short = [month for month in months if month.basis_points < TARGET * 100]
    kept = "every month" if not short else f"all but {len(short)} of {len(months)} months" if len(short) < len(months) else "no month"
    came = f"{_percent(last)} of the pounds paid in {last.month:%B %Y} came within {DAYS_TO_PAY} days"
    title = f"{came}; the target of {TARGET}% was met in {kept}"
    points = [Point(f"{month.month:%b}", month.basis_points, _percent(month)) for month in months]
    foot = max(min(month.basis_points for month in months) // TENTH * TENTH - TENTH, 0)
    scale = Scale(foot, WHOLE, f"{foot // 100}%", TARGET * 100, f"Broken line: target {TARGET}%")
    picture = curve(title, points, scale)
    rows = [(f"{month.month:%B %Y}", month, _percent(month)) for month in reversed(months)]
    return {"title": title, "picture": picture, "rows": rows, "days": DAYS_TO_PAY, "known_until": known_until()}


def _percent(month: PromptMonth) -> str:
    """One decimal, rounded down: what is not all is never shown as all."""
    tenths = month.basis_points // 10
    return f"{tenths // 10}.{tenths % 10}%"
