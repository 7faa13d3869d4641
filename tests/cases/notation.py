"""Worked cases: read from TOML a finance officer can read, run through either engine, said back in pounds.

A file has `[standard]` tables and `[[case]]`s. A table is written as comma-separated text with a header, spelled as in the
folder of tables (pounds, percent, yes/no, both dates inclusive). A case's own table replaces the standard one.
A case has `id`, `rule`, `why`, `source`, `through` and `expect`; or `step`s, each with its own `through` and `expect`:
a step's rows replace those with the same natural key, and what a step posts is sealed for the next, unless `discarded`.
`expect` names a book (`payments`, `claims`, `charges`) with a total in pounds or a table of some of the receipts' columns;
or `holds` with a table of some of the holds' columns. A table lists all there is; empty text is nothing at all.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.councils.history import seal
from tests.councils.rows import Row, Tables, add, arrow, bank_holiday_table
from tests.councils.when import BANK_HOLIDAYS
from tests.oracle import oracle

from almoner.core.calculate import calculate
from almoner.core.tables import BOOKS, SCALES, TABLES, Column, Kind

Receipts = list[tuple[Any, ...]]
Engine = Callable[[Tables, set[tuple[str, date]], date, datetime | None, list[str]], tuple[Receipts, Receipts]]
RECEIPT_COLUMNS = ("book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week", "kind", "amount")
HOLD_COLUMNS = ("code", "person_id", "provider_id", "line_id", "week", "amount")


@dataclass(frozen=True)
class Case:
    """One worked case: tables as text, and steps."""

    id: str
    rule: str
    file: str
    tables: dict[str, str]
    steps: list[dict[str, Any]]


def read_cases(folder: Path) -> list[Case]:
    """Every case of every TOML file in the folder."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in content["case"]:
            assert case["why"] and case["source"], case["id"]
            tables = {**content.get("standard", {}), **{name: text for name, text in case.items() if name in TABLES}}
            steps = case.get("step") or [{name: cell for name, cell in case.items() if name not in TABLES}]
            holidays = case.get("bank_holidays", "")
            steps = [{"bank_holidays": holidays, **step} for step in steps]
            found.append(Case(case["id"], case["rule"], path.name, tables, steps))
    return found


# --- text to rows ------------------------------------------------------------------------------------------------------


def text_rows(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    rows = csv.reader(io.StringIO("\n".join(lines)), skipinitialspace=True)
    header, *records = [[cell.strip() for cell in row] for row in rows] or [[]]
    for record in records:
        assert len(record) == len(header), f"{record} does not fit {header}"
    return [dict(zip(header, record, strict=True)) for record in records]


def units_of(text: str, kind: Kind) -> int:
    """A decimal as a whole number of the kind's smallest unit, without passing through a float."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, part = digits.partition(".")
    places = len(str(SCALES[kind])) - 1
    assert len(part) <= places, f"{text} has more than {places} decimals"
    return sign * (int(whole) * SCALES[kind] + int(part.ljust(places, "0") or "0"))


def cell(column: Column, text: str) -> Any:
    if text == "":
        return None
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    if column.kind is Kind.INSTANT:
        return datetime.fromisoformat(text)
    if column.kind is Kind.TIME:
        return time.fromisoformat(text)
    if column.kind is Kind.YES_NO:
        return {"yes": True, "no": False}[text]
    return units_of(text, column.kind) if column.kind in SCALES else text


def facts(tables: dict[str, str]) -> Tables:
    """The tables as rows with defaults."""
    found: Tables = {}
    for name, text in tables.items():
        for row in text_rows(text):
            add(found, name, **{column: cell(TABLES[name].column(column), written) for column, written in row.items()})
    return found


def change(tables: Tables, name: str, text: str) -> None:
    """Rows replace those with the same natural key; the others are added."""
    new: Tables = facts({name: text})
    key = TABLES[name].key

    def own_key(row: Row) -> tuple[Any, ...]:
        return tuple(row[column] for column in key)

    replaced = {own_key(row) for row in new.get(name, [])} if key and name != "actuals" else set()
    tables[name] = [row for row in tables.get(name, []) if own_key(row) not in replaced]
    for row in new.get(name, []):
        last = max((row["row"] for row in tables[name]), default=1)
        tables[name].append({**row, "row": last + 1})


# --- running -----------------------------------------------------------------------------------------------------------


def by_oracle(
    tables: Tables, holidays: set[tuple[str, date]], through: date, as_of: datetime | None, books: list[str]
) -> tuple[Receipts, Receipts]:
    answer = oracle(tables, holidays, through, as_of, books)
    return list(answer.receipts), list(answer.holds)


def by_calculate(
    tables: Tables, holidays: set[tuple[str, date]], through: date, as_of: datetime | None, books: list[str]
) -> tuple[Receipts, Receipts]:
    figures = {"bank_holidays": bank_holiday_table(holidays)}
    outcome = calculate(arrow(tables), figures, through=through, as_of=as_of, books=books)
    receipts = [tuple(row.values()) for row in outcome.receipts.to_pylist()]
    return receipts, [tuple(row.values())[:6] for row in outcome.holds.to_pylist()]


def run_case(case: Case, engine: Engine) -> None:
    """Run every step and compare what it expects; AssertionError says which and how."""
    tables = facts(case.tables)
    for number, step in enumerate(case.steps, 1):
        for name in TABLES:
            if name in step:
                change(tables, name, step[name])
        receipts, holds = _run_step(step, tables, engine)
        for part, wanted in step["expect"].items():
            _compare(f"{case.file} {case.id} step {number} {part}", part, wanted, receipts, holds)


def _run_step(step: dict[str, Any], tables: Tables, engine: Engine) -> tuple[Receipts, Receipts]:
    """Receipts of the step (of all its days when it runs each day) and the holds of its last run."""
    extra = {(row["nation"], date.fromisoformat(row["date"])) for row in text_rows(step["bank_holidays"])}
    through, as_of, books = step["through"], step.get("as_of"), step.get("books", list(BOOKS))
    first = step.get("each_day_from", through)
    posted: Receipts = []
    holds: Receipts = []
    for n in range((through - first).days + 1):
        receipts, holds = engine(tables, BANK_HOLIDAYS | extra, first + timedelta(days=n), as_of, books)
        posted += receipts
        if not step.get("discarded"):
            seal(tables, receipts)
    return posted, holds


# --- comparing ---------------------------------------------------------------------------------------------------------


def pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def _compare(where: str, part: str, wanted: str, receipts: Receipts, holds: Receipts) -> None:
    rows = _said(HOLD_COLUMNS, holds) if part == "holds" else _said(RECEIPT_COLUMNS, [row for row in receipts if row[0] == part])
    assert part in ("holds", *BOOKS), where
    if wanted and "," not in wanted and "\n" not in wanted:
        total = pounds(sum(row[-1] for row in receipts if row[0] == part))
        assert total == wanted, f"{where}: {total}, not {wanted}: {rows}"
        return
    expected = text_rows(wanted)
    columns = list(expected[0]) if expected else ["amount"]
    found = Counter(tuple(row[column] for column in columns) for row in rows)
    listed = Counter(tuple(row.values()) for row in expected)
    assert found == listed, f"{where}: found {sorted((found - listed).elements())}, missing {sorted((listed - found).elements())}"


def _said(columns: tuple[str, ...], rows: Receipts) -> list[dict[str, str]]:
    return [{**{name: str(value) for name, value in zip(columns, row, strict=True)}, "amount": pounds(row[-1])} for row in rows]
