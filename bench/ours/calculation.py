"""The calculation, reading and remittances, without a database: `python -m bench.ours.calculation WORK ARGUMENTS`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from bench.clock import timed

THROUGH = date(2026, 11, 15)
FIRST_DAY = date(2026, 10, 19)


def calculate(folder: str, parts: str) -> None:
    """From Parquet to receipts, in this process; two years of sealed receipts stand behind (weeks before the first day stay sealed)."""
    from almoner.cli.in_place import read_facts
    from almoner.core.parts import calculate_parts
    from almoner.figures.bank_holidays import bank_holidays

    def work() -> str:
        facts = read_facts(Path(folder), in_parts=int(parts) > 1)
        receipts = pence = 0
        outcomes = calculate_parts(
            facts.tables, {"bank_holidays": bank_holidays()}, count=int(parts), workers=2, through=THROUGH, since=FIRST_DAY, workings=False
        )
        for outcome in outcomes:
            receipts += outcome.receipts.num_rows
            pence += sum(outcome.receipts.column("amount_pence").to_pylist())
        return f"{receipts:,} receipts, £{pence / 100:,.2f}"

    timed(work)


def read(folder: str) -> None:
    """Reading and checking a folder of CSV."""
    from almoner.formats.tables import read_folder

    timed(lambda: f"{sum(count.read for count in read_folder(Path(folder)).counts.values()):,} rows")


def remittances(count: str) -> None:
    """So many remittances of four lines as PDF, CSV and XLSX, on all cores."""
    from almoner.formats.remittances.bulk import write_remittances
    from almoner.formats.remittances.remittance import Remittance, RemittanceLine

    def one(number: int) -> Remittance:
        lines = tuple(
            RemittanceLine(
                person_id=f"40000{number:05}", person_name="Example Person", line_id=f"L{number:05}{week}", service="home care",
                week=date(2026, 10, 19 + 7 * week) if week < 2 else date(2026, 11, 2 + 7 * (week - 2)), kind="regular",
                amount_pence=12_345 + number, quantity="14 visits, 7 h", rate="£24.60 an hour", why="",
            )
            for week in range(4)
        )  # fmt: skip
        total = sum(line.amount_pence for line in lines)
        return Remittance(
            provider_name=f"Provider {number}", provider_id=f"P{number:05}", reference=f"BX-{number:05}", pay_date=date(2026, 11, 19),
            period="care up to 15 November 2026", lines=lines, carried_in_pence=0, carried_out_pence=0, paid_pence=total,
        )  # fmt: skip

    def work() -> str:
        written = [len(files.pdf) for files in write_remittances([one(number) for number in range(int(count))])]
        return f"{len(written):,} remittances"

    timed(work)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
