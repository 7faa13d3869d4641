"""What must hold whatever the facts: how often and in what order one pays changes nothing, and no penny appears or vanishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.councils import BANK_HOLIDAYS, BATCH, Council, Window, generate
from tests.councils.batch import merged
from tests.councils.history import seal
from tests.councils.rows import Tables, arrow, bank_holiday_table
from tests.property.compared import by_engine, engine_by_council, run_engine

from almoner.core.calculate import Outcome, calculate
from almoner.core.tables import BOOKS

BATCHES = (1, 4)


@cache
def councils(batch: int) -> list[Council]:
    return [generate(seed) for seed in range(batch * BATCH, (batch + 1) * BATCH)]


def whole(batch: int, *, sealed: bool = True) -> tuple[Tables, Window]:
    """The batch as one council; without what was sealed before when asked."""
    tables = merged({council.seed: council.tables for council in councils(batch)})
    return tables if sealed else {**tables, "prior_receipts": []}, councils(batch)[0].window


def run_and_seal(tables: Tables, window: Window, through: date) -> Outcome:
    outcome = run_engine(tables, replace(window, through=through), workings=True)
    seal(tables, [tuple(row.values()) for row in outcome.receipts.to_pylist()])
    return outcome


def sealed_by_key(tables: Tables) -> Counter[tuple[Any, ...]]:
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in tables["prior_receipts"]:
        sums[tuple(row[name] for name in ("book", "payee_id", "person_id", "line_id", "funder_id", "week"))] += row["amount"]
    return sums


def steady_keys(outcome: Outcome) -> set[tuple[Any, ...]]:
    """Keys nothing is held of: what is owed does not depend on what was sealed."""
    return {_key(row) for row in outcome.entitlement.to_pylist() if row["lo_pence"] == row["hi_pence"] == row["posted_pence"]}


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] or None for name in ("book", "payee_id", "person_id", "line_id", "funder_id", "week"))


@pytest.mark.parametrize("batch", BATCHES)
def test_cutting_the_time_changes_nothing(batch: int) -> None:
    """Day by day, every few days or in one go: the same sums, wherever nothing is held."""
    totals = []
    for step in (1, 3, None):
        tables, window = whole(batch, sealed=False)
        start = window.through - timedelta(days=5)
        for n in range(0, 5, step) if step else ():
            run_and_seal(tables, window, start + timedelta(days=n))
        outcome = run_and_seal(tables, window, window.through)
        steady = steady_keys(outcome)
        totals.append({key: pence for key, pence in sealed_by_key(tables).items() if key in steady and pence})
    assert len(totals[2]) > 100
    by_day, by_days, at_once = totals
    both = [key for key in at_once if key in by_day and key in by_days]
    assert len(both) > 0.9 * len(at_once)
    assert {key: by_day[key] for key in both} == {key: by_days[key] for key in both} == {key: at_once[key] for key in both}


@pytest.mark.parametrize("batch", BATCHES)
def test_sealing_twice_gives_nothing(batch: int) -> None:
    tables, window = whole(batch)
    first = run_and_seal(tables, window, window.through)
    assert first.receipts.num_rows > 50
    assert run_engine(tables, window).receipts.num_rows == 0


@pytest.mark.parametrize("batch", BATCHES)
def test_the_order_of_rows_on_disk_changes_nothing(batch: int) -> None:
    """Which of two rows is the later is said by `row`, never by where it stands."""
    tables, window = whole(batch)
    shuffled = {name: Random(name).sample(rows, len(rows)) for name, rows in tables.items()}
    assert by_engine(run_engine(shuffled, window)) == by_engine(run_engine(tables, window))


def test_a_council_alone_gets_what_it_gets_among_others() -> None:
    among = engine_by_council(councils(3))
    for council in councils(3)[:3]:
        alone = by_engine(run_engine(council.tables, council.window))
        assert alone == among[council.seed]


@pytest.mark.parametrize("batch", BATCHES)
def test_books_choose_what_is_posted_never_what_is_owed(batch: int) -> None:
    tables, window = whole(batch)
    figures = {"bank_holidays": bank_holiday_table(BANK_HOLIDAYS)}
    together = run_engine(tables, window).receipts
    alone = [
        calculate(arrow(tables), figures, through=window.through, as_of=window.as_of, books=[book], workings=False).receipts
        for book in sorted(BOOKS)
    ]
    assert pa.concat_tables(alone).to_pylist() == together.to_pylist()


@pytest.mark.parametrize("batch", BATCHES)
def test_no_penny_appears_or_vanishes(batch: int) -> None:
    """By line and week, held money in: the payment is gross, less what funders pay direct, plus top-ups through the council."""
    tables, window = whole(batch, sealed=False)
    outcome = run_engine(tables, window, workings=True)
    netted = {row["person_id"] for row in tables["contributions"] if row["collector"] == "provider"}
    to_pay: Counter[tuple[str, date]] = Counter()
    for row in outcome.shares.to_pylist():
        assert row["amount_pence"] >= 0
        to_pay[(row["line_id"], row["week"])] += row["amount_pence"] if row["settlement"] != "direct" else 0
    paid: Counter[tuple[str, date]] = Counter()
    for row in outcome.entitlement.to_pylist():
        if row["book"] == "charges" and row["line_id"]:
            to_pay[(row["line_id"], row["week"])] += row["hi_pence"]
        if row["book"] == "payments" and row["hi_pence"] > 0 and row["person_id"] not in netted:
            paid[(row["line_id"], row["week"])] += row["hi_pence"]
    assert len(paid) > 30
    assert {key: to_pay[key] for key in paid} == dict(paid)


@pytest.mark.parametrize("batch", BATCHES)
def test_nobody_is_charged_more_than_assessed_or_than_the_care_cost(batch: int) -> None:
    tables, window = whole(batch, sealed=False)
    charges = run_engine(tables, window).charges.to_pylist()
    assert any(row["provider_pence"] for row in charges) and any(row["council_pence"] for row in charges)
    for row in charges:
        assert 0 <= row["amount_pence"] <= min(row["contribution_pence"], row["cost_pence"])
        assert row["council_pence"] + row["provider_pence"] == row["amount_pence"]
