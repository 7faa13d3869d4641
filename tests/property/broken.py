"""Rules deliberately broken: small slips of the kind people make, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

# what is written -> what a tired hand might have written
COMPARISONS = (("<=", "<"), (">=", ">"), (" < ", " <= "), (" > ", " >= "))
SLIPS = (
    (" = ", " <> "), (" DESC", " ASC"), ("NOT ", ""), ("ANTI JOIN", "SEMI JOIN"), ("sum(", "max("), ("min(", "max("),
    ("least(", "greatest("), ("any_value(", "count("), ("UNION ALL", "EXCEPT"), ("row_number()", "1 +"),
    ("0001-01-01", "9000-01-01"), ("+ 1", "+ 2"), ("lag(", "lead("), ("'hi'", "'lo'"), (" - ", " + "),
)  # fmt: skip


def comparisons(rule: str) -> Iterator[str]:
    """The rule with one comparison loosened or tightened."""
    yield from _swapped(rule, COMPARISONS)


def dropped(rule: str) -> Iterator[str]:
    """The rule with one condition left out: a line that begins with AND, a WHERE, a FILTER."""
    for found in re.finditer(r"^ +AND (?!.*\bAND\b).*$", rule, re.MULTILINE):
        yield rule[: found.start()] + rule[found.end() :]
    for found in re.finditer(r"\bWHERE (?=[^\n]*$)", rule, re.MULTILINE):
        yield rule[: found.start()] + "WHERE TRUE OR " + rule[found.end() :]
    for found in re.finditer(r" FILTER \([^()]*\)", rule):
        yield rule[: found.start()] + rule[found.end() :]


def slips(rule: str) -> Iterator[str]:
    """The rule with one word or sign mistaken for another, and last of all a rule that has nothing to say."""
    yield from _swapped(rule, SLIPS)
    yield f"SELECT * FROM ({rule}) LIMIT 0"


def _swapped(rule: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for written, mistaken in pairs:
        for found in re.finditer(re.escape(written), rule):
            line = rule[rule.rfind("\n", 0, found.start()) + 1 : found.start()]
            if not line.lstrip().startswith("--"):
                yield rule[: found.start()] + mistaken + rule[found.end() :]
