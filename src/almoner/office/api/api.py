"""The API: its addresses, how it says no, and the document that describes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from almoner import __version__
from almoner.formats.refusals import FormatRefusal
from almoner.office.api import agreeing, asking, documents, expecting, reading, reporting, uploading
from almoner.office.api.refusals import KeyUsed, NothingReported
from almoner.office.journal.refusals import Refusal

DESCRIPTION = """What a provider does and sees on the portal, for its own system: lines and their agreement, weeks, actuals and files of
them, submissions, payments to come and made with their documents, receipts with their why, holds, queries, cut-offs and reasons.

Send `Authorization: Bearer` and a token with every request; the provider's administrator makes and withdraws tokens under
People with access. A token reaches what it was limited to: some sites or contracts, or all of its organisation. Money is whole pence,
minutes are whole, days are ISO dates, moments carry their zone, states are the words of the pages.

What is not there, or is another organisation's, is 404. What the rules do not allow is 409, what does not fit this document 422; each says
in words what, why and what to do. Every write carries an `Idempotency-Key`: the same key and body give the same answer and write nothing
twice, the same key with another body is 422."""

api = NinjaAPI(
    title="Almoner",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
for room in (reading, expecting, agreeing, reporting, uploading, asking, documents):
    api.add_router("", room.routes)


def _said(request: HttpRequest, status: int, code: str, message: str, remedy: str, errors: Iterable[dict[str, str]] = ()) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, "remedy": remedy, "errors": list(errors)}, status=status)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What an operation refuses: 422 where the request itself is at fault, else 409."""
    rejected: Any = getattr(refusal, "rejected", ())
    errors = [{"where": f"visits.{row.index}", "message": f"{row.code}: {row.message} {row.remedy}"} for row in rejected]
    status = 422 if isinstance(refusal, KeyUsed | NothingReported) else 409
    return _said(request, status, refusal.code, refusal.message, refusal.remedy, errors)


@api.exception_handler(FormatRefusal)
def unread(request: HttpRequest, refusal: FormatRefusal) -> HttpResponse:
    """A file that cannot be read, or that is not opened."""
    return _said(request, 422, refusal.code, refusal.message, refusal.remedy)


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """More was sent than is read."""
    return _said(request, 413, "TOO-LARGE", "What was sent is larger than 12 MB.", "Send it in parts, a file week by week.")


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing there, or another organisation's: nobody learns which."""
    return _said(request, 404, "NOT-FOUND", "There is nothing here, or it belongs to another organisation.", "Check the number.")


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the document."""
    errors = [{"where": ".".join(str(part) for part in found["loc"]), "message": str(found["msg"])} for found in error.errors]
    return _said(request, 422, "INPUT", "What was sent is not what this address takes.", "Compare it with /api/openapi.json.", errors)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What was sent could not be read at all."""
    return _said(request, error.status_code, "UNREADABLE", str(error), "Send JSON in UTF-8.")
