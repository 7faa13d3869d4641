"""Whom a letter to an organisation may go to: its people with access, what of it each reaches, and which letters they do not want."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from almoner.office.accounts.emails import Email
from almoner.office.accounts.models import Access
from almoner.office.accounts.queries import accesses_standing
from almoner.office.accounts.roles import ADMINISTRATORS, Role, Side

AT_ONCE = 500


@dataclass(frozen=True)
class Addressee:
    """Somebody with access. `places`: the (`site` or `contract`, id) pairs they are limited to; none = all that the organisation owns."""

    email: str
    role: Role
    organisation_id: str
    places: frozenset[tuple[str, str]]
    unwanted: frozenset[str]

    @property
    def is_administrator(self) -> bool:
        """Whether they give access to the organisation's people."""
        return self.role in ADMINISTRATORS

    def wants(self, kind: Email) -> bool:
        """Whether they get letters of this kind."""
        return kind is Email.BANK or kind.value not in self.unwanted

    def reaches(self, places: frozenset[tuple[str, str]]) -> bool:
        """Whether something at these places is theirs to see; something of the whole organisation, which has none, is for those who are
        limited to nothing."""
        return not self.places or bool(self.places & places)


def addressees(side: Side, organisations: Iterable[str]) -> dict[str, list[Addressee]]:
    """Everybody with access in force to these organisations, by organisation, the longest standing first."""
    wanted = sorted(set(organisations))
    found: dict[str, list[Addressee]] = defaultdict(list)
    for start in range(0, len(wanted), AT_ONCE):
        for access in accesses_standing().filter(
            side=side.value, organisation_id__in=wanted[start : start + AT_ONCE], user__is_active=True
        ):
            found[access.organisation_id].append(_addressee(access))
    return dict(found)


def _addressee(access: Access) -> Addressee:
    places = frozenset((place.kind, place.place_id) for place in access.places.all())
    return Addressee(access.user.email, Role(access.role), access.organisation_id, places, frozenset(access.unwanted_emails))
