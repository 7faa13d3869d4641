"""An import as a table on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from almoner.core.findings import Severity

if TYPE_CHECKING:
    from almoner.office.exchange.imports import Imported
    from almoner.office.exchange.imports import Progress as Told

COUNTS = ("read", "new", "updated", "unchanged", "rejected", "withdrawn")
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
FINDINGS_SHOWN = 10


@contextmanager
def progress_bar() -> Iterator[Told]:
    """A bar on standard error that names the table being taken in; it leaves nothing behind."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading the files", total=None)
        yield lambda name, done, total: bar.update(task, description=f"Taking in {name}", completed=done, total=total)


def show_import(done: Imported, *, dry_run: bool) -> None:
    """What became of each table, the gravest findings, and what to do next."""
    console = Console()
    title = "Would be imported" if dry_run else f"Import {done.batch}"
    shown = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    shown.add_column("table", no_wrap=True)
    counted = [name for name in COUNTS if name != "withdrawn" or any(table.withdrawn for table in done.tables)]
    for name in counted:
        shown.add_column(name, justify="right")
    for table in done.tables:
        if table.read or table.withdrawn:
            counts = [getattr(table, name) for name in counted]
            shown.add_row(table.table, *(f"{count:,}" if count else "[dim]–[/]" for count in counts))
    console.print(shown)
    _show_findings(console, done)
    if not any(table.new or table.updated or table.withdrawn for table in done.tables):
        console.print("Nothing in it was new.")
    elif dry_run:
        console.print("Nothing was kept. Leave out --dry-run to import it.")
    else:
        if any(finding.severity is Severity.ERROR for finding in done.findings):
            console.print("What is good is kept. Mend what is named above and import again, or go on without it.")
        console.print("Next: almoner run draft payments --through DATE --by USER")


def _show_findings(console: Console, done: Imported) -> None:
    gravest = sorted(done.findings, key=lambda finding: (list(Severity).index(finding.severity), finding.table, finding.row))
    for finding in gravest[:FINDINGS_SHOWN]:
        where = ", ".join(part for part in (finding.table, f"row {finding.row}" if finding.row else "", finding.column) if part)
        console.print(f"[{COLOURS[finding.severity]}]{finding.severity}[/] {where}: ", end="")
        console.print(f"{finding.message} {finding.remedy}", markup=False, highlight=False, soft_wrap=True)
    if len(done.findings) > FINDINGS_SHOWN:
        counts = Counter(str(finding.severity) for finding in done.findings)
        console.print(f"… {len(done.findings):,} findings in all: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
