"""What a provider's system may expect: payments to come, why a week would bring what it does, cut-offs, and the reasons it may give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.api.asked import missing
from almoner.office.api.shapes import (
    Calendar,
    CutOffTold,
    Day,
    ExpectedHold,
    ExpectedPayments,
    ExpectedReceipt,
    ExpectedRemittance,
    Id,
    Problem,
    Reasons,
    ReasonTold,
    ReceiptExplained,
    SentenceTold,
)  # fmt: skip
from almoner.office.care.queries import line_open_to
from almoner.office.exchange.remittances import expected_shown, payments_shown
from almoner.office.records.queries import known_at
from almoner.office.runs.outlook import ExpectedPayment
from almoner.office.runs.provider_cut_offs import cut_offs
from almoner.office.runs.reasons_offered import named_reasons
from almoner.office.runs.why import why_expected

ASKED = {401: Problem, 404: Problem, 422: Problem}
routes = Router(tags=["Expecting"])
InPath = Annotated[Id, Path(...)]


@routes.get("/expected", response={200: ExpectedPayments, 401: Problem}, url_name="expected-payments", operation_id="expected_payments")
def expected_payments(request: HttpRequest) -> Any:
    """The payments to come, worked out now from what is known and submitted."""
    reader = reader_of(request)
    found = payments_shown(reader, request.at, request.council.calendar).coming  # type: ignore[attr-defined]
    ordered = sorted(found, key=lambda one: (one.period.pay_date, one.period.cycle))
    return {"expected": [_expected(request, reader, one) for one in ordered]}


@routes.get("/expected/{cycle}", response={200: ExpectedRemittance, **ASKED}, url_name="expected-payment", operation_id="expected_payment")
def expected_payment(request: HttpRequest, cycle: Annotated[Literal["weekly", "four_weekly", "monthly"], Path()]) -> Any:
    """The payment to come of one cycle, with every amount in it and what is held."""
    reader = reader_of(request)
    found = expected_shown(reader, cycle, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None or found.expected is None:
        return missing(request, "api:expected-payment")
    receipts = [
        ExpectedReceipt(
            line_id=row["line"], week=row["week"], kind=row["kind"].lower(), amount_pence=row["amount"], cause=row["cause"] or None
        )
        for row in found.rows
    ]
    holds = [
        ExpectedHold(
            code=row["code"], person_id=row["person_id"], line_id=row["line_id"] or None, week=row["week"],
            amount_pence=row["amount_pence"], message=row["message"], remedy=row["remedy"],
        )
        for row in found.held
    ]  # fmt: skip
    return {**_expected(request, reader, found.expected), "receipts": receipts, "holds": holds}


@routes.get("/lines/{line_id}/weeks/{week}/why", response={200: ReceiptExplained, **ASKED}, url_name="week-why", operation_id="week_why")
def week_why(request: HttpRequest, line_id: InPath, week: Annotated[Day, Path()]) -> Any:
    """Why a week of a line would bring what it does in the payment to come; 404 when it brings nothing."""
    found = why_expected(reader_of(request), line_id, week, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:week-why")
    return ReceiptExplained(
        receipt_id="", line_id=line_id, week=found.week, kind=found.kind, amount_pence=found.amount_pence, pay_date=found.pay_date,
        why=[SentenceTold(text=sentence.text, rules=list(sentence.rules)) for sentence in found.sentences],
    )  # fmt: skip


@routes.get("/calendar", response={200: Calendar, 401: Problem}, url_name="calendar", operation_id="calendar")
def calendar(request: HttpRequest) -> Any:
    """Cut-offs and pay dates of the cycles the token's lines are paid by."""
    found = cut_offs(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    return {
        "cut_offs": [
            CutOffTold(
                cycle=one.period.cycle, services=list(one.services), from_date=one.period.from_date, through=one.period.last_day,
                cut_off_at=one.period.cut_off_at, pay_date=one.period.pay_date, moved_because=one.period.moved_because,
            )
            for one in found
        ]
    }  # fmt: skip


@routes.get("/reasons", response={200: Reasons, **ASKED}, url_name="reasons", operation_id="reasons")
def reasons(request: HttpRequest, line_id: Annotated[Id | None, Query()] = None) -> Any:
    """The reasons that may be given for a frustrated, missed or cancelled visit and for more or less than planned: the council's common
    ones, or with `line_id` those that the line's contract names before them."""
    line = line_open_to(reader_of(request), line_id, request.at) if line_id else None  # type: ignore[attr-defined]
    if line_id and line is None:
        return missing(request, "api:reasons")
    contract = line["contract_id"] if line else ""
    offered = named_reasons([contract] if contract else [], known_at(request.at)).offered(contract)  # type: ignore[attr-defined]
    return {"reasons": [ReasonTold(happened=happened, reason=reason) for happened, some in offered.items() for reason in some]}


def _expected(request: HttpRequest, reader: Reader, one: ExpectedPayment) -> dict[str, Any]:
    whole = not reader.is_limited
    return {
        "cycle": one.period.cycle, "from_date": one.period.from_date, "through": one.period.last_day, "cut_off_at": one.period.cut_off_at,
        "pay_date": one.period.pay_date, "worked_out_at": request.at,  # type: ignore[attr-defined]
        "lines_pence": one.receipts_pence, "held_pence": one.held_pence, "carried_in_pence": one.carried_in_pence if whole else None,
        "carried_out_pence": one.result.carried_out_pence if whole else None, "amount_pence": one.result.amount_pence if whole else None,
    }  # fmt: skip
