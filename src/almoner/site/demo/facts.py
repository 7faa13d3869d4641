"""The folders the demo imports: what the council knew on 20 October, and what it knew on 17 November."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from almoner.cli.sample.council import Sample, write_sample
from almoner.cli.spelling import decimal_text
from almoner.core.memory import own_engine

COUNCIL = Sample(people=600, weeks=8, seed=3)
FIRST_DAY = date(2026, 9, 21)
PERIODS = (date(2026, 10, 18), date(2026, 11, 15))
"""The last days of the two four-week periods that are paid."""


@dataclass(frozen=True)
class Happened:
    """To whom the story's events happened: the ids to look at before and after."""

    dead_person: str
    dead_line: str
    dead_name: str
    stay_person: str
    stay_line: str
    stay_name: str
    risen_contract: str
    risen_provider_id: str
    risen_provider: str
    debtor: str
    debtor_line: str
    debtor_name: str


def write_folders(everything: Path, october: Path, november: Path) -> Happened:
    """Make the council in `everything` and from it the two folders to import; returns to whom the story happens."""
    write_sample(COUNCIL, everything)
    with own_engine() as connection:
        for path in sorted(everything.glob("*.csv")):
            connection.execute(f"CREATE TABLE {path.stem} AS SELECT row_number() OVER () AS n, * FROM {_csv(path)}")
        happened = _choose(connection)
        for folder in (october, november):
            folder.mkdir(parents=True)
            for path in everything.glob("*.csv"):
                shutil.copy(path, folder / path.name)
        _as_known_in_october(connection, october)
        _as_known_in_november(connection, november, happened)
    return happened


def _csv(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"read_csv('{quoted}', all_varchar = true, header = true)"


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"COPY (SELECT * EXCLUDE (n) FROM ({query}) ORDER BY n) TO '{quoted}' (FORMAT csv, HEADER true)")


def _as_known_in_october(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Actuals submitted, stays begun and deaths heard of by the morning of 20 October."""
    _write(connection, "SELECT * FROM actuals WHERE submitted_at < '2026-10-20T09:00:00'", folder / "actuals.csv")
    _write(
        connection,
        "SELECT * REPLACE (CASE WHEN date_of_death < '2026-10-17' THEN date_of_death END AS date_of_death) FROM people",
        folder / "people.csv",
    )
    _write(
        connection,
        "SELECT * REPLACE (CASE WHEN last_day < '2026-10-19' THEN last_day END AS last_day) FROM absences WHERE first_day < '2026-10-17'",
        folder / "absences.csv",
    )


def _as_known_in_november(connection: duckdb.DuckDBPyConnection, folder: Path, happened: Happened) -> None:
    """All that, and the story: two deaths learnt late, a stay in hospital, and prices that rise from 5 October."""
    _write(connection, "SELECT * FROM actuals WHERE submitted_at < '2026-11-17T09:00:00'", folder / "actuals.csv")
    _write(
        connection,
        f"""SELECT p.* REPLACE (CASE p.person_id WHEN '{happened.dead_person}' THEN '2026-10-09'
            WHEN l.person_id THEN '2026-09-25' ELSE p.date_of_death END AS date_of_death)
            FROM people p LEFT JOIN lines l ON l.person_id = p.person_id AND l.line_id = '{happened.debtor_line}'""",
        folder / "people.csv",
    )
    _write(
        connection,
        f"SELECT * FROM absences UNION ALL SELECT 1000000, '{happened.stay_person}', 'hospital', '2026-10-05', '2026-10-11'",
        folder / "absences.csv",
    )
    # Four in the hundred more, to the penny below: 25.05 becomes 26.05.
    open_rates = f"contract_id = '{happened.risen_contract}' AND valid_to IS NULL"
    more = decimal_text("(replace(left(rate, length(rate) - 2), '.', '')::BIGINT * 104 // 100)", 2)
    _write(
        connection,
        f"""SELECT * REPLACE (CASE WHEN {open_rates} THEN '2026-10-04' ELSE valid_to END AS valid_to) FROM rates
            UNION ALL SELECT * REPLACE ('2026-10-05' AS valid_from, {more} AS rate) FROM rates WHERE {open_rates}""",
        folder / "rates.csv",
    )


def _choose(connection: duckdb.DuckDBPyConnection) -> Happened:
    """People and providers whom it may befall: the first of each kind by line, so that the story is the same every time."""
    connection.execute(CANDIDATES)
    dead = _first(connection, "placement AND provider_lines > 3")
    debtor = _first(connection, "placement AND provider_lines = 1")
    stay = _first(connection, "basis = 'planned' AND timetabled AND service_type = 'home care'")
    risen = connection.execute(
        "SELECT contract_id, provider_id, name FROM candidates WHERE service_type = 'home care' AND basis = 'actuals'"
        " GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()[0]
    return Happened(
        dead_person=dead[0], dead_line=dead[1], dead_name=dead[2], stay_person=stay[0], stay_line=stay[1], stay_name=stay[2],
        risen_contract=risen[0], risen_provider_id=risen[1], risen_provider=risen[2],
        debtor=debtor[3], debtor_line=debtor[1], debtor_name=debtor[4],
    )  # fmt: skip


def _first(connection: duckdb.DuckDBPyConnection, condition: str) -> tuple[str, ...]:
    query = f"SELECT person_id, line_id, who, provider_id, name FROM candidates WHERE {condition} ORDER BY line_id LIMIT 1"
    return tuple(str(cell) for cell in connection.execute(query).fetchall()[0])


# Lines in force all the time, of people who live and stay at home, that are authorised and agreed, of providers who can be paid.
CANDIDATES = f"""
    CREATE TABLE candidates AS
    SELECT p.person_id, l.line_id, p.given_names || ' ' || p.family_name AS who, v.provider_id, v.name, c.contract_id, c.service_type,
        c.basis, c.basis = 'placement' AS placement, l.line_id IN (SELECT line_id FROM schedule) AS timetabled,
        (SELECT count(*) FROM lines x JOIN contracts y USING (contract_id) WHERE y.provider_id = v.provider_id) AS provider_lines
    FROM lines l JOIN people p USING (person_id) JOIN contracts c USING (contract_id) JOIN providers v USING (provider_id)
    JOIN bank_accounts b ON b.party_id = v.provider_id
    WHERE l.start_date = '{FIRST_DAY}' AND l.end_date IS NULL AND p.date_of_death IS NULL
        AND p.person_id NOT IN (SELECT person_id FROM absences) AND l.line_id NOT IN (SELECT line_id FROM shares)
        AND l.authorised_on IS NOT NULL AND (l.agreed_on IS NOT NULL OR c.needs_agreement = 'no') AND l.exempt_reason IS NULL
        AND b.verified_by IS NOT NULL AND v.creditor_reference IS NOT NULL
"""
