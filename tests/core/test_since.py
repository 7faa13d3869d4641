"""`since` leaves out what was said long ago, but never what still counts: a run of frustrated visits that began before it (PRC-5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from tests.councils.long_ago import SINCE, THROUGH, a_line, frustrated_for, said
from tests.councils.rows import Tables, add, arrow

from almoner.core.calculate import calculate


def paid(tables: Tables, since: date | None) -> dict[date, int]:
    found = calculate(arrow(tables), {}, through=THROUGH, since=since, books=("payments",), workings=False)
    return {row["week"]: row["amount_pence"] for row in found.receipts.to_pylist() if row["week"] >= SINCE}


@pytest.mark.parametrize("days_before", [1, 15, 30, 40, 60, 90, 400])
@pytest.mark.parametrize(
    "delivered", ["never", "before the run", "replaced in the run", "in the run", "at another time in the run", "of a total"]
)
def test_a_run_of_frustrated_visits_is_counted_from_its_first_day(days_before: int, delivered: str) -> None:
    tables = a_line(max_days=days_before + 3)
    first = SINCE - timedelta(days=days_before)
    middle = first + timedelta(days=days_before // 2)
    if delivered == "before the run":
        said(tables, first - timedelta(days=1), "delivered")
    for day in range(days_before + 7):
        said(tables, first + timedelta(days=day), "frustrated")
    if delivered == "replaced in the run":
        said(tables, middle, "delivered", submitted=date(2020, 1, 1))
    if delivered == "in the run":
        said(tables, middle, "delivered", submitted=date(2030, 1, 1))
    if delivered == "at another time in the run":
        said(tables, middle, "extra", at=time(21))
    if delivered == "of a total":
        monday = middle - timedelta(days=middle.weekday())
        add(
            tables,
            "actuals",
            line_id="L1",
            date=monday,
            kind="week",
            outcome="delivered",
            delivered_minutes=60,
            submitted_at=datetime(2026, 5, 1),
        )
    whole = paid(tables, None)
    assert whole
    assert paid(tables, SINCE) == whole


def test_days_beyond_the_most_are_not_paid_however_long_ago_the_run_began() -> None:
    assert paid(frustrated_for(60, max_days=63), SINCE) == {SINCE: 3 * 10_00}
