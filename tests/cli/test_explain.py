"""`almoner explain FOLDER`: why, from the folder alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, rows, write_rows


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


def twice_over_tolerance(folder: Path) -> dict[str, str]:
    """Two lines of one person with two providers, both over tolerance in the week of 26 October: `line_id` by provider."""
    people = [{"person_id": "1000000018"}]
    providers = [{"provider_id": name, "name": name, "creditor_reference": name} for name in ("PA", "PB")]
    terms = {"service_type": "home care", "basis": "actuals", "needs_agreement": "no"}
    contracts = [{"contract_id": f"C{p['provider_id']}", "provider_id": p["provider_id"], **terms} for p in providers]
    ready = {"start_date": "2026-10-26", "rate": "24.00", "authorised_on": "2026-10-01", "authorised_by": "a"}
    lines = [{"line_id": f"L{p}", "person_id": "1000000018", "contract_id": f"C{p}", "element": "hours", **ready} for p in ("PA", "PB")]
    visit = {"start_time": "08:00", "planned_minutes": "30", "outcome": "delivered", "submitted_at": "2026-11-02T09:00:00"}
    visits = [
        {"line_id": "LPA", "date": "2026-10-26", "delivered_minutes": "60", **visit},
        {"line_id": "LPB", "date": "2026-10-27", "delivered_minutes": "90", **visit},
    ]
    folder.mkdir()
    for name, told in (("people", people), ("providers", providers), ("contracts", contracts), ("lines", lines), ("actuals", visits)):
        write_rows(folder / f"{name}.csv", told)
    return {"PA": "LPA", "PB": "LPB"}


def test_only_the_holds_that_touch_the_line_are_listed(tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    lines = twice_over_tolerance(tmp_path / "two")
    for provider, amount in (("PA", 2400), ("PB", 3600)):
        answer = almoner("explain", tmp_path / "two", "--line", lines[provider], "--week", "2026-10-26", "--json")
        assert [(row["code"], row["provider_id"], row["amount_pence"]) for row in answer.json["holds"]] == [("TOL", provider, amount)]


def test_a_line_freed_of_a_hold_does_not_list_it(tmp_path: Path, almoner: Callable[..., Answer]) -> None:
    line = twice_over_tolerance(tmp_path / "two")["PA"]
    other = {**rows(tmp_path / "two" / "lines.csv")[0], "line_id": "LPA2"}
    write_rows(tmp_path / "two" / "lines.csv", [*rows(tmp_path / "two" / "lines.csv"), other])
    visits = rows(tmp_path / "two" / "actuals.csv")
    write_rows(tmp_path / "two" / "actuals.csv", [*visits, {**visits[0], "line_id": "LPA2", "start_time": "12:00"}])
    write_rows(
        tmp_path / "two" / "releases.csv",
        [{"code": "TOL", "provider_id": "PA", "line_id": line, "reason": "agreed", "by": "tom", "at": "2026-11-03T09:00:00"}],
    )
    held = {
        asked: almoner("explain", tmp_path / "two", "--line", asked, "--week", "2026-10-26", "--json").json["holds"]
        for asked in (line, "LPA2")
    }
    assert held[line] == []
    assert [(row["code"], row["amount_pence"]) for row in held["LPA2"]] == [("TOL", 2400)]


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
