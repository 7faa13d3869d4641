"""LIN: what each line earned in each of its weeks, as a list of costs by day, before any hold on the line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.oracle.facts import ONE_DAY, Facts, Row, contract_term, days_in_week, half_up, reported, week_of
from tests.oracle.placements import one_off, paid_days, placement_day
from tests.oracle.plan import quantity_on, quantity_price
from tests.oracle.totals import Total, spread_total
from tests.oracle.visit_holds import hold_total, hold_visit
from tests.oracle.visits import Visit, reported_visits, silent_visits, week_total


@dataclass
class Cost:
    """Money earned on one day: `exact` pence, and `pence` as they enter the week (RND-2: rounded when by visit)."""

    day: date
    exact: Fraction
    pence: Fraction
    delivered: bool  # care delivered (CHG-2); a frustrated visit is not


@dataclass
class LineWeek:
    """One line in one week. `days` are the days that count; `stopped` is pence held on visits, by code."""

    line: Row
    week: date
    costs: list[Cost] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    stopped: dict[str, Fraction] = field(default_factory=dict)
    awaiting: bool = False
    negative: bool = False
    held: str | None = None
    excess: bool = False  # held `TOL`, but only what is over the plan
    kept_by_day: dict[date, Fraction] = field(default_factory=dict)  # then: what of a day's cost is left

    @property
    def key(self) -> tuple[str, date]:
        return (self.line["line_id"], self.week)


def line_weeks(facts: Facts, line: Row) -> list[LineWeek]:
    """Every week of the line up to `through` in which it has a day, an actual or an amount."""
    basis = facts.basis(line)
    if basis == "placement":
        return _placement_weeks(facts, line)
    if basis == "one_off":
        return _one_off_weeks(facts, line)
    contract = facts.contract(line)
    first = min([line["start_date"], *(row["date"] for row in reported(facts, line))])
    week, found = week_of(contract, first), []
    if contract["week_start"] != "monday":
        facts.hit("CAL-2 a week that does not start on Monday")
    while week <= facts.through:
        found.append(_visit_week(facts, line, week))
        week += 7 * ONE_DAY
    return found


def _visit_week(facts: Facts, line: Row, week: date) -> LineWeek:
    """LIN-1, LIN-2, LIN-5, LIN-6."""
    done = LineWeek(line, week)
    done.days = [day for day in days_in_week(facts, line, week) if day <= facts.through]
    if line["end_date"] in done.days:
        facts.hit("CAL-1 the last day is included")
    if week + 6 * ONE_DAY > facts.through and done.days:
        facts.hit("RND-4 a part week")
    by_visit = contract_term(facts, facts.contract(line), "money_rounding", week) == "visit"
    if facts.basis(line) == "actuals" and not reported(facts, line, week):
        facts.hit("LIN-1 awaiting actuals")
        done.awaiting = True
        return done
    facts.hit("LIN-1 submitted" if facts.basis(line) == "actuals" else "LIN-2")
    for visit in [*reported_visits(facts, line, week), *silent_visits(facts, line, week)]:
        hold_visit(facts, visit, week)
        _add_visit(facts, done, visit, by_visit)
    total_row = week_total(facts, line, week)
    if total_row is not None:
        total = spread_total(facts, line, week, total_row)
        hold_total(facts, line, week, total)
        _add_total(done, total)
    elif facts.basis(line) == "planned":
        _add_quantity(facts, done)
    return done


def _add_visit(facts: Facts, done: LineWeek, visit: Visit, by_visit: bool) -> None:
    pence = Fraction(half_up(visit.pence)) if by_visit else visit.pence
    if by_visit and pence != visit.pence:
        facts.hit("RND-2 rounded visit by visit")
    if visit.held is not None:
        done.stopped[visit.held] = done.stopped.get(visit.held, Fraction(0)) + pence
    elif visit.pence:
        done.costs.append(Cost(visit.day, visit.pence, pence, visit.what != "frustrated"))


def _add_total(done: LineWeek, total: Total) -> None:
    if total.held is not None:
        done.stopped[total.held] = done.stopped.get(total.held, Fraction(0)) + total.pence
        return
    done.costs.extend(Cost(day, pence, pence, True) for day, pence in total.by_day.items() if pence)


def _add_quantity(facts: Facts, done: LineWeek) -> None:
    for day in done.days:
        pence, rated = quantity_price(facts, done.line, day)
        if not rated:
            done.stopped.setdefault("RAT", Fraction(0))
            facts.hit("HLD-3 RAT")
        elif pence:
            done.costs.append(Cost(day, pence, pence, True))


def _placement_weeks(facts: Facts, line: Row) -> list[LineWeek]:
    weeks: dict[date, LineWeek] = {}
    for day in paid_days(facts, line):
        week = week_of(facts.contract(line), day)
        done = weeks.setdefault(week, LineWeek(line, week))
        done.days.append(day)
        pence, rated = placement_day(facts, line, day)
        if not rated:
            done.stopped.setdefault("RAT", Fraction(0))
            facts.hit("HLD-3 RAT")
        elif pence:
            done.costs.append(Cost(day, pence, pence, True))
    return [weeks[week] for week in sorted(weeks)]


def _one_off_weeks(facts: Facts, line: Row) -> list[LineWeek]:
    earned = one_off(facts, line)
    if earned is None:
        return []
    week, pence, rated = earned
    done = LineWeek(line, week, days=[line["start_date"]], negative=pence < 0)
    if not rated:
        done.stopped["RAT"] = Fraction(0)
        facts.hit("HLD-3 RAT")
    if pence:
        done.costs.append(Cost(line["start_date"], pence, pence, True))
    return [done]


def has_plan_by_quantity(facts: Facts, line: Row, week: date) -> bool:
    """Whether a quantity stands on any of the line's days in the week; a quantity of nought is a plan worth nothing."""
    return any(quantity_on(facts, line, day) is not None for day in days_in_week(facts, line, week))
