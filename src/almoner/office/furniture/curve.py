"""A line as a picture: points one beside another with a line at a target, readable at 320 pixels, in forced colours and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, TOP, FOOT, LEFT, RIGHT = 360, 240, 50, 26, 10, 10
LEAST_POINTS = 3
"""With fewer the table says it better."""
MOST_LABELS = 6


@dataclass(frozen=True)
class Point:
    """One point: what stands under it, its height as a number, and what is written at it."""

    label: str
    height: int
    words: str


@dataclass(frozen=True)
class Scale:
    """What the picture reaches from and to, as numbers, and what is written at its foot; where the broken line of the target lies, and what
    is written of it."""

    foot: int
    top: int
    foot_words: str
    target: int
    target_words: str


def curve(title: str, points: Sequence[Point], scale: Scale) -> Markup | None:
    """Points joined by a line, with a broken line at the target; None for fewer than three. `title` is the text alternative. The first, the
    last and the lowest point carry their words."""
    if len(points) < LEAST_POINTS:
        return None
    places = [(_across(number, len(points)), _up(point.height, scale)) for number, point in enumerate(points)]
    lowest = min(range(len(points)), key=lambda number: points[number].height)
    level = Markup('<line{} x1="{}" y1="{y}" x2="{}" y2="{y}"/>')
    drawn = [
        level.format(Markup(' class="almoner-target"'), LEFT, WIDTH - RIGHT, y=_up(scale.target, scale)),
        Markup('<text x="{}" y="16">{}</text>').format(LEFT, scale.target_words),
        level.format("", LEFT, WIDTH - RIGHT, y=_up(scale.foot, scale)),
        Markup('<text x="{}" y="{}">{}</text>').format(LEFT, _up(scale.foot, scale) - 5, scale.foot_words),
        Markup('<polyline points="{}"/>').format(" ".join(f"{x},{y}" for x, y in places)),
    ]
    every = -(-len(points) // MOST_LABELS)
    for number, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        anchor = "start" if number == 0 else "end" if number == len(points) - 1 else "middle"
        drawn.append(Markup('<circle cx="{}" cy="{}" r="4"/>').format(x, y))
        if number in (0, len(points) - 1, lowest):
            above = y + 20 if number == lowest and point.height < scale.target else y - 9
            drawn.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, above, anchor, point.words))
        if number % every == 0:
            drawn.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, HEIGHT - 6, anchor, point.label))
    opened = Markup('<svg class="almoner-bars almoner-curve" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, title)
    return opened + Markup("").join(drawn) + Markup("</svg>")


def _across(number: int, count: int) -> int:
    return LEFT + number * (WIDTH - LEFT - RIGHT) // (count - 1)


def _up(height: int, scale: Scale) -> int:
    room = HEIGHT - TOP - FOOT
    return TOP + room - max(0, min(height, scale.top) - scale.foot) * room // (scale.top - scale.foot)
