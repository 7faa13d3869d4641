"""What every answer of the API needs of its request."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from django.http import Http404, HttpRequest
from ninja import Header
from pydantic import StringConstraints

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of

Key = Annotated[str, StringConstraints(min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$"), Header(alias="Idempotency-Key")]
"""Every write carries one: the same key and body give the same answer and write nothing twice."""


def missing(request: HttpRequest, page: str) -> NoReturn:
    """404 for what is not there, or another organisation's, with a line in the journal."""
    at: Any = request.at  # type: ignore[attr-defined]
    note_refusal(page=page, code="SCOPE", by=reader_of(request).by, at=at)
    raise Http404
