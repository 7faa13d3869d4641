"""Measure everything, or what is named, and print the table: `python -m bench [--only WORK …] [--times N] [--json FILE] [--publish]`."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.figures import Figure, add_to, machine, table
from bench.making import make
from bench.measure import HERE, measure
from bench.picture import write_picture
from bench.postgresql import NoPostgresql, cluster
from bench.publish import write_page
from bench.sides import Work
from bench.works import WORKS

DOCS = HERE.parent / "docs"
FIGURES = DOCS / "benchmarks.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(WORKS), help="only these works")
    parser.add_argument("--times", type=int, default=5, help="how often each is measured; the median counts")
    parser.add_argument("--json", type=Path, help="put the figures there too, in place of those of the same works")
    parser.add_argument("--publish", action="store_true", help="put them into docs/: figures, table and picture")
    asked = parser.parse_args()
    console = Console()
    wanted = {name: WORKS[name] for name in asked.only or WORKS}
    figures: list[Figure] = []
    failed = False
    with ExitStack() as stack:
        if any(work.needs_postgresql for work in wanted.values()):
            try:
                stack.enter_context(cluster())
            except NoPostgresql as reason:
                console.print(f"[red]What needs PostgreSQL is left out. {escape(str(reason))}[/]")
                wanted = {name: work for name, work in wanted.items() if not work.needs_postgresql}
        shown = stack.enter_context(
            Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True)
        )
        for name, work in wanted.items():
            found, trouble = _measured(name, work, asked.times, shown)
            figures += found
            failed = failed or trouble
            for path in ([asked.json] if asked.json else []) + ([FIGURES] if asked.publish else []):
                add_to(path, found)
    console.print(f"Medians of {asked.times}. {machine()}")
    console.print(table(figures))
    if asked.publish:
        write_page(FIGURES, DOCS / "benchmarks.md")
        try:
            write_picture(FIGURES, DOCS / "growth.svg")
        except ValueError as reason:
            console.print(f"[red]The picture was not drawn. {reason}[/]")
    sys.exit(1 if failed else 0)


def _measured(name: str, work: Work, times: int, shown: Progress) -> tuple[list[Figure], bool]:
    """The figures of one work, and whether something failed; its data are made first. What fails is told and left out."""
    bar = shown.add_task(f"{name}: making what is measured", total=None)
    found, failed = [], False
    try:
        make(name)
        sides = work.sides()
    except RuntimeError as trouble:
        shown.console.print(f"[red]{name} cannot be measured.[/] {escape(str(trouble))}")
        sides, failed = [], True
    for side in sides:
        often = min(times, side.at_most or times)
        shown.reset(bar, total=often, description=f"{name}: {side.what}")
        try:
            measured = measure(side.command, times=often, ready=side.ready, told=lambda done: shown.update(bar, completed=done))
        except RuntimeError as trouble:
            shown.console.print(f"[red]{name}: {side.what} failed.[/] {escape(str(trouble))}")
            failed = True
            continue
        found.append(Figure.of(name, work.meaning, side, measured))
        shown.console.print(f"{name}: {side.what}: {measured.seconds:.2f} s, {measured.peak_mebibytes:.0f} MiB; {measured.said}")
    shown.remove_task(bar)
    return [figure.judged(found) for figure in found], failed


if __name__ == "__main__":
    main()
