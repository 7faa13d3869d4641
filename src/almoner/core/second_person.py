"""Two people: who counts as a second one where one alone must not do. Addresses are spelled in many ways and are one person's still."""

from __future__ import annotations


def spelled_alike(name: str | None) -> str:
    """A name or address as it is compared: in lower case, without spaces around it. `rules/payee_holds.sql` spells it so too."""
    return (name or "").strip().lower()


def is_same_person(one: str | None, other: str | None) -> bool:
    """Whether two names or addresses are one person's."""
    return spelled_alike(one) == spelled_alike(other)
