"""One-time links by which somebody sets a password: for a new user, and for one who lost every way in."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from almoner.core.second_person import is_same_person
from almoner.office.accounts.models import Access, Invitation, User
from almoner.office.accounts.queries import administrators_in_force
from almoner.office.accounts.refusals import HasPassword, LinkSpent, NoSuchAccess, NotForOneself, WorksElsewhere
from almoner.office.accounts.roles import GUARDED, Desk, Role
from almoner.office.journal.operations import write

LINK_LASTS = timedelta(days=7)


def make_link(*, access_id: int, key_sha256: str, by: str, at: datetime, desk: Desk = Desk.ORGANISATION) -> None:
    """A link for a user who never set a password; earlier links of theirs end. Raises NoSuchAccess, HasPassword, or WorksElsewhere for a
    user who has another access, unless the council asks: a link made for one organisation would open the other.

    Guarded roles of theirs wait for a second administrator again, for whoever has the link is in. `key_sha256`: the key itself stands in
    the link alone and is never kept.
    """
    with transaction.atomic():
        access = _in_force(access_id)
        if access.user.has_usable_password():
            raise HasPassword(f"{access.user.email} has set a password.", "They sign in with it; if they lost it, let them start over.")
        _refuse_elsewhere(access, desk)
        waiting = _wait_again(access.user, desk, by=by, at=at)
        _make(access, key_sha256, by, at)
        write(act="make_link", by=by, at=at, subject=f"access {access.pk}", summary={"user": access.user_id, "waiting": waiting})


def start_over(*, access_id: int, key_sha256: str, by: str, at: datetime, desk: Desk = Desk.ORGANISATION) -> None:
    """Let somebody who lost their password or second factor begin anew by a link: both are taken away, and they are signed out.

    Guarded roles of theirs wait for a second administrator again, whichever of their accesses they have them under. Raises NoSuchAccess,
    NotForOneself, or WorksElsewhere for a user who has another access, unless the council asks: whoever administers one organisation must
    not come into another by it.
    """
    with transaction.atomic():
        access = _in_force(access_id)
        user: User = access.user
        if is_same_person(user.email, by):
            raise NotForOneself("You are signed in, so you can change your own password and second factor.", "Open My account.")
        _refuse_elsewhere(access, desk)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        waiting = _wait_again(user, desk, by=by, at=at)
        _make(access, key_sha256, by, at)
        write(act="start_over", by=by, at=at, subject=f"access {access.pk}", summary={"user": access.user_id, "waiting": waiting})


def use_link(*, key_sha256: str, password: str, at: datetime) -> str:
    """Set the password that somebody chose; returns their email address. Raises LinkSpent."""
    with transaction.atomic():
        link = Invitation.objects.select_for_update(of=("self",)).select_related("user").filter(key_sha256=key_sha256).first()
        if link is None or link.used_at is not None or link.ends_at <= at:
            raise LinkSpent("This link has been used, or has ended.", "Sign in, or ask whoever gave you access for a new link.")
        link.used_at = at
        link.save(update_fields=["used_at"])
        link.user.set_password(password)
        link.user.save(update_fields=["password"])
        write(act="set_password", by=link.user.email, at=at, subject=f"user {link.user_id}")
    return str(link.user.email)


def _refuse_elsewhere(access: Access, desk: Desk) -> None:
    if desk is Desk.ORGANISATION and Access.objects.filter(user=access.user, ended_at=None).exclude(pk=access.pk).exists():
        raise WorksElsewhere(f"{access.user.email} works for another organisation too.", "Ask the council to let them start over.")


def _wait_again(user: User, desk: Desk, *, by: str, at: datetime) -> int:
    """The guarded roles of a user wait for somebody other than whoever makes the link; returns how many. At the machine the only system
    administrator there is goes on: nobody could confirm them."""
    others = [reader for reader in administrators_in_force() if reader.user_id != user.pk]
    waiting = 0
    for access in Access.objects.select_for_update().filter(user=user, ended_at=None, role__in=[role.value for role in GUARDED]):
        if desk is Desk.MACHINE and access.role == Role.SYSTEM_ADMINISTRATOR and access.confirmed_by and not others:
            continue
        access.confirmed_by, access.given_by, access.given_at = "", by, at
        access.save(update_fields=["confirmed_by", "given_by", "given_at"])
        waiting += 1
    return waiting


def _make(access: Access, key_sha256: str, by: str, at: datetime) -> None:
    Invitation.objects.filter(user=access.user, used_at=None, ends_at__gt=at).update(ends_at=at)
    Invitation.objects.create(user=access.user, key_sha256=key_sha256, made_by=by, made_at=at, ends_at=at + LINK_LASTS)


def _in_force(access_id: int) -> Access:
    access = Access.objects.select_for_update(of=("self",)).select_related("user").filter(pk=access_id, ended_at=None).first()
    if access is None:
        raise NoSuchAccess(f"There is no access {access_id} in force.", "It may have ended; look at the list again.")
    return access
