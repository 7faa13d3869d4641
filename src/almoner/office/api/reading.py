"""What a provider's system asks for."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.actuals.queries import SubmissionShown
from almoner.office.api.asked import missing
from almoner.office.api.shapes import (
    Acknowledgement,
    Holds,
    HoldTold,
    Id,
    Lines,
    LineTold,
    Payments,
    Problem,
    ReceiptExplained,
    ReceiptTold,
    Remittance,
    SentenceTold,
    Submissions,
    WeekExpected,
    Weeks,
)  # fmt: skip
from almoner.office.care.packages import Package, full_name, packages_of, today_at
from almoner.office.care.queries import lines_open_to
from almoner.office.furniture.statuses import status
from almoner.office.runs.payments import PaymentShown, payments_to, receipts_for
from almoner.office.runs.provider_holds import ProviderHold, hold_detail, provider_holds
from almoner.office.runs.provider_weeks import WeekShown, provider_weeks
from almoner.office.runs.submitted import Submitted, all_submitted, submitted
from almoner.office.runs.why import why_receipt

ASKED = {401: Problem, 404: Problem, 422: Problem}
routes = Router(tags=["Reading"])
InPath = Annotated[Id, Path(...)]


@routes.get("/lines", response={200: Lines, 401: Problem}, url_name="lines", operation_id="lines")
def lines(request: HttpRequest) -> Any:
    """Every line the token reaches, ended ones too."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    return {"lines": [_line(package) for package in packages_of(lines_open_to(reader, at), at, today_at(at))]}


@routes.get("/lines/{line_id}", response={200: LineTold, **ASKED}, url_name="line", operation_id="line")
def line(request: HttpRequest, line_id: InPath) -> Any:
    """One line."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = [package for package in packages_of(lines_open_to(reader, at), at, today_at(at)) if package.line["line_id"] == line_id]
    return _line(found[0]) if found else missing(request, "api:line")


@routes.get("/weeks", response={200: Weeks, 401: Problem, 422: Problem}, url_name="weeks", operation_id="weeks")
def weeks(request: HttpRequest, line_id: Annotated[Id | None, Query()] = None) -> Any:
    """The weeks of the last 13 that are told of, with what each would pay now; of one line or of all."""
    found = provider_weeks(reader_of(request), request.at)  # type: ignore[attr-defined]
    return {"weeks": [_week(shown) for shown in found.weeks if line_id in (None, shown.line["line_id"])]}


@routes.get("/submissions", response={200: Submissions, 401: Problem}, url_name="submissions", operation_id="submissions")
def submissions(request: HttpRequest) -> Any:
    """What was submitted, newest first."""
    found = all_submitted(reader_of(request), request.at)  # type: ignore[attr-defined]
    return {"submissions": [_submission(told, paid) for told, paid in found]}


@routes.get("/submissions/{reference}", response={200: Acknowledgement, **ASKED}, url_name="submission", operation_id="submission")
def submission(request: HttpRequest, reference: InPath) -> Any:
    """One submission: its acknowledgement, with what each week would pay and hold as was known then."""
    found = submitted(reader_of(request), reference, request.at)  # type: ignore[attr-defined]
    return acknowledgement(found) if found else missing(request, "api:submission")


@routes.get("/payments", response={200: Payments, 401: Problem}, url_name="payments", operation_id="payments")
def payments(request: HttpRequest) -> Any:
    """Every payment, newest first."""
    return {"payments": [_payment(shown, reader_of(request)) for shown in _payments(request)]}


@routes.get("/payments/{run_id}", response={200: Remittance, **ASKED}, url_name="payment", operation_id="payment")
def payment(request: HttpRequest, run_id: InPath) -> Any:
    """One payment with every amount in it: the remittance."""
    shown = next((shown for shown in _payments(request) if shown.run == run_id), None)
    if shown is None:
        return missing(request, "api:payment")
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    rows = receipts_for(lines_open_to(reader, at).column("line_id")).to_pylist()
    return {**_payment(shown, reader), "receipts": [_receipt(row) for row in rows if row["run_id"] == run_id]}


@routes.get("/receipts/{receipt_id}", response={200: ReceiptExplained, **ASKED}, url_name="receipt", operation_id="receipt")
def receipt(request: HttpRequest, receipt_id: InPath) -> Any:
    """Why an amount is what it is, in sentences."""
    found = why_receipt(reader_of(request), receipt_id, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:receipt")
    return ReceiptExplained(
        receipt_id=found.receipt, line_id=found.line["line_id"], week=found.week, kind=found.kind, amount_pence=found.amount_pence,
        pay_date=found.pay_date, why=[SentenceTold(text=sentence.text, rules=list(sentence.rules)) for sentence in found.sentences],
    )  # fmt: skip


@routes.get("/holds", response={200: Holds, 401: Problem}, url_name="holds", operation_id="holds")
def holds(request: HttpRequest) -> Any:
    """What is held, and what was in the last run and no longer is; the largest amount first."""
    found = provider_holds(reader_of(request), request.at, request.council.calendar)  # type: ignore[attr-defined]
    return {"holds": [_hold(shown) for shown in found]}


@routes.get("/holds/{hold_id}", response={200: HoldTold, **ASKED}, url_name="hold", operation_id="hold")
def hold(request: HttpRequest, hold_id: InPath) -> Any:
    """One hold."""
    found = hold_detail(reader_of(request), hold_id, request.at, request.council.calendar)  # type: ignore[attr-defined]
    return _hold(found.hold) if found else missing(request, "api:hold")


def _payments(request: HttpRequest) -> list[PaymentShown]:
    reader = reader_of(request)
    open_lines = lines_open_to(reader, request.at).column("line_id")  # type: ignore[attr-defined]
    paid = payments_to(reader.organisation_id, open_lines, rules=request.council.calendar)  # type: ignore[attr-defined]
    return [one for one in paid if one.lines_pence or not reader.is_limited]


def acknowledgement(found: Submitted) -> dict[str, Any]:
    """A submission whole, in the shape of `Acknowledgement`."""
    told = found.submission
    weeks = [
        WeekExpected(
            line_id=week.line_id, week=week.week, visits=week.rows, would_pay_pence=week.would_pay_pence,
            would_hold_pence=week.would_hold_pence, held=list(week.hold_codes),
        )
        for week in told.weeks
    ]  # fmt: skip
    whole = {"file_name": told.file_name, "sha256": told.sha256, "unchanged": told.unchanged, "weeks": weeks}
    return {**_submission(told, found.paid_pence), **whole}


def _submission(told: SubmissionShown, paid_pence: int) -> dict[str, Any]:
    return {
        "submission": told.reference, "at": told.at, "by": told.by, "way": told.way, "new": told.new, "updated": told.updated,
        "would_pay_pence": told.would_pay_pence, "would_hold_pence": told.would_hold_pence, "pay_date": told.pay_date,
        "paid_pence": paid_pence,
    }  # fmt: skip


def _line(package: Package) -> dict[str, Any]:
    line = package.line
    names = ("line_id", "person_id", "contract_id", "site_id", "service_type", "element", "basis", "start_date", "end_date")
    return {**{name: line[name] for name in names}, "person": full_name(line), "state": status("line", package.state).word}


def _week(shown: WeekShown) -> dict[str, Any]:
    return {
        "line_id": shown.line["line_id"],
        "person_id": shown.line["person_id"],
        "week": shown.week,
        "state": status("week", shown.state).word,
        "planned_minutes": sum(visit.minutes for visit in shown.told.planned),
        "pays_pence": shown.pays_pence,
        "held_pence": shown.held_pence,
        "held": list(shown.codes),
        "cut_off_at": shown.makes.cut_off_at if shown.makes else None,
        "pay_date": shown.makes.pay_date if shown.makes else None,
    }


def _payment(shown: PaymentShown, reader: Reader) -> dict[str, Any]:
    whole = {
        "carried_in_pence": shown.carried_in_pence, "carried_out_pence": shown.carried_out_pence, "amount_pence": shown.amount_pence,
    }  # fmt: skip
    return {
        "run_id": shown.run, "reference": shown.reference, "through": shown.through, "pay_date": shown.pay_date,
        "state": status("receipt", shown.state).word, "lines_pence": shown.lines_pence, "regular_pence": shown.regular_pence,
        "adjustment_pence": shown.adjustment_pence, **(dict.fromkeys(whole) if reader.is_limited else whole),
    }  # fmt: skip


def _receipt(row: dict[str, Any]) -> ReceiptTold:
    return ReceiptTold(
        receipt_id=f"{row['run_id']}.{row['number']}", line_id=row["line_id"], week=row["week"], kind=row["kind"],
        amount_pence=row["amount_pence"], cause=row["cause"] or None,
    )  # fmt: skip


def _hold(shown: ProviderHold) -> dict[str, Any]:
    return {
        "hold_id": shown.hold, "code": shown.code, "lines": list(shown.lines), "person_id": shown.person["person_id"], "week": shown.week,
        "amount_pence": shown.amount_pence, "message": shown.message, "remedy": shown.remedy, "state": status("hold", shown.state).word,
        "acts_next": shown.acts_next,
    }  # fmt: skip
