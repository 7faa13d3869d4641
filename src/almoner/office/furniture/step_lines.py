"""Lines in steps as a picture: what goes on week by week, over a band of what is usual; known by their dashes, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, FOOT = 360, 260, 26
KEY = 22
LEAST_POINTS = 3
"""With fewer the table says it better."""


@dataclass(frozen=True)
class StepPoint:
    """One week: what stands under it, the height of each line as a number, and the bounds of the band if it has any."""

    label: str
    heights: tuple[int, ...]
    low: int | None = None
    high: int | None = None


def step_lines(title: str, points: Sequence[StepPoint], names: Sequence[str], *, band: str, top_words: str) -> Markup | None:
    """Lines in steps from nought to the highest point, each with its dashes, and a key above them; None for fewer than three points.

    `title` is the text alternative, `band` what the pale band is, `top_words` what is written at the highest point's level.
    """
    if len(points) < LEAST_POINTS:
        return None
    begin = KEY * (len(names) + 1) + 20
    top = max(max(max(point.heights), point.high or 0) for point in points) or 1

    def up(height: int) -> int:
        room = HEIGHT - FOOT
        return begin + room - max(height, 0) * room // top

    edges = [number * WIDTH // len(points) for number in range(len(points) + 1)]
    drawn = [Markup('<rect class="almoner-band" x="0" y="{}" width="16" height="14"/><text x="24" y="{}">{}</text>').format(2, 14, band)]
    drawn += [
        Markup('<path class="almoner-step-{}" d="M0 {y}H16"/><text x="24" y="{}">{}</text>').format(
            number, number * KEY + 14, name, y=number * KEY + 9
        )
        for number, name in enumerate(names, 1)
    ]
    for point, left, right in zip(points, edges, edges[1:], strict=False):
        if point.low is not None and point.high is not None:
            drawn.append(
                Markup('<rect class="almoner-band" x="{}" y="{}" width="{}" height="{}"/>').format(
                    left, up(point.high), right - left, max(up(point.low) - up(point.high), 1)
                )
            )
    for number in range(len(names)):
        steps = "".join(
            f"{'M' if left == 0 else 'L'}{left} {up(point.heights[number])}H{right}"
            for point, left, right in zip(points, edges, edges[1:], strict=False)
        )
        drawn.append(Markup('<path class="almoner-step-{}" d="{}"/>').format(number + 1, steps))
    drawn += [
        Markup('<line x1="0" y1="{y}" x2="{}" y2="{y}"/>').format(WIDTH, y=up(0)),
        Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(WIDTH, begin - 5, top_words),
        Markup('<text x="0" y="{}">{}</text>').format(up(0) + 20, points[0].label),
        Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(WIDTH, up(0) + 20, points[-1].label),
    ]
    opened = Markup('<svg class="almoner-bars almoner-steps-drawn" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, begin + HEIGHT, title
    )
    return opened + Markup("").join(drawn) + Markup("</svg>")
