"""A council with years behind it: the same four weeks of the same people, and before them what those weeks look like, over and over.

Nothing is measured of the history itself. So that the four weeks stay the same however many years lie behind, history is made of them:
their visits, moved back by whole four weeks, of everybody with whom nothing was amiss (no hold, no absence, no death, no late start).
What was held then has long been decided in a real council, and here it never was. The others begin with the four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from almoner.cli.in_place import read_facts
from almoner.core.calculate import calculate
from almoner.core.tables import TABLES
from almoner.figures.bank_holidays import bank_holidays
from bench.samples import DATA, FIRST_DAY, keep, kept_council, sample_sources, stamp

BLOCK = timedelta(days=28)
BLOCKS_A_YEAR = 13
PEOPLE_BLOCKS_A_PART = 32_000
"""About a million visits to a part."""
SAMPLE_BEGINS, BEFORE_EVERYTHING = "2020-04-06", "2014-01-06"
"""From when the sample's prices, timetables and policies are valid, and from when they are here."""
THROUGH = date(2026, 11, 15)


@dataclass(frozen=True)
class History:
    """A council of so many people with so many years (of thirteen times four weeks) behind it."""

    people: int
    years: int

    @property
    def blocks(self) -> int:
        """How many times four weeks lie behind."""
        return self.years * BLOCKS_A_YEAR

    @property
    def first_day(self) -> date:
        """The Monday on which the history begins."""
        return date.fromisoformat(FIRST_DAY) - self.blocks * BLOCK

    @property
    def parts(self) -> list[range]:
        """The parts in which history is made and taken in, oldest first: how many blocks back each lies."""
        size = max(1, PEOPLE_BLOCKS_A_PART // self.people)
        back = range(self.blocks, 0, -1)
        return [back[first : first + size] for first in range(0, len(back), size)]

    def last_day(self, part: range) -> date:
        """The Sunday on which a part ends."""
        return THROUGH - part[-1] * BLOCK


def kept_history(history: History) -> Path:
    """A folder with two in it: `facts`, everything there is, and `before`, what was known when the history began (no actuals).

    `facts/actuals` is a file for each part of the history, then one for the four weeks; `facts/prior_receipts` what was sealed of it.
    """
    sources = [*sample_sources(), Path(__file__)]
    base = kept_council(f"council-{history.people}", history.people)

    def make(folder: Path) -> None:
        for name in ("facts", "before", "facts/actuals", "facts/prior_receipts"):
            (folder / name).mkdir()
        with duckdb.connect() as connection:
            for file in base.glob("*.parquet"):
                connection.execute(f"CREATE VIEW {file.stem} AS FROM '{file}'")
            _find_steady(connection, base)
            _write_facts(connection, folder, history)
            for number, part in enumerate(history.parts):
                _write_part(connection, folder / "facts", number, part)

    return keep(DATA / f"history-{history.people}-{history.years}", stamp(history, sources=sources), make)


def _find_steady(connection: duckdb.DuckDBPyConnection, base: Path) -> None:
    """The lines that history is made of."""
    read = read_facts(base, in_parts=False)
    outcome = calculate(read.tables, {"bank_holidays": bank_holidays()}, through=THROUGH, books=("payments",), workings=False)
    connection.register("holds", outcome.holds)
    connection.execute(f"""
        CREATE TABLE steady AS SELECT line_id, l.person_id, provider_id FROM lines l JOIN contracts USING (contract_id)
        WHERE l.start_date = DATE '{FIRST_DAY}' AND l.end_date IS NULL AND basis <> 'one_off' AND l.person_id NOT IN (
            SELECT person_id FROM holds UNION SELECT person_id FROM absences
            UNION SELECT person_id FROM people WHERE date_of_death IS NOT NULL UNION SELECT person_id FROM lines WHERE end_date IS NOT NULL
            UNION SELECT person_id FROM lines WHERE start_date > DATE '{FIRST_DAY}')""")


def _write_facts(connection: duckdb.DuckDBPyConnection, folder: Path, history: History) -> None:
    """Every table but the history's actuals, with the steady lines begun and everything else valid in time."""
    began = f"DATE '{history.first_day}'"
    moved = "line_id IN (SELECT line_id FROM steady)"
    early = "least({0}, " + began + " - 21)"
    for name, table in TABLES.items():
        columns = {column.name for column in table.columns}
        if name in ("actuals", "prior_receipts", "releases"):
            continue
        changes = []
        if "valid_from" in columns:
            changes.append(f"CASE valid_from WHEN '{SAMPLE_BEGINS}' THEN DATE '{BEFORE_EVERYTHING}' ELSE valid_from END AS valid_from")
        if name == "bank_accounts":
            changes.append(f"CASE valid_from WHEN '{SAMPLE_BEGINS}' THEN DATE '{BEFORE_EVERYTHING}' ELSE verified_on END AS verified_on")
        if name == "lines":
            changes.append(f"CASE WHEN {moved} THEN {began} ELSE start_date END AS start_date")
            changes += [f"CASE WHEN {moved} THEN {early.format(day)} ELSE {day} END AS {day}" for day in ("authorised_on", "agreed_on")]
        replaced = f" REPLACE ({', '.join(changes)})" if changes else ""
        _copy(connection, f"SELECT *{replaced} FROM {name}", folder / "facts" / f"{name}.parquet")
        if name == "absences":
            continue
        known = [moved] if "line_id" in columns else []
        known += [f"valid_from < DATE '{FIRST_DAY}'"] if "valid_from" in columns else []
        where = f" WHERE {' AND '.join(known)}" if known else ""
        living = " REPLACE (NULL::DATE AS date_of_death)" if name == "people" else ""
        _copy(connection, f"SELECT *{living} FROM '{folder}/facts/{name}.parquet'{where}", folder / "before" / f"{name}.parquet")
    _copy(connection, "SELECT * FROM actuals", folder / "facts" / "actuals" / "part-9999.parquet")


def _write_part(connection: duckdb.DuckDBPyConnection, facts: Path, number: int, part: range) -> None:
    """The actuals of a part of the history, and receipts as they may have been sealed for it."""
    back = f"range({part[-1]}, {part[0] + 1}) b(back)"
    shifted = "date - (28 * back)::INTEGER AS date, submitted_at - to_days((28 * back)::INTEGER) AS submitted_at"
    connection.execute(
        f"CREATE OR REPLACE VIEW shifted AS SELECT * REPLACE ({shifted}) FROM actuals SEMI JOIN steady USING (line_id), {back}"
    )
    _copy(
        connection, "SELECT * EXCLUDE (back) FROM shifted ORDER BY back DESC, line_id, date, start_time", facts / "actuals" / _file(number)
    )
    weeks = "range(4) w(week_no)"
    _copy(
        connection,
        f"""SELECT provider_id, 'payments' AS book, provider_id AS payee_id, line_id, person_id, NULL::VARCHAR AS funder_id,
            DATE '{FIRST_DAY}' - (28 * back)::INTEGER + (7 * week_no)::INTEGER AS week, 10000 + ascii(right(line_id, 1)) * 100 AS amount
            FROM steady, {back}, {weeks} ORDER BY week, line_id""",
        facts / "prior_receipts" / _file(number),
    )


def _file(number: int) -> str:
    return f"part-{number:04}.parquet"


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
