"""What is measured, beside what, and the aim. Data are made once, under `bench/data`."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from almoner.cli.sample.council import Sample, write_sample

HERE = Path(__file__).parent
DATA = HERE / "data"
PEERS = HERE / ".venv"
FIRST_DAY = "2026-10-19"
LINES_A_FILE = 50_000
Command = tuple[str, list[str], dict[str, str]]


@dataclass(frozen=True)
class Work:
    """One line of the table: (what, command, environment) for Almoner first, then its peers."""

    meaning: str
    aim: str
    prepare: Callable[[], None]
    measured: tuple[Command, ...]


def ours(*arguments: str) -> Command:
    return "Almoner", [sys.executable, "-m", "bench.ours", *arguments], {}


def peer(what: str, program: str, *arguments: str) -> Command:
    return what, [str(PEERS / "bin" / "python"), str(HERE / "peers" / program), *arguments], {"PYTHONPATH": str(HERE.parent)}


def council(name: str, people: int, *, parquet: bool, sealed_weeks: int, busy: bool = False) -> Callable[[], None]:
    """Make that council, with so many weeks of sealed receipts behind it, unless it stands already. `busy`: with more visits a line."""

    def prepare() -> None:
        folder = DATA / name
        if not (folder / "made").exists():
            write_sample(Sample(people=people, weeks=4, seed=1, parquet=parquet, actuals_percent=90 if busy else 65, busy=busy), folder)
            if sealed_weeks:
                _seal(folder, sealed_weeks)
            (folder / "made").touch()
        _peers_environment()

    return prepare


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


def _peers_environment() -> None:
    if not (PEERS / "ready").exists():
        venv.create(PEERS, with_pip=True)
        requirements = HERE / "peers" / "requirements.txt"
        subprocess.run([PEERS / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        (PEERS / "ready").touch()


def _folder(name: str) -> str:
    return str(DATA / name)


TWO_YEARS = 104
WORKS: dict[str, Work] = {
    "council": Work(
        "10,000 lines, 0.3 M visits in four weeks, two years of sealed receipts behind; Parquet to receipts, in the process",
        "0.5 s, 200 MiB", council("council", 8_000, parquet=True, sealed_weeks=TWO_YEARS),
        (ours("calculate", _folder("council"), "1"), peer("pandas, the arithmetic alone", "with_pandas.py", "pay", _folder("council")),
         peer("Python with Decimal, row by row, the arithmetic alone", "row_by_row.py", _folder("council"))),
    ),
    "region": Work(
        "100,000 lines, 3.3 M visits", "3 s, 500 MiB", council("region", 80_000, parquet=True, sealed_weeks=0),
        (ours("calculate", _folder("region"), "4"), peer("pandas, the arithmetic alone", "with_pandas.py", "pay", _folder("region"))),
    ),
    "england": Work(
        "640,000 lines, 34 M visits, 66 M receipts behind, in parts", "20 s, 2 GiB",
        council("england", 505_000, parquet=True, sealed_weeks=TWO_YEARS, busy=True),
        (ours("calculate", _folder("england"), "16"), peer("a bare scan of the same columns", "scan.py", _folder("england"))),
    ),
    "reading": Work(
        "reading and checking the council's folder as CSV", "2 × pandas", council("council-csv", 8_000, parquet=False, sealed_weeks=0),
        (ours("read", _folder("council-csv")), peer("pandas.read_csv alone", "with_pandas.py", "read", _folder("council-csv"))),
    ),
    "remittances": Work("2,500 remittances as PDF, CSV and XLSX", "120 s", lambda: None, (ours("remittances", "2500"),)),
    "office": Work(
        "the council in the database: draft and seal", "3 s", council("council-csv", 8_000, parquet=False, sealed_weeks=0),
        (ours("office", _folder("council-csv")),),
    ),
}  # fmt: skip
