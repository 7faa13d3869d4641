"""Each rule file deliberately broken makes the answers differ, so that no rule could be wrong unnoticed.

A broken rule is first run alone over the councils: only where it says something else than the right one is everything worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.councils import BANK_HOLIDAYS, BATCH, Window, generate
from tests.councils.batch import merged
from tests.councils.long_ago import SINCE, THROUGH, frustrated_for
from tests.councils.rows import arrow, bank_holiday_table
from tests.property.broken import comparisons, dropped, slips

from almoner.core import calculate as engine
from almoner.core import rulebook
from almoner.core.desks import connect
from almoner.core.invariants import InvariantBroken

BATCHES = 8
TRIES = 60  # broken forms to try before giving up on a file


@dataclass
class Worked:
    """Councils of one window, or at last lines with a long history worked out since a day, and what the right rules say of them, on a
    connection where every rule's rows still stand."""

    tables: dict[str, pa.Table]
    window: Window
    since: date | None
    connection: duckdb.DuckDBPyConnection
    right: list[Any]


def answer(worked: Worked, connection: duckdb.DuckDBPyConnection) -> list[Any]:
    outcome = engine.calculate(
        worked.tables, {"bank_holidays": bank_holiday_table(BANK_HOLIDAYS)}, through=worked.window.through, as_of=worked.window.as_of,
        since=worked.since, workings=False, connection=connection,
    )  # fmt: skip
    return [outcome.receipts, outcome.holds, outcome.shares, outcome.charges, outcome.findings]


@cache
def worked_out(batch: int) -> Worked:
    if batch == BATCHES:
        facts = merged({days: frustrated_for(days, max_days=days + 3) for days in (3, 30, 60)})
        worked = Worked(arrow(facts), Window(SINCE, THROUGH, None), SINCE, connect(small=True), [])
    else:
        councils = [generate(seed) for seed in range(batch * BATCH, (batch + 1) * BATCH)]
        worked = Worked(arrow(merged({c.seed: c.tables for c in councils})), councils[0].window, None, connect(small=True), [])
    worked.right = answer(worked, worked.connection)
    return worked


def says_otherwise(worked: Worked, name: str, form: str) -> bool:
    """Whether the broken rule, alone, has other rows than the right one; duckdb.Error when it cannot be run at all."""
    worked.connection.execute(f"CREATE OR REPLACE TEMP TABLE broken_rule AS {form}")
    one_way = f"SELECT * FROM broken_rule EXCEPT ALL SELECT * FROM {name}"
    other_way = f"SELECT * FROM {name} EXCEPT ALL SELECT * FROM broken_rule"
    return worked.connection.execute(f"({one_way}) UNION ALL ({other_way}) LIMIT 1").fetchone() is not None


def is_noticed(worked: Worked, name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether somebody would see that the rule is broken: another answer, a broken invariant, or no answer at all."""
    original = rulebook.rule_text
    with monkeypatch.context() as broken:
        broken.setattr(rulebook, "rule_text", lambda rule: form if rule == name else original(rule))
        broken.setattr(engine, "_steps", engine._steps.__wrapped__)
        try:
            return answer(worked, connect(small=True)) != worked.right
        except (InvariantBroken, duckdb.Error):
            return True


def caught(name: str, forms: Iterator[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, bool]:
    """(broken forms tried, whether one was noticed): stops at the first that is."""
    tried = 0
    for form in forms:
        if tried == TRIES:
            break
        try:
            differing = [batch for batch in range(BATCHES + 1) if says_otherwise(worked_out(batch), name, form)]
        except duckdb.Error:
            continue  # it cannot be read or run: that is no test of anything
        tried += 1
        if any(is_noticed(worked_out(batch), name, form, monkeypatch) for batch in differing[:4]):
            return tried, True
    return tried, False


@pytest.mark.parametrize("name", rulebook.RULES)
def test_a_broken_rule_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons first, then dropped conditions, then other slips: one that is noticed will do."""
    text = rulebook.rule_text(name)
    tried, seen = caught(name, chain(comparisons(text), dropped(text), slips(text)), monkeypatch)
    assert seen, f"{name} was broken in {tried} ways and nobody noticed"
