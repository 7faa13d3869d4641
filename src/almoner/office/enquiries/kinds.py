"""What a query can be about: whom it goes to, and what it asks to be told."""

from __future__ import annotations

from dataclasses import dataclass

PAYMENTS_TEAM, BROKERAGE, DUTY_TEAM, FINANCE_TEAM = "payments team", "brokerage", "duty team", "finance team"
WORKING_DAYS_TO_ANSWER = 5
DAYS_UNTIL_CLOSED = 28
"""An answered query without a reply closes by itself; it can be opened again."""
MOST_CHARACTERS = 7_500


@dataclass(frozen=True)
class Kind:
    """One type of query. `team`: who answers (`duty team` = that of the person's area). `becomes`: the fact it turns into when it is
    accepted; empty for a question that is only answered. `dates`: how many dates it is asked for; `count`: whether a number; `side`: who
    asks it."""

    words: str
    team: str
    becomes: str = ""
    dates: int = 0
    count: bool = False
    side: str = "provider"


KINDS: dict[str, Kind] = {
    "actuals": Kind("Actuals", PAYMENTS_TEAM),
    "held_payment": Kind("A held payment", PAYMENTS_TEAM, becomes="release"),
    "payment": Kind("A payment", PAYMENTS_TEAM),
    "remittance": Kind("A remittance", PAYMENTS_TEAM),
    "rate": Kind("A rate", BROKERAGE),
    "death": Kind("Someone has died", DUTY_TEAM, becomes="death", dates=1),
    "absence": Kind("Hospital or another absence", DUTY_TEAM, becomes="absence", dates=2),
    "dates": Kind("A line's last day", BROKERAGE, dates=1),
    "instalments": Kind("Paying back by instalments", PAYMENTS_TEAM, becomes="instalments", count=True),
    "invoice": Kind("An invoice", FINANCE_TEAM, side="partner"),
    "invoice_payment": Kind("Payment of an invoice", FINANCE_TEAM, side="partner"),
    "package": Kind("A package", FINANCE_TEAM, side="partner"),
    "claim": Kind("Something else about claims", FINANCE_TEAM, side="partner"),
}
"""By the name that is stored."""


def kinds_for(side: str) -> dict[str, Kind]:
    """The types that one side asks."""
    return {name: kind for name, kind in KINDS.items() if kind.side == side}


def team_for(kind: str, person_team: str) -> str:
    """Who answers a query of this kind about a person of that team: `payments team`, `North duty team`."""
    team = KINDS[kind].team
    return f"{person_team} {DUTY_TEAM}".strip() if team == DUTY_TEAM else team
