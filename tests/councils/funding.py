"""Invented shares, contributions and top-ups, all of which change in the middle of weeks."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.councils.rows import Row, Tables, add
from tests.councils.when import Window


def add_shares(rng: Random, tables: Tables, window: Window, line: Row) -> None:
    """Up to three orders; percentages never over 100 on a day; the same order never twice on one day."""
    if rng.random() < 0.45:
        return
    left = 10_000
    for order in range(1, rng.choice([1, 2, 3]) + 1):
        first = rng.choice([window.first - timedelta(days=100), window.day(rng)])
        for piece in range(rng.choice([1, 1, 2])):
            last = window.later(rng, first, often_open=0.5)
            cells = {"line_id": line["line_id"], "share_order": order, "settlement": rng.choice(["claim", "claim", "direct"])}
            if rng.random() < 0.45:
                cells["amount_per_week"] = rng.choice([1_000, 5_033, 21_959, 100_000])
            else:
                cells["percent"] = rng.choice([3_333, 5_000, 2_500, left]) if left >= 5_000 else min(left, 1_250)
                left -= cells["percent"]
            add(tables, "shares", funder_id=rng.choice(["F1", "F2", "F3"]), valid_from=first, valid_to=last, **cells)
            if last is None or piece:
                break
            first = last + timedelta(days=rng.choice([1, 1, 3]))


def add_contributions(rng: Random, tables: Tables, window: Window, person: Row) -> None:
    if rng.random() < 0.3:
        return
    collector = rng.choice(["council", "provider"])
    starts = {window.first - timedelta(days=100), *(window.day(rng) for _ in range(rng.choice([0, 0, 1, 2])))}
    for first in sorted(starts):
        amount = rng.choice([0, 1_500, 4_501, 9_999, 20_533, 80_000])
        last = window.later(rng, first, often_open=0.8)
        add(
            tables,
            "contributions",
            person_id=person["person_id"],
            amount_per_week=amount,
            collector=collector,
            valid_from=first,
            valid_to=last,
        )
        if rng.random() < 0.6:
            collector = rng.choice(["council", "provider"])


def add_top_ups(rng: Random, tables: Tables, window: Window, line: Row) -> None:
    for payer in ("T1", "T2"):
        if rng.random() < 0.85:
            continue
        first = rng.choice([window.first - timedelta(days=100), window.day(rng)])
        last = window.later(rng, first)
        cells = {"person_id": line["person_id"], "line_id": line["line_id"], "payer_id": payer}
        collector = rng.choice(["council", "council", "provider"])
        add(tables, "top_ups", amount_per_week=rng.choice([3_050, 10_001]), collector=collector, valid_from=first, valid_to=last, **cells)
        if last is not None and rng.random() < 0.5:
            add(
                tables,
                "top_ups",
                amount_per_week=4_444,
                collector="council",
                valid_from=last + timedelta(days=rng.choice([1, 1, -2])),
                **cells,
            )
