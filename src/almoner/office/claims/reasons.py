"""Why a funder may dispute a receipt, in the words of both sides."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "responsible": "Not ours: another body is responsible for this person",
    "eligibility": "Eligibility is not agreed, or has ended",
    "share": "The share is not the one agreed",
    "dates": "The dates are not those agreed",
    "delivery": "The care was not given, or not all of it",
    "rate": "The rate or amount is not the one agreed",
    "twice": "Claimed or paid already",
    "death": "After the person's death",
    "evidence": "Evidence is missing",
    "other": "Something else",
}
"""By code. Stored with the dispute; a code once given is kept."""
IN_A_WORD: dict[str, str] = {
    "responsible": "not ours", "eligibility": "eligibility", "share": "share", "dates": "dates", "delivery": "not given", "rate": "rate",
    "twice": "claimed twice", "death": "after death", "evidence": "evidence", "other": "other",
}  # fmt: skip
"""The same beside the state, where there is room for a word."""
