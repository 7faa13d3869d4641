"""What is remembered of those who come and go: when an access was last used, who signed in, who was refused."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from almoner.office.accounts.models import Access, Token
from almoner.office.journal.operations import write


def note_use(*, access_id: int, at: datetime) -> None:
    """Remember when an access was last used; a fact for its administrators, not an act of the journal."""
    Access.objects.filter(pk=access_id).update(last_used_at=at)


def note_token_use(*, token_id: int, at: datetime) -> None:
    """Remember when a token was last used."""
    Token.objects.filter(pk=token_id).update(last_used_at=at)


def note_sign_in(*, user_id: int, by: str, way: str, at: datetime) -> None:
    """Write in the journal that somebody signed in, and how: `password`, `app`, `passkey` or `council account`."""
    with transaction.atomic():
        write(act="sign_in", by=by, at=at, subject=f"user {user_id}", summary={"way": way})


def note_search(*, found: int, by: str, at: datetime) -> None:
    """Write in the journal that somebody searched by name, and how much was found; not what was typed."""
    with transaction.atomic():
        write(act="search_by_name", by=by, at=at, subject="search", summary={"found": found})


def note_refusal(*, page: str, code: str, by: str, at: datetime) -> None:
    """Write in the journal that somebody was refused a page."""
    with transaction.atomic():
        write(act="refuse", by=by, at=at, subject=page, summary={"code": code})
