"""Whom a letter goes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from almoner.office.accounts.addressees import Addressee, addressees
from almoner.office.accounts.emails import Email
from almoner.office.accounts.roles import Side
from almoner.office.letters.wording import Told
from almoner.office.parties.queries import notice_addresses

OF_THE_WHOLE = frozenset({Email.DUE, Email.PAID})
"""Letters about all of an organisation: those limited to a part of it are not told what they cannot see."""
OF_ONE = frozenset({Email.SUBMITTED, Email.ANSWERED})
"""Letters to the one who submitted or asked."""


@dataclass(frozen=True)
class Wanted:
    """A letter to be written: `about` is the id of what it tells of, `places` the sites and contracts it concerns (none = the whole
    organisation), `to` whose act it answers."""

    organisation_id: str
    about: str
    told: Told
    places: frozenset[tuple[str, str]] = frozenset()
    to: str = ""


@dataclass(frozen=True)
class Directory:
    """Who can be reached of some organisations. `held`: the addresses that the council holds for each, the one in force last."""

    people: dict[str, list[Addressee]]
    held: dict[str, tuple[str, ...]]

    def addresses(self, kind: Email, wanted: Wanted) -> list[tuple[str, bool]]:
        """Each address once, and whether somebody signs in with it."""
        people, held = self.people.get(wanted.organisation_id, []), self.held.get(wanted.organisation_id, ())
        if kind is Email.BANK:
            told = [one.email for one in people if one.is_administrator]
            return [(email, True) for email in told] + [(email, False) for email in dict.fromkeys(held) if email not in told]
        if kind in OF_ONE:
            own = [one for one in people if one.email == wanted.to] or [one for one in people if one.is_administrator]
            return [(one.email, True) for one in own if one.wants(kind)]
        if not people:
            return [(email, False) for email in held[-1:]]
        reached = [one for one in people if one.reaches(wanted.places) and (kind not in OF_THE_WHOLE or not one.places)]
        return [(one.email, True) for one in reached if one.wants(kind)]


def directory(side: Side, organisations: Iterable[str], at: datetime) -> Directory:
    """Who can be reached of these organisations now."""
    wanted = sorted(set(organisations))
    held = notice_addresses(at, wanted) if side is Side.PROVIDER else {}
    return Directory(addressees(side, wanted), held)


def addresses_of(kind: Email, wanted: Sequence[Wanted], at: datetime, *, side: Side = Side.PROVIDER) -> list[list[tuple[str, bool]]]:
    """The addresses of each letter that would be written, in their order."""
    found = directory(side, (one.organisation_id for one in wanted), at)
    return [found.addresses(kind, one) for one in wanted]
