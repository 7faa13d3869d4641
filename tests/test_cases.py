"""The worked cases of `tests/cases/*.toml`, through the engine and through the oracle."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from tests.cases.notation import Case, by_calculate, by_oracle, differences, read_cases

CASES = read_cases(Path(__file__).parent / "cases")
ENGINES = {"calculate": by_calculate, "oracle": by_oracle}

# The rules that decide what a calculation says. RUN, FND-4, CHG-5, DIF-2 and DIF-3 are about runs, invoices, statements, causes and
# balances; ASM is the means test: they have tests of their own.
WORKED = {
    "RND": [1, 2, 3, 4, 5],
    "CAL": [1, 2, 3, 4, 5],
    "PRC": [1, 2, 3, 4, 5, 6],
    "LIN": [1, 2, 3, 4, 5, 6, 7, 8],
    "HLD": [1, 2, 3, 4, 5],
    "DIF": [1, 4, 5],
    "FND": [1, 2, 3, 5],
    "CHG": [1, 2, 3, 4, 6],
}


@cache
def unmet(engine: str) -> dict[str, list[str]]:
    return differences(CASES, ENGINES[engine])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, engine: str) -> None:
    assert unmet(engine)[case.id] == []


def test_every_rule_has_two_cases_at_least() -> None:
    worked = Counter(rule.strip() for case in CASES for rule in case.rule.split(","))
    few = [f"{family}-{n}" for family, numbers in WORKED.items() for n in numbers if worked[f"{family}-{n}"] < 2]
    assert not few


def test_case_names_are_unique() -> None:
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []
