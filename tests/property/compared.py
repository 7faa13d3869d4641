"""The engine beside the oracle: both answers in the same words, council by council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.councils import BANK_HOLIDAYS, Council
from tests.councils.batch import mark, merged
from tests.councils.rows import Tables, arrow, bank_holiday_table
from tests.councils.when import Window
from tests.oracle import Answer, oracle

from almoner.core.calculate import Outcome, calculate

Amounts = dict[tuple[Any, ...], int]
PARTS = ("receipts", "holds", "shares", "charges")


@dataclass(frozen=True)
class Said:
    """What one engine says of one council: pence by key, for each part of the answer. Shares and charges of nothing are left out."""

    receipts: Amounts
    holds: Amounts
    shares: Amounts
    charges: Amounts


def by_oracle(answer: Answer) -> Said:
    return Said(
        {receipt[:-1]: receipt[-1] for receipt in answer.receipts},
        {hold[:-1]: hold[-1] for hold in answer.holds},
        {key: pence for key, pence in answer.shares.items() if pence},
        {key: pence for key, pence in answer.contributions.items() if pence},
    )


def run_engine(tables: Tables, window: Window, *, workings: bool = False) -> Outcome:
    figures = {"bank_holidays": bank_holiday_table(BANK_HOLIDAYS)}
    return calculate(arrow(tables), figures, through=window.through, as_of=window.as_of, workings=workings)


def by_engine(outcome: Outcome) -> Said:
    shares: Counter[tuple[Any, ...]] = Counter()
    for row in outcome.shares.to_pylist():
        shares[(row["line_id"], row["week"], row["funder_id"])] += row["amount_pence"]
    return Said(
        _keyed(outcome.receipts.to_pylist()),
        _keyed([{n: c for n, c in row.items() if n not in ("message", "remedy")} for row in outcome.holds.to_pylist()]),
        {key: pence for key, pence in shares.items() if pence},
        {(row["person_id"], row["week"]): row["amount_pence"] for row in outcome.charges.to_pylist() if row["amount_pence"]},
    )


def _keyed(rows: list[dict[str, Any]]) -> Amounts:
    """Rows whose last column is the amount, by all the others. The same key twice is an error."""
    keyed = {tuple(row.values())[:-1]: row["amount_pence"] for row in rows}
    assert len(keyed) == len(rows), "a key is there twice"
    return keyed


def engine_by_council(councils: Collection[Council]) -> dict[int, Said]:
    """One calculation over councils that share a window, taken apart again by the seed in front of each id."""
    window = next(iter(councils)).window
    whole = by_engine(run_engine(merged({council.seed: council.tables for council in councils}), window))
    return {council.seed: _own_part(whole, council.seed) for council in councils}


def _own_part(whole: Said, seed: int) -> Said:
    front = mark(seed)

    def own(amounts: Amounts) -> Amounts:
        mine = {}
        for key, pence in amounts.items():
            if any(isinstance(cell, str) and cell.startswith(front) for cell in key):
                mine[tuple(cell.removeprefix(front) if isinstance(cell, str) else cell for cell in key)] = pence
        return mine

    return Said(*(own(getattr(whole, part)) for part in PARTS))


def differences(engine: Said, told: Said) -> list[str]:
    """Every key on which the two disagree, in words."""
    found = []
    for part in PARTS:
        ours, theirs = getattr(engine, part), getattr(told, part)
        for key in sorted({*ours, *theirs}, key=str):
            if ours.get(key) != theirs.get(key):
                words = " ".join(str(cell) for cell in key)
                found.append(f"{part}: {words}: engine {ours.get(key)}, oracle {theirs.get(key)}")
    return found


def oracle_says(council: Council) -> Answer:
    return oracle(council.tables, BANK_HOLIDAYS, council.window.through, council.window.as_of)
