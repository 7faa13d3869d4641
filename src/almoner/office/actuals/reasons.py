"""The reasons a provider may give, by what happened: those the contract names and the council's common list."""

from __future__ import annotations

from collections.abc import Iterable

COMMON: dict[str, tuple[str, ...]] = {
    "frustrated": ("no reply", "in hospital", "refused by the person", "cared for by family that day", "could not be reached"),
    "missed": ("no carer could come", "too late to be of use"),
    "cancelled": ("cancelled with notice", "entered in error"),
    "more": ("the person was unwell", "a fall or an accident", "return from hospital", "family carer away"),
    "less": ("cared for by family", "refused by the person", "everything was done sooner"),
}
"""By what happened; `more` and `less` are for visits longer and shorter than planned, and `more` for extra ones."""


def reason_words(reason: str | None) -> str:
    """A reason as people read it: `No reply`."""
    return f"{reason[:1].upper()}{reason[1:]}" if reason else ""


def reasons_for(happened: str, *, contract: Iterable[str] = ()) -> list[str]:
    """The reasons to choose from: those the contract names, then the common ones for what happened."""
    return list(dict.fromkeys([*(reason for reason in contract if reason), *COMMON.get(happened, ())]))
