"""Makes the folder of tables of an invented council, in bounded memory however large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import duckdb

from almoner.cli.spelling import spelled
from almoner.core.memory import own_engine
from almoner.core.tables import TABLES

LAST_DAY = date(2026, 11, 15)
"""A Sunday, and the last day of a four-week period: the sample ends here whatever today is."""
TODAY = date(2026, 11, 20)
"""What was submitted by this day is in the sample."""
PEOPLE_A_STEP = 20_000
MOST_PEOPLE = 5_000_000
MOST_WEEKS = 260

# Which of the tables made in SQL becomes which table of the folder, and in what order of rows.
SOURCES: dict[str, tuple[str, str]] = {
    "people": ("person", "i"),
    "providers": ("provider", "k"),
    "sites": ("site", "site_id"),
    "funders": ("funder", "funder_id"),
    "bank_accounts": ("bank_account", "k"),
    "contracts": ("contract", "contract_id"),
    "contract_terms": ("contract_term", "contract_id"),
    "rates": ("price", "contract_id, element, unit, day_type, band_minutes_up_to NULLS FIRST, valid_from"),
    "lines": ("line LEFT JOIN quantity USING (n)", "n"),
    "line_terms": ("line_term", "n"),
    "line_rates": ("line_rate", "n"),
    "schedule": ("timetable", "n, part_of_day, day"),
    "absences": ("absence", "i, first_day"),
    "absence_policy": ("absence_policy", "contract_id, kind, from_day"),
    "frustration_policy": ("frustration_policy", "contract_id, reason NULLS FIRST"),
    "shares": ("share", "n, share_order, valid_from"),
    "contributions": ("contribution", "i"),
    "top_ups": ("top_up", "n"),
}
STEPS = ("a_chance", "b_providers", "c_prices", "d_people", "e_lines", "f_funding")

Progress = Callable[[str, int, int], None]
"""Called with what is being made, steps done and steps in all."""


@dataclass(frozen=True)
class Sample:
    """What to make. `actuals_percent`: how many home care contracts in a hundred are paid on actuals, the others on plan.

    `busy`: everyone at home has four visits on seven days, half as many again as otherwise.
    """

    people: int
    weeks: int
    seed: int = 1
    parquet: bool = False
    actuals_percent: int = 65
    busy: bool = False

    @property
    def first_day(self) -> date:
        """The Monday on which the sample begins."""
        return LAST_DAY - timedelta(days=7 * self.weeks - 1)


def write_sample(sample: Sample, folder: Path, progress: Progress = lambda what, done, of: None) -> dict[str, int]:
    """Write the council into `folder` (made when missing); returns rows per table. Same sample, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    steps = -(-sample.people // PEOPLE_A_STEP)
    done, of = 0, len(STEPS) + len(SOURCES) + steps
    rows: dict[str, int] = {}
    with own_engine(preserve_insertion_order="true") as connection:
        _set_variables(connection, sample)
        for step in STEPS:
            progress(step.partition("_")[2], done, of)
            connection.execute(_sql(step))
            done += 1
        for name, (source, order) in SOURCES.items():
            progress(name, done, of)
            query = f"SELECT * FROM {source} ORDER BY {order}"
            rows[name] = _write(connection, query, name, folder / name, sample)
            done += 1
        rows["actuals"] = 0
        for part, until in enumerate(_steps(sample.people)):
            progress("actuals", done, of)
            rows["actuals"] += _write_actuals(connection, folder, sample, part, steps, until)
            done += 1
    progress("done", of, of)
    return rows


def _set_variables(connection: duckdb.DuckDBPyConnection, sample: Sample) -> None:
    # On several threads DuckDB 2.0.0 now and then stops with "global dictionary changed identity" when it copies out of a join this big.
    connection.execute("SET threads = 1")
    connection.execute("SET threads = 2")
    connection.execute(f"SET VARIABLE seed = {sample.seed}::BIGINT")
    connection.execute(f"SET VARIABLE people = {sample.people}::BIGINT")
    connection.execute(f"SET VARIABLE actuals_percent = {sample.actuals_percent}::BIGINT")
    connection.execute(f"SET VARIABLE busy = {sample.busy}")
    for name, day in (("first_day", sample.first_day), ("last_day", LAST_DAY), ("today", TODAY)):
        connection.execute(f"SET VARIABLE {name} = DATE '{day.isoformat()}'")


def _sql(step: str) -> str:
    return resources.files(__package__).joinpath(f"{step}.sql").read_text(encoding="utf-8")


def _steps(people: int) -> Iterator[int]:
    yield from range(PEOPLE_A_STEP, people + PEOPLE_A_STEP, PEOPLE_A_STEP)


def _write_actuals(connection: duckdb.DuckDBPyConnection, folder: Path, sample: Sample, part: int, parts: int, until: int) -> int:
    query = _sql("g_actuals").replace("$first", str((until - PEOPLE_A_STEP) * 8)).replace("$until", str(until * 8))
    if parts == 1:
        return _write(connection, query, "actuals", folder / "actuals", sample)
    if sample.parquet:
        (folder / "actuals").mkdir(exist_ok=True)
        return _write(connection, query, "actuals", folder / "actuals" / f"part-{part:04d}", sample)
    piece = folder / f".actuals-{part:04d}"
    count = _write(connection, query, "actuals", piece, sample, header=part == 0)
    _append(piece.with_suffix(".csv"), folder / "actuals.csv", first=part == 0)
    return count


def _append(piece: Path, whole: Path, *, first: bool) -> None:
    with whole.open("wb" if first else "ab") as out, piece.open("rb") as read:
        while block := read.read(1 << 22):
            out.write(block)
    piece.unlink()


def _write(connection: duckdb.DuckDBPyConnection, query: str, name: str, path: Path, sample: Sample, *, header: bool = True) -> int:
    present = {column[0] for column in connection.execute(f"DESCRIBE {query}").fetchall()}
    columns = spelled(TABLES[name], present, parquet=sample.parquet)
    target = f"{path.absolute()}.{'parquet' if sample.parquet else 'csv'}".replace("'", "''")
    how = "FORMAT parquet, COMPRESSION snappy" if sample.parquet else f"FORMAT csv, HEADER {str(header).lower()}"
    return int(connection.execute(f"COPY (SELECT {columns} FROM ({query})) TO '{target}' ({how})").fetchall()[0][0])
