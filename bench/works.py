"""The works that are measured, beside what, and the aims."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from bench import stages
from bench.histories import History, kept_history
from bench.samples import DATA, TWO_YEARS, kept_council
from bench.sides import Aim, Side, Work, beside, ours, peer
from bench.stages import DATABASES, Stage

COUNCIL, SMALLER = 8_000, 2_000
"""People of a council; the smaller one is for ten years in a database, which would otherwise take an hour to make."""
YEARS = 2
PAYMENTS = 2_500
PREVIEWS = 200
USERS, A_MINUTE, VISITS = 50, 60, 5_000
TEN, ONE = 10, 1


def _lines(folder: Path) -> int:
    """How many lines of care a folder has."""
    return int(pq.read_metadata(folder / "lines.parquet").num_rows)


def _council() -> list[Side]:
    folder = kept_council("council", COUNCIL, sealed_weeks=TWO_YEARS)
    return [
        Side("Almoner", ours("calculation", "calculate", folder, 1), Aim(seconds=0.5, mebibytes=200), size=_lines(folder)),
        Side("pandas, the arithmetic alone", peer("with_pandas.py", "pay", folder)),
        Side("Python with Decimal, row by row, the arithmetic alone", peer("row_by_row.py", folder)),
    ]


def _region() -> list[Side]:
    folder = kept_council("region", 80_000, sealed_weeks=TWO_YEARS, actuals_percent=79)
    return [
        Side("Almoner, in 8 parts", ours("calculation", "calculate", folder, 8), Aim(seconds=3, mebibytes=500), size=_lines(folder)),
        Side("pandas, the arithmetic alone", peer("with_pandas.py", "pay", folder)),
    ]


def _england() -> list[Side]:
    folder = kept_council("england", 505_000, sealed_weeks=TWO_YEARS, actuals_percent=90, busy=True)
    return [
        Side("Almoner, in 32 parts", ours("calculation", "calculate", folder, 32), Aim(seconds=20, mebibytes=2048), size=_lines(folder)),
        Side("a bare scan of the same columns", peer("scan.py", folder)),
    ]


def _office() -> list[Side]:
    sides, kept = [], DATA / "four-weeks.parquet"
    for on in DATABASES:
        stage = stages.council_with_history(COUNCIL, YEARS, on)
        stage.make()
        sides.append(Side(f"Almoner on {on}", ours("office", "seal"), Aim(seconds=3), stage.ready()))
        if on == DATABASES[0]:
            with stage.ready()() as environment:
                stages.run(ours("office", "keep_receipts", kept), environment)
        sides.append(Side(f"bulk_create of the same receipts on {on}", beside("bulk_create.py", kept), None, stage.ready()))
    return sides


def _history() -> list[Side]:
    ten, one = (stages.council_with_history(SMALLER, years, "SQLite") for years in (TEN, ONE))
    for stage in (ten, one):
        stage.make()
    command = ours("office", "seal")
    return [
        Side("Almoner, ten years behind", command, Aim(times=(1.3, "Almoner, one year behind")), ten.ready()),
        Side("Almoner, one year behind", command, None, one.ready()),
    ]


def _history_of_files() -> list[Side]:
    ten, one = (kept_history(History(COUNCIL, years)) / "facts" for years in (TEN, ONE))
    return [
        Side(
            "Almoner, ten years behind", ours("calculation", "calculate", ten, 1), Aim(times=(1.3, "Almoner, one year behind"))
        ),
        Side("Almoner, one year behind", ours("calculation", "calculate", one, 1)),
    ]  # fmt: skip


def _payments() -> list[Side]:
    sides = []
    for on in DATABASES:
        stage = stages.payees(PAYMENTS, on)
        stage.make()
        sides.append(Side(f"Almoner on {on}", ours("office", "pay"), Aim(seconds=10), stage.ready()))
    tryton = Stage("tryton", "PostgreSQL", peer("tryton_invoices.py", "stage", PAYMENTS), stages.peers_mark("tryton_invoices.py", PAYMENTS))
    tryton.make()
    return [
        *sides,
        Side(
            "Tryton 8.2 on PostgreSQL, once", peer("tryton_invoices.py", "pay", PAYMENTS, options=("-O",)), None, tryton.ready(), at_most=1
        ),
    ]


def _remittances() -> list[Side]:
    return [Side("Almoner, all cores", ours("calculation", "remittances", PAYMENTS), Aim(seconds=120))]


def _preview() -> list[Side]:
    sides = []
    for on in DATABASES:
        stage = stages.council_with_history(COUNCIL, YEARS, on)
        stage.make()
        sides.append(Side(f"Almoner on {on}, p95", ours("office", "preview", PREVIEWS, "plain"), Aim(seconds=0.15), stage.ready()))
    explained = stages.council_with_history(COUNCIL, YEARS, "SQLite")
    sides.append(Side("with what explains it, on SQLite, p95", ours("office", "preview", PREVIEWS, "explained"), None, explained.ready()))
    return sides


def _web() -> list[Side]:
    stage = stages.council_with_history(COUNCIL, YEARS, "PostgreSQL")
    stage.make()
    sides = []
    for measured, seconds in (("reads", 0.3), ("submissions", 0.6)):
        command = ours("web", "load", USERS, A_MINUTE, measured)
        sides.append(Side(f"Almoner on PostgreSQL, {measured} p95", command, Aim(seconds=seconds), stage.ready(), at_most=1))
    command = ours("web", "upload", VISITS)
    return [
        *sides,
        Side(f"Almoner on PostgreSQL, a file of {VISITS:,} visits previewed", command, Aim(seconds=3), stage.ready(), at_most=1),
    ]


def _reading() -> list[Side]:
    folder = kept_council("council-csv", COUNCIL, parquet=False)
    reads = "pandas.read_csv alone"
    return [
        Side("Almoner", ours("calculation", "read", folder), Aim(times=(2, reads))),
        Side(reads, peer("with_pandas.py", "read", folder)),
    ]


WORKS: dict[str, Work] = {
    "council": Work("10,000 lines, 0.3 M visits in four weeks, 1 M receipts sealed; Parquet to receipts, in the process", _council),
    "region": Work("100,000 lines, 3.3 M visits, 10 M receipts sealed; the same", _region),
    "england": Work("640,000 lines, 34 M visits, 66 M receipts sealed; the same, in parts", _england),
    "office": Work("the council in the database, two years sealed behind: draft and seal", _office, needs_postgresql=True),
    "history": Work("ten years in the database instead of one, the same four weeks: draft and seal", _history),
    "history-of-files": Work("ten years in the folder instead of one, the same four weeks: calculate --since", _history_of_files),
    "payments": Work(
        "2,500 payments of four lines: draft, sealed, approved, issued as pain.001, Bacs and ledger", _payments, needs_postgresql=True
    ),
    "remittances": Work("2,500 remittances of four lines as PDF, CSV and XLSX", _remittances),
    "preview": Work(
        "one person's week, gathering included, in a council of 8,000; p95 of 200 people after 5", _preview, needs_postgresql=True
    ),
    "web": Work(
        "50 people of 50 providers on the portal at once for a minute, a council of 8,000; one file of 5,000 visits",
        _web,
        needs_postgresql=True,
    ),
    "reading": Work("reading and checking the council's folder as CSV", _reading),
}  # fmt: skip
