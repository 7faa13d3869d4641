"""The facts of a council, and the plainest questions one can ask of them.

Money inside the oracle is `Fraction` pence until it is rounded; days are `date`; a row is a dict by column name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

Row = dict[str, Any]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NO_TIME = datetime(1, 1, 1)
ONE_DAY = timedelta(days=1)


@dataclass
class Facts:
    """Tables of facts, what day it is paid through, and a count of the rules that decided something."""

    tables: dict[str, list[Row]]
    bank_holidays: set[tuple[str, date]]
    through: date
    as_of: datetime | None = None
    hits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.people = {row["person_id"]: row for row in self.rows("people")}
        self.providers = {row["provider_id"]: row for row in self.rows("providers")}
        self.contracts = {row["contract_id"]: row for row in self.rows("contracts")}
        self.lines = {row["line_id"]: row for row in self.rows("lines")}
        self.actuals = existing_actuals(self)

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def of(self, table: str, column: str, value: str) -> list[Row]:
        return [row for row in self.rows(table) if row[column] == value]

    def hit(self, rule: str) -> None:
        self.hits[rule] += 1

    def contract(self, line: Row) -> Row:
        return self.contracts[line["contract_id"]]

    def provider_id(self, line: Row) -> str:
        return str(self.contract(line)["provider_id"])

    def basis(self, line: Row) -> str:
        return str(self.contract(line)["basis"])


def days(first: date, last: date) -> list[date]:
    """Every day from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def valid(row: Row, day: date) -> bool:
    """Whether a dated row holds on the day; `valid_to` is its last day, None is open."""
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"]))


def latest(rows: list[Row]) -> Row | None:
    """Of rows that say the same thing, the one that counts: the latest `valid_from`, then the later row."""
    return max(rows, key=lambda row: (row["valid_from"], row["row"]), default=None)


# --- weeks and terms ---------------------------------------------------------------------------------------------------


def week_of(contract: Row, day: date) -> date:
    """CAL-2: the first day of the contract's week that holds the day."""
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(contract["week_start"])) % 7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _term(facts: Facts, owner: Row, table: str, id_column: str, column: str, day: date) -> Any:
    """CAL-5: a term as it stands on the day."""
    changes = [row for row in facts.of(table, id_column, owner[id_column]) if valid(row, day) and row[column] is not None]
    change = latest(changes)
    if change is None:
        return owner[column]
    facts.hit("CAL-5")
    return change[column]


def contract_term(facts: Facts, contract: Row, column: str, day: date) -> Any:
    return _term(facts, contract, "contract_terms", "contract_id", column, day)


def line_term(facts: Facts, line: Row, column: str, day: date) -> Any:
    return _term(facts, line, "line_terms", "line_id", column, day)


# --- the days of a line ------------------------------------------------------------------------------------------------


def died_on(facts: Facts, line: Row) -> date | None:
    return facts.people[line["person_id"]]["date_of_death"]  # type: ignore[no-any-return]


def last_day(facts: Facts, line: Row) -> date | None:
    """LIN-7: the last day of a line that is not a placement: its end or the day of death, whichever is first."""
    ends = [day for day in (line["end_date"], died_on(facts, line)) if day is not None]
    return min(ends, default=None)


def in_line(facts: Facts, line: Row, day: date) -> bool:
    """Whether the day lies in the dates of a line that is not a placement (not cut by `through`)."""
    last = last_day(facts, line)
    return bool(line["start_date"] <= day and (last is None or day <= last))


def in_own_dates(line: Row, day: date) -> bool:
    return bool(line["start_date"] <= day and (line["end_date"] is None or day <= line["end_date"]))


def days_in_week(facts: Facts, line: Row, week: date) -> list[date]:
    """The line's days in one of its weeks, not cut by `through`."""
    return [day for day in days(week, week + 6 * ONE_DAY) if in_line(facts, line, day)]


def in_hospital(facts: Facts, line: Row, day: date) -> bool:
    """HLD-3 HOS: the stay's first and last day are included."""
    stays = [row for row in facts.of("absences", "person_id", line["person_id"]) if row["kind"] == "hospital"]
    return any(row["first_day"] <= day and (row["last_day"] is None or day <= row["last_day"]) for row in stays)


# --- the actuals that exist --------------------------------------------------------------------------------------------


def existing_actuals(facts: Facts) -> list[Row]:
    """Actuals submitted by `as_of` and dated up to `through`, each replaced by its later submission (a total: by its week)."""
    newest: dict[tuple[Any, ...], Row] = {}
    for row in facts.rows("actuals"):
        if facts.as_of and row["submitted_at"] and row["submitted_at"] > facts.as_of:
            facts.hit("DIF-4 submitted after as_of")
            continue
        first = _first_day_named(facts, row)
        if first > facts.through:
            facts.hit("LIN-1 dated after through")
            continue
        key = (row["line_id"], first, row["kind"], row["start_time"] if row["kind"] == "visit" else None)
        other = newest.get(key)
        if other is not None:
            facts.hit("LIN-2 a later submission replaces")
        if other is None or _submission(row) > _submission(other):
            newest[key] = row
    return sorted(newest.values(), key=lambda row: row["row"])


def _first_day_named(facts: Facts, row: Row) -> date:
    """The date of a visit; of a total, the first day of the week that holds its date."""
    if row["kind"] == "visit":
        return row["date"]  # type: ignore[no-any-return]
    line = facts.lines.get(row["line_id"])
    return monday_of(row["date"]) if line is None else week_of(facts.contract(line), row["date"])


def _submission(row: Row) -> tuple[datetime, int]:
    return (row["submitted_at"] or NO_TIME, row["row"])


def actual_week(facts: Facts, row: Row) -> date:
    """The week of its line in which an actual falls."""
    return week_of(facts.contract(facts.lines[row["line_id"]]), row["date"])


def reported(facts: Facts, line: Row, week: date | None = None) -> list[Row]:
    """The existing actuals of a line (in a week). Placements and one-offs take no notice of any (LIN-3)."""
    if facts.basis(line) not in ("actuals", "planned"):
        return []
    rows = [row for row in facts.actuals if row["line_id"] == line["line_id"]]
    return rows if week is None else [row for row in rows if actual_week(facts, row) == week]


# --- rounding ----------------------------------------------------------------------------------------------------------


def half_up(amount: Fraction) -> int:
    """RND-2, RND-5: to the penny, half up on the absolute value."""
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def shared(whole: int, exact: list[Fraction]) -> list[int]:
    """RND-3: whole pence by exact parts: each rounded down, the missing pence by largest remainder, ties to the first."""
    parts = [int(part) for part in exact]
    missing = whole - sum(parts)
    by_remainder = sorted(range(len(exact)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_remainder[:missing]:
        parts[n] += 1
    assert sum(parts) == whole and missing >= 0, (whole, exact)
    return parts
