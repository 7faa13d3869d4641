"""Letters that the typesetter's own fonts have, and what stands for those they lack."""

from __future__ import annotations

import unicodedata

UNKNOWN_LETTER = "\N{WHITE SQUARE}"
# Latin with its extensions, Greek, Cyrillic, and common marks.
SHOWN = (range(0x20, 0x7F), range(0xA1, 0x180), range(0x391, 0x3CA), range(0x400, 0x460))
SHOWN_BESIDE = frozenset("–—‘’“”…€№•−⁄⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞→\N{NO-BREAK SPACE}" + UNKNOWN_LETTER)


def known_letters(text: str) -> str:
    """Letters outside `SHOWN` are taken apart into ones inside it, or become a square."""
    return "".join(letter if _is_shown(letter) else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    apart = "".join(part for part in unicodedata.normalize("NFKD", letter) if _is_shown(part))
    return apart or ("" if unicodedata.combining(letter) else UNKNOWN_LETTER)


def _is_shown(letter: str) -> bool:
    return any(ord(letter) in span for span in SHOWN) or letter in SHOWN_BESIDE
