"""Visits: what was reported, which planned visit it names, what it is worth before anyone holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction
from typing import Any

from tests.oracle.facts import Facts, Row, contract_term, latest, reported, valid
from tests.oracle.plan import has_timetable, planned_price, planned_visits, quantity_on, timetable_of_week
from tests.oracle.rates import banded, visit_price


@dataclass
class Visit:
    """One visit, reported or silently planned. `pence` is exact; `codes` are filled by the holds."""

    line: Row
    day: date
    what: str  # delivered, extra, frustrated, planned
    row: Row | None
    pence: Fraction
    rated: bool
    earns: bool
    codes: list[str] = field(default_factory=list)
    held: str | None = None

    @property
    def start(self) -> time | None:
        return None if self.row is None else self.row["start_time"]


def is_visit(row: Row) -> bool:
    return bool(row["kind"] == "visit")


def week_total(facts: Facts, line: Row, week: date) -> Row | None:
    """The total of the line's week, whatever its outcome."""
    totals = [row for row in reported(facts, line, week) if not is_visit(row)]
    return totals[0] if totals else None


def named_visit(facts: Facts, line: Row, row: Row) -> Row | None:
    """PRC-1: the planned visit an actual names by date and start time; with a blank time, the only one of the day."""
    if row["outcome"] == "extra":
        return None
    slots = planned_visits(facts, line, row["date"])
    if row["start_time"] is None:
        if len(slots) == 1:
            facts.hit("LIN-2 a blank start names the only visit")
        return slots[0] if len(slots) == 1 else None
    for slot in slots:
        if slot["start_time"] == row["start_time"]:
            return slot
    return None


def reported_visits(facts: Facts, line: Row, week: date) -> list[Visit]:
    """Every reported visit of the week with its value; missed and cancelled ones are worth nothing."""
    return [reported_visit(facts, line, row) for row in reported(facts, line, week) if is_visit(row)]


def reported_visit(facts: Facts, line: Row, row: Row) -> Visit:
    facts.hit(f"PRC-5 {row['outcome']}")
    if row["outcome"] in ("delivered", "extra"):
        return _delivered(facts, line, row)
    if row["outcome"] == "frustrated":
        return _frustrated(facts, line, row)
    return Visit(line, row["date"], row["outcome"], row, Fraction(0), True, False)


def _delivered(facts: Facts, line: Row, row: Row) -> Visit:
    """PRC-1: minutes banded, then capped at the plan where the contract says so; an extra has no plan."""
    slot = named_visit(facts, line, row)
    extra = row["outcome"] == "extra" or (slot is None and has_timetable(facts, line))
    if extra and row["outcome"] == "delivered":
        facts.hit("LIN-2 a delivered row that names none is an extra")
    plan = None if extra else slot["minutes"] if slot else row["planned_minutes"]
    minutes = row["delivered_minutes"]
    if minutes is not None:
        minutes = banded(facts, line, row["date"], minutes)
        if plan is not None and contract_term(facts, facts.contract(line), "cap_at_planned", row["date"]) and plan < minutes:
            facts.hit("PRC-1 capped at plan")
            minutes = plan
    units = None if row["units"] is None else Fraction(row["units"], 100)
    pence, rated = visit_price(facts, line, row["date"], minutes=minutes, units=units, carers=row["carers"] or 1)
    earns = minutes > 0 if minutes is not None else bool(units)
    return Visit(line, row["date"], "extra" if extra else "delivered", row, pence, rated, earns)


def _frustrated(facts: Facts, line: Row, row: Row) -> Visit:
    """PRC-5: a percent of the plan's price, for so many days in a run."""
    nothing = Visit(line, row["date"], "frustrated", row, Fraction(0), True, False)
    if facts.basis(line) == "planned" and quantity_on(facts, line, row["date"]) is not None:
        return nothing
    slot = named_visit(facts, line, row)
    minutes = slot["minutes"] if slot else row["planned_minutes"]
    if minutes is None:
        facts.hit("PRC-5 frustrated without a plan")
        return nothing
    percent = _frustrated_percent(facts, line, row)
    carers = (slot["carers"] if slot else row["carers"]) or 1
    pence, rated, earns = planned_price(facts, line, row["date"], minutes, carers)
    return Visit(line, row["date"], "frustrated", row, pence * percent, rated, earns and percent > 0)


def _frustrated_percent(facts: Facts, line: Row, row: Row) -> Fraction:
    policies = [p for p in facts.of("frustration_policy", "contract_id", line["contract_id"]) if valid(p, row["date"])]
    exact = [p for p in policies if p["reason"] is not None and p["reason"] == row["reason"]]
    policy = latest(exact) or latest([p for p in policies if p["reason"] is None])
    if policy is None:
        return Fraction(1)
    facts.hit("PRC-5 policy for the reason" if exact else "PRC-5 policy for any reason")
    if policy["max_days"] is not None and frustrated_day(facts, line, row) > policy["max_days"]:
        facts.hit("PRC-5 beyond max_days")
        return Fraction(0)
    return Fraction(policy["percent"], 10_000)


def frustrated_day(facts: Facts, line: Row, row: Row) -> int:
    """Which day of its run a frustrated visit is on: 1 is the run's first. A reported delivered or extra visit ends a run."""
    first: date | None = None
    for other in sorted((r for r in reported(facts, line) if is_visit(r)), key=_in_order):
        if other["outcome"] in ("delivered", "extra"):
            first = None
        if other["outcome"] == "frustrated" and first is None:
            first = other["date"]
        if other is row:
            break
    assert first is not None
    return int((row["date"] - first).days) + 1


def _in_order(row: Row) -> tuple[Any, ...]:
    return (row["date"], row["start_time"] is not None, row["start_time"] or time(0), row["row"])


def silent_visits(facts: Facts, line: Row, week: date) -> list[Visit]:
    """LIN-2: planned visits up to `through` that no actual names; none in a week that has a total."""
    if facts.basis(line) != "planned" or week_total(facts, line, week) is not None:
        return []
    named = [(row["date"], slot["start_time"]) for row in reported(facts, line, week) if (slot := named_visit(facts, line, row))]
    silent = []
    for day, slot in timetable_of_week(facts, line, week):
        if day <= facts.through and (day, slot["start_time"]) not in named:
            pence, rated, earns = planned_price(facts, line, day, slot["minutes"], slot["carers"] or 1)
            facts.hit("LIN-2 silence is as planned")
            silent.append(Visit(line, day, "planned", None, pence, rated, earns))
        elif day <= facts.through:
            facts.hit("LIN-2 an actual replaces the planned visit")
    return silent
