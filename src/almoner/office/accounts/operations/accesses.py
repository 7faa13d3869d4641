"""Giving, changing, confirming and ending accesses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from almoner.office.accounts.models import Access, AccessPlace, User
from almoner.office.accounts.refusals import AlreadyThere, LastAdministrator, NoSuchAccess, NotForOneself, SecondPersonNeeded, WrongSide
from almoner.office.accounts.roles import ADMINISTRATORS, APPROVING, Role, Side
from almoner.office.journal.operations import write


def give_access(
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: str,
    by: str,
    at: datetime,
    places: Iterable[tuple[str, str]] = (),
    limit_pence: int | None = None,
    password: str | None = None,
) -> int:
    """Let somebody in under a role; returns the access's number. A user not yet known is made, without a password unless one is given.

    `places`: (`site` or `contract`, id) pairs to limit it to. Raises AlreadyThere, WrongSide or NotForOneself.
    """
    places = list(places)
    _fits(role, organisation_id, places)
    if email.strip().lower() == by.lower():
        raise NotForOneself("Nobody gives access to themselves.", "Ask another administrator.")
    with transaction.atomic():
        user, _ = User.objects.get_or_create(
            email=email.strip().lower(), defaults={"name": name.strip(), "made_at": at, "password": make_password(password)}
        )
        if Access.objects.filter(user=user, side=role.side, organisation_id=organisation_id, ended_at=None).exists():
            raise AlreadyThere(f"{user.email} has access already.", "Change it instead.")
        try:
            with transaction.atomic():  # the database has the last word where two give the same at once
                access = Access.objects.create(
                    user=user, role=role, side=role.side, organisation_id=organisation_id, limit_pence=limit_pence, given_by=by, given_at=at
                )
        except IntegrityError:
            raise AlreadyThere(f"{user.email} has access already.", "Change it instead.") from None
        AccessPlace.objects.bulk_create([AccessPlace(access=access, kind=kind, place_id=place) for kind, place in places])
        write(act="give_access", by=by, at=at, subject=f"access {access.pk}", summary={"role": role.value, "to": organisation_id})
    return int(access.pk)


def confirm_access(*, access_id: int, by: str, at: datetime) -> None:
    """Confirm a role that lets money go. Raises NoSuchAccess, or SecondPersonNeeded for the one who gave it."""
    with transaction.atomic():
        access = _in_force(access_id)
        if Role(access.role) not in APPROVING or access.confirmed_by:
            raise NoSuchAccess(f"Access {access_id} does not wait for anybody.", "Look at the list again.")
        if by in (access.given_by, access.user.email):
            raise SecondPersonNeeded("You gave this role, so someone else confirms it.", "Ask another system administrator.")
        access.confirmed_by = by
        access.save(update_fields=["confirmed_by"])
        write(act="confirm_access", by=by, at=at, subject=f"access {access_id}", summary={"role": access.role})


def change_access(
    *, access_id: int, role: Role, places: Iterable[tuple[str, str]], by: str, at: datetime, limit_pence: int | None = None
) -> int:
    """Replace an access by one with another role, other places or another limit; returns the new access's number, or the same one when
    nothing would change. Raises NoSuchAccess, WrongSide, NotForOneself or LastAdministrator."""
    with transaction.atomic():
        access = _in_force(access_id)
        _fits(role, access.organisation_id, places := list(places))
        if access.user.email == by.lower():
            raise NotForOneself("Nobody changes their own access.", "Ask another administrator.")
        if role != access.role:
            _keep_an_administrator(access)
        standing = sorted((place.kind, place.place_id) for place in access.places.all())
        if (access.role, access.limit_pence, standing) == (role, limit_pence, sorted(places)):
            return int(access.pk)
        _end(access, by=by, at=at)
        return give_access(
            email=access.user.email, name=access.user.name, role=role, organisation_id=access.organisation_id, by=by, at=at,
            places=places, limit_pence=limit_pence,
        )  # fmt: skip


def end_access(*, access_id: int, by: str, at: datetime) -> None:
    """Take an access away, at once: whoever works under it is out at their next press. Raises NoSuchAccess or LastAdministrator."""
    with transaction.atomic():
        access = _in_force(access_id)
        _keep_an_administrator(access)
        _end(access, by=by, at=at)


def _fits(role: Role, organisation_id: str, places: list[tuple[str, str]]) -> None:
    if (role.side is Side.COUNCIL) != (organisation_id == ""):
        whose = "the council" if role.side is Side.COUNCIL else "an organisation"
        raise WrongSide(f"A {role.word.lower()} works for {whose}.", "Choose a role of that organisation.")
    if places and role is not Role.PROVIDER_USER:
        raise WrongSide(f"A {role.word.lower()} reaches all of the organisation.", "Leave out the sites and contracts.")


def _in_force(access_id: int) -> Access:
    access = Access.objects.select_for_update(of=("self",)).select_related("user").filter(pk=access_id, ended_at=None).first()
    if access is None:
        raise NoSuchAccess(f"There is no access {access_id} in force.", "It may have ended; look at the list again.")
    return access


def _keep_an_administrator(access: Access) -> None:
    others = Access.objects.filter(side=access.side, organisation_id=access.organisation_id, role=access.role, ended_at=None)
    if access.role in ADMINISTRATORS and not others.exclude(pk=access.pk).exists():
        raise LastAdministrator("This is the only administrator of the organisation.", "Make someone else an administrator first.")


def _end(access: Access, *, by: str, at: datetime) -> None:
    access.ended_at, access.ended_by = at, by
    access.save(update_fields=["ended_at", "ended_by"])
    write(act="end_access", by=by, at=at, subject=f"access {access.pk}", summary={"role": access.role, "to": access.organisation_id})
