"""What a change does: to past weeks, to a week from now on, and to the next payments. Worked out once and remembered while nothing is
recorded or sealed, so that a page can be sorted, downloaded and sent without working it out again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from django.db import DEFAULT_DB_ALIAS, connection, connections

from almoner.core.memory import in_memory
from almoner.core.tables import HOLDS
from almoner.office.changes.facts import proposed
from almoner.office.changes.kinds import Order
from almoner.office.changes.proposal import Proposed
from almoner.office.furniture.words import local
from almoner.office.records.queries import facts_head
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.effects import WEEKS, Effect, effect_of
from almoner.office.runs.next_payment import NextDifference, NextPayment, next_differences, next_payments
from almoner.office.runs.queries import last_event, total_pence
from almoner.office.runs.refusals import DaysNotKnown
from almoner.office.runs.weekly_cost import COST, weekly_cost

MOST = 16
"""Changes remembered at a time; the one not asked for longest is forgotten."""
BRIEFLY = 1.0
"""Seconds that an answer waits for work that may be short."""
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Consequence:
    """`facts`: what would be recorded; `effect`: what it does to past weeks; `weekly` (`weekly_cost.COST`): the first whole week from
    `from_day` on, as planned; `limit_of_week`: the council's limit of what such a change adds to a week."""

    facts: Proposed
    effect: Effect
    weekly: pa.Table
    from_day: date

    @property
    def told(self) -> dict[str, int]:
        """What is kept of it with each step: pence by book, how many weeks move, and what a week from now on costs the council more;
        of a calendar how many periods move."""
        weeks = len(pc.unique(self.effect.weeks.column("week")))
        moved = {"periods": len(self.facts.periods)} if self.facts.periods else {}
        return {**self.effect.totals, "weeks": weeks, "week_payments": self.weekly_pence("payments"), **moved}

    @property
    def payees(self) -> list[str]:
        """The providers whose payments of past weeks move."""
        paid = self.effect.weeks.filter(pc.equal(self.effect.weeks.column("book"), "payments"))
        found: list[str] = sorted(set(paid.column("payee_id").to_pylist()))
        return found

    def weekly_pence(self, book: str) -> int:
        """By how much a week from now on differs in a book."""
        return total_pence(self.weekly.filter(pc.equal(self.weekly.column("book"), book)), "difference_pence")

    def books(self) -> list[dict[str, object]]:
        """By book: what past weeks differ by, and a week from now on before and after, in pence; only books that something moves in."""
        with in_memory() as memory:
            memory.register("weeks", self.effect.weeks.select(["book", "difference_pence"]))
            memory.register("weekly", self.weekly.select(["book", "before_pence", "after_pence", "difference_pence"]))
            rows: list[dict[str, object]] = (
                memory.sql(
                    """
                SELECT book, CAST(sum(past_pence) AS BIGINT) AS past_pence, CAST(sum(before_pence) AS BIGINT) AS before_pence,
                    CAST(sum(after_pence) AS BIGINT) AS after_pence, CAST(sum(week_pence) AS BIGINT) AS week_pence
                FROM (
                    SELECT book, difference_pence AS past_pence, 0 AS before_pence, 0 AS after_pence, 0 AS week_pence FROM weeks
                    UNION ALL SELECT book, 0, before_pence, after_pence, difference_pence FROM weekly
                )
                GROUP BY book
                HAVING bool_or(past_pence <> 0 OR week_pence <> 0)
                ORDER BY CASE book WHEN 'payments' THEN 1 WHEN 'claims' THEN 2 ELSE 3 END
                """
                )
                .to_arrow_table()
                .to_pylist()
            )
        return rows

    def by_line(self) -> dict[str, dict[str, int]]:
        """By line what payments of past weeks differ by and what a week from now on costs, before and after, in pence."""
        with in_memory() as memory:
            memory.register("weeks", self.effect.weeks)
            memory.register("weekly", self.weekly)
            rows = (
                memory.sql(
                    """
                SELECT line_id, CAST(sum(past_pence) AS BIGINT) AS past_pence, CAST(sum(before_pence) AS BIGINT) AS before_pence,
                    CAST(sum(after_pence) AS BIGINT) AS after_pence
                FROM (
                    SELECT line_id, difference_pence AS past_pence, 0 AS before_pence, 0 AS after_pence FROM weeks
                    WHERE book = 'payments'
                    UNION ALL SELECT line_id, 0, before_pence, after_pence FROM weekly WHERE book = 'payments'
                )
                GROUP BY line_id
                """
                )
                .to_arrow_table()
                .to_pylist()
            )
        return {row.pop("line_id"): row for row in rows}


_KEPT: OrderedDict[tuple[object, ...], Consequence] = OrderedDict()
_WORKING: dict[tuple[object, ...], Future[None]] = {}
_LOCK = threading.Lock()
_DESK = ThreadPoolExecutor(max_workers=1, thread_name_prefix="consequences")
"""One at a time: a change of many lines takes all the cores there are, and the memory of as many people as it touches."""


def consequence_of(change: Order, at: datetime) -> Consequence:
    """What a change would record and do if it were now. Writes nothing. Raises the refusals of `facts.proposed`, and DaysNotKnown."""
    key = _key(change, at)
    with _LOCK:
        kept = _KEPT.get(key)
    if kept is None:
        kept = _worked_out(change, at)
        with _LOCK:
            _KEPT[key] = kept
            while len(_KEPT) > MOST:
                _KEPT.popitem(last=False)
    return kept


def is_ready(change: Order, at: datetime) -> bool:
    """Whether what a change does is worked out, or was within a moment; else it is worked out beside the answer, and asked for again.

    Nothing is written by it, so that looking is enough to begin. Raises what `consequence_of` would.
    """
    key = _key(change, at)
    with _LOCK:
        if key in _KEPT:
            return True
        work = _WORKING.get(key)
        if work is None:
            work = _WORKING[key] = _DESK.submit(_work, change, at)
    try:
        work.result(timeout=BRIEFLY)
    except TimeoutError:
        return False
    finally:
        with _LOCK:
            if work.done():
                _WORKING.pop(key, None)
    return True


def _work(change: Order, at: datetime) -> None:
    try:
        consequence_of(change, at)
    finally:
        connections.close_all()
        del connections[DEFAULT_DB_ALIAS]


def payments_after(found: Consequence, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[NextPayment]:
    """What it does to the next payment of each provider whose past weeks it moves."""
    try:
        return next_payments(found.effect, at=at, rules=rules)
    except DaysNotKnown:
        return []


def differences_after(found: Consequence, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[NextDifference]:
    """By how much it changes the next payment of each provider, where there are too many to work out all that is in them."""
    try:
        return next_differences(found.effect, at=at, rules=rules)
    except DaysNotKnown:
        return []


def _key(change: Order, at: datetime) -> tuple[object, ...]:
    head = last_event()
    return (str(connection.settings_dict["NAME"]), facts_head(), head.hash if head else "", local(at).date(), change)


def _worked_out(change: Order, at: datetime) -> Consequence:
    found = proposed(change, at)
    today = local(at).date()
    through, from_day = today - ONE_DAY, max(today + ONE_DAY, change.on or today)
    nothing = Effect(WEEKS.empty_table(), {}, HOLDS.empty_table())
    if not found.people or found.from_week + WEEK > through:
        effect = nothing
    else:
        effect = effect_of(found.people, found.tables, from_week=found.from_week, through=through, at=at)
    try:
        weekly = weekly_cost(found.people, found.tables, from_day=from_day, at=at)
    except DaysNotKnown:
        weekly = COST.empty_table()
    return Consequence(found, effect, weekly, from_day)
