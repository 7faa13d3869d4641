"""A morning's work for the council's staff: what waits, how much it is, how long it has waited, and what is next to be cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from almoner.core.money import pounds
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader
from almoner.office.changes.queries import orders
from almoner.office.claims.disputes import dispute_rows
from almoner.office.enquiries.queries import OPEN, QueryShown, all_queries
from almoner.office.furniture.bars import Bar, bars
from almoner.office.furniture.words import clock, day, local
from almoner.office.journal.queries import last_act, last_of
from almoner.office.parties.queries import all_accounts
from almoner.office.records.queries import facts_head
from almoner.office.runs.cut_offs import payment_periods
from almoner.office.runs.hold_rows import TO_DECIDE, hold_rows, total_of
from almoner.office.runs.holds import HoldShown
from almoner.office.runs.not_submitted import Awaited, awaited, by_provider
from almoner.office.runs.run_register import register

Row = dict[str, Any]
AGES = ((0, 7, "0 to 7 days"), (8, 14, "8 to 14 days"), (15, 30, "15 to 30 days"), (31, 100_000, "Over 30 days"))
MOST_PROVIDERS = 10
CLEARS = {
    "Holds": ("release_hold", "release_holds", "uphold_hold", "uphold_holds", "draft_run", "seal_run"),
    "Weeks not submitted": ("submit_actuals", "import"),
    "Queries due": ("answer_query", "accept_query", "close_query"),
    "Bank details to check": ("verify_bank_details", "send_back_bank_details"),
    "Changes to authorise": ("a change",),
    "Settings to authorise": ("a setting",),
    "Disputes": ("agree_claims", "settle_claim"),
    "Runs in progress": ("settle_run", "discard_run", "discard_draft"),
}
"""By card the acts of the journal that take something off it; changes and settings are told apart by their orders."""


@dataclass(frozen=True)
class Card:
    """One thing that waits: how many, how many pence (None where pounds say nothing), since when, and the page to go to; of what does not
    wait, when it was last `cleared`, in words."""

    title: str
    count: int
    pence: int | None
    oldest: date | None
    page: str
    do: str
    cleared: str = ""


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


@dataclass(frozen=True)
class _Waiting:
    """Everything that waits, whoever looks."""

    holds: list[Row]
    weeks: list[Row]
    providers: list[Row]
    queries: list[QueryShown]
    accounts: list[date]
    changes: list[date]
    settings: list[date]
    runs: list[Row]
    cut_offs: list[Row]
    disputes: list[Row]
    done: dict[str, datetime]


_KEPT: dict[str, tuple[tuple[object, ...], _Waiting]] = {}


def today(reader: Reader, at: datetime) -> Today:
    """What waits at a moment, as far as the reader may see its page."""
    waiting = _waiting(at)
    cards = _cards(reader, waiting, at)
    most = max((card for card in cards if card.pence), key=lambda card: card.pence or 0, default=None)
    holds = waiting.holds if _sees(reader, "console-holds") else []
    queries = waiting.queries if _sees(reader, "console-queries") else []
    sees_weeks = _sees(reader, "console-actuals")
    return Today(
        cards, most.page if most else "", _held_chart(holds), _awaited_chart(waiting.providers) if sees_weeks else None,
        _mine(reader, holds, queries), waiting.cut_offs if sees_weeks else [],
    )  # fmt: skip


def _waiting(at: datetime) -> _Waiting:
    """What waits, remembered in this process until something is recorded or done, or the day ends: the journal has a line of every act."""
    database = str(connection.settings_dict["NAME"])
    key = (facts_head(), last_act(), local(at).date())
    kept = _KEPT.get(database)
    if kept is None or kept[0] != key:
        _KEPT.clear()
        kept = _KEPT[database] = (key, _gathered(at))
    return kept[1]


def _gathered(at: datetime) -> _Waiting:
    waiting = awaited(at)
    weeks = waiting.rows
    every = orders()
    changes = [(local(one.steps[0].at).date(), one.is_setting) for one in every if one.state == "waiting"]
    decided = sorted((one.steps[-1].at, "a setting" if one.is_setting else "a change") for one in every if one.state != "waiting")
    return _Waiting(
        holds=[row for row in hold_rows(at) if row["state"] in TO_DECIDE],
        weeks=weeks,
        providers=by_provider(weeks),
        queries=[one for one in all_queries(at) if one.state in OPEN],
        accounts=[local(one.recorded_at).date() for one in all_accounts(at) if not one.verified_by],
        changes=[day for day, is_setting in changes if not is_setting],
        settings=[day for day, is_setting in changes if is_setting],
        runs=[row for row in register() if row["waits"]],
        cut_offs=_cut_offs(waiting, at),
        disputes=dispute_rows(at),
        done=last_of(act for several in CLEARS.values() for act in several) | {what: at for at, what in decided},
    )


def _cards(reader: Reader, waiting: _Waiting, at: datetime) -> list[Card]:
    """The cards of the pages that the reader may see, in the order of a morning's work."""
    holds, runs, providers = waiting.holds, waiting.runs, waiting.providers
    oldest_week = min((row["oldest"] for row in providers), default=None)
    asked = [local(one.opened_at).date() for one in waiting.queries]
    count = sum(row["weeks"] for row in providers)
    every = (
        _card("Holds", [row["amount"] for row in holds], [row["since"] for row in holds], "console-holds", "Decide holds"),
        Card("Weeks not submitted", count, total_of(row["worth"] for row in providers), oldest_week, "console-actuals", "Remind providers"),
        Card("Queries due", len(asked), None, min(asked, default=None), "console-queries", "Answer queries"),
        _dated("Bank details to check", waiting.accounts, "console-bank-details", "Check bank details"),
        _dated("Changes to authorise", waiting.changes, "console-changes", "Authorise changes"),
        _dated("Settings to authorise", waiting.settings, "console-settings", "Authorise settings"),
        _card(
            "Disputes",
            [row["disputed_pence"] for row in waiting.disputes],
            [row["since"] for row in waiting.disputes],
            "console-claims",
            "Settle disputes",
        ),
        _card("Runs in progress", [row["total"] for row in runs], [row["through"] for row in runs], "console-runs", "See runs"),
    )
    return [replace(card, cleared=_cleared(card, waiting.done, at)) for card in every if _sees(reader, card.page)]


def _cleared(card: Card, done: dict[str, datetime], at: datetime) -> str:
    """When the last act that takes something off a card was done: `today, 9:20am`. Empty where something waits, or nothing ever did."""
    last = max((done[act] for act in CLEARS[card.title] if act in done), default=None)
    if card.count or last is None:
        return ""
    when = local(last)
    return f"{'today' if when.date() == local(at).date() else f'on {day(when.date())}'}, {clock(when)}"


def _dated(title: str, since: Sequence[date], page: str, do: str) -> Card:
    return Card(title, len(since), None, min(since, default=None), page, do)


def _sees(reader: Reader, page: str) -> bool:
    return may(page, reader.role, "GET")


def _card(title: str, amounts: Sequence[int], since: Sequence[date], page: str, do: str) -> Card:
    return Card(title, len(amounts), total_of(amounts), min(since, default=None), page, do)


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


def _is_answered(row: Row) -> bool:
    """Whether the provider was asked about a hold and answered, so that somebody can decide."""
    found: HoldShown = row["found"]
    return found.state == "open" and bool(found.asked_by and found.said)


def _mine(reader: Reader, holds: list[Row], queries: list[QueryShown]) -> list[Row]:
    """What the reader took on, and what a provider answered them, oldest first."""
    held = [
        {"what": "Hold, answered" if _is_answered(row) else "Hold", "page": "console-hold", "id": row["hold"], "about": row["person"],
         "pence": row["amount"], "since": row["since"], "due": None}
        for row in holds if row["assigned"] == reader.by or (_is_answered(row) and row["found"].asked_by == reader.by)
    ]  # fmt: skip
    asked = [
        {"what": "Query", "page": "console-query", "id": one.number, "about": f"{one.reference}, {one.words}", "pence": None,
         "since": local(one.opened_at).date(), "due": one.due_on}
        for one in queries if one.assigned_to == reader.by
    ]  # fmt: skip
    mine: list[Row] = [*held, *asked]
    return sorted(mine, key=lambda row: (row["since"], str(row["id"])))


def _cut_offs(waiting: Awaited, at: datetime) -> list[Row]:
    """The next cut-off of every cycle that has ended weeks unpaid: how much of them was submitted, and what is still out."""
    rows = []
    for cycle, unpaid in sorted(waiting.unpaid.items()):
        coming = next((period for period in payment_periods(cycle, at) if period.cut_off_at >= at), None)
        theirs = [row for row in waiting.rows if row["cycle"] == cycle]
        if coming is not None:
            rows.append(
                {"group": f"{cycle.replace('_', '-').capitalize()} contracts", "cut_off": coming.cut_off_at, "pay_date": coming.pay_date,
                 "submitted": f"{(unpaid - len(theirs)) * 100 // unpaid}%", "out": len({(row["person_id"], row["week"]) for row in theirs}),
                 "pence": total_of(row["worth_pence"] for row in theirs)}
            )  # fmt: skip
    return sorted(rows, key=lambda row: row["cut_off"])
