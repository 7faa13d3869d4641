"""The door of the API: a token instead of a session, and JSON instead of pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse

from almoner.office.accounts.keys import fingerprint
from almoner.office.accounts.operations import note_refusal, note_token_use
from almoner.office.accounts.permissions import PERMISSIONS, may
from almoner.office.accounts.queries import reader_with_token

API = "api:"
"""What the names of the API's addresses begin with."""
WRONG_TOKENS = {"wrong_token": "30/m/ip"}
NOTED_EVERY = timedelta(minutes=1)


def admit_token(request: HttpRequest, name: str) -> HttpResponse | None:
    """None to let in, with `request.reader` set; else the refusal. A session counts for nothing here, so none can be misused."""
    at: datetime = request.at  # type: ignore[attr-defined]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = reader_with_token(fingerprint(token.strip()), at) if scheme.lower() == "bearer" and token else None
    if found is None:
        return _without_token(request, name, at)
    reader, token_id, last_used_at = found
    method = request.method or "GET"
    if name not in PERMISSIONS or (not may(name, reader.role, "GET") and not may(name, reader.role, "POST")):
        note_refusal(page=name, code="ROLE", by=reader.by, at=at)
        return _said(404, "NOT-FOUND", "There is nothing here.", "See /api/openapi.json.")
    if not may(name, reader.role, method):
        answer = _said(405, "METHOD", f"{method} is not for this address.", "See /api/openapi.json.")
        answer.headers["Allow"] = "GET" if may(name, reader.role, "GET") else "POST"
        return answer
    if last_used_at is None or at - last_used_at > NOTED_EVERY:
        note_token_use(token_id=token_id, at=at)
    request.reader = reader  # type: ignore[attr-defined]
    return None


def _without_token(request: HttpRequest, name: str, at: datetime) -> HttpResponse:
    if not ratelimit.consume(request, app="allauth.account", action="wrong_token", config=WRONG_TOKENS, limit_get=True):
        return _said(429, "TOO-MANY", "Too many requests without a token that works.", "Wait a minute.")
    note_refusal(page=name, code="TOKEN", by="somebody unknown", at=at)
    answer = _said(
        401, "TOKEN", "This needs a token that works.", "Make one under People with access, and send it as Authorization: Bearer."
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _said(status: int, code: str, message: str, remedy: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message, "remedy": remedy, "errors": []}, status=status)
