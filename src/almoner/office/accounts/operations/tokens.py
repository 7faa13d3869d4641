"""Tokens by which an organisation's own system speaks to the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from almoner.office.accounts.models import Token
from almoner.office.accounts.refusals import AlreadyThere, NoSuchAccess, TooManyTokens
from almoner.office.journal.operations import write

TOKEN_LASTS = timedelta(days=365)
MOST_TOKENS = 10


def make_token(*, organisation_id: str, name: str, key_sha256: str, by: str, at: datetime, places: Iterable[tuple[str, str]] = ()) -> int:
    """A token for a provider's own system, for a year; returns its number. Its key is never kept, only its hash.

    Raises AlreadyThere for a name in use, or TooManyTokens.

    `places`: (`site` or `contract`, id) pairs to limit it to.
    """
    with transaction.atomic():
        standing = Token.objects.filter(organisation_id=organisation_id, ended_at=None, ends_at__gt=at)
        if standing.filter(name=name).exists():
            raise AlreadyThere(f"There is a token for {name}.", "Use it, or withdraw it before you make another of that name.")
        if standing.count() >= MOST_TOKENS:
            raise TooManyTokens(f"You have {MOST_TOKENS} tokens.", "Withdraw one that is no longer used.")
        token = Token.objects.create(
            organisation_id=organisation_id, name=name, key_sha256=key_sha256, places=sorted(map(list, places)), made_by=by, made_at=at,
            ends_at=at + TOKEN_LASTS,
        )  # fmt: skip
        write(act="make_token", by=by, at=at, subject=f"token {token.pk}", summary={"to": organisation_id})
    return int(token.pk)


def withdraw_token(*, token_id: int, organisation_id: str, by: str, at: datetime) -> None:
    """End a token of this organisation at once; one that was withdrawn stays as it is. Raises NoSuchAccess."""
    with transaction.atomic():
        token = Token.objects.select_for_update().filter(pk=token_id, organisation_id=organisation_id).first()
        if token is None:
            raise NoSuchAccess(f"There is no token {token_id}.", "Look at the list again.")
        if token.ended_at is None:
            token.ended_at, token.ended_by = at, by
            token.save(update_fields=["ended_at", "ended_by"])
            write(act="withdraw_token", by=by, at=at, subject=f"token {token_id}", summary={"to": organisation_id})
