"""Growth as a picture: seconds and memory from a council to England, straight proportionality drawn beside.

`python -m bench.picture docs/benchmarks.json docs/growth.svg`; both scales are logarithmic, so that proportion is a straight line.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bench.figures import read_figures, seconds_text

WORKS = ("council", "region", "england")
WIDTH, HEIGHT = 880, 400
PANEL_WIDTH, PANEL_HEIGHT, TOP = 340, 260, 76
INK, FAINT, OURS, STRAIGHT = "#1d2a35", "#d8dee3", "#0b5d8a", "#8a949c"


@dataclass(frozen=True)
class Point:
    """A council, region or country: its name, its lines of care, and what was measured."""

    name: str
    lines: float
    value: float


@dataclass(frozen=True)
class Panel:
    """One drawing: a heading, the unit, the points and where it stands."""

    heading: str
    points: Sequence[Point]
    left: int
    texts: Sequence[str]

    @property
    def decades(self) -> tuple[int, int]:
        """The powers of ten that hold every point and the straight line beside them."""
        first = self.points[0]
        values = [point.value for point in self.points] + [first.value * point.lines / first.lines for point in self.points]
        return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values) * 1.05))

    @property
    def line_decades(self) -> tuple[int, int]:
        """The powers of ten that hold every number of lines."""
        lines = [point.lines for point in self.points]
        return math.floor(math.log10(min(lines))), math.ceil(math.log10(max(lines)))

    def x(self, lines: float) -> float:
        """Where a number of lines stands."""
        low, high = self.line_decades
        return self.left + PANEL_WIDTH * (math.log10(lines) - low) / (high - low)

    def y(self, value: float) -> float:
        """Where a value stands."""
        low, high = self.decades
        return TOP + PANEL_HEIGHT * (1 - (math.log10(value) - low) / (high - low))


def write_picture(figures: Path, out: Path) -> None:
    """Draw what the figures say of growth. ValueError while one of council, region and England is missing."""
    found = {str(figure["work"]): figure for figure in reversed(read_figures(figures)) if figure["size"]}
    missing = [name for name in WORKS if name not in found]
    if missing:
        raise ValueError(f"No figures of {', '.join(missing)} yet: measure them first.")
    panels = []
    for left, heading, name, text in (
        (64, "seconds", "seconds", seconds_text),
        (500, "peak memory, MiB", "peak_mebibytes", "{:,.0f}".format),
    ):
        points = [Point(work, float(str(found[work]["size"])), float(str(found[work][name]))) for work in WORKS]
        panels.append(Panel(heading, points, left, [text(point.value) for point in points]))
    out.write_text(drawn(panels), encoding="utf-8")


def drawn(panels: Sequence[Panel]) -> str:
    """The whole picture as SVG."""
    title = "Growth from a council to England"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"'
        f' aria-label="{title}" font-family="system-ui, sans-serif" font-size="13" fill="{INK}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="20" y="28" font-size="17" font-weight="600">{title}: the calculation alone, by lines of care</text>',
    ]
    for panel in panels:
        parts += _panel(panel)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Panel) -> list[str]:
    first, last = panel.points[0], panel.points[-1]
    straight = first.value * last.lines / first.lines
    ours = " ".join(f"{panel.x(point.lines):.1f},{panel.y(point.value):.1f}" for point in panel.points)
    end_x, end_y = panel.x(last.lines), panel.y(straight)
    parts = [f'<text x="{panel.left}" y="{TOP - 18}" font-weight="600">{escape(panel.heading)}</text>', *_grid(panel)]
    parts += [
        f'<line x1="{panel.x(first.lines):.1f}" y1="{panel.y(first.value):.1f}" x2="{end_x:.1f}" y2="{end_y:.1f}"'
        f' stroke="{STRAIGHT}" stroke-width="1.5" stroke-dasharray="5 4"/>',
        f'<text x="{end_x - 6:.1f}" y="{end_y - 8:.1f}" text-anchor="end" fill="{STRAIGHT}">in proportion</text>',
        f'<polyline points="{ours}" fill="none" stroke="{OURS}" stroke-width="2.5"/>',
    ]
    for point, text in zip(panel.points, panel.texts, strict=True):
        x, y = panel.x(point.lines), panel.y(point.value)
        name = point.name.capitalize()
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{OURS}"/>')
        parts.append(f'<text x="{x - 14:.1f}" y="{y + 28:.1f}">{name} <tspan font-weight="600">{text}</tspan></text>')
    return parts


def _grid(panel: Panel) -> list[str]:
    """Lines at the powers of ten, named at the left and below."""
    bottom, right = TOP + PANEL_HEIGHT, panel.left + PANEL_WIDTH
    parts = []
    for power in range(panel.decades[0], panel.decades[1] + 1):
        y = panel.y(10.0**power)
        parts.append(f'<line x1="{panel.left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{FAINT}"/>')
        parts.append(f'<text x="{panel.left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,.{max(0, -power)}f}</text>')
    for power in range(panel.line_decades[0], panel.line_decades[1] + 1):
        x = panel.x(10.0**power)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="{FAINT}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{10**power:,}</text>')
    parts.append(f'<text x="{panel.left + PANEL_WIDTH / 2}" y="{bottom + 42}" text-anchor="middle" fill="{STRAIGHT}">lines of care</text>')
    return parts


if __name__ == "__main__":
    write_picture(Path(sys.argv[1]), Path(sys.argv[2]))
