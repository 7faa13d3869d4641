"""What ought to have been paid, claimed and charged, in one state of the holds (HLD-5: `lo` without held money, `hi` with it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.charges import CareByDay, Charge, person_charges
from tests.oracle.facts import Facts, half_up, latest, valid
from tests.oracle.shares import Funding, fund
from tests.oracle.weeks import LineWeek

LineKey = tuple[str, date]


@dataclass
class Entitlement:
    """Pence by the keys of the three books."""

    payments: dict[LineKey, int] = field(default_factory=dict)
    claims: dict[tuple[str, date, str], int] = field(default_factory=dict)
    charges: dict[tuple[str, date], int] = field(default_factory=dict)
    top_ups: dict[tuple[str, str, str, date], int] = field(default_factory=dict)  # payer, person, line, week
    shares: dict[tuple[str, date, str], int] = field(default_factory=dict)  # line, week, funder ('' the council)
    contributions: dict[tuple[str, date], int] = field(default_factory=dict)  # charges by either collector


def entitlement(facts: Facts, weeks: list[LineWeek], *, held_money_in: bool) -> Entitlement:
    """Entitlement of every line and week; money held on a line is in or out as asked."""
    found, care, funded = Entitlement(), {}, {}
    for done in weeks:
        cost_by_day, delivered_by_day = _costs(done, held_money_in)
        funding = fund(facts, done, cost_by_day)
        assert done.negative or funding.gross == funding.council + sum(funding.pence.values())
        care[done.key] = {day: pence * funding.council_part[day] for day, pence in delivered_by_day.items() if pence}
        funded[done.key] = funding
        _add_shares(found, done, funding)
    in_service = weeks if held_money_in else [done for done in weeks if done.held not in ("AUT", "AGR")]
    charges = person_charges(facts, in_service, care)
    _add_charges(found, charges, care)
    for done in weeks:
        _add_payment(facts, found, done, funded[done.key], charges, held_money_in)
    return found


def _held_whole(done: LineWeek, held_money_in: bool) -> bool:
    return done.held is not None and not done.excess and not held_money_in


def _costs(done: LineWeek, held_money_in: bool) -> tuple[dict[date, Fraction], dict[date, Fraction]]:
    """(pence by day, of it care delivered) with held money in or out."""
    cost: dict[date, Fraction] = {}
    delivered: dict[date, Fraction] = {}
    if _held_whole(done, held_money_in):
        return cost, delivered
    for item in done.costs:
        pence = item.pence
        if done.excess and not held_money_in and item.day in done.kept_by_day:
            pence = item.exact * done.kept_by_day[item.day]  # exact, so that the days add up to the plan's own value
        cost[item.day] = cost.get(item.day, Fraction(0)) + pence
        if item.delivered:
            delivered[item.day] = delivered.get(item.day, Fraction(0)) + pence
    return cost, delivered


def _add_shares(found: Entitlement, done: LineWeek, funding: Funding) -> None:
    line_id, week = done.key
    for (_, funder, settlement), pence in funding.pence.items():
        _add(found.shares, (line_id, week, funder), pence)
        if settlement == "claim":
            _add(found.claims, (line_id, week, funder), pence)
    _add(found.shares, (line_id, week, ""), funding.council)


def _add_charges(found: Entitlement, charges: dict[tuple[str, date], Charge], care: CareByDay) -> None:
    for key, charge in charges.items():
        _add(found.charges, key, charge.council)
        _add(found.contributions, key, charge.council + charge.provider)


def _add_payment(
    facts: Facts, found: Entitlement, done: LineWeek, funding: Funding, charges: dict[tuple[str, date], Charge], held_money_in: bool
) -> None:
    """FND-3, CHG-4, CHG-6: gross, less direct shares, less what the provider collects, plus top-ups the council collects."""
    direct = sum(pence for (_, _, settlement), pence in funding.pence.items() if settlement == "direct")
    collected = sum(charge.by_piece.get(done.key, 0) for charge in charges.values())
    top_ups = {} if done.negative or done.awaiting or _held_whole(done, held_money_in) else _top_ups(facts, done)
    for payer, pence in top_ups.items():
        facts.hit("CHG-6 collected by the council")
        _add(found.top_ups, (payer, done.line["person_id"], done.line["line_id"], done.week), pence)
    _add(found.payments, done.key, funding.gross - direct - collected + sum(top_ups.values()))


def _top_ups(facts: Facts, done: LineWeek) -> dict[str, int]:
    """By payer: amount × line days ÷ 7, rounded half up once for the week."""
    exact: dict[str, Fraction] = {}
    rows = facts.of("top_ups", "line_id", done.line["line_id"])
    for payer in {row["payer_id"] for row in rows}:
        for day in done.days:
            row = latest([row for row in rows if row["payer_id"] == payer and valid(row, day)])
            if row is None:
                continue
            if row["collector"] == "provider":
                facts.hit("CHG-6 collected by the provider")
                continue
            exact[payer] = exact.get(payer, Fraction(0)) + Fraction(row["amount_per_week"], 7)
    return {payer: half_up(pence) for payer, pence in exact.items() if half_up(pence)}


def _add(amounts: dict[Any, int], key: Any, pence: int) -> None:
    amounts[key] = amounts.get(key, 0) + pence
