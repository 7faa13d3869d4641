"""The tables in docs/rules are true: every row is worked out by the calculation, and what it says must come out."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import pytest
from tests.docs import funds_run, lines_run, visits_run
from tests.docs.little import Little, Said, calculated
from tests.docs.page_tables import PAGES, Example, examples
from tests.docs.visits_run import Given
from tests.oracle import oracle

from almoner.figures.bank_holidays import bank_holidays

EXAMPLES = examples()
RUNNERS = {
    name: runner
    for module in (visits_run, lines_run, funds_run)
    for name, runner in inspect.getmembers(module, inspect.isfunction)
    if runner.__module__ == module.__name__ and list(inspect.signature(runner).parameters) == ["case", "given"]
}


@dataclass
class Worked:
    """Every row: its facts, what the calculation says of them, and what that comes to in the row's bold columns; by its place."""

    cases: dict[str, Little]
    said: dict[str, Said]
    answers: dict[str, Given]


@pytest.fixture(scope="module")
def worked() -> Worked:
    """All rows go through a handful of calculations."""
    cases, readers = {}, {}
    for number, example in enumerate(EXAMPLES):
        case = cases[example.place] = Little(f"case{number}")
        readers[example.place] = RUNNERS[example.runner](case, example.given)
    by_name = calculated(cases.values())
    said = {place: by_name[case.name] for place, case in cases.items()}
    return Worked(cases, said, {place: read(said[place]) for place, read in readers.items()})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_a_row_is_true(example: Example, worked: Worked) -> None:
    assert example.expected
    assert worked.answers[example.place] == example.expected


def test_the_oracle_says_the_same(worked: Worked) -> None:
    """The plain restatement of the rules, which shares no code with the calculation, agrees with it on every row."""
    holidays = {(day["nation"], day["date"]) for day in bank_holidays().to_pylist()}
    wrong = []
    for place, case in worked.cases.items():
        answer, said = oracle(case.tables, holidays, case.through), worked.said[place]
        receipts = [tuple(row.values()) for row in said.receipts]
        holds = [tuple(row[name] for name in ("code", "person_id", "provider_id", "line_id", "week", "amount_pence")) for row in said.holds]
        if sorted(answer.receipts) != sorted(receipts) or sorted(answer.holds) != sorted(holds):
            wrong.append((place, answer.receipts, receipts, answer.holds, holds))
    assert not wrong


def test_every_page_of_rules_has_tables_that_run() -> None:
    prose_only = {"README", "runs"}
    assert {example.place.split(".")[0] for example in EXAMPLES} == {page.stem for page in PAGES.glob("*.md")} - prose_only
    assert len(EXAMPLES) > 80


def test_every_runner_is_used() -> None:
    assert set(RUNNERS) == {example.runner for example in EXAMPLES}
