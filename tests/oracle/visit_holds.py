"""HLD-3: what stops a visit or a week's total. A held visit is out of entitlement until released."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle.facts import Facts, Row, died_on, in_hospital, in_own_dates, reported
from tests.oracle.releases import released
from tests.oracle.totals import Total
from tests.oracle.visits import Visit, is_visit, named_visit, reported_visit, week_total


def hold_visit(facts: Facts, visit: Visit, week: date) -> None:
    """Note every code that applies, in the order they are shown, and the first that is not released."""
    if not visit.earns:
        return
    if visit.row is not None:
        _reported_codes(facts, visit, week)
    if visit.what != "frustrated" and in_hospital(facts, visit.line, visit.day):
        visit.codes.append("HOS")
    if not visit.rated:
        visit.codes.append("RAT")
    visit.held = _first_unreleased(facts, visit.line, week, visit.codes)


def _reported_codes(facts: Facts, visit: Visit, week: date) -> None:
    row, died = visit.row, died_on(facts, visit.line)
    assert row is not None
    if row["submitted_at"] is not None and visit.day > row["submitted_at"].date():
        visit.codes.append("FUT")
    if doubled(facts, visit.line, row) or told_before(facts, visit.line, row) or week_total(facts, visit.line, week) is not None:
        visit.codes.append("DUP")
    if died is not None and visit.day > died:
        visit.codes.append("DTH")
    if not in_own_dates(visit.line, visit.day):
        visit.codes.append("DAT")


def hold_total(facts: Facts, line: Row, week: date, total: Total) -> None:
    if not total.by_day and not total.codes:
        return
    future = total.row["submitted_at"] is not None and week > total.row["submitted_at"].date()
    codes = (["FUT"] if future else []) + [code for code in ("DTH", "DAT", "RAT") if code in total.codes]
    total.codes = codes
    total.held = _first_unreleased(facts, line, week, codes)


def _first_unreleased(facts: Facts, line: Row, week: date, codes: list[str]) -> str | None:
    for code in codes:
        facts.hit(f"HLD-3 {code}")
        if not released(facts, code, line, week):
            return code
    return None


# --- one visit over another --------------------------------------------------------------------------------------------


def doubled(facts: Facts, line: Row, row: Row) -> bool:
    """DUP: starts before the latest end of an earlier visit of the same line and date, or of the same carer anywhere."""
    if row["outcome"] not in ("delivered", "extra") or row["start_time"] is None:
        return False
    for other in facts.actuals:
        if other is row or not _timed_care(facts, other) or _order(other) > _order(row) or _ends(other) <= _starts(row):
            continue
        if other["line_id"] == row["line_id"] and other["date"] == row["date"]:
            facts.hit("HLD-3 DUP on one line")
            return True
        if other["carer_id"] is not None and other["carer_id"] == row["carer_id"]:
            facts.hit("HLD-3 DUP one carer in two places")
            return True
    return False


def told_before(facts: Facts, line: Row, row: Row) -> bool:
    """DUP: an earlier row that would pay names the same planned visit; only a blank start time lets two rows stand."""
    slot = named_visit(facts, line, row)
    for other in reported(facts, line):
        if slot is None or not is_visit(other) or other["date"] != row["date"] or other["row"] >= row["row"]:
            continue
        if named_visit(facts, line, other) is slot:
            told = reported_visit(facts, line, other)
            if told.earns and (told.pence > 0 or not told.rated):
                facts.hit("HLD-3 DUP two rows for one planned visit")
                return True
    return False


def _timed_care(facts: Facts, row: Row) -> bool:
    line = facts.lines.get(row["line_id"])
    takes_visits = line is not None and facts.basis(line) in ("actuals", "planned")
    return takes_visits and is_visit(row) and row["outcome"] in ("delivered", "extra") and row["start_time"] is not None


def _starts(row: Row) -> datetime:
    return datetime.combine(row["date"], row["start_time"])


def _ends(row: Row) -> datetime:
    return _starts(row) + timedelta(minutes=row["delivered_minutes"] or 0)


def _order(row: Row) -> tuple[Any, ...]:
    return (_starts(row), row["row"])
