"""Refusals of operations as pages: what, why and what to do instead, with nothing changed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from almoner.office.accounts.permissions import may
from almoner.office.journal.refusals import Refusal

LOG = logging.getLogger(__name__)


class Refusals:
    """Django middleware: a refusal raised by an operation is answered with its words, 409."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; other errors are not ours."""
        if not isinstance(error, Refusal):
            return None
        return render(request, "furniture/refused.html", {"refusal": error, "back": request.get_full_path()}, status=409)


def missing_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or another organisation's."""
    reader = getattr(request, "reader", None)
    search = "console-search" if reader is not None and may("console-search", reader.role, "GET") else ""
    return render(request, "furniture/missing.html", {"search": search}, status=404)


def broken_page(request: HttpRequest) -> HttpResponse:
    """500: our fault. The reference stands in the log, without what was asked. No question of the database, for that may be the fault."""
    reference = f"E-{secrets.token_hex(4).upper()}"
    LOG.error("%s at %s", reference, request.resolver_match.view_name if request.resolver_match else "an unknown address")
    reader = getattr(request, "reader", None)
    tell = "portal-query-new" if reader is not None and may("portal-query-new", reader.role, "GET") else ""
    council = getattr(request, "council", None)
    told = {"reference": reference, "tell": tell, "council": council, "again": request.get_full_path() if request.method == "GET" else ""}
    return HttpResponse(render_to_string("furniture/broken.html", told), status=500)


class Upkeep:
    """Django middleware: while UPKEEP_UNTIL says so, every page says that it is closed and until when; `/health` and files go on."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on, or say when we are back: 503."""
        if not settings.UPKEEP_UNTIL or request.path == "/health":
            return self.answer(request)
        council = getattr(request, "council", None)
        told = {"until": settings.UPKEEP_UNTIL, "cut_off": settings.UPKEEP_CUT_OFF, "council": council}
        return HttpResponse(render_to_string("furniture/upkeep.html", told), status=503, headers={"Retry-After": "600"})
