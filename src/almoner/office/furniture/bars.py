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


@dataclass(frozen=True)
class Stack:
    """One bar of parts, one after another: what it stands for, the length of each part, and what is written at its end."""

    label: str
    parts: Sequence[int]
    words: str


def stacks(title: str, rows: Sequence[Stack], names: Sequence[str]) -> Markup | None:
    """Bars of parts with a key above them; each part has its own pattern, so that none is known by its colour alone. None for fewer than
    three. `title` is the text alternative. Parts below nothing are not drawn: the table has them."""
    if len(rows) < LEAST_BARS:
        return None
    drawn = [[max(part, 0) for part in row.parts] for row in rows]
    longest = max(max(map(sum, drawn)), 1)
    key = [
        Markup('<rect class="almoner-part-{}" x="0" y="{}" width="16" height="16"/><text x="24" y="{}">{}</text>').format(
            number + 1, number * 22, number * 22 + 13, name
        )
        for number, name in enumerate(names)
    ]
    begin = 22 * len(names) + 10
    found = [_stack(begin + number * ROW, row, parts, longest) for number, (row, parts) in enumerate(zip(rows, drawn, strict=True))]
    opened = Markup('<svg class="almoner-bars almoner-stacks" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, begin + ROW * len(rows), title
    )
    return opened + PATTERNS + Markup("").join([*key, *found]) + Markup("</svg>")


def _stack(top: int, row: Stack, parts: Sequence[int], longest: int) -> Markup:
    drawn, left, gone = [], 0, 0
    for number, part in enumerate(parts):
        gone += part
        end = gone * WIDTH // longest
        if end > left:
            drawn.append(
                Markup('<rect class="almoner-part-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                    number + 1, left, top + 22, end - left, BAR
                )
            )
        left = end
    told = Markup('<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>')
    return told.format(top + 16, row.label, WIDTH, top + 16, row.words) + Markup("").join(drawn)


PATTERNS = Markup(
    '<defs><pattern id="almoner-p2" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6L6 0"/></pattern>'
    '<pattern id="almoner-p3" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 3h6"/></pattern>'
    '<pattern id="almoner-p4" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M3 0v6"/></pattern>'
    '<pattern id="almoner-p5" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 0L6 6M0 6L6 0"/></pattern></defs>'
)
"""What fills the second to the fifth part; the first is filled and the sixth black."""
