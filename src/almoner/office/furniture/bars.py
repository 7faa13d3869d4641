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
    """One bar: what it stands for, its length as a number of nothing below zero, and what is written at its end."""

    label: str
    length: int
    words: str


def bars(title: str, rows: Sequence[Bar]) -> Markup | None:
    """Bars one under the other, each with its label and its words above it; None for fewer than three. `title` is the text alternative."""
    if len(rows) < LEAST_BARS:
        return None
    longest = max(max(row.length for row in rows), 1)
    parts = [_bar(number, row, longest) for number, row in enumerate(rows)]
    began = Markup('<svg class="almoner-bars" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, ROW * len(rows), title)
    return began + Markup("").join(parts) + Markup("</svg>")


def _bar(number: int, row: Bar, longest: int) -> Markup:
    top = number * ROW
    length = row.length * WIDTH // longest
    return Markup(
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text><rect x="0.5" y="{}" width="{}" height="{}"/>'
    ).format(top + 16, row.label, WIDTH, top + 16, row.words, top + 22, max(length - 1, 0), BAR)
