"""Before and after for every line of an uplift, outliers first, and what is above the council's limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from almoner.core.money import changed_by, percent_text, rate_text
from almoner.office.care.terms import UNITS
from almoner.office.changes.consequences import Consequence
from almoner.office.changes.limits import limit_on
from almoner.office.changes.proposal import LineRise
from almoner.office.furniture.words import local, pounds
from almoner.office.parties.queries import provider_names


def uplift_lines(found: Consequence, at: datetime) -> list[dict[str, Any]]:
    """A row for each line: rates before and after, a week as planned before and after, what past weeks differ by. Outliers come first, then
    the largest differences."""
    by_line, limit = found.by_line(), limit_on("uplift", local(at).date())
    names = provider_names(at, {line.provider_id for line in found.facts.rises})
    rows = []
    for line in found.facts.rises:
        money, changed, why = by_line.get(line.line_id, {}), changed_by(line.before, line.after), odd(line, limit)
        unit = UNITS[line.unit]
        rows.append(
            {
                "line_id": line.line_id, "person_id": line.person_id, "provider": names.get(line.provider_id, line.provider_id),
                "before": f"{rate_text(line.before)} {unit}", "after": f"{rate_text(line.after)} {unit}",
                "percent": ("−" if changed < 0 else "") + percent_text(abs(changed)), "changed": changed,
                "week_before": money.get("before_pence"), "week_after": money.get("after_pence"), "past": money.get("past_pence"),
                "outlier": f"▲ Outlier: {why}" if why else "",
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (not row["outlier"], -abs(row["changed"]), -abs(row["past"] or 0), row["line_id"]))


def odd(line: LineRise, limit: int) -> str:
    """What is odd about a line's new rate, by the council's limit in hundredths of a percent; empty where nothing is."""
    falls = line.after < line.before
    # By the rates themselves: a percentage is cut to two places.
    if abs(line.after - line.before) * 10_000 > limit * line.before:
        return f"more than {percent_text(limit)} {'less' if falls else 'more'}"
    return "the rate falls" if falls else ""


def over_the_limit(found: Consequence, at: datetime) -> str:
    """What of an uplift is above the council's limits, in a sentence; empty where nothing is."""
    today, lines = local(at).date(), found.facts.rises
    limit = limit_on("uplift", today)
    over = sum(bool(odd(line, limit)) for line in lines)
    if over:
        many = "All" if over == len(lines) else f"{over:,} of"
        return f"{many} {len(lines):,} lines change by more than {percent_text(limit)}, or fall."
    most, week = limit_on("uplift_week", today), found.weekly_pence("payments")
    return f"A week would cost {pounds(week)} more, and the limit is {pounds(most)}." if week > most else ""
