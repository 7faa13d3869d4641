"""`almoner explain FOLDER`: why, from the folder alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, rows


@pytest.fixture
def actuals_line(council: Path) -> str:
    """A line with a visit delivered in the week of Monday 26 October."""
    mondays = {row["contract_id"] for row in rows(council / "contracts.csv") if row["week_start"] == "monday"}
    lines = {row["line_id"] for row in rows(council / "lines.csv") if row["contract_id"] in mondays}
    visits = [row for row in rows(council / "actuals.csv") if row["outcome"] == "delivered" and row["start_time"]]
    return next(row["line_id"] for row in visits if "2026-10-26" <= row["date"] <= "2026-11-01" and row["line_id"] in lines)


def test_any_day_of_the_week_will_do(council: Path, actuals_line: str, almoner: Callable[..., Answer]) -> None:
    first = almoner("explain", council, "--line", actuals_line, "--week", "2026-10-26", "--json")
    later = almoner("explain", council, "--line", actuals_line, "--week", "2026-10-30", "--json")
    assert first.status == 0, first.err
    assert first.json == later.json
    assert first.json["week"] == "2026-10-26"
    assert {"LIN-1", "DIF-1"} <= {rule for sentence in first.json["sentences"] for rule in sentence["rules"]}


def test_the_receipts_it_shows_are_those_of_the_calculation(
    council: Path, tmp_path: Path, actuals_line: str, almoner: Callable[..., Answer]
) -> None:
    almoner("calculate", council, "--through", "2026-11-01", "--out", tmp_path / "out")
    told = almoner("explain", council, "--line", actuals_line, "--week", "2026-10-26", "--json").json["receipts"]
    written = [row for row in rows(tmp_path / "out" / "receipts.csv") if row["line_id"] == actuals_line and row["week"] == "2026-10-26"]
    assert [(row["book"], row["amount_pence"]) for row in told] == [(row["book"], int(row["amount"].replace(".", ""))) for row in written]
    assert told


def test_what_is_not_there_is_said_so(council: Path, actuals_line: str, almoner: Callable[..., Answer]) -> None:
    assert "There is no line L0" in almoner("explain", council, "--line", "L0", "--week", "2026-10-26").err
    elsewhere = almoner("explain", council, "--line", actuals_line, "--week", "2025-10-26")
    assert elsewhere.status == 2
    assert "Nothing is said of line" in elsewhere.err


def test_a_folder_needs_a_line_and_a_week(council: Path, almoner: Callable[..., Answer]) -> None:
    answer = almoner("explain", council)
    assert answer.status == 2
    assert "--line" in answer.err


def test_a_receipt_is_looked_for_in_the_database(apart: Callable[..., Answer]) -> None:
    answer = apart("explain", "R-0001.1")
    assert answer.status == 1
    assert "almoner init" in answer.err
