"""Bars that stand side by side as a picture: made on the server, readable at 320 pixels, in forced colours and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from almoner.office.furniture.bars import PATTERNS

WIDTH, HEIGHT, LEFT, KEY, FOOT, HEAD = 360, 240, 70, 22, 24, 24
LEAST_BARS, MOST_LEVELS, LABEL = 3, 5, 50
"""With fewer bars the table says it better; as many levels as are read at a glance; as wide as a label under the bars is."""
THOUSAND = 100_000
"""A thousand pounds in pennies: the axis has whole thousands."""


@dataclass(frozen=True)
class Upright:
    """The bars over one label, the length of each as a number of pennies: one may be below nought."""

    label: str
    lengths: tuple[int, ...]


def uprights(title: str, rows: Sequence[Upright], names: Sequence[str], *, last_words: str) -> Markup | None:
    """Bars in pounds over a line at nought, those of one label beside one another, each kind with its own pattern and a key above; None for
    fewer than three labels. `title` is the text alternative, `last_words` stand at the last bar."""
    if len(rows) < LEAST_BARS:
        return None
    begin = KEY * len(names) + HEAD
    scale = _Scale.of([length for row in rows for length in row.lengths], begin)
    drawn = [
        Markup('<rect class="almoner-part-{}" x="0" y="{}" width="16" height="16"/><text x="24" y="{}">{}</text>').format(
            number, (number - 1) * KEY, (number - 1) * KEY + 13, name
        )
        for number, name in enumerate(names, 1)
    ]
    drawn += [
        Markup('<line class="almoner-level" x1="{}" y1="{y}" x2="{}" y2="{y}"/><text x="{}" y="{}" text-anchor="end">{}</text>').format(
            LEFT, WIDTH, LEFT - 6, scale.at(level) + 5, _thousands(level), y=scale.at(level)
        )
        for level in scale.levels
    ]
    drawn += [_bars(row, number, len(rows), scale) for number, row in enumerate(rows)]
    drawn.append(Markup('<line x1="{}" y1="{y}" x2="{}" y2="{y}"/>').format(LEFT, WIDTH, y=scale.at(0)))
    top = scale.at(max(*rows[-1].lengths, 0)) - 6
    drawn.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(WIDTH, top, last_words))
    opened = Markup('<svg class="almoner-bars almoner-stacks" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, begin + HEIGHT + FOOT, title
    )
    return opened + PATTERNS + Markup("").join(drawn) + Markup("</svg>")


@dataclass(frozen=True)
class _Scale:
    """From the lowest to the highest level, in pennies, and where the highest is drawn."""

    low: int
    high: int
    step: int
    begin: int

    @classmethod
    def of(cls, lengths: Sequence[int], begin: int) -> _Scale:
        low, high = min(0, *lengths), max(0, *lengths)
        step = next(
            step for zeros in range(12) for first in (1, 2, 5)
            if (high - low) <= (step := first * 10**zeros * THOUSAND) * (MOST_LEVELS - 1)
        )  # fmt: skip
        return cls(low // step * step, max(-(-high // step) * step, step), step, begin)

    @property
    def levels(self) -> range:
        return range(self.low, self.high + 1, self.step)

    def at(self, length: int) -> int:
        return self.begin + (self.high - length) * HEIGHT // (self.high - self.low)


def _thousands(length: int) -> str:
    return f"{'−' if length < 0 else ''}£{abs(length) // 100:,}"


def _bars(row: Upright, number: int, count: int, scale: _Scale) -> Markup:
    room = (WIDTH - LEFT) // count
    wide = max((room - 4) // len(row.lengths), 2)
    left = LEFT + number * room + 2
    drawn = []
    for place, length in enumerate(row.lengths):
        ends = sorted((scale.at(length), scale.at(0)))
        if ends[0] < ends[1]:
            drawn.append(
                Markup('<rect class="almoner-part-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                    place + 1, left + place * wide, ends[0], wide, ends[1] - ends[0]
                )
            )
    if (count - 1 - number) % max(-(-LABEL // room), 1) == 0:
        middle = min(left + room // 2, WIDTH - LABEL // 2)
        foot = scale.at(scale.low) + 17
        drawn.append(Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(middle, foot, row.label))
    return Markup("").join(drawn)
