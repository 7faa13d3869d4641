"""Tables in the pages of rules that run: those under a line `<!-- runs: name -->`. Columns in bold are what must come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tidy.sources import ROOT

PAGES = ROOT / "docs" / "rules"
RUNS = re.compile(r"^<!-- runs: (\w+) -->$")


@dataclass(frozen=True)
class Example:
    """One row: where it stands, what runs it, what is given and what must come out, each by its heading."""

    place: str
    runner: str
    given: dict[str, str]
    expected: dict[str, str]


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def examples_of(page: Path) -> Iterator[Example]:
    """Every row of every running table of a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        if found := RUNS.match(line):
            headings = cells_of(lines[at + 1])
            assert set(lines[at + 2]) <= set("|-: "), f"{page.name}:{at + 1}: no table follows"
            for number, row in enumerate(lines[at + 3 :], start=at + 4):
                if not row.startswith("|"):
                    break
                yield _example(f"{page.stem}.md:{number}", found.group(1), dict(zip(headings, cells_of(row), strict=True)))


def _example(place: str, runner: str, row: dict[str, str]) -> Example:
    expected = {heading.strip("*"): cell for heading, cell in row.items() if heading.startswith("**")}
    return Example(place, runner, {heading: cell for heading, cell in row.items() if not heading.startswith("**")}, expected)


def examples() -> list[Example]:
    """Every row of every page."""
    return [example for page in sorted(PAGES.glob("*.md")) for example in examples_of(page)]
