"""A line whose visits are frustrated day after day, from long before the weeks that are paid."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.councils.rows import Tables, add

SINCE = date(2026, 6, 1)
THROUGH = SINCE + timedelta(days=6)
SEVEN = time(7)


def a_line(*, max_days: int) -> Tables:
    """One person, one visit of an hour at seven each day at £20; a frustrated visit is paid half, for so many days."""
    tables: Tables = {}
    add(tables, "people", person_id="P1")
    add(tables, "providers", provider_id="V1", name="Alpha Care", creditor_reference="C1")
    add(tables, "contracts", contract_id="C1", provider_id="V1", service_type="home care", basis="actuals", tolerance_percent=1_000_000)
    add(tables, "rates", contract_id="C1", element="care", unit="hour", rate=200_000, valid_from=date(2020, 4, 6))
    add(tables, "frustration_policy", contract_id="C1", max_days=max_days, percent=5_000, valid_from=date(2020, 4, 6))
    add(
        tables, "lines", line_id="L1", person_id="P1", contract_id="C1", element="care", start_date=date(2020, 4, 6),
        authorised_on=date(2020, 4, 1),
    )  # fmt: skip
    return tables


def said(tables: Tables, day: date, outcome: str, *, at: time | None = SEVEN, submitted: date | None = None) -> None:
    minutes: dict[str, Any] = {"delivered_minutes": 60} if outcome in ("delivered", "extra") else {}
    when = datetime.combine(submitted or day, time(20))
    add(tables, "actuals", line_id="L1", date=day, start_time=at, planned_minutes=60, outcome=outcome, submitted_at=when, **minutes)


def frustrated_for(days: int, *, max_days: int) -> Tables:
    """Frustrated on each of so many days before `SINCE` and all that week, after a delivered visit."""
    tables = a_line(max_days=max_days)
    first = SINCE - timedelta(days=days)
    said(tables, first - timedelta(days=1), "delivered")
    for day in range(days + 7):
        said(tables, first + timedelta(days=day), "frustrated")
    return tables
