"""The reasons a provider may give, by what happened: the council's common list and what the contract names."""

from __future__ import annotations

from collections.abc import Iterable

COMMON: dict[str, tuple[tuple[str, str], ...]] = {
    "frustrated": (
        ("NO_REPLY", "No reply at the door"),
        ("HOSPITAL", "In hospital"),
        ("REFUSED", "Refused by the person"),
        ("FAMILY", "Cared for by family that day"),
        ("WEATHER", "Could not be reached because of the weather"),
    ),
    "missed": (("STAFF", "No carer could come"), ("LATE", "Too late to be of use")),
    "cancelled": (("NOTICE", "Cancelled with notice"), ("ERROR", "Entered in error")),
    "more": (
        ("UNWELL", "The person was unwell"),
        ("FALL", "A fall or an accident"),
        ("HOSPITAL_DISCHARGE", "Just out of hospital"),
        ("FAMILY_AWAY", "Family carer away"),
    ),
    "less": (("FAMILY", "Cared for by family"), ("REFUSED", "Refused by the person"), ("SHORT", "Everything was done sooner")),
}
"""By what happened: the reason's code and its words. `more` and `less` are for visits longer and shorter than planned."""

WORDS: dict[str, str] = dict(pair for reasons in COMMON.values() for pair in reasons)


def reason_words(code: str | None) -> str:
    """A reason in words; a code of a contract's own in plain letters."""
    if not code:
        return ""
    return WORDS.get(code, code.replace("_", " ").replace("-", " ").capitalize() if code.isupper() or "_" in code else code)


def reasons_for(happened: str, *, contract: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The reasons to choose from: those the contract names first, then the common ones for what happened."""
    own = [(code, reason_words(code)) for code in dict.fromkeys(contract) if code]
    return [*own, *(pair for pair in COMMON.get(happened, ()) if pair[0] not in dict(own))]
