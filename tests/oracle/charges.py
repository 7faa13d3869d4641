"""CHG: what the person pays, by charge week (Monday to Sunday), in one state of the holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.facts import Facts, Row, contract_term, days, died_on, in_hospital, latest, line_term, monday_of, shared, valid
from tests.oracle.weeks import LineWeek

COLLECTORS = ("council", "provider")
Piece = tuple[str, date]  # a line's own week within one charge week
CareByDay = dict[tuple[str, date], dict[date, Fraction]]  # (line, week) -> the council's part of delivered care, by day


@dataclass
class Charge:
    """A person's charge for one week, split by who collects it; the provider's part by piece."""

    council: int = 0
    provider: int = 0
    by_piece: dict[Piece, int] = field(default_factory=dict)


def charge_week(facts: Facts, person: Row, monday: date, weeks: list[LineWeek], care: CareByDay) -> Charge:
    """CHG-1, CHG-4: the lower of contribution and chargeable cost. `weeks` are those whose days carry a contribution."""
    contribution = _contribution(facts, person, monday, weeks)
    pieces = _pieces(facts, monday, weeks, care)
    assessed, cost = int(sum(contribution.values(), Fraction(0))), sum(pieces.values())
    if assessed and cost:
        facts.hit("CHG-1 the contribution is lower" if assessed < cost else "CHG-1 the cost is lower")
    whole = min(assessed, cost)
    if not whole:
        return Charge()
    weight = sum(contribution.values(), Fraction(0))
    council, provider = shared(whole, [whole * contribution[who] / weight for who in COLLECTORS])
    if council and provider:
        facts.hit("CHG-4 split between collectors")
    facts.hit("CHG-4 collected by the provider" if provider else "CHG-4 collected by the council")
    order = sorted(pieces)
    parts = shared(provider, [Fraction(provider * pieces[piece], cost) for piece in order])
    return Charge(council, provider, dict(zip(order, parts, strict=True)))


def _charge_days(facts: Facts, monday: date) -> list[date]:
    return days(monday, min(monday + timedelta(days=6), facts.through))


def _contribution(facts: Facts, person: Row, monday: date, weeks: list[LineWeek]) -> dict[str, Fraction]:
    """Exact pence by collector: a seventh of the assessed contribution for each day a chargeable line is in service."""
    found = dict.fromkeys(COLLECTORS, Fraction(0))
    for day in _charge_days(facts, monday):
        row = latest([r for r in facts.of("contributions", "person_id", person["person_id"]) if valid(r, day)])
        in_service = any(day in done.days and _chargeable(facts, done, day) for done in weeks)
        if row is not None and in_service:
            if any(facts.basis(done.line) == "placement" and in_hospital(facts, done.line, day) for done in weeks if day in done.days):
                facts.hit("CHG-3 the contribution goes on in hospital")
            found[row["collector"]] += Fraction(row["amount_per_week"], 7)
    return found


def _chargeable(facts: Facts, done: LineWeek, day: date) -> bool:
    """CHG-2: chargeable by its terms that day, not exempt, not too long after a death."""
    line = done.line
    if done.negative:
        return False
    if not line_term(facts, line, "chargeable", day):
        facts.hit("CHG-2 not chargeable")
        return False
    exempt = line_term(facts, line, "exempt_reason", day)
    if exempt == "reablement" and day < line["start_date"] + timedelta(days=42):
        facts.hit("CHG-2 reablement")
        return False
    if exempt not in (None, "reablement"):
        facts.hit("CHG-2 exempt")
        return False
    died = died_on(facts, line)
    if died is None or day <= died:
        return True
    facts.hit("CHG-1 after the death")
    charged_after = contract_term(facts, facts.contract(line), "days_charged_after_death", died)
    return facts.basis(line) == "placement" and (day - died).days <= charged_after


def _pieces(facts: Facts, monday: date, weeks: list[LineWeek], care: CareByDay) -> dict[Piece, int]:
    """Chargeable cost in whole pence, each piece rounded down."""
    pieces: dict[Piece, int] = {}
    charge_days = _charge_days(facts, monday)
    for done in weeks:
        by_day = care.get(done.key, {})
        exact = sum((by_day[day] for day in charge_days if day in by_day and _chargeable(facts, done, day)), Fraction(0))
        if int(exact):
            pieces[done.key] = int(exact)
    return pieces


def person_charges(facts: Facts, weeks: list[LineWeek], care: CareByDay) -> dict[tuple[str, date], Charge]:
    """Every person's charge weeks in one state of the holds."""
    found = {}
    for person_id, person in facts.people.items():
        own = [done for done in weeks if done.line["person_id"] == person_id]
        mondays = {monday_of(day) for done in own for day in [*done.days, *care.get(done.key, {})]}
        for monday in sorted(mondays):
            charge = charge_week(facts, person, monday, own, care)
            if charge.council or charge.provider:
                found[(person_id, monday)] = charge
    return found
