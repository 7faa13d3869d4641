"""Refusals of operations as pages: what, why and what to do instead, with nothing changed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

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
    return render(request, "furniture/missing.html", status=404)


def broken_page(request: HttpRequest) -> HttpResponse:
    """500: our fault. The reference stands in the log, without what was asked."""
    reference = f"E-{secrets.token_hex(4).upper()}"
    LOG.error("%s at %s", reference, request.resolver_match.view_name if request.resolver_match else "an unknown address")
    return HttpResponse(render_to_string("furniture/broken.html", {"reference": reference}), status=500)
