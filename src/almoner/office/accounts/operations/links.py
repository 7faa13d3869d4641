"""One-time links by which somebody sets a password: for a new user, and for one who lost every way in."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from almoner.office.accounts.models import Access, Invitation, User
from almoner.office.accounts.refusals import HasPassword, LinkSpent, NoSuchAccess, NotForOneself, WorksElsewhere
from almoner.office.accounts.roles import APPROVING, Role
from almoner.office.journal.operations import write

LINK_LASTS = timedelta(days=7)


def make_link(*, access_id: int, key_sha256: str, by: str, at: datetime) -> None:
    """A link for a user who never set a password; earlier links of theirs end. Raises NoSuchAccess, HasPassword, or WorksElsewhere for a
    user who has another access: a link made for one organisation would open the other.

    `key_sha256`: the key itself stands in the link alone and is never kept.
    """
    with transaction.atomic():
        access = _in_force(access_id)
        if access.user.has_usable_password():
            raise HasPassword(f"{access.user.email} has set a password.", "They sign in with it; if they lost it, let them start over.")
        _refuse_elsewhere(access)
        _make(access, key_sha256, by, at)


def start_over(*, access_id: int, key_sha256: str, by: str, at: datetime) -> None:
    """Let somebody who lost their password or second factor begin anew by a link: both are taken away, and they are signed out.

    A role that lets money go waits for a second administrator again. Raises NoSuchAccess, NotForOneself, or WorksElsewhere for a user who
    has another access: whoever administers one organisation must not come into another by it.
    """
    with transaction.atomic():
        access = _in_force(access_id)
        user: User = access.user
        if user.email == by.lower():
            raise NotForOneself("You are signed in, so you can change your own password and second factor.", "Open My account.")
        _refuse_elsewhere(access)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        if Role(access.role) in APPROVING:
            access.confirmed_by, access.given_by = "", by
            access.save(update_fields=["confirmed_by", "given_by"])
        _make(access, key_sha256, by, at)


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


def _refuse_elsewhere(access: Access) -> None:
    if Access.objects.filter(user=access.user, ended_at=None).exclude(pk=access.pk).exists():
        raise WorksElsewhere(f"{access.user.email} works for another organisation too.", "They sign in as they do there.")


def _make(access: Access, key_sha256: str, by: str, at: datetime) -> None:
    Invitation.objects.filter(user=access.user, used_at=None, ends_at__gt=at).update(ends_at=at)
    Invitation.objects.create(user=access.user, key_sha256=key_sha256, made_by=by, made_at=at, ends_at=at + LINK_LASTS)
    write(act="make_link", by=by, at=at, subject=f"access {access.pk}", summary={"user": access.user_id})


def _in_force(access_id: int) -> Access:
    access = Access.objects.select_for_update(of=("self",)).select_related("user").filter(pk=access_id, ended_at=None).first()
    if access is None:
        raise NoSuchAccess(f"There is no access {access_id} in force.", "It may have ended; look at the list again.")
    return access
