"""Who is asking: the one thing every page and every query of the portal is scoped by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest

from almoner.office.accounts.roles import Role, Side
from almoner.office.furniture.shown_as import ShownAs


@dataclass(frozen=True)
class Reader:
    """The signed-in person and the access they work under now.

    `organisation_id` is the provider's or funder's number, empty for the council. `sites` and `contracts` limit what of the
    organisation they reach; both empty = all of it. `limit_pence`: the most they may release of one provider in a day; None = no limit.
    `since`: when this access was given; what they did under one before, of other sites or contracts, is not theirs to see by it.
    `shown_as`: how they like tables.
    """

    user_id: int
    access_id: int
    email: str
    name: str
    role: Role
    organisation_id: str
    sites: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    limit_pence: int | None = None
    accesses: int = 1
    since: datetime | None = None
    shown_as: ShownAs = field(default=ShownAs(), compare=False)

    @property
    def side(self) -> Side:
        """Which front they see."""
        return self.role.side

    @property
    def is_limited(self) -> bool:
        """Whether they reach a part of their organisation only."""
        return bool(self.sites or self.contracts)

    @property
    def by(self) -> str:
        """How they are named in what they do: the journal's `by`."""
        return self.email


def reader_of(request: HttpRequest) -> Reader:
    """The reader that the door let in; LookupError on a page for everyone, which has none."""
    reader = getattr(request, "reader", None)
    if not isinstance(reader, Reader):
        raise LookupError("this page is open to everyone and has no reader")
    return reader
