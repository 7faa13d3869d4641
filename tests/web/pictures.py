"""Pictures of pages, kept small, and whether a page still looks like its own.

A picture is the whole page, grey, at a quarter of its size: words are smudges there, but every heading, table, button and margin has its
place. Two pictures are compared by blocks of four by four points, about a letter or two. So what moves, vanishes, grows or loses its colour
is found, and another version of the browser, which draws letters a little differently, is not.

`REWRITE=1 pytest tests/web/test_every_page.py` takes new pictures in place of the kept ones: look at what git shows before keeping them.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from PIL import Image, ImageChops

KEPT = Path(__file__).parent / "pictures"
SEEN = Path(__file__).resolve().parents[2] / "build" / "pictures"
SMALLER, BLOCK = 4, 4
SHADES = 16
MOST_APART = 20
"""Of 255: how far the mean of a block may be from what it was. Another word is 30 and more, a word that is gone 40; letters drawn anew stay
below 15."""
TALLER = 3
"""Points of the small picture by which a page may be taller or shorter: less than a line of text."""


def name_of(path: str, role: str, width: int) -> str:
    """The file of a page's picture: its address (with parameters by name), who looks and how wide."""
    plain = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "front"
    return f"{plain}.{role}.{width}.png"


def small(png: bytes) -> Image.Image:
    """A screenshot, grey and at a quarter of its size, in sixteen shades."""
    full = Image.open(io.BytesIO(png)).convert("L")
    size = (max(1, full.width // SMALLER), max(1, full.height // SMALLER))
    step = 256 // SHADES
    return full.resize(size, Image.Resampling.BOX).point(lambda shade: shade // step * step + step // 2)


def what_differs(name: str, png: bytes) -> str:
    """Why a page does not look like its kept picture; empty when it does. What was seen is then put into build/pictures."""
    seen, kept = small(png), KEPT / name
    if os.environ.get("REWRITE"):
        _keep(seen, kept)
        return ""
    if not kept.exists():
        _keep(seen, SEEN / name)
        return f"{name}: there is no picture of this page yet (seen: build/pictures)"
    told = _compared(Image.open(kept).convert("L"), seen)
    if told:
        _keep(seen, SEEN / name)
    return f"{name}: {told}" if told else ""


def never_looked_at(names: set[str]) -> list[str]:
    """Kept pictures of pages that are no more. REWRITE=1 takes them away."""
    gone = sorted({path.name for path in KEPT.glob("*.png")} - names)
    if os.environ.get("REWRITE"):
        for name in gone:
            (KEPT / name).unlink()
        return []
    return gone


def _compared(kept: Image.Image, seen: Image.Image) -> str:
    if kept.width != seen.width or abs(kept.height - seen.height) > TALLER:
        return f"was {kept.width * SMALLER} by {kept.height * SMALLER} and is {seen.width * SMALLER} by {seen.height * SMALLER}"
    box = (0, 0, kept.width, min(kept.height, seen.height))
    blocks = (max(1, kept.width // BLOCK), max(1, box[3] // BLOCK))
    before, now = (picture.crop(box).resize(blocks, Image.Resampling.BOX) for picture in (kept, seen))
    apart = ImageChops.difference(before, now)
    worst = apart.getextrema()[1]
    if worst <= MOST_APART:
        return ""
    left, top, *_ = apart.point(lambda shade: 255 if shade > MOST_APART else 0).getbbox()
    return f"looks different from {left * BLOCK * SMALLER} across and {top * BLOCK * SMALLER} down"


def _keep(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(SHADES).save(path, optimize=True)
