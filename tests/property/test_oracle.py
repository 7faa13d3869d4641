"""The engine equals the oracle to the penny on invented councils, and the councils touch every rule often enough to mean it."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from tests.councils import BATCH, Council, generate
from tests.oracle import Answer
from tests.property.compared import by_oracle, differences, engine_by_council, oracle_says
from tests.property.rules_met import EVERY_RULE

from almoner.core.tables import BASES, HOLD_CODES, OUTCOMES

COUNCILS = int(os.environ.get("COUNCILS", "600"))
OFTEN = 20
SEEDS = [int(line.split()[0]) for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines() if line[:1].isdigit()]


@cache
def told(seed: int) -> tuple[Council, Answer]:
    council = generate(seed)
    return council, oracle_says(council)


def compare(seeds: list[int]) -> None:
    councils = [told(seed)[0] for seed in seeds]
    engine = engine_by_council(councils)
    wrong = {seed: found for seed in seeds if (found := differences(engine[seed], by_oracle(told(seed)[1])))}
    words = "\n".join(f"council {seed}:\n  " + "\n  ".join(found[:20]) for seed, found in wrong.items())
    assert not wrong, f"{len(wrong)} of {len(seeds)} councils differ; add their seeds to seeds.txt\n{words}"


@pytest.mark.parametrize("batch", range(-(-COUNCILS // BATCH)))
def test_engine_equals_oracle(batch: int) -> None:
    compare(list(range(batch * BATCH, (batch + 1) * BATCH)))


def test_councils_that_once_differed() -> None:
    by_batch = groupby(sorted(seed for seed in SEEDS if seed >= COUNCILS), key=lambda seed: seed // BATCH)
    for _, seeds in by_batch:
        compare(list(seeds))


def test_every_rule_is_met_often() -> None:
    met: Counter[str] = Counter()
    for seed in range(COUNCILS):
        council, answer = told(seed)
        met.update(answer.rules)
        met.update(f"hold {hold[0]}" for hold in answer.holds)
        basis = {row["contract_id"]: row["basis"] for row in council.tables["contracts"]}
        met.update(f"basis {basis[line['contract_id']]}" for line in council.tables["lines"])
    by_id: Counter[str] = Counter()
    for rule, times in met.items():
        by_id[rule.split()[0]] += times
    wanted = [*EVERY_RULE, *(f"hold {code}" for code in HOLD_CODES), *(f"basis {basis}" for basis in BASES)]
    wanted += [f"PRC-5 {outcome}" for outcome in OUTCOMES]
    seldom = {rule: met[rule] for rule in wanted if max(met[rule], by_id[rule]) < OFTEN}
    assert not seldom, f"met less than {OFTEN} times: {seldom}"


def test_the_list_of_rules_is_whole() -> None:
    """Whatever the oracle counts is on the list, so a new branch cannot go uncounted."""
    met = {rule for seed in range(COUNCILS) for rule in told(seed)[1].rules}
    assert met - set(EVERY_RULE) == set()
