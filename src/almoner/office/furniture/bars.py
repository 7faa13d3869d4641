"""Bars as a picture: made on the server, readable at 320 pixels, in forced colours and without colour. Every figure is in a table too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, ROW, BAR = 360, 46, 16
LEAST_BARS = 3
"""With fewer the table says it better."""


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its length as a number, and what is written at its end."""

    label: str
    length: int
    words: str


def bars(title: str, rows: Sequence[Bar]) -> Markup | None:
    """Bars one under the other, each with its label and its words above it; None for fewer than three. `title` is the text alternative.

    They begin at the left; where one is below zero, all begin at a line in the middle, and those below zero go to the left.
    """
    if len(rows) < LEAST_BARS:
        return None
    longest = max(max(abs(row.length) for row in rows), 1)
    zero = WIDTH // 2 if any(row.length < 0 for row in rows) else 0
    parts = [_bar(number, row, longest, zero) for number, row in enumerate(rows)]
    height = ROW * len(rows)
    if zero:
        parts.append(Markup('<line x1="{0}" y1="20" x2="{0}" y2="{1}"/>').format(zero, height - 6))
    began = Markup('<svg class="almoner-bars" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, height, title)
    return began + Markup("").join(parts) + Markup("</svg>")


def _bar(number: int, row: Bar, longest: int, zero: int) -> Markup:
    top, length = number * ROW, abs(row.length) * (WIDTH - zero) // longest
    left = zero - length if row.length < 0 else zero
    return Markup(
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text><rect x="{}" y="{}" width="{}" height="{}"/>'
    ).format(top + 16, row.label, WIDTH, top + 16, row.words, left, top + 22, length, BAR)
