"""Who has access to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from almoner.office.accounts.models import Access
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import APPROVING, Role


@dataclass(frozen=True)
class AccessShown:
    """One access as a page lists it."""

    access_id: int
    user_id: int
    name: str
    email: str
    role: Role
    organisation_id: str
    places: tuple[tuple[str, str], ...]
    limit_pence: int | None
    given_by: str
    given_at: datetime
    confirmed_by: str
    last_used_at: datetime | None

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether a second administrator must still confirm it."""
        return self.role in APPROVING and not self.confirmed_by


def readers_for(user_id: Any) -> list[Reader]:
    """Every access in force of a user (their number), the longest standing first: what they may choose to work under."""
    accesses = list(_in_force().filter(user_id=user_id, user__is_active=True))
    return [_reader(access, len(accesses)) for access in accesses]


def accesses_of(organisation_id: str, *, side: str) -> list[AccessShown]:
    """The accesses of one organisation that have not ended, the longest unused first."""
    found = Access.objects.filter(ended_at=None, side=side, organisation_id=organisation_id).select_related("user")
    shown = [_shown(access) for access in found.prefetch_related("places")]
    return sorted(shown, key=lambda access: (access.last_used_at is not None, access.last_used_at, access.email))


def last_ended(user_id: Any) -> tuple[str, datetime] | None:
    """The organisation and the moment of the latest access that was taken from a user; None when none was."""
    access = Access.objects.filter(user_id=user_id).exclude(ended_at=None).order_by("-ended_at").first()
    return (access.organisation_id, access.ended_at) if access and access.ended_at else None


def _in_force() -> QuerySet[Access]:
    confirmed = ~Q(role__in=[role.value for role in APPROVING]) | ~Q(confirmed_by="")
    return Access.objects.filter(confirmed, ended_at=None).select_related("user").prefetch_related("places").order_by("given_at", "id")


def _reader(access: Access, accesses: int) -> Reader:
    return Reader(
        user_id=access.user_id,
        access_id=access.pk,
        email=access.user.email,
        name=access.user.name,
        role=Role(access.role),
        organisation_id=access.organisation_id,
        sites=_places(access, "site"),
        contracts=_places(access, "contract"),
        limit_pence=access.limit_pence,
        accesses=accesses,
    )


def _places(access: Access, kind: str) -> frozenset[str]:
    places: Iterable[tuple[str, str]] = ((place.kind, place.place_id) for place in access.places.all())
    return frozenset(place_id for its_kind, place_id in places if its_kind == kind)


def _shown(access: Access) -> AccessShown:
    return AccessShown(
        access.pk, access.user_id, access.user.name, access.user.email, Role(access.role), access.organisation_id,
        tuple(sorted((place.kind, place.place_id) for place in access.places.all())), access.limit_pence, access.given_by,
        access.given_at, access.confirmed_by, access.last_used_at,
    )  # fmt: skip
