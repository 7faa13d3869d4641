"""FND: who funds a line's week, stretch by stretch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.facts import ONE_DAY, Facts, Row, days, half_up, shared, valid
from tests.oracle.weeks import LineWeek

Share = tuple[int, str, str]  # order, funder, settlement


@dataclass
class Funding:
    """A line's week shared out. `council_part`: by day, the council's exact part of each penny spent that day."""

    gross: int
    pence: dict[Share, int]
    council: int
    council_part: dict[date, Fraction]


def fund(facts: Facts, done: LineWeek, cost_by_day: dict[date, Fraction]) -> Funding:
    """FND-1, FND-2, RND-3 over the days' costs (pence, exact)."""
    gross = half_up(sum(cost_by_day.values(), Fraction(0)))
    if gross != sum(cost_by_day.values(), Fraction(0)):
        facts.hit("RND-2 rounded once a week")
    exact: dict[Share, Fraction] = {}
    listed: dict[Share, tuple[int, int]] = {}
    part: dict[date, Fraction] = {}
    rows = [] if done.negative else facts.of("shares", "line_id", done.line["line_id"])
    for stretch, held in _stretches(facts, done, rows):
        cost = sum((cost_by_day.get(day, Fraction(0)) for day in stretch), Fraction(0))
        taken = _taken(facts, done, stretch, held, cost)
        for row in held:
            share = (row["share_order"], row["funder_id"], row["settlement"])
            listed[share] = min(listed.get(share, (row["share_order"], row["row"])), (row["share_order"], row["row"]))
        for share, amount in taken.items():
            exact[share] = exact.get(share, Fraction(0)) + amount
        council = cost - sum(taken.values(), Fraction(0))
        part.update({day: council / cost for day in stretch if cost})
    order = sorted(exact, key=lambda share: listed[share])
    rest = sum(cost_by_day.values(), Fraction(0)) - sum(exact.values(), Fraction(0))
    if done.negative:
        return Funding(gross, {}, 0, part)
    amounts = shared(gross, [*(exact[share] for share in order), rest])
    if any(exact[share] != pence for share, pence in zip(order, amounts[:-1], strict=True)):
        facts.hit("RND-3 pence shared out")
    return Funding(gross, dict(zip(order, amounts[:-1], strict=True)), amounts[-1], part)


def _stretches(facts: Facts, done: LineWeek, rows: list[Row]) -> list[tuple[list[date], list[Row]]]:
    """FND-2: the week's days up to `through`, cut wherever the share rows change."""
    found: list[tuple[list[date], list[Row]]] = []
    for day in days(done.week, min(done.week + 6 * ONE_DAY, facts.through)):
        held = [row for row in rows if valid(row, _share_day(facts, done, day))]
        if found and [row["row"] for row in found[-1][1]] == [row["row"] for row in held]:
            found[-1][0].append(day)
        else:
            found.append(([day], held))
    if len(found) > 1:
        facts.hit("FND-2 the shares change in the week")
    return found


def _share_day(facts: Facts, done: LineWeek, day: date) -> date:
    return done.line["start_date"] if facts.basis(done.line) == "one_off" else day  # type: ignore[no-any-return]


def _taken(facts: Facts, done: LineWeek, stretch: list[date], rows: list[Row], cost: Fraction) -> dict[Share, Fraction]:
    """FND-1: fixed amounts in order, then percentages of gross in order, none above what remains."""
    left, taken = cost, {}
    fixed = [row for row in rows if row["amount_per_week"] is not None]
    percent = [row for row in rows if row["amount_per_week"] is None and row["percent"] is not None]
    for row in sorted(fixed, key=lambda r: (r["share_order"], r["row"])):
        whole = facts.basis(done.line) == "one_off"
        counted = 7 if whole else sum(day in done.days for day in stretch)
        wanted = Fraction(row["amount_per_week"] * counted, 7)
        facts.hit("FND-1 fixed, whole for a one-off" if whole else "FND-1 fixed")
        left = _take(facts, taken, row, wanted, left)
    for row in sorted(percent, key=lambda r: (r["share_order"], r["row"])):
        facts.hit("FND-1 percent")
        left = _take(facts, taken, row, cost * Fraction(row["percent"], 10_000), left)
    return taken


def _take(facts: Facts, taken: dict[Share, Fraction], row: Row, wanted: Fraction, left: Fraction) -> Fraction:
    amount = min(wanted, left)
    if amount < wanted:
        facts.hit("FND-1 no more than remains")
    if amount:
        facts.hit(f"FND-3 {row['settlement']}")
    share = (row["share_order"], row["funder_id"], row["settlement"])
    taken[share] = taken.get(share, Fraction(0)) + amount
    return left - amount
