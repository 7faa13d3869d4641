"""What a provider's system tells."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.actuals.queries import WeekTold
from almoner.office.api.asked import Key
from almoner.office.api.operations import once, submit_reported
from almoner.office.api.reported import Reported, read_reported
from almoner.office.api.shapes import Acknowledged, Actuals, Problem, Rejected, WeekExpected

routes = Router(tags=["Reporting"])


@routes.post(
    "/actuals",
    response={200: Acknowledged, 401: Problem, 409: Problem, 422: Problem},
    url_name="actuals",
    operation_id="submit_actuals",
)
def actuals(request: HttpRequest, told: Actuals, idempotency_key: Key) -> Any:
    """Submit visits. Good rows count, each other one is named with what to do.

    The later submission of a visit replaces the earlier. The same key with the same body gives the same answer and writes nothing twice.
    """
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    if told.preview:
        return _preview(told, reader, at)
    # The same visits sent under another key are another submission, unless nothing in them is new.
    named = hashlib.sha256(f"api {reader.by} {idempotency_key} ".encode() + request.body).hexdigest()
    return once(key=idempotency_key, body=request.body, reader=reader, at=at, do=lambda: _submit(told, named, reader, at))


def _preview(told: Actuals, reader: Reader, at: datetime) -> dict[str, Any]:
    return _answer(_read(told, reader, at), None, at)


def _submit(told: Actuals, sha256: str, reader: Reader, at: datetime) -> dict[str, Any]:
    reported = _read(told, reader, at)
    answer = _answer(reported, None, at)
    return {**answer, "submission": submit_reported(reported=reported, sha256=sha256, reader=reader, at=at)}


def _read(told: Actuals, reader: Reader, at: datetime) -> Reported:
    return read_reported([visit.model_dump() for visit in told.visits], reader, at)


def _answer(reported: Reported, submission: str | None, at: datetime) -> dict[str, Any]:
    said = Acknowledged(
        submission=submission,
        at=at,
        new=reported.compared.new.num_rows,
        updated=reported.compared.updated.num_rows,
        unchanged=reported.compared.unchanged.num_rows,
        rejected=[Rejected(**asdict(row)) for row in reported.rejected],
        would_pay_pence=reported.expected.would_pay_pence,
        would_hold_pence=reported.expected.would_hold_pence,
        weeks=[_week(week) for week in reported.expected.weeks],
    )
    kept: dict[str, Any] = json.loads(said.model_dump_json())
    return kept


def _week(told: WeekTold) -> WeekExpected:
    return WeekExpected(
        line_id=told.line_id, week=told.week, visits=told.rows, would_pay_pence=told.would_pay_pence,
        would_hold_pence=told.would_hold_pence, held=list(told.hold_codes),
    )  # fmt: skip
