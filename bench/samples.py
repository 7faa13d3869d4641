"""Invented councils to measure with, made once under `bench/data` and again when what makes them has changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from almoner.cli.sample import council
from almoner.cli.sample.council import Sample, write_sample

HERE = Path(__file__).parent
DATA = HERE / "data"
FIRST_DAY = "2026-10-19"
"""The Monday on which the four weeks that are measured begin."""
TWO_YEARS = 104
LINES_A_FILE = 50_000


def stamp(*parts: object, sources: Iterable[Path] = ()) -> str:
    """A text that changes when one of the parts or the sources' bytes does."""
    digest = hashlib.sha256(repr(parts).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def sample_sources() -> list[Path]:
    """The files that make a sample."""
    folder = Path(council.__file__).parent
    return sorted(path for path in folder.iterdir() if path.suffix in (".py", ".sql"))


def keep(folder: Path, mark: str, make: Callable[[Path], None]) -> Path:
    """`folder` as `make` makes it, unless it stands already under the same mark."""
    made = folder / "made"
    if not made.exists() or made.read_text() != mark:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        made.write_text(mark)
    return folder


def kept_council(
    name: str, people: int, *, parquet: bool = True, sealed_weeks: int = 0, actuals_percent: int = 65, busy: bool = False
) -> Path:
    """The folder of a council of so many people and four weeks, with so many weeks of sealed receipts behind it."""
    sample = Sample(people=people, weeks=4, seed=1, parquet=parquet, actuals_percent=actuals_percent, busy=busy)

    def make(folder: Path) -> None:
        write_sample(sample, folder)
        if sealed_weeks:
            _seal(folder, sealed_weeks)

    return keep(DATA / name, stamp(sample, sealed_weeks, LINES_A_FILE, sources=sample_sources()), make)


def _seal(folder: Path, weeks: int) -> None:
    """Sealed receipts of so many weeks before the first day, in files by line so that making them needs little memory."""
    (folder / "prior_receipts").mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"""
            CREATE TABLE sealed_lines AS
            SELECT row_number() OVER (ORDER BY line_id) - 1 AS n, line_id, person_id, provider_id
            FROM '{folder}/lines.parquet' JOIN '{folder}/contracts.parquet' USING (contract_id)""")
        count = connection.sql("SELECT count(*) FROM sealed_lines").fetchall()[0][0]
        for part, first in enumerate(range(0, count, LINES_A_FILE)):
            connection.execute(f"""
                COPY (
                    SELECT provider_id, 'payments' AS book, provider_id AS payee_id, line_id, person_id, NULL::VARCHAR AS funder_id,
                        DATE '{FIRST_DAY}' - 7 * w.n::INTEGER AS week, 10000 + ascii(right(line_id, 1)) * 100 + w.n AS amount
                    FROM sealed_lines l, range(1, {weeks + 1}) w(n)
                    WHERE l.n >= {first} AND l.n < {first + LINES_A_FILE} ORDER BY l.n, w.n
                ) TO '{folder}/prior_receipts/part-{part:04}.parquet'""")
