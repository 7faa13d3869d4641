"""Payments on the portal: what was paid and for which care, what comes next, and the documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from almoner.core.money import pence_typed, pounds
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.care.packages import today_at
from almoner.office.exchange.payment_chart import Paid, payment_chart
from almoner.office.exchange.remittances import Payments, Remittance, Row, document, expected_shown, payments_shown, remittance_shown
from almoner.office.furniture.listing import Heading, Listing, download, listed
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.words import day, span, week_of
from almoner.office.runs.payments import PaymentShown
from almoner.office.runs.portal.choices import chosen, days_chosen
from almoner.office.runs.queries import total_pence

PAID_ON = Heading("paid_on", "Paid on", "date")
REFERENCE = Heading("reference", "Reference", "id", link=lambda row: reverse("portal-payment", args=[row["run"]]))
WEEKS, CARE = Heading("weeks", "Weeks covered"), Heading("care", "Care", "pounds", total=True)
ADJUSTED = Heading("adjustments", "Adjustments", "pounds", total=True)
CARRIED, PAID = Heading("carried", "Carried", "pounds", further=True), Heading("paid", "Paid", "pounds", total=True)
STATE = Heading("state", "State", "status", status="receipt")
DOCUMENTS = Heading("documents", "Documents", "links", sortable=False)
LINES = (
    Heading("person", "Person"),
    Heading("line", "Line", "id", link=lambda row: reverse("portal-line", args=[row["line"]])),
    Heading("service", "Service"),
    Heading("week", "Week", "date"),
    Heading("quantity", "Time paid"),
    Heading("rate", "Rate"),
    Heading("amount", "Amount", "pounds", total=True, link=lambda row: row["why"]),
    Heading("kind", "Kind"),
)
GROUPS = {"person": "Person", "line": "Line", "week": "Week"}


def payments_page(request: HttpRequest) -> HttpResponse:
    """What was paid, what comes next, and the documents."""
    asked = request.GET
    named, service = asked.get("named", "").strip(), asked.get("service", "")
    found = payments_shown(reader_of(request), request.at, request.council.calendar, named=named, service=service)  # type: ignore[attr-defined]
    rows = [row for row in (_row(one, found) for one in found.paid) if _fits(row, request)]
    empty = "No payments yet. The first comes after your first submitted week passes its cut-off."
    said: dict[str, Callable[[str], str]] = {
        "since": lambda value: f"Paid from {value}", "until": lambda value: f"Paid to {value}", "service": str,
        "amount": lambda value: f"Paid {value}", "named": lambda value: f"With {value}",
    }  # fmt: skip
    picked = chosen(request, said)
    empty = "No payment fits. Take a filter away to see the others." if picked else empty
    listing = Listing("payments", "Payments", _headings(rows), rows, "-paid_on", empty, row_heading="reference", noun="payments")
    context = {
        "coming": [(one.period, one.result.amount_pence if not found.part else one.receipts_pence) for one in found.coming],
        "chart": payment_chart([Paid(row["paid_on"], row["care"], row["adjustments"], row["paid"]) for row in rows if row["paid_on"]]),
        "chosen": picked, "asked": asked, "part": found.part, "services": found.services,
    }  # fmt: skip
    return answer_listing(request, "exchange/payments.html", listing, context)


def _headings(rows: list[Row]) -> tuple[Heading, ...]:
    """The columns; what people pay to the provider and what was carried stand among them at once only where there is any."""
    collects, carries = (any(row[name] for row in rows) for name in ("collected", "carried"))
    collected = Heading("collected", "Collected by you", "pounds", total=True, further=not collects)
    weeks = replace(WEEKS, further=collects)
    every = (PAID_ON, REFERENCE, weeks, CARE, ADJUSTED, collected, CARRIED, PAID, STATE, DOCUMENTS)
    return every if carries else tuple(one for one in every if one is not CARRIED)


def _fits(row: Row, request: HttpRequest) -> bool:
    """Whether the filter of days and of the amount lets a payment stand."""
    since, until, on = days_chosen(request, "since"), days_chosen(request, "until"), row["paid_on"]
    amount = request.GET.get("amount", "").strip()
    if (since and (on is None or on < since)) or (until and (on is None or on > until)):
        return False
    return not amount or row["paid"] == pence_typed(amount)


def _row(one: PaymentShown, found: Payments) -> Row:
    weeks = span(one.first_week, one.last_week.fromordinal(one.last_week.toordinal() + 6)) if one.first_week and one.last_week else ""
    paid, carried = (one.lines_pence, None) if found.part else (one.amount_pence, _carried(one))
    documents = [
        (kind.upper(), reverse("portal-payment-file", args=[one.run, kind]), f"of remittance {one.reference}")
        for kind in found.documents.get(one.run, ())
    ]
    return {
        "reference": one.reference, "run": one.run, "paid_on": one.pay_date, "weeks": weeks, "care": one.regular_pence,
        "adjustments": one.adjustment_pence, "collected": found.collected.get(one.run, 0), "carried": carried, "paid": paid,
        "state": one.state, "state_more": one.state_more, "documents": documents or None,
    }  # fmt: skip


def _carried(one: PaymentShown) -> int | None:
    """What came from before, or what is carried on where nothing is paid; None where nothing was carried."""
    return one.carried_in_pence or one.carried_out_pence or None


def payment_page(request: HttpRequest, run: str) -> HttpResponse:
    """Which care each pound of a payment is for."""
    found = remittance_shown(reader_of(request), run, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None or found.payment is None:
        raise _not_theirs(request, "portal-payment")
    payment = found.payment
    context = {"payment": payment, "title": _title(request, found), "period": None}
    return _remittance(request, found, f"remittance-{payment.reference}", context)


def expected_page(request: HttpRequest, cycle: str) -> HttpResponse:
    """The payment to come, as it would be if it were made now."""
    found = expected_shown(reader_of(request), cycle, request.at, request.council.calendar)  # type: ignore[attr-defined]
    if found is None or found.expected is None:
        raise _not_theirs(request, "portal-expected")
    context = {"payment": None, "title": _title(request, found), "period": found.expected.period, "expected": found.expected}
    return _remittance(request, found, "expected-payment", context)


def payment_file(request: HttpRequest, run: str, kind: str) -> HttpResponse:
    """An issued document, byte for byte."""
    found = document(reader_of(request), run, kind, request.at)  # type: ignore[attr-defined]
    if found is None:
        raise _not_theirs(request, "portal-payment-file")
    name, media_type, content = found
    return download(content, name, media_type)


def _remittance(request: HttpRequest, found: Remittance, name: str, context: dict[str, Any]) -> HttpResponse:
    rows = [_with_why(row) for row in found.rows]
    listing = Listing(name, "What it is for", LINES, rows, "", "Nothing was posted for your lines.", row_heading="line", noun="lines")
    by = request.GET.get("by", "")
    by = by if by in GROUPS else ""
    reader = reader_of(request)
    context |= {
        "found": found, "adjustments": [row for row in rows if row["kind"] == "Adjustment"], "groups": _groups(rows, by) if by else [],
        "by": by, "choices": GROUPS, "held": [_held(row) for row in found.held], "part": reader.is_limited,
        "total": total_pence(found.expected.receipts) if found.expected else 0,
    }  # fmt: skip
    if request.GET.get("download"):
        return answer_listing(request, "exchange/remittance.html", listing, context)
    return render(request, "exchange/remittance.html", {**context, "listed": listed(request, listing)})


def _with_why(row: Row) -> Row:
    why = (
        reverse("portal-receipt", args=[row["receipt"]])
        if row["receipt"]
        else reverse("portal-expected-week", args=[row["line"], row["week"].isoformat()])
    )
    return {**row, "why": why, "amount_hidden": f"Why, line {row['line']}, week of {day(row['week'])}:"}


def _held(row: Row) -> Row:
    return {"hold": row.get("hold_id", ""), "why": HOLD_WORDS[row["code"]].capitalize(), **row}


def _groups(rows: list[Row], by: str) -> list[tuple[str, list[Row], int]]:
    """Rows of one person, line or week each, with their subtotal."""
    ordered = sorted(rows, key=lambda row: row[by])
    grouped = [(value, list(group)) for value, group in groupby(ordered, key=lambda row: row[by])]
    return [(week_of(value) if by == "week" else value, group, sum(row["amount"] for row in group)) for value, group in grouped]


def _title(request: HttpRequest, found: Remittance) -> str:
    if found.payment is None:
        assert found.expected is not None, "a remittance is sealed or expected"
        amount = found.expected.receipts_pence if reader_of(request).is_limited else found.expected.result.amount_pence
        return f"{pounds(amount)} expected on {day(found.expected.period.pay_date)}"
    payment, when = found.payment, day(found.payment.pay_date)
    if reader_of(request).is_limited:
        return f"{pounds(payment.lines_pence)} for your lines, in the payment of {when}"
    if payment.amount_pence == 0:
        return f"No payment on {when}"
    to_come = not payment.is_sent or (payment.pay_date is not None and payment.pay_date > today_at(request.at))  # type: ignore[attr-defined]
    return f"{pounds(payment.amount_pence)} {'to be paid' if to_come else 'paid'} on {when}"


def _not_theirs(request: HttpRequest, page: str) -> Http404:
    note_refusal(page=page, code="SCOPE", by=reader_of(request).by, at=request.at)  # type: ignore[attr-defined]
    return Http404()
