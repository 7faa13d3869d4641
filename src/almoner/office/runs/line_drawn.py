"""A line's last weeks as a picture needs them: planned, claimed and paid. Worked out now, by the calculation itself; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from almoner.core.memory import in_memory
from almoner.core.money import PARTS_PER_PENNY
from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.furniture.words import local
from almoner.office.runs.payments import receipts_for
from almoner.office.runs.preview import preview_person

WEEKS = 26


@dataclass(frozen=True)
class WeekDrawn:
    """One week of a line in pence; `low` and `high` are the bounds of what the contract allows without a check, None where it has none.
    `difference` is of what was claimed from the plan, in hundredths of a percent; None where nothing was planned."""

    week: date
    planned_pence: int
    claimed_pence: int
    paid_pence: int
    low: int | None
    high: int | None
    difference: int | None

    @property
    def is_beyond(self) -> bool:
        """Whether more or less was claimed than the contract allows without a check."""
        return self.low is not None and self.high is not None and not self.low <= self.claimed_pence <= self.high


def weeks_drawn(line_id: str, person_id: str, at: datetime) -> list[WeekDrawn]:
    """The last 26 weeks of a line of which something was told, the oldest first; none where they cannot be worked out."""
    today = local(at).date()
    first = today - timedelta(weeks=WEEKS, days=6)
    try:
        workings = preview_person(person_id, from_week=first, through=today - timedelta(days=1), at=at).workings
    except DayNotKnown:
        return []
    with in_memory() as memory:
        memory.register("weeks", workings["weeks"])
        memory.register("paid", receipts_for([line_id], from_week=first).select(["week", "amount_pence"]))
        memory.register("asked", pa.table({"line_id": [line_id]}))
        rows = memory.sql(DRAWN).fetchall()
    return [WeekDrawn(*row) for row in rows[-WEEKS:]]


DRAWN = f"""
    WITH told AS (
        SELECT week, own_planned_parts::HUGEINT AS planned, own_claimed_parts::HUGEINT AS claimed, own_tolerance_basis_points AS allowed,
            own_split::HUGEINT * {PARTS_PER_PENNY} AS penny
        FROM weeks SEMI JOIN asked USING (line_id) WHERE own_claimed_parts IS NOT NULL AND own_planned_parts IS NOT NULL
    ),
    sums AS (SELECT week, sum(amount_pence)::BIGINT AS pence FROM paid GROUP BY week)
    SELECT week, ((2 * planned + penny) // (2 * penny))::BIGINT, ((2 * claimed + penny) // (2 * penny))::BIGINT, coalesce(sums.pence, 0),
        ((planned * (10000 - allowed)) // (10000 * penny))::BIGINT,
        ((planned * (10000 + allowed) + 10000 * penny - 1) // (10000 * penny))::BIGINT,
        CASE WHEN planned > 0 THEN ((claimed - planned) * 10000 // planned)::BIGINT END
    FROM told LEFT JOIN sums USING (week) ORDER BY week
"""
