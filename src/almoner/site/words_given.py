"""Words given on the command line that are kept for ever: names and reasons that a journal can show as they are."""

from __future__ import annotations

import unicodedata

import typer

UNSHOWN = ("Cc", "Cs", "Zl", "Zp")
"""Control characters, bytes that are no text, and breaks of lines and paragraphs, by their category in Unicode."""
TURNS_WRITING_ROUND = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that make words look like others."""


def a_name(told: str) -> str:
    """Who does an act, on one line; usage error when blank or when a character of it cannot be shown."""
    if not told.strip():
        raise typer.BadParameter("say who it is.")
    return _shown(told, "a name")


def a_reason(told: str) -> str:
    """A reason, of as many lines as it needs; usage error when a character of it cannot be shown."""
    _shown(told.replace("\n", " "), "a reason")
    return told


def reasons(told: list[str] | None) -> list[str] | None:
    """Every one of several options that may hold a reason."""
    for each in told or ():
        _shown(each, "a reason")
    return told


def _shown(text: str, what: str) -> str:
    for character in text:
        if unicodedata.category(character) in UNSHOWN or character in TURNS_WRITING_ROUND:
            named = "a line break" if character in "\n\r\u2028\u2029" else f"a control character (U+{ord(character):04X})"
            raise typer.BadParameter(f"{what} cannot hold {named}; type it again.")
    return text
