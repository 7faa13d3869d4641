"""Agreeing a new or changed line, or saying why not."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.api.asked import Key, missing
from almoner.office.api.operations import once
from almoner.office.api.shapes import SHOWN, Id, Problem
from almoner.office.care.operations import agree_line, reject_line
from almoner.office.furniture.statuses import status
from almoner.office.runs.packages import ToAgree, line_to_agree
from almoner.office.runs.portal.terms_shown import terms_rows

ASKED = {401: Problem, 404: Problem, 422: Problem}
routes = Router(tags=["Agreeing"])
InPath = Annotated[Id, Path(...)]


class TermTold(Schema):
    """One of a line's terms in words: as it was when the line was last agreed (empty for a new line), and as it is."""

    what: str
    before: str
    after: str
    changed: bool


class Agreement(Schema):
    """A line's terms, and whether they wait for an answer. `version` is what an answer is about; `week_pence` is a week at plan."""

    line_id: str
    state: str
    version: int
    agreed_on: date | None
    terms: list[TermTold]
    week_pence: int | None
    waiting_pence: int
    waiting_since: date | None


class AgreementAnswer(Schema):
    """The answer to a line as it stood in a version. One that is not agreed has a reason; the reason `other` a comment too."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=2**53)]
    answer: Literal["agree", "reject"]
    reason: Literal["rate", "timetable", "dates", "person", "capacity", "other"] | None = None
    comment: Annotated[str, StringConstraints(max_length=2_000, pattern=SHOWN)] = ""


@routes.get("/lines/{line_id}/agreement", response={200: Agreement, **ASKED}, url_name="agreement", operation_id="agreement")
def agreement(request: HttpRequest, line_id: InPath) -> Any:
    """A line's terms before and after, with the version to answer."""
    found = _found(request, reader_of(request), line_id)
    return _agreement(found) if found else missing(request, "api:agreement")


@routes.post(
    "/lines/{line_id}/agreement", response={200: Agreement, 409: Problem, **ASKED}, url_name="agreement", operation_id="answer_line"
)
def answer_line(request: HttpRequest, line_id: InPath, told: AgreementAnswer, idempotency_key: Key) -> Any:
    """Agree a line, or say why not. Refused (409) when the line was changed since that version: read it again, and answer what it says."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if _found(request, reader, line_id) is None:
        return missing(request, "api:agreement")
    body = f"{line_id} ".encode() + request.body
    return once(key=idempotency_key, body=body, reader=reader, at=at, do=lambda: _answer(request, reader, line_id, told))


def _answer(request: HttpRequest, reader: Reader, line_id: str, told: AgreementAnswer) -> dict[str, Any]:
    who: dict[str, Any] = {"line_id": line_id, "version": told.version, "reader": reader, "by": reader.by, "at": request.at}  # type: ignore[attr-defined]
    if told.answer == "agree":
        agree_line(**who)
    else:
        reject_line(reason=told.reason or "", comment=told.comment, **who)
    found = _found(request, reader, line_id)
    assert found is not None, "it was there just now, and an answer takes no line away"
    kept: dict[str, Any] = json.loads(Agreement(**_agreement(found)).model_dump_json())
    return kept


def _found(request: HttpRequest, reader: Reader, line_id: str) -> ToAgree | None:
    return line_to_agree(reader, line_id, request.at, request.council.calendar)  # type: ignore[attr-defined]


def _agreement(found: ToAgree) -> dict[str, Any]:
    package = found.priced.package
    return {
        "line_id": package.line["line_id"], "state": status("line", package.state).word, "version": found.version,
        "agreed_on": package.line["agreed_on"], "week_pence": found.priced.week_pence, "waiting_pence": found.waiting_pence,
        "waiting_since": found.waiting_since,
        "terms": [
            {"what": what, "before": before, "after": after, "changed": changed} for what, before, after, changed in terms_rows(found)
        ],
    }  # fmt: skip
