"""Giving, changing, confirming and ending accesses.

Roles under which money goes or access is given (`roles.GUARDED`) count once a second system administrator has confirmed them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

from almoner.core.second_person import is_same_person, spelled_alike
from almoner.office.accounts.models import Access, AccessPlace, Invitation, Token, User
from almoner.office.accounts.queries import administrators_in_force
from almoner.office.accounts.refusals import AlreadyThere, LastAdministrator, NoSuchAccess, NotForOneself, SecondPersonNeeded, WrongSide
from almoner.office.accounts.roles import ADMINISTRATORS, GUARDED, Desk, Role, Side
from almoner.office.journal.operations import Json, write

ACCESS_LOCK = 0x_A1_40_4E_52_24
BEHOLDEN = timedelta(days=28)
"""For so long nobody confirms what is asked by whoever gave them their own access or let them start over."""
THE_MACHINE = "the command line"
"""Who is said to have confirmed the first system administrator, when there was nobody else."""


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
    desk: Desk = Desk.COUNCIL,
) -> int:
    """Let somebody in under a role; returns the access's number. A user not yet known is made, without a password unless one is given.

    One known to other organisations only sets up a password and a second factor anew before they come to the council.
    A guarded role waits for a second system administrator; the first one of all, given at the machine, does not, for there is none.
    `places`: (`site` or `contract`, id) pairs to limit it to. Raises AlreadyThere, WrongSide or NotForOneself.
    """
    places = list(places)
    _fits(role, organisation_id, places)
    if is_same_person(email, by):
        raise NotForOneself("Nobody gives access to themselves.", "Ask another administrator.")
    first = desk is Desk.MACHINE and role is Role.SYSTEM_ADMINISTRATOR
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=spelled_alike(email), defaults={"name": name.strip(), "made_at": at, "password": make_password(password)}
        )
        if role.side is Side.COUNCIL and not is_new:
            _begin_anew(user, at)
        access = Access(
            user=user, role=role, side=role.side, organisation_id=organisation_id, limit_pence=limit_pence, given_by=by, given_at=at,
            confirmed_by=THE_MACHINE if first and not administrators_in_force() else "",
        )  # fmt: skip
        return _keep(access, places, by=by, at=at)


def confirm_access(*, access_id: int, by: str, at: datetime) -> None:
    """Confirm, as a second administrator, a guarded role that was given or changed, or whose holder starts over.

    Raises NoSuchAccess; NotForOneself for one's own; SecondPersonNeeded for whoever asked for it, and for whoever owes them their access.
    """
    with transaction.atomic():
        access = _in_force(access_id)
        if Role(access.role) not in GUARDED or access.confirmed_by:
            raise NoSuchAccess(f"Access {access_id} does not wait for anybody.", "Look at the list again.")
        if is_same_person(by, access.given_by):
            raise SecondPersonNeeded("You asked for this, so someone else confirms it.", "Ask another system administrator.")
        if is_same_person(by, access.user.email):
            raise NotForOneself("Nobody confirms their own access.", "Ask another system administrator.")
        if _is_beholden(by, access.given_by, at):
            raise SecondPersonNeeded(
                f"{access.given_by} gave you your own access less than {BEHOLDEN.days} days ago.", "Ask another system administrator."
            )
        access.confirmed_by = by
        access.save(update_fields=["confirmed_by"])
        write(act="confirm_access", by=by, at=at, subject=f"access {access_id}", summary={"role": access.role})


def change_access(
    *, access_id: int, role: Role, places: Iterable[tuple[str, str]], by: str, at: datetime, limit_pence: int | None = None
) -> int:
    """Replace an access by one with another role, other places or another limit; returns the new access's number, or the same one when
    nothing would change. A guarded role that is new, or may release more than before, waits for a second administrator.

    Raises NoSuchAccess, WrongSide, NotForOneself or LastAdministrator.
    """
    with transaction.atomic():
        _one_at_a_time()
        access = _in_force(access_id)
        _fits(role, access.organisation_id, places := list(places))
        if role.side != access.side:
            raise WrongSide(f"A {role.word.lower()} works elsewhere.", "Choose a role of that organisation.")
        if is_same_person(access.user.email, by):
            raise NotForOneself("Nobody changes their own access.", "Ask another administrator.")
        if role != access.role:
            _keep_an_administrator(access)
        standing = sorted((place.kind, place.place_id) for place in access.places.all())
        if (access.role, access.limit_pence, standing) == (role, limit_pence, sorted(places)):
            return int(access.pk)
        _end(access, by=by, at=at, stays=role)
        # What may do less than two people agreed to stands on what they agreed to.
        agreed = bool(access.confirmed_by) and role == access.role and not _may_more(limit_pence, access.limit_pence)
        new = Access(
            user=access.user, role=role, side=role.side, organisation_id=access.organisation_id, limit_pence=limit_pence,
            given_by=access.given_by if agreed else by, given_at=access.given_at if agreed else at,
            confirmed_by=access.confirmed_by if agreed else "",
        )  # fmt: skip
        return _keep(new, places, by=by, at=at)


def end_access(*, access_id: int, by: str, at: datetime) -> None:
    """Take an access away, at once: whoever works under it is out at their next press, and the tokens they made for the organisation end.

    Raises NoSuchAccess or LastAdministrator.
    """
    with transaction.atomic():
        _one_at_a_time()
        access = _in_force(access_id)
        _keep_an_administrator(access)
        _end(access, by=by, at=at)


def _begin_anew(user: User, at: datetime) -> None:
    """An account that another organisation had made is set up again by its owner: whoever had it made may hold its password."""
    if Access.objects.filter(user=user, side=Side.COUNCIL).exists():
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    Invitation.objects.filter(user=user, used_at=None, ends_at__gt=at).update(ends_at=at)


def _fits(role: Role, organisation_id: str, places: list[tuple[str, str]]) -> None:
    if (role.side is Side.COUNCIL) != (organisation_id == ""):
        whose = "the council" if role.side is Side.COUNCIL else "an organisation"
        raise WrongSide(f"A {role.word.lower()} works for {whose}.", "Choose a role of that organisation.")
    if places and role is not Role.PROVIDER_USER:
        raise WrongSide(f"A {role.word.lower()} reaches all of the organisation.", "Leave out the sites and contracts.")


def _may_more(limit: int | None, before: int | None) -> bool:
    return before is not None and (limit is None or limit > before)


def _is_beholden(by: str, asker: str, at: datetime) -> bool:
    """Whether the confirmer's own access comes from the asker, and not long ago."""
    recent = Access.objects.filter(user__email=spelled_alike(by), role=Role.SYSTEM_ADMINISTRATOR, ended_at=None, given_at__gt=at - BEHOLDEN)
    return any(is_same_person(access.given_by, asker) for access in recent)


def _one_at_a_time() -> None:
    """Two administrators who take each other's access away at once are put in order: one of them stays. SQLite's transactions are so from
    their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACCESS_LOCK])


def _in_force(access_id: int) -> Access:
    access = Access.objects.select_for_update(of=("self",)).select_related("user").filter(pk=access_id, ended_at=None).first()
    if access is None:
        raise NoSuchAccess(f"There is no access {access_id} in force.", "It may have ended; look at the list again.")
    return access


def _keep_an_administrator(access: Access) -> None:
    """One that waits to be confirmed is none yet: it can go, and does not count."""
    if access.role not in ADMINISTRATORS or (access.role in GUARDED and not access.confirmed_by):
        return
    others = Access.objects.filter(side=access.side, organisation_id=access.organisation_id, role=access.role, ended_at=None)
    if access.role in GUARDED:
        others = others.exclude(confirmed_by="")
    if not others.exclude(pk=access.pk).exists():
        raise LastAdministrator("This is the only administrator of the organisation.", "Make someone else an administrator first.")


def _keep(access: Access, places: list[tuple[str, str]], *, by: str, at: datetime) -> int:
    there = AlreadyThere(f"{access.user.email} has access already.", "Change it instead.")
    if Access.objects.filter(user=access.user, side=access.side, organisation_id=access.organisation_id, ended_at=None).exists():
        raise there
    try:
        with transaction.atomic():  # the database has the last word where two give the same at once
            access.save(force_insert=True)
    except IntegrityError:
        raise there from None
    AccessPlace.objects.bulk_create([AccessPlace(access=access, kind=kind, place_id=place) for kind, place in places])
    summary: dict[str, Json] = {"role": str(access.role), "to": access.organisation_id}
    write(act="give_access", by=by, at=at, subject=f"access {access.pk}", summary=summary)
    return int(access.pk)


def _end(access: Access, *, by: str, at: datetime, stays: Role | None = None) -> None:
    """`stays`: the role they go on under, if any. A token does not outlive the administrator who made it."""
    access.ended_at, access.ended_by = at, by
    access.save(update_fields=["ended_at", "ended_by"])
    tokens = 0
    if access.role == Role.PROVIDER_ADMINISTRATOR and stays is not Role.PROVIDER_ADMINISTRATOR:
        theirs = Token.objects.filter(organisation_id=access.organisation_id, made_by=access.user.email, ended_at=None)
        tokens = theirs.update(ended_at=at, ended_by=by)
    summary: dict[str, Json] = {"role": str(access.role), "to": access.organisation_id, **({"tokens": tokens} if tokens else {})}
    write(act="end_access", by=by, at=at, subject=f"access {access.pk}", summary=summary)
