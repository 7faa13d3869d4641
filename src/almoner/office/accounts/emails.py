"""The emails there are, in the words of the page on which somebody chooses which of them they get."""

from __future__ import annotations

from enum import StrEnum

from almoner.office.accounts.roles import ADMINISTRATORS, Role, Side


class Email(StrEnum):
    """What an email tells of. The value is what is stored; the word is what is shown."""

    DUE = "due"
    SUBMITTED = "submitted"
    PAID = "paid"
    HELD = "held"
    ANSWERED = "answered"
    AGREE = "agree"
    BANK = "bank"

    @property
    def word(self) -> str:
        """What it is called where it is chosen: `Actuals due`."""
        return WORDS[self]


WORDS = {
    Email.DUE: "Actuals due",
    Email.SUBMITTED: "Actuals received, when you submitted them",
    Email.PAID: "Payment made",
    Email.HELD: "A payment is held",
    Email.ANSWERED: "An answer to your query",
    Email.AGREE: "A new or changed line to agree",
    Email.BANK: "Bank details changed",
}


def emails_of(role: Role) -> tuple[Email, ...]:
    """The emails that somebody of this role may choose to get or not. That bank details changed is told to administrators always."""
    if role.side is Side.COUNCIL:
        return ()
    return (Email.ANSWERED,) if role.side is Side.PARTNER else tuple(kind for kind in Email if kind is not Email.BANK)


def always_of(role: Role) -> tuple[Email, ...]:
    """The emails that somebody of this role gets whatever they choose."""
    return (Email.BANK,) if role in ADMINISTRATORS and role.side is Side.PROVIDER else ()
