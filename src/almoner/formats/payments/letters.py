"""The letters banks take: capitals, digits and `. & / -`; everything else is spelled with them or becomes a space."""

from __future__ import annotations

import re
import unicodedata

PERMITTED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- ")

# Letters that do not come apart into a plain letter and an accent.
SPELLED = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "ı": "I", "İ": "I",
        "Ŋ": "NG", "Ŧ": "T", "Ə": "E", "Ĳ": "IJ", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "\\": "/",
        "'": "", "’": "", "‘": "", "ʼ": "", "`": "",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """`text` in the permitted letters, at any length: capitals, accents dropped, apostrophes closed up, the rest spaces.

    Runs of spaces become one, and none stands at either end: `O’Brien & Søn (Leeds)` is `OBRIEN & SON LEEDS`.
    """
    capitals = text.translate(SPELLED).upper().translate(SPELLED)
    letters = (letter for letter in unicodedata.normalize("NFKD", capitals).upper() if not unicodedata.combining(letter))
    kept = "".join(letter if letter in PERMITTED else " " for letter in letters)
    return re.sub(" +", " ", kept).strip()


def fitted(text: str, width: int) -> str:
    """`text` in the permitted letters, cut or padded with spaces on the right to exactly `width` characters."""
    return plain(text)[:width].ljust(width)
