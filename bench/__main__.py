"""Measure everything, or what is named, and print a table: `python -m bench [--only WORK …] [--times N] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import Measured, measure
from bench.works import WORKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(WORKS), help="only these works")
    parser.add_argument("--times", type=int, default=5, help="how often each is measured; the median counts")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    asked = parser.parse_args()
    console = Console()
    figures: list[dict[str, object]] = []
    table = Table("work", "measured", "seconds", "of them CPU", "peak MiB", "aim", title=f"Medians of {asked.times}")
    for name in asked.only or WORKS:
        work = WORKS[name]
        console.print(f"[dim]{name}: {work.meaning} …[/]")
        work.prepare()
        for what, command, environment in work.measured:
            found: Measured = measure(command, times=asked.times, environment=environment)
            aim = work.aim if what == "Almoner" else "beside it"
            table.add_row(name, what, f"{found.seconds:.2f}", f"{found.cpu_seconds:.2f}", f"{found.peak_mebibytes:.0f}", aim)
            figures.append({"work": name, "measured": what, "seconds": found.seconds, "cpu_seconds": found.cpu_seconds,
                            "peak_mebibytes": found.peak_mebibytes, "said": found.said})  # fmt: skip
            console.print(f"  {what}: {found.seconds:.2f} s, {found.peak_mebibytes:.0f} MiB {found.said}")
    console.print(table)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
