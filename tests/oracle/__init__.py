"""The oracle: every rule of the money again, slowly and plainly, one row at a time, to be compared with the engine.

It shares no code with `almoner.core`; fractions are kept exact and rounded where a rule says so and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.oracle.entitlement import entitlement
from tests.oracle.facts import Facts
from tests.oracle.line_holds import hold_lines
from tests.oracle.receipts import Hold, Receipt, post
from tests.oracle.weeks import line_weeks

BOOKS = ("payments", "claims", "charges")


@dataclass
class Answer:
    """What the rules say.

    receipts  (book, payee, person, line, provider, funder, week, kind, pence), sorted; '' where a book has none
    holds     (code, person, provider, line, week, pence), sorted
    shares    (line, week, funder or '' for the council) -> pence of gross, held money in
    charges   (person, charge week) -> pence the council bills, held money out, before what is sealed
    contributions  the same, by either collector
    rules     how often each rule decided something
    """

    receipts: list[Receipt]
    holds: list[Hold]
    shares: dict[tuple[str, date, str], int]
    charges: dict[tuple[str, date], int]
    contributions: dict[tuple[str, date], int]
    rules: Counter[str]


def oracle(
    tables: dict[str, list[dict[str, Any]]],
    bank_holidays: set[tuple[str, date]],
    through: date,
    as_of: datetime | None = None,
    books: Collection[str] = BOOKS,
) -> Answer:
    """Receipts, holds, shares and charges of a council's facts, every day up to and including `through`."""
    facts = Facts(tables, bank_holidays, through, as_of)
    weeks = [week for line in facts.lines.values() for week in line_weeks(facts, line)]
    hold_lines(facts, weeks)
    lo = entitlement(facts, weeks, held_money_in=False)
    hi = entitlement(facts, weeks, held_money_in=True)
    receipts, holds = post(facts, weeks, lo, hi)
    return Answer([r for r in receipts if r[0] in books], holds, hi.shares, lo.charges, lo.contributions, facts.hits)
