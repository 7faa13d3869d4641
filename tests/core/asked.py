"""A little council of which explanations are asked: one person, one provider, visits each day of a week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.councils.rows import Tables, add, arrow

from almoner.core.calculate import Outcome, calculate
from almoner.core.explain import explain_week

MONDAY = date(2026, 6, 1)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TOLD_AT = datetime(2026, 6, 8, 9, 14)


def a_council(*, visits: list[tuple[str, int]], contract: dict[str, Any] | None = None) -> Tables:
    """One person, one line, the same visits each day at £24.60 an hour."""
    tables: Tables = {}
    add(tables, "people", person_id="P1")
    add(tables, "providers", provider_id="V1", name="Alpha Care", creditor_reference="C1")
    add(tables, "contracts", contract_id="C1", provider_id="V1", service_type="home care", **{"basis": "actuals", **(contract or {})})
    add(tables, "rates", contract_id="C1", element="care", unit="hour", rate=246_000, valid_from=date(2026, 4, 6))
    add(
        tables,
        "lines",
        line_id="L1",
        person_id="P1",
        contract_id="C1",
        element="care",
        start_date=date(2026, 4, 6),
        authorised_on=date(2026, 4, 1),
    )
    for weekday in DAYS:
        for start, minutes in visits:
            add(
                tables,
                "schedule",
                line_id="L1",
                weekday=weekday,
                start_time=time.fromisoformat(start),
                minutes=minutes,
                valid_from=date(2026, 4, 6),
            )
    return tables


def another_line(tables: Tables, line: str, minutes: int, **cells: Any) -> None:
    """A second line of the same person and contract: one visit on each weekday at 14:00."""
    first = {name: cell for name, cell in tables["lines"][0].items() if name != "row"}
    add(tables, "lines", **{**first, "line_id": line, **cells})
    for weekday in DAYS:
        add(tables, "schedule", line_id=line, weekday=weekday, start_time=time(14), minutes=minutes, valid_from=date(2026, 4, 6))


def told(tables: Tables, day: int, start: str, minutes: int | None, *, line: str = "L1", **cells: Any) -> None:
    """A visit reported on the `day`th day of the week (0 = Monday)."""
    when = MONDAY + timedelta(days=day)
    add(
        tables,
        "actuals",
        line_id=line,
        date=when,
        start_time=time.fromisoformat(start),
        delivered_minutes=minutes,
        submitted_at=TOLD_AT,
        **cells,
    )


def run(tables: Tables) -> Outcome:
    return calculate(arrow(tables), {}, through=MONDAY + timedelta(days=6))


def sentences(tables: Tables, *changes: str, line: str = "L1") -> list[str]:
    outcome = run(tables)
    days = [d for d in outcome.workings.to_pylist() if d["line_id"] == line and d["week"] == MONDAY]
    weeks = [w for w in outcome.weeks.to_pylist() if w["line_id"] == line and w["week"] == MONDAY]
    return [s.text for s in explain_week(days, weeks[0], changes)]
