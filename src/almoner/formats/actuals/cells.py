"""Cells of actuals: text to values, each spelling read once, with what is wrong said so that it can be mended."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from almoner.core.tables import DECIMALS, SCALES, Column, Kind
from almoner.formats.actuals.opened import FORMULA

LONGEST_TEXT = 500
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True)
class Wrong:
    """Why a cell cannot be read, and what to do."""

    message: str
    remedy: str


Meaning: TypeAlias = "Any | Wrong | None"
"""A value, what is wrong, or None for a blank cell."""


def reader_of(column: Column) -> Callable[[str], Meaning]:
    """How the cells of a column are read; one spelling is read once."""
    known: dict[str, Meaning] = {}

    def read(text: str) -> Meaning:
        if text not in known:
            known[text] = _read(column, text.strip())
        return known[text]

    return read


def _read(column: Column, text: str) -> Meaning:
    if text == "":
        return Wrong(f"{column.name} is blank, and is needed.", f"Fill in {column.name}.") if column.required else None
    if text == FORMULA:
        return Wrong("The cell holds a formula, and formulas are not read.", "Copy the cell, and paste it as a value.")
    if column.kind is Kind.DATE:
        return read_date(text)
    if column.kind is Kind.TIME:
        return read_time(text)
    if column.kind is Kind.CHOICE:
        word = text.lower().replace(" ", "_")
        return (
            word if word in column.choices else Wrong(f"“{_short(text)}” is not one of: {', '.join(column.choices)}.", "Write one of them.")
        )
    if column.kind in SCALES:
        return _number(column, text)
    return _plain(text)


def _plain(text: str) -> Meaning:
    if len(text) > LONGEST_TEXT:
        return Wrong(f"The cell has {len(text):,} characters; the most is {LONGEST_TEXT}.", "Shorten it.")
    if any(ord(letter) < 32 for letter in text):
        text = " ".join(re.sub(r"[\x00-\x1f]", " ", text).split())
    return text or None


def read_date(text: str) -> Meaning:
    """A day: 2026-06-01 or 01/06/2026."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text)
    year, month, day = (found[1], found[2], found[3]) if found else ("", "", "")
    if not found and (found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)):
        year, month, day = found[3], found[2], found[1]
    wrong = Wrong(f"“{_short(text)}” is not a date.", "Write the date as 2026-06-01 or 01/06/2026.")
    if not found:
        return wrong
    try:
        value = dt.date(int(year), int(month), int(day))
    except ValueError:
        return wrong
    return value if EARLIEST <= value <= LATEST else wrong


def read_time(text: str) -> Meaning:
    """A time of day: 08:30, 8:30 or 08:30:00."""
    found = re.fullmatch(r"(?:\d{4}-\d\d-\d\d[T ])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return Wrong(f"“{_short(text)}” is not a time of day.", "Write the time as 08:30.")
    return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))


def _number(column: Column, text: str) -> Meaning:
    decimals, scale = DECIMALS[column.kind], SCALES[column.kind]
    found = re.fullmatch(r"(\d{1,9})(?:\.(\d*?)0*)?", text)
    if not found or len(found[2] or "") > decimals:
        wanted = "a whole number, like 45" if not decimals else f"a number with at most {decimals} decimals, like 1.5"
        return Wrong(f"“{_short(text)}” is not {wanted.split(',')[0]}.", f"Write {wanted}.")
    value = int(found[1]) * scale + (int((found[2] or "").ljust(decimals, "0")) if decimals else 0)
    least, most = column.least or 0, column.most if column.most is not None else value
    if not least <= value <= most:
        return Wrong(f"“{_short(text)}” is outside {least // scale} to {most // scale}.", f"Correct {column.name}.")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
