"""Text cells that a spreadsheet will not run as formulas."""

from __future__ import annotations

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """`text`, with an apostrophe in front when a spreadsheet would take it for a formula. Only for text: numbers keep their minus."""
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_A_FORMULA) else text
