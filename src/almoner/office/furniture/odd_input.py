"""What no page of ours sends and no database of ours can look for is answered before any page sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase

NUL = "\x00"
MOST_BYTES = 220 * 1024 * 1024
"""More than any page takes: twenty files of actuals of 10 MB each, and the form around them."""
TOO_LONG = re.compile(r"/[0-9]{19,}(/|$)")
"""A number in an address that is longer than numbers are; SQLite keeps 63 bits."""


class OddInput:
    """Django middleware. No text has a NUL in it, and PostgreSQL knows none with one; the API reads what it is sent by its document."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """404 for such an address, 400 for such a query string or cookie, 413 before so much is read, else hand on."""
        if NUL in request.path or TOO_LONG.search(request.path):
            return HttpResponseNotFound()
        if _has_nul(request.GET) or any(NUL in value for value in request.COOKIES.values()):
            return _refused()
        if _bytes_to_come(request) > MOST_BYTES:
            return HttpResponse("More was sent than is read at once. Send fewer files at a time.", status=413, content_type="text/plain")
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        """400 where something typed has a NUL in it."""
        is_form = request.method == "POST" and not request.path.startswith("/api/")
        return _refused() if is_form and _has_nul(request.POST) else None


def _has_nul(sent: Any) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in sent.lists())


def _bytes_to_come(request: HttpRequest) -> int:
    """As the one who sends says; nothing else is read."""
    said = request.headers.get("Content-Length", "")
    return int(said[:20]) if said.isascii() and said.isdecimal() else 0


def _refused() -> HttpResponseBadRequest:
    return HttpResponseBadRequest("A character was sent that no text has. Go back and type it again.", content_type="text/plain")
