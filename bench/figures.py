"""Figures as they are kept, shown and judged."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.table import Table

from bench.measure import Measured
from bench.sides import Aim, Side


@dataclass(frozen=True)
class Figure:
    """One row of the table. `each`: the seconds of every time; `load`: how busy the machine was; `met`: None where there is no aim."""

    work: str
    meaning: str
    what: str
    seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    each: tuple[float, ...]
    said: str
    size: float | None
    aim: str
    met: bool | None
    taken_on: str
    on: str
    load: float
    aimed: Aim | None = None

    @classmethod
    def of(cls, name: str, meaning: str, side: Side, measured: Measured) -> Figure:
        """What was measured of one side of a work, not yet judged."""
        return cls(
            name, meaning, side.what, measured.seconds, measured.cpu_seconds, measured.peak_mebibytes, measured.each, measured.said,
            side.size, str(side.aim or ""), None, date.today().isoformat(), machine(), round(os.getloadavg()[0], 1), side.aim,
        )  # fmt: skip

    def judged(self, together: list[Figure]) -> Figure:
        """The same, with whether its aim was met beside the others of its work."""
        if self.aimed is None:
            return self
        beside = {figure.what: figure.seconds for figure in together}
        return replace(self, met=self.aimed.met(self.seconds, self.peak_mebibytes, beside))

    def kept(self) -> dict[str, object]:
        """As it goes into a file."""
        return {name: value for name, value in asdict(self).items() if name != "aimed"}


def machine() -> str:
    """What this ran on, in one line."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    return f"{os.cpu_count()} cores of {model or platform.machine()}, Python {platform.python_version()}, DuckDB {version('duckdb')}"


def read_figures(path: Path) -> list[dict[str, object]]:
    """The figures in a file; none when there is no file."""
    found: list[dict[str, object]] = json.loads(path.read_text()) if path.exists() else []
    return found


def add_to(path: Path, figures: list[Figure]) -> None:
    """Put figures into a file, in place of those of the same works."""
    works = {figure.work for figure in figures}
    others = [figure for figure in read_figures(path) if figure["work"] not in works]
    rows = [*others, *(figure.kept() for figure in figures)]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def seconds_text(seconds: float) -> str:
    """Seconds with as many digits as say something."""
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 100 else f"{seconds:,.0f}"


def table(figures: list[Figure]) -> Table:
    """The table for a screen."""
    shown = Table("work", "measured", "seconds", "CPU", "MiB", "aim", "met")
    for number, figure in enumerate(figures):
        first = number == 0 or figures[number - 1].work != figure.work
        if first and number:
            shown.add_section()
        verdict = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[figure.met]
        shown.add_row(
            figure.work if first else "", figure.what, seconds_text(figure.seconds), seconds_text(figure.cpu_seconds),
            f"{figure.peak_mebibytes:,.0f}", figure.aim, verdict,
        )  # fmt: skip
    return shown
