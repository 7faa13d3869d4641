"""A line as a picture: points one beside another with a line at a target, readable at 320 pixels, in forced colours and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, TOP, FOOT, LEFT, RIGHT = 360, 220, 24, 26, 10, 10
LEAST_POINTS = 3
"""With fewer the table says it better."""
MOST_LABELS = 6


@dataclass(frozen=True)
class Point:
    """One point: what stands under it, its height as a number, and what is written at it."""

    label: str
    height: int
    words: str


def curve(title: str, points: Sequence[Point], *, target: int, target_words: str, top: int) -> Markup | None:
    """Points joined by a line over a scale from nought to `top`, with a broken line at the target; None for fewer than three. `title` is
    the text alternative. The first, the last and the lowest point carry their words."""
    if len(points) < LEAST_POINTS:
        return None
    places = [(_across(number, len(points)), _up(point.height, top)) for number, point in enumerate(points)]
    lowest = min(range(len(points)), key=lambda number: points[number].height)
    every = -(-len(points) // MOST_LABELS)
    drawn = [
        Markup('<line class="almoner-target" x1="{}" y1="{y}" x2="{}" y2="{y}"/><text x="{}" y="{}">{}</text>').format(
            LEFT, WIDTH - RIGHT, LEFT, TOP - 10, target_words, y=_up(target, top)
        ),
        Markup('<line x1="{}" y1="{y}" x2="{}" y2="{y}"/>').format(LEFT, WIDTH - RIGHT, y=_up(0, top)),
        Markup('<polyline points="{}"/>').format(" ".join(f"{x},{y}" for x, y in places)),
    ]
    for number, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        anchor = "start" if number == 0 else "end" if number == len(points) - 1 else "middle"
        drawn.append(Markup('<circle cx="{}" cy="{}" r="4"/>').format(x, y))
        if number in (0, len(points) - 1, lowest):
            drawn.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, y + 22, anchor, point.words))
        if number % every == 0:
            drawn.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, HEIGHT - 6, anchor, point.label))
    opened = Markup('<svg class="almoner-bars almoner-curve" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, title)
    return opened + Markup("").join(drawn) + Markup("</svg>")


def _across(number: int, count: int) -> int:
    return LEFT + number * (WIDTH - LEFT - RIGHT) // (count - 1)


def _up(height: int, top: int) -> int:
    room = HEIGHT - TOP - FOOT
    return TOP + room - max(0, min(height, top)) * room // top
