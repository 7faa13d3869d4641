"""The door: every request passes here, and what is not expressly open is shut.

Sets `request.reader` for pages behind it. The access is read anew at each request, so that an access taken away ends at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.operations import note_refusal, note_use
from almoner.office.accounts.permissions import FOR_EVERYONE, FOR_ONESELF, PERMISSIONS, may, roles_that_may
from almoner.office.accounts.places import organisation_name
from almoner.office.accounts.queries import accesses_of, last_ended, readers_for
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import Side
from almoner.office.accounts.token_door import API, admit_token

WORKING_UNDER = "access"
"""The session's note of which access somebody chose to work under."""
SEEN = "seen"
NOTED_EVERY = timedelta(minutes=1)

Answer = Callable[[HttpRequest], HttpResponseBase]


class Door:
    """Django middleware; stands after sessions and authentication."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on; the door itself is `process_view`, which knows the page's name."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Answer, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None to let in; else the refusal, or the way to sign in."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in FOR_EVERYONE:
            return None
        if name.startswith(API):
            return admit_token(request, name)
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path(), safe='/')}")
        if name not in FOR_ONESELF and settings.SECOND_FACTOR_REQUIRED and not has_second_factor(request):
            return redirect("mfa_activate_totp")
        readers = readers_for(request.user.pk)
        reader = next((reader for reader in readers if reader.access_id == request.session.get(WORKING_UNDER)), None)
        if name in FOR_ONESELF:
            request.reader = reader or (readers[0] if readers else None)  # type: ignore[attr-defined]
            return None
        if not readers:
            return _ended(request)
        if reader is None and len(readers) > 1:
            return redirect("choose-access")
        return _let_in(request, reader or readers[0], name)


def _let_in(request: HttpRequest, reader: Reader, name: str) -> HttpResponseBase | None:
    request.reader = reader  # type: ignore[attr-defined]
    method = request.method or "GET"
    at: datetime = request.at  # type: ignore[attr-defined]
    if not may(name, reader.role, method):
        note_refusal(page=name, code="ROLE", by=reader.by, at=at)
        # A page of the other side does not exist for this one; a button on a page that is seen says who may press it.
        if name not in PERMISSIONS or not may(name, reader.role, "GET"):
            raise Http404
        able = sorted(role.word for role in roles_that_may(name, method))
        return render(request, "accounts/role_too_low.html", {"able": able, "colleagues": _partners_who_may(reader, able)}, status=403)
    last = request.session.get(SEEN, "")
    if not last or at - datetime.fromisoformat(last) > NOTED_EVERY:
        note_use(access_id=reader.access_id, at=at)
        request.session[SEEN] = at.isoformat()  # also puts off the session's end
    return None


def _partners_who_may(reader: Reader, able: list[str]) -> list[str]:
    """The names of a funder's own people whose role may, to be asked; of other organisations none."""
    if reader.side is not Side.PARTNER:
        return []
    return sorted(one.name for one in accesses_of(reader.organisation_id, side=reader.side) if one.role.word in able)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in user has one of any kind. Who came by the council's own sign-in was asked for it there."""
    from allauth.account.internal.flows.login import get_authentication_records
    from allauth.mfa.utils import is_mfa_enabled

    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "socialaccount" for record in records) or bool(is_mfa_enabled(request.user))


def _ended(request: HttpRequest) -> HttpResponse:
    at: datetime = request.at  # type: ignore[attr-defined]
    ended = last_ended(request.user.pk)
    note_refusal(page=request.resolver_match.view_name if request.resolver_match else "", code="ENDED", by=str(request.user), at=at)
    name = organisation_name(ended.side, ended.organisation_id, at) if ended else ""
    return render(request, "accounts/ended.html", {"ended": ended, "name": name}, status=403)
