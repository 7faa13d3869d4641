"""How the demo tells its story: headings, short lines, bars while something takes time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

Told = Callable[[str, int, int], None]

console = Console(highlight=False)


def heading(text: str) -> None:
    """A new chapter."""
    console.print()
    console.print(f"[bold cyan]{text}[/]")


def say(text: str) -> None:
    """One line of the story; rich's colours are allowed in it."""
    console.print(f"  {text}", soft_wrap=True)


def done(text: str) -> None:
    """One step that is finished."""
    console.print(f"  [green]✓[/] {text}", soft_wrap=True)


@contextmanager
def bar(what: str) -> Iterator[Told]:
    """A bar while something takes time; it leaves nothing behind."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda name, at, of: progress.update(task, description=f"{what}: {name.replace('_', ' ')}", completed=at, total=of)


def table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A small table; the last column holds amounts."""
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in columns[:-1]:
        shown.add_column(name)
    shown.add_column(columns[-1], justify="right", no_wrap=True)
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
