"""Who has access to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from almoner.core.second_person import spelled_alike
from almoner.office.accounts.emails import Email, always_of, emails_of
from almoner.office.accounts.models import Access, Invitation, Token, User
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import ADMINISTRATORS, GUARDED, Role, Side
from almoner.office.furniture.shown_as import ShownAs
from almoner.office.journal.queries import entries

FACTORS = {Authenticator.Type.TOTP: "App", Authenticator.Type.WEBAUTHN: "Passkey"}


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
    has_password: bool
    second_factor: str
    """`App`, `Passkey`, both with a comma, or empty."""
    accesses: int
    """How many accesses this person has, here and elsewhere."""

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether a second administrator must still confirm it."""
        return self.role in GUARDED and not self.confirmed_by


def readers_for(user_id: Any) -> list[Reader]:
    """Every access in force of a user (their number), the longest standing first: what they may choose to work under."""
    accesses = list(accesses_standing().filter(user_id=user_id, user__is_active=True))
    return [_reader(access, len(accesses)) for access in accesses]


def administrators_in_force() -> list[Reader]:
    """The system administrators there are: those who may confirm, and be asked."""
    return [_reader(access, 1) for access in accesses_standing().filter(role=Role.SYSTEM_ADMINISTRATOR, user__is_active=True)]


def accesses_of(organisation_id: str, *, side: str) -> list[AccessShown]:
    """The accesses of one organisation that have not ended, the longest unused first."""
    found = Access.objects.filter(ended_at=None, side=side, organisation_id=organisation_id).select_related("user")
    shown = _all_shown(found)
    return sorted(shown, key=lambda access: (access.last_used_at is not None, access.last_used_at, access.email))


def accesses_in_force() -> list[AccessShown]:
    """Every access that has not ended, by name."""
    return sorted(_all_shown(Access.objects.filter(ended_at=None)), key=lambda access: (access.name, access.email))


def access_shown(access_id: int) -> AccessShown | None:
    """One access that has not ended; None when there is none of that number."""
    found = _all_shown(Access.objects.filter(pk=access_id, ended_at=None))
    return found[0] if found else None


def has_ended(access_id: int, *, organisation: tuple[Side, str] | None) -> bool:
    """Whether an access of an organisation (its side and number), or of any when None, was taken away: asked for again, there is nothing
    left to do."""
    found = Access.objects.filter(pk=access_id).exclude(ended_at=None)
    return (found if organisation is None else found.filter(side=organisation[0], organisation_id=organisation[1])).exists()


def email_of(address: str) -> str:
    """The address as it is kept, if somebody has it; else empty."""
    return User.objects.filter(email=spelled_alike(address)).values_list("email", flat=True).first() or ""


def council_user(address: str) -> User | None:
    """The user with this email address, if they have access to the council's side."""
    found = User.objects.filter(email=spelled_alike(address), is_active=True).first()
    return found if found and any(reader.side is Side.COUNCIL for reader in readers_for(found.pk)) else None


def last_sign_ins(user_id: Any, most: int = 10) -> list[tuple[datetime, str]]:
    """When a user last signed in, and how; the latest first."""
    lines = list(entries(subject=f"user {user_id}", act="sign_in"))[-most:]
    return [(line.at, str(line.summary["way"])) for line in reversed(lines)]


def link_for(key_sha256: str, at: datetime) -> str:
    """The email address of the user whom a one-time link still lets in; empty when it is spent or unknown."""
    found = Invitation.objects.filter(key_sha256=key_sha256, used_at=None, ends_at__gt=at).select_related("user").first()
    return found.user.email if found else ""


@dataclass(frozen=True)
class TokenShown:
    """One token in force as a page lists it."""

    token_id: int
    name: str
    places: tuple[tuple[str, str], ...]
    made_by: str
    made_at: datetime
    ends_at: datetime
    last_used_at: datetime | None


def tokens_of(organisation_id: str, at: datetime) -> list[TokenShown]:
    """The tokens of one organisation that work now, the latest first."""
    found = Token.objects.filter(organisation_id=organisation_id, ended_at=None, ends_at__gt=at).order_by("-made_at", "-id")
    return [_token_shown(token) for token in found]


def token_shown(token_id: int, organisation_id: str) -> TokenShown | None:
    """One token of an organisation, withdrawn or not; None for another's."""
    token = Token.objects.filter(pk=token_id, organisation_id=organisation_id).first()
    return _token_shown(token) if token else None


def _token_shown(token: Token) -> TokenShown:
    places = tuple((kind, place) for kind, place in token.places)
    return TokenShown(token.pk, token.name, places, token.made_by, token.made_at, token.ends_at, token.last_used_at)


def reader_with_token(key_sha256: str, at: datetime) -> tuple[Reader, int, datetime | None] | None:
    """Who shows a token: a reader of its organisation, the token's number and when it was last used; None for one that does not work."""
    token = Token.objects.filter(key_sha256=key_sha256, ended_at=None, ends_at__gt=at).first()
    if token is None:
        return None
    places = {kind: frozenset(place for its_kind, place in token.places if its_kind == kind) for kind in ("site", "contract")}
    reader = Reader(
        user_id=0, access_id=0, email=f"token {token.pk} of {token.organisation_id}", name=token.name, role=Role.PROVIDER_USER,
        organisation_id=token.organisation_id, sites=places["site"], contracts=places["contract"], since=token.made_at,
    )  # fmt: skip
    return reader, token.pk, token.last_used_at


@dataclass(frozen=True)
class Ended:
    """An access that was taken away, when, and the names of those who can give it again."""

    side: str
    organisation_id: str
    at: datetime
    administrators: tuple[str, ...]


@dataclass(frozen=True)
class EmailsChosen:
    """What somebody gets for one organisation: every kind they may choose with whether they get it, and those they always get."""

    access_id: int
    side: str
    organisation_id: str
    kinds: tuple[tuple[Email, bool], ...]
    always: tuple[Email, ...]


def emails_chosen(user_id: Any) -> list[EmailsChosen]:
    """The emails of each access of a user that has any, the longest standing first."""
    found = []
    for access in accesses_standing().filter(user_id=user_id):
        role = Role(access.role)
        kinds = tuple((kind, kind.value not in access.unwanted_emails) for kind in emails_of(role))
        found.append(EmailsChosen(access.pk, access.side, access.organisation_id, kinds, always_of(role)))
    return [one for one in found if one.kinds]


def last_ended(user_id: Any) -> Ended | None:
    """The latest access that was taken from a user; None when none was."""
    access = Access.objects.filter(user_id=user_id).exclude(ended_at=None).order_by("-ended_at").first()
    if access is None or access.ended_at is None:
        return None
    others = accesses_standing().filter(side=access.side, organisation_id=access.organisation_id, role__in=ADMINISTRATORS)
    return Ended(access.side, access.organisation_id, access.ended_at, tuple(other.user.name for other in others))


def accesses_standing() -> QuerySet[Access]:
    """The accesses in force, the longest standing first: not ended, and confirmed where the role lets money go."""
    confirmed = ~Q(role__in=[role.value for role in GUARDED]) | ~Q(confirmed_by="")
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
        since=access.given_at,
        shown_as=_shown_as(access.user),
    )


def _shown_as(user: User) -> ShownAs:
    return ShownAs(user.rows_a_page, user.is_comfortable, {table: tuple(names) for table, names in user.columns.items()})


def _places(access: Access, kind: str) -> frozenset[str]:
    places: Iterable[tuple[str, str]] = ((place.kind, place.place_id) for place in access.places.all())
    return frozenset(place_id for its_kind, place_id in places if its_kind == kind)


def _all_shown(found: QuerySet[Access]) -> list[AccessShown]:
    accesses = list(found.select_related("user").prefetch_related("places"))
    factors = Authenticator.objects.filter(user__accesses__in=[access.pk for access in accesses]).values_list("user_id", "type").distinct()
    kinds: dict[int, list[str]] = {}
    for user_id, kind in factors:
        if kind in FACTORS:
            kinds.setdefault(user_id, []).append(FACTORS[kind])
    theirs = Counter(
        Access.objects.filter(ended_at=None, user__in=[access.user_id for access in accesses]).values_list("user_id", flat=True)
    )
    return [_shown(access, ", ".join(sorted(kinds.get(access.user_id, []))), theirs[access.user_id]) for access in accesses]


def _shown(access: Access, second_factor: str, accesses: int) -> AccessShown:
    return AccessShown(
        access.pk, access.user_id, access.user.name, access.user.email, Role(access.role), access.organisation_id,
        tuple(sorted((place.kind, place.place_id) for place in access.places.all())), access.limit_pence, access.given_by,
        access.given_at, access.confirmed_by, access.last_used_at, access.user.has_usable_password(), second_factor, accesses,
    )  # fmt: skip
