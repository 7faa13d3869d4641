"""Where and when a request is answered: read here, at the edge, and handed on, so that one request knows one moment and one council."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from almoner.office.records.queries import asking_once
from almoner.site.council_file import council_here, mapping_here


class Surroundings:
    """Django middleware: sets `request.at`, `request.council` and `request.ledger_mapping`."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on with what is known here."""
        council = council_here()
        request.at = moment_now()  # type: ignore[attr-defined]
        request.council = council  # type: ignore[attr-defined]
        request.ledger_mapping = SimpleLazyObject(lambda: mapping_here(council))  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return self.answer(request)
        with asking_once():
            return self.answer(request)


def moment_now() -> datetime:
    """Now. `ALMONER_CLOCK` stops the clock at a moment, for pictures; `ALMONER_CLOCK_AHEAD` is by how many seconds a demonstration's
    clock is ahead of the true one."""
    if stopped := os.environ.get("ALMONER_CLOCK"):
        return datetime.fromisoformat(stopped)
    return datetime.now(UTC) + timedelta(seconds=int(os.environ.get("ALMONER_CLOCK_AHEAD", "0")))
