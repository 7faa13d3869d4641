"""Parts add up to the whole, a connection that has calculated before says the same as a fresh one, and `since` is a scope for everyone."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.councils import BANK_HOLIDAYS, BATCH, generate
from tests.councils.batch import merged
from tests.councils.rows import Tables, arrow, bank_holiday_table
from tests.councils.when import Window

from almoner.cli.sample.council import LAST_DAY, Sample, write_sample
from almoner.core.calculate import Outcome, calculate
from almoner.core.desks import connect
from almoner.core.parts import calculate_parts
from almoner.core.tables import SCOPE, TABLES
from almoner.formats.tables import read_folder

FIGURES = {"bank_holidays": bank_holiday_table(BANK_HOLIDAYS)}
WINDOWS = 3  # of each batch, to be quick
SAID = ("receipts", "holds", "shares", "charges", "entitlement", "workings", "weeks")


def rows_of(outcomes: list[Outcome]) -> dict[str, list[str]]:
    """Everything that was said, row by row, in whatever order it was said."""
    said = {name: sorted(repr(row) for outcome in outcomes for row in getattr(outcome, name).to_pylist()) for name in SAID}
    return said | {"findings": sorted(repr(finding) for outcome in outcomes for finding in outcome.findings)}


@cache
def batches(number: int) -> list[tuple[Tables, Window]]:
    """Invented councils that share a window, put together."""
    councils = [generate(seed) for seed in range(number * BATCH, (number + 1) * BATCH)]
    windows = {council.window for council in councils}
    together = [(merged({c.seed: c.tables for c in councils if c.window == window}), window) for window in sorted(windows, key=repr)]
    return together[:WINDOWS]


@cache
def invented(place: int) -> dict[str, list[str]]:
    tables, window = batches(3)[place]
    return rows_of([calculate(arrow(tables), FIGURES, through=window.through, as_of=window.as_of)])


@pytest.mark.parametrize("count", [1, 2, 7])
def test_parts_of_invented_councils_add_up(count: int) -> None:
    for place, (tables, window) in enumerate(batches(3)):
        facts, when = arrow(tables), {"through": window.through, "as_of": window.as_of}
        whole = invented(place)
        assert whole["receipts"]
        assert rows_of(list(calculate_parts(facts, FIGURES, count=count, **when))) == whole


@pytest.mark.parametrize("count", [2, 7])
def test_parts_of_a_sample_add_up(count: int, tmp_path: Path) -> None:
    write_sample(Sample(people=300, weeks=4, seed=3), tmp_path)
    facts = read_folder(tmp_path).tables
    whole = rows_of([calculate(facts, FIGURES, through=LAST_DAY)])
    assert rows_of(list(calculate_parts(facts, FIGURES, count=count, workers=2, through=LAST_DAY))) == whole


def clashing_carers() -> dict[str, pa.Table]:
    """Two people whose visits at nine one carer gives both, across midnight on the day before too; and a stranger's actual."""
    monday = LAST_DAY - timedelta(days=6)

    def row(**cells: Any) -> dict[str, Any]:
        return cells

    lines = [row(line_id=f"L{i}", person_id=f"P{i}", contract_id="C", element="care", start_date=monday, chargeable=True,
                 authorised_on=monday) for i in (1, 2, 3)]  # fmt: skip
    visit = row(kind="visit", delivered_minutes=60, carers=1, outcome="delivered", carer_id="K")
    tables = {
        "people": [row(person_id=f"P{i}") for i in (1, 2, 3)],
        "providers": [row(provider_id="V", name="V", creditor_reference="1")],
        "contracts": [row(contract_id="C", provider_id="V", service_type="home care", nation="england", basis="actuals", cycle="weekly",
                          week_start="monday", tolerance_percent=1000, hold="person_week", rounding_minutes=0, rounding_mode="nearest",
                          cap_at_planned=False, money_rounding="week", pays_last_day=True, days_paid_after_death=0,
                          days_charged_after_death=0, needs_agreement=False)],
        "rates": [row(contract_id="C", element="care", unit="hour", day_type="any", rate=200_000, valid_from=monday)],
        "lines": lines,
        "actuals": [
            visit | row(line_id="L1", date=monday, start_time=9 * 3600),
            visit | row(line_id="L3", date=monday, start_time=9 * 3600 + 1800),
            visit | row(line_id="L2", date=monday, start_time=23 * 3600 + 1800),
            visit | row(line_id="L3", date=monday + timedelta(days=1), start_time=600),
            visit | row(line_id="X", date=monday, start_time=9 * 3600),
        ],
    }  # fmt: skip
    made = {}
    for name, rows in tables.items():
        schema = TABLES[name].schema
        made[name] = pa.Table.from_pylist([{"row": number, **cells} for number, cells in enumerate(rows, 2)], schema=schema)
    return made


@pytest.mark.parametrize("count", [2, 3])
def test_a_carer_in_two_places_is_seen_across_parts(count: int) -> None:
    facts = clashing_carers()
    whole = calculate(facts, FIGURES, through=LAST_DAY)
    assert [(hold["code"], hold["line_id"]) for hold in whole.holds.to_pylist()] == [("DUP", "L3"), ("UNP", "X")]
    assert rows_of(list(calculate_parts(facts, FIGURES, count=count, through=LAST_DAY))) == rows_of([whole])


@pytest.mark.parametrize("facts", [clashing_carers(), {**clashing_carers(), "people": TABLES["people"].empty()}], ids=["three", "nobody"])
def test_there_are_never_more_parts_than_people(facts: dict[str, pa.Table]) -> None:
    outcomes = list(calculate_parts(facts, FIGURES, count=10_000, through=LAST_DAY))
    assert len(outcomes) <= max(1, facts["people"].num_rows)
    assert rows_of(outcomes) == rows_of([calculate(facts, FIGURES, through=LAST_DAY)])


@cache
def afresh(seed: int) -> dict[str, list[str]]:
    council = generate(seed)
    return rows_of([calculate(arrow(council.tables), FIGURES, through=council.window.through, as_of=council.window.as_of)])


@pytest.mark.parametrize("small", [False, True])
def test_a_connection_that_has_calculated_before_says_the_same(small: bool) -> None:
    warm = connect(small=small)
    for seed in range(700, 715):
        council = generate(seed)
        when = {"through": council.window.through, "as_of": council.window.as_of}
        assert rows_of([calculate(arrow(council.tables), FIGURES, connection=warm, **when)]) == afresh(seed), seed


def test_since_is_a_scope_for_everyone() -> None:
    for tables, window in batches(5):
        facts, when = arrow(tables), {"through": window.through, "as_of": window.as_of}
        since = window.through - timedelta(days=9)
        people = facts["people"].column("person_id").to_pylist()
        scope = [{"person_id": person, "from_date": since, "until_date": window.through + timedelta(days=1)} for person in people]
        by_scope = rows_of([calculate(facts, FIGURES, scope=pa.Table.from_pylist(scope, schema=SCOPE), **when)])
        by_day = rows_of([calculate(facts, FIGURES, since=since, **when)])
        assert by_scope["receipts"]
        assert {name: by_day[name] for name in SAID} == {name: by_scope[name] for name in SAID}
