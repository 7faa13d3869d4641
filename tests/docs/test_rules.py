"""The tables in docs/rules are true: every row is worked out by the calculation, and what it says must come out."""

from __future__ import annotations

import inspect

import pytest
from tests.docs import funds_run, lines_run, visits_run
from tests.docs.little import Little, calculated
from tests.docs.page_tables import PAGES, Example, examples
from tests.docs.visits_run import Given

EXAMPLES = examples()
RUNNERS = {
    name: runner
    for module in (visits_run, lines_run, funds_run)
    for name, runner in inspect.getmembers(module, inspect.isfunction)
    if runner.__module__ == module.__name__ and list(inspect.signature(runner).parameters) == ["case", "given"]
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Given]:
    """What each row comes to, by its place; all rows go through a handful of calculations."""
    cases, readers = {}, {}
    for number, example in enumerate(EXAMPLES):
        case = cases[example.place] = Little(f"case{number}")
        readers[example.place] = RUNNERS[example.runner](case, example.given)
    said = calculated(cases.values())
    return {place: read(said[cases[place].name]) for place, read in readers.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_a_row_is_true(example: Example, answers: dict[str, Given]) -> None:
    assert example.expected
    assert answers[example.place] == example.expected


def test_every_page_of_rules_has_tables_that_run() -> None:
    prose_only = {"README", "runs"}
    assert {example.place.split(".")[0] for example in EXAMPLES} == {page.stem for page in PAGES.glob("*.md")} - prose_only
    assert len(EXAMPLES) > 80


def test_every_runner_is_used() -> None:
    assert set(RUNNERS) == {example.runner for example in EXAMPLES}
