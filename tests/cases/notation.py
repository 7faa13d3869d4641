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
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.councils.batch import mark, merged
from tests.councils.history import seal
from tests.councils.rows import Row, Tables, add, arrow, bank_holiday_table
from tests.councils.when import BANK_HOLIDAYS
from tests.oracle import oracle

from almoner.core.calculate import calculate
from almoner.core.tables import BOOKS, SCALES, TABLES, Column, Kind

Receipts = list[tuple[Any, ...]]
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


@dataclass(frozen=True)
class Question:
    """What one run of a case asks of an engine."""

    tables: Tables
    bank_holidays: frozenset[tuple[str, date]]
    through: date
    as_of: datetime | None
    books: tuple[str, ...]

    @property
    def day(self) -> tuple[Any, ...]:
        """Questions of the same day can be asked together."""
        return (self.bank_holidays, self.through, self.as_of or datetime.min, self.books)


Answers = dict[int, tuple[Receipts, Receipts]]
Engine = Callable[[dict[int, Question]], Answers]


def by_oracle(questions: dict[int, Question]) -> Answers:
    """Receipts and holds of each question, one after the other."""
    found: Answers = {}
    for number, asked in questions.items():
        answer = oracle(asked.tables, set(asked.bank_holidays), asked.through, asked.as_of, asked.books)
        found[number] = (list(answer.receipts), list(answer.holds))
    return found


def by_calculate(questions: dict[int, Question]) -> Answers:
    """Receipts and holds of each question; those of the same day in one calculation, taken apart by the mark before each id."""
    found: Answers = {number: ([], []) for number in questions}
    for day in sorted({asked.day for asked in questions.values()}, key=str):
        together = {number: asked for number, asked in questions.items() if asked.day == day}
        tables = merged({number: asked.tables for number, asked in together.items()})
        one = next(iter(together.values()))
        figures = {"bank_holidays": bank_holiday_table(set(one.bank_holidays))}
        outcome = calculate(arrow(tables), figures, through=one.through, as_of=one.as_of, books=one.books, workings=False)
        for rows, part in ((outcome.receipts.to_pylist(), 0), ([_without_words(row) for row in outcome.holds.to_pylist()], 1)):
            for row in rows:
                number, cells = _unmarked(tuple(row.values()))
                found[number][part].append(cells)
    return found


def _without_words(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("message", "remedy")}


def _unmarked(cells: tuple[Any, ...]) -> tuple[int, tuple[Any, ...]]:
    """The number of the question in the mark, and the cells without it."""
    width = len(mark(0))
    marks = {
        value[:width] for value in cells if isinstance(value, str) and value[width - 1 : width] == "-" and value[: width - 1].isdigit()
    }
    assert len(marks) == 1, cells
    front = marks.pop()
    return int(front[:-1]), tuple(value.removeprefix(front) if isinstance(value, str) else value for value in cells)


def differences(cases: list[Case], engine: Engine) -> dict[str, list[str]]:
    """By case: every expectation it does not meet, in words. All cases take their next step together."""
    games = {number: _play(case) for number, case in enumerate(cases)}
    asked = {number: next(game) for number, game in games.items()}
    found: dict[str, list[str]] = {}
    while asked:
        answers, asked = engine(asked), {}
        for number, answer in answers.items():
            try:
                asked[number] = games[number].send(answer)
            except StopIteration as end:
                found[cases[number].id] = end.value
    return found


def _play(case: Case) -> Generator[Question, tuple[Receipts, Receipts], list[str]]:
    """A case's questions, step by step (every day of a step that runs each day); what a step posts is sealed for the next."""
    tables, found = facts(case.tables), []
    for number, step in enumerate(case.steps, 1):
        for name in TABLES:
            if name in step:
                change(tables, name, step[name])
        extra = {(row["nation"], date.fromisoformat(row["date"])) for row in text_rows(step["bank_holidays"])}
        through, books = step["through"], tuple(step.get("books", BOOKS))
        first = step.get("each_day_from", through)
        posted: Receipts = []
        holds: Receipts = []
        for n in range((through - first).days + 1):
            receipts, holds = yield Question(tables, frozenset(BANK_HOLIDAYS | extra), first + timedelta(days=n), step.get("as_of"), books)
            posted += receipts
            if not step.get("discarded"):
                seal(tables, receipts)
        for part, wanted in step["expect"].items():
            found += _unmet(f"{case.file} step {number} {part}", part, wanted, posted, holds)
    return found


# --- comparing ---------------------------------------------------------------------------------------------------------


def pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def _unmet(where: str, part: str, wanted: str, receipts: Receipts, holds: Receipts) -> list[str]:
    rows = _said(HOLD_COLUMNS, holds) if part == "holds" else _said(RECEIPT_COLUMNS, [row for row in receipts if row[0] == part])
    assert part in ("holds", *BOOKS), where
    if wanted and "," not in wanted and "\n" not in wanted:
        total = pounds(sum(row[-1] for row in receipts if row[0] == part))
        return [] if total == wanted else [f"{where}: {total}, not {wanted}: {rows}"]
    expected = text_rows(wanted)
    columns = list(expected[0]) if expected else ["amount"]
    found = Counter(tuple(row[column] for column in columns) for row in rows)
    listed = Counter(tuple(row.values()) for row in expected)
    unlisted, missing = sorted((found - listed).elements()), sorted((listed - found).elements())
    return [f"{where}: found {unlisted}, missing {missing}"] if unlisted or missing else []


def _said(columns: tuple[str, ...], rows: Receipts) -> list[dict[str, str]]:
    return [{**{name: str(value) for name, value in zip(columns, row, strict=True)}, "amount": pounds(row[-1])} for row in rows]
