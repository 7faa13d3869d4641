"""HLD-1, HLD-2, HLD-3: what stops a whole line and week: AUT, AGR, TOL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.facts import Facts, contract_term, days_in_week, in_hospital, line_term, reported
from tests.oracle.plan import has_timetable, planned_price, planned_visits, quantity_on, quantity_price, timetable_of_week
from tests.oracle.releases import freed_by_reason, released, tolerance_released
from tests.oracle.totals import spread_plan
from tests.oracle.visits import is_visit
from tests.oracle.weeks import LineWeek, has_plan_by_quantity

Group = tuple[str, str, date]  # person, provider, first day of the week


@dataclass
class Compared:
    """Claimed against planned on the compared days of one line and week; exact pence."""

    of: LineWeek
    days: list[date]
    claimed: Fraction
    planned: Fraction


def hold_lines(facts: Facts, weeks: list[LineWeek]) -> None:
    """Set `held` and what each held day keeps on every line and week. A negative one-off is never held (RND-5)."""
    groups: dict[Group, list[LineWeek]] = defaultdict(list)
    for done in weeks:
        if done.negative:
            continue
        done.held = _unready(facts, done)
        groups[(done.line["person_id"], facts.provider_id(done.line), done.week)].append(done)
    for group in groups.values():
        _hold_group(facts, group)


def _unready(facts: Facts, done: LineWeek) -> str | None:
    """LIN-8: not authorised, or not agreed where the contract needs it, by the terms of the week's (or line's) first day."""
    line, contract = done.line, facts.contract(done.line)
    on = max(done.week, line["start_date"])
    if not _done_by(line_term(facts, line, "authorised_on", on), facts.through):
        facts.hit("LIN-8 AUT")
        if not released(facts, "AUT", line, done.week):
            return "AUT"
    if contract_term(facts, contract, "needs_agreement", on) and not _done_by(line_term(facts, line, "agreed_on", on), facts.through):
        facts.hit("LIN-8 AGR")
        if not released(facts, "AGR", line, done.week):
            return "AGR"
    return None


def _done_by(day: date | None, through: date) -> bool:
    return day is not None and day <= through


def _hold_group(facts: Facts, group: list[LineWeek]) -> None:
    """HLD-1 over one person, provider and week."""
    ready = [done for done in group if done.held is None]
    compared = [found for done in ready if (found := _compare(facts, done)) is not None]
    if not compared:
        return
    claimed = sum((c.claimed for c in compared), Fraction(0))
    planned = sum((c.planned for c in compared), Fraction(0))
    contracts = [facts.contract(c.of.line) for c in compared]
    week = group[0].week
    tolerance = min(contract_term(facts, contract, "tolerance_percent", week) for contract in contracts)
    facts.hit("HLD-1 compared")
    if abs(claimed - planned) * 10_000 <= tolerance * planned:
        return
    excess = all(contract_term(facts, contract, "hold", week) == "excess" for contract in contracts)
    facts.hit(f"HLD-1 {'excess' if excess else 'person_week'} {'over' if claimed > planned else 'under'}")
    if excess and claimed < planned:
        return
    if _freed_by_reason(facts, ready, week):
        return
    freed = tolerance_released(facts, [done.line for done in group], week)
    for done in ready:
        if done.line["line_id"] in freed:
            continue
        kept = _kept(done, compared) if excess else {}
        if kept or not excess:
            done.held, done.excess, done.kept_by_day = "TOL", excess, kept


def _freed_by_reason(facts: Facts, group: list[LineWeek], week: date) -> bool:
    listed = {}
    for done in group:
        reasons = contract_term(facts, facts.contract(done.line), "release_reasons", week) or ""
        listed[done.line["contract_id"]] = {reason.strip() for reason in reasons.split(";")} - {""}
    return freed_by_reason(facts, [done.line for done in group], week, listed)


def _kept(done: LineWeek, compared: list[Compared]) -> dict[date, Fraction]:
    """`hold = excess`: a compared line over its plan keeps plan ÷ claim of each compared day."""
    over = [found for found in compared if found.of is done and found.claimed > found.planned]
    return {day: found.planned / found.claimed for found in over for day in found.days}


def _compare(facts: Facts, done: LineWeek) -> Compared | None:
    """The two sides of a line's week; None where it is not compared or has no plan."""
    line = done.line
    if facts.basis(line) not in ("actuals", "planned") or done.awaiting:
        return None
    compared_days = [day for day in done.days if not in_hospital(facts, line, day)]
    if len(compared_days) < len(done.days):
        facts.hit("HLD-1 hospital days left out")
    planned = _planned_value(facts, done, compared_days)
    if planned is None:
        facts.hit("HLD-1 no plan")
        return None
    claimed = sum((cost.exact for cost in done.costs if cost.day in compared_days), Fraction(0))
    return Compared(done, compared_days, claimed, planned)


def _planned_value(facts: Facts, done: LineWeek, compared_days: list[date]) -> Fraction | None:
    """The plan's worth on those days: the timetable, else the quantity, else the planned minutes reported; None without."""
    line = done.line
    if has_timetable(facts, line):
        if not timetable_of_week(facts, line, done.week):
            return None
        slots = [(day, slot) for day in compared_days for slot in planned_visits(facts, line, day)]
        return sum((planned_price(facts, line, day, s["minutes"], s["carers"] or 1)[0] for day, s in slots), Fraction(0))
    if has_plan_by_quantity(facts, line, done.week):
        return sum((quantity_price(facts, line, day)[0] for day in compared_days if quantity_on(facts, line, day)), Fraction(0))
    return _reported_plan(facts, done, compared_days)


def _reported_plan(facts: Facts, done: LineWeek, compared_days: list[date]) -> Fraction | None:
    """The planned minutes that rows in the line's dates carry themselves, extras apart; None when none carries any."""
    line = done.line
    in_week = days_in_week(facts, line, done.week)
    rows = [row for row in reported(facts, line, done.week) if row["outcome"] != "extra" and row["planned_minutes"]]
    rows = [row for row in rows if (row["date"] in in_week if is_visit(row) else in_week and row["outcome"] == "delivered")]
    if not rows:
        return None
    facts.hit("HLD-1 planned minutes reported")
    worth = Fraction(0)
    for row in rows:
        if is_visit(row):
            if row["date"] in compared_days:
                worth += planned_price(facts, line, row["date"], row["planned_minutes"], row["carers"] or 1)[0]
            continue
        by_day = spread_plan(facts, line, done.week, row)
        worth += sum((pence for day, pence in by_day.items() if day in compared_days), Fraction(0))
    return worth
