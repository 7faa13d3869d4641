"""A morning's work for the council's staff: what waits, how much it is, how long it has waited, and what is next to be cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.core.money import pounds
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader
from almoner.office.changes.queries import orders
from almoner.office.enquiries.queries import OPEN, QueryShown, all_queries
from almoner.office.furniture.bars import Bar, bars
from almoner.office.furniture.words import local
from almoner.office.parties.queries import all_accounts
from almoner.office.runs.cut_offs import payment_periods
from almoner.office.runs.hold_rows import TO_DECIDE, hold_rows, total_of
from almoner.office.runs.not_submitted import awaited_weeks, by_provider
from almoner.office.runs.run_register import register

Row = dict[str, Any]
AGES = ((0, 7, "0 to 7 days"), (8, 14, "8 to 14 days"), (15, 30, "15 to 30 days"), (31, 100_000, "Over 30 days"))
MOST_PROVIDERS = 10


@dataclass(frozen=True)
class Card:
    """One thing that waits: how many, how many pence (None where pounds say nothing), since when, and the page to go to."""

    title: str
    count: int
    pence: int | None
    oldest: date | None
    page: str
    do: str


@dataclass(frozen=True)
class Chart:
    """A picture and its table: the finding as its title, the picture or None, headings and rows of the table."""

    title: str
    picture: Any
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Today:
    """All that stands on the page. `first` is the card with most pounds."""

    cards: list[Card]
    first: str
    held: Chart | None
    awaited: Chart | None
    mine: list[Row]
    cut_offs: list[Row]


def today(reader: Reader, at: datetime) -> Today:
    """What waits at a moment, as far as the reader may see its page."""
    cards: list[Card] = []
    held = awaited = None
    holds: list[Row] = []
    weeks: list[Row] = []
    if _sees(reader, "console-holds"):
        holds = [row for row in hold_rows(at) if row["state"] in TO_DECIDE]
        cards.append(_card("Holds", [row["amount"] for row in holds], [row["since"] for row in holds], "console-holds", "Decide holds"))
        held = _held_chart(holds)
    if _sees(reader, "console-actuals"):
        weeks = awaited_weeks(at)
        providers = by_provider(weeks)
        oldest = min((row["oldest"] for row in providers), default=None)
        out = total_of(row["worth"] for row in providers)
        count = sum(row["weeks"] for row in providers)
        cards.append(Card("Weeks not submitted", count, out, oldest, "console-actuals", "Remind providers"))
        awaited = _awaited_chart(providers)
    queries = [one for one in all_queries(at) if one.state in OPEN] if _sees(reader, "console-queries") else []
    cards += _other_cards(reader, queries, at)
    most = max((card for card in cards if card.pence), key=lambda card: card.pence or 0, default=None)
    return Today(cards, most.page if most else "", held, awaited, _mine(reader, holds, queries), _cut_offs(weeks, at) if weeks else [])


def _sees(reader: Reader, page: str) -> bool:
    return may(page, reader.role, "GET")


def _card(title: str, amounts: Sequence[int], since: Sequence[date], page: str, do: str) -> Card:
    return Card(title, len(amounts), total_of(amounts), min(since, default=None), page, do)


def _other_cards(reader: Reader, queries: list[QueryShown], at: datetime) -> list[Card]:
    """Queries, bank details, changes and runs that wait for somebody."""
    cards = []
    if _sees(reader, "console-queries"):
        oldest = min((local(one.opened_at).date() for one in queries), default=None)
        cards.append(Card("Queries due", len(queries), None, oldest, "console-queries", "Answer queries"))
    if _sees(reader, "console-bank-details"):
        waiting = [local(one.recorded_at).date() for one in all_accounts(at) if not one.verified_by]
        cards.append(
            Card("Bank details to check", len(waiting), None, min(waiting, default=None), "console-bank-details", "Check bank details")
        )
    if _sees(reader, "console-changes"):
        changes = [local(one.steps[0].at).date() for one in orders() if one.state == "waiting"]
        cards.append(Card("Changes to authorise", len(changes), None, min(changes, default=None), "console-changes", "Authorise changes"))
    if _sees(reader, "console-runs"):
        runs = [row for row in register() if row["waits"]]
        cards.append(
            _card("Runs in progress", [row["total"] for row in runs], [row["through"] for row in runs], "console-runs", "See runs")
        )
    return cards


def _held_chart(holds: list[Row]) -> Chart | None:
    if not holds:
        return None
    rows = []
    for least, most, words in AGES:
        theirs = [row for row in holds if least <= row["age"] <= most]
        rows.append((words, len(theirs), total_of(row["amount"] for row in theirs), min((row["since"] for row in theirs), default=None)))
    old = total_of([rows[2][2], rows[3][2]])
    title = f"{pounds(old)} has been held for more than 14 days" if old else "Nothing has been held for more than 14 days"
    return Chart(title, bars(title, [Bar(row[0], row[2], pounds(row[2])) for row in rows]), ("Age", "Holds", "Pounds", "Oldest"), rows)


def _awaited_chart(providers: list[Row]) -> Chart | None:
    first = providers[:MOST_PROVIDERS]
    if not first:
        return None
    title = f"{first[0]['provider']} has most to submit: {pounds(first[0]['worth'])} at plan"
    rows: list[tuple[Any, ...]] = [(row["provider"], row["weeks"], row["worth"], row["oldest"]) for row in first]
    picture = bars(title, [Bar(row["provider"], max(row["worth"], 0), pounds(row["worth"])) for row in first])
    return Chart(title, picture, ("Provider", "Weeks", "Pounds", "Oldest"), rows)


def _mine(reader: Reader, holds: list[Row], queries: list[QueryShown]) -> list[Row]:
    """What the reader took on, oldest first."""
    held = [
        {"what": "Hold", "page": "console-hold", "id": row["hold"], "about": row["person"], "pence": row["amount"], "since": row["since"],
         "due": None}
        for row in holds if row["assigned"] == reader.by
    ]  # fmt: skip
    asked = [
        {"what": "Query", "page": "console-query", "id": one.number, "about": f"{one.reference}, {one.words}", "pence": None,
         "since": local(one.opened_at).date(), "due": one.due_on}
        for one in queries if one.assigned_to == reader.by
    ]  # fmt: skip
    mine: list[Row] = [*held, *asked]
    return sorted(mine, key=lambda row: (row["since"], str(row["id"])))


def _cut_offs(weeks: list[Row], at: datetime) -> list[Row]:
    """The next cut-off of every cycle that has weeks out, with what is still out."""
    rows = []
    for cycle in sorted({row["cycle"] for row in weeks}):
        coming = next((period for period in payment_periods(cycle, at) if period.cut_off_at >= at), None)
        theirs = [row for row in weeks if row["cycle"] == cycle and (coming is None or row["week"] <= coming.last_day)]
        if coming is not None:
            out = len({(row["person_id"], row["week"], row["provider_id"]) for row in theirs})
            rows.append(
                {"group": f"{cycle.replace('_', '-').capitalize()} contracts", "cut_off": coming.cut_off_at, "pay_date": coming.pay_date,
                 "out": out, "pence": total_of(row["worth_pence"] for row in theirs)}
            )  # fmt: skip
    return sorted(rows, key=lambda row: row["cut_off"])
