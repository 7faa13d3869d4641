"""Payments on the portal: what was paid and for which care, what comes next, and the documents."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markupsafe import Markup

from almoner.core.money import pounds
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.readers import reader_of
from almoner.office.care.packages import today_at
from almoner.office.exchange.remittances import Remittance, Row, document, expected_shown, payments_shown, remittance_shown
from almoner.office.furniture.bars import Bar, bars
from almoner.office.furniture.listing import Heading, Listing, download, listed
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.statuses import HOLD_WORDS
from almoner.office.furniture.words import day, span, week_of
from almoner.office.runs.payments import PaymentShown
from almoner.office.runs.portal.choices import chosen, days_chosen
from almoner.office.runs.queries import total_pence

HEADINGS = (
    Heading("reference", "Reference", "id", link=lambda row: reverse("portal-payment", args=[row["run"]])),
    Heading("paid_on", "Paid on", "date"),
    Heading("weeks", "Weeks covered"),
    Heading("care", "Care", "pounds", total=True),
    Heading("adjustments", "Adjustments", "pounds", total=True),
    Heading("collected", "Collected by you", "pounds", total=True),
    Heading("carried", "Carried", "pounds", further=True),
    Heading("paid", "Paid", "pounds", total=True),
    Heading("state", "State", "status", status="receipt"),
)
LINES = (
    Heading("person", "Person"),
    Heading("line", "Line", "id", link=lambda row: reverse("portal-line", args=[row["line"]])),
    Heading("service", "Service"),
    Heading("week", "Week", "date"),
    Heading("quantity", "Paid for"),
    Heading("rate", "Rate"),
    Heading("amount", "Amount", "pounds", total=True, link=lambda row: row["why"]),
    Heading("kind", "Kind"),
)
PICTURED, LEAST_PICTURED = 12, 3
GROUPS = {"person": "Person", "line": "Line", "week": "Week"}


def payments_page(request: HttpRequest) -> HttpResponse:
    """What was paid, what comes next, and the documents."""
    asked = request.GET
    found = payments_shown(reader_of(request), request.at, request.council.calendar, named=asked.get("named", "").strip())  # type: ignore[attr-defined]
    since, until = days_chosen(request, "since"), days_chosen(request, "until")
    rows = [
        _row(one, found.collected.get(one.run, 0), part=found.part)
        for one in found.paid
        if (since is None or (one.pay_date and one.pay_date >= since)) and (until is None or (one.pay_date and one.pay_date <= until))
    ]
    empty = "No payments yet. The first comes after your first submitted week passes its cut-off."
    headings = HEADINGS if any(row["carried"] for row in rows) else tuple(one for one in HEADINGS if one.name != "carried")
    listing = Listing("payments", "Payments", headings, rows, "-paid_on", empty, row_heading="reference", noun="payments")
    said = {"since": lambda value: f"Paid from {value}", "until": lambda value: f"Paid to {value}", "named": lambda value: f"With {value}"}
    context = {
        "coming": [(one.period, one.result.amount_pence if not found.part else one.receipts_pence) for one in found.coming],
        "picture": _picture(rows), "documents": found.documents, "chosen": chosen(request, said), "asked": asked, "part": found.part,
    }  # fmt: skip
    return answer_listing(request, "exchange/payments.html", listing, context)


def _picture(rows: list[Row]) -> Markup | None:
    """The last twelve payments as bars, adjustments as bars of their own; None for fewer than three."""
    dated = sorted((row for row in rows if row["paid_on"]), key=lambda row: row["paid_on"], reverse=True)[:PICTURED]
    if len(dated) < LEAST_PICTURED:
        return None
    shown = []
    for row in dated:
        shown.append(Bar(day(row["paid_on"]), row["care"], pounds(row["care"])))
        if row["adjustments"]:
            shown.append(Bar(f"{day(row['paid_on'])}, adjustments", row["adjustments"], pounds(row["adjustments"])))
    return bars(f"Care and adjustments of the last {len(dated)} payments", shown)


def _row(one: PaymentShown, collected_pence: int, *, part: bool) -> Row:
    weeks = span(one.first_week, one.last_week.fromordinal(one.last_week.toordinal() + 6)) if one.first_week and one.last_week else ""
    paid, carried = (one.lines_pence, None) if part else (one.amount_pence, _carried(one))
    return {
        "reference": one.reference, "run": one.run, "paid_on": one.pay_date, "weeks": weeks, "care": one.regular_pence,
        "adjustments": one.adjustment_pence, "collected": collected_pence, "carried": carried, "paid": paid, "state": one.state,
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
    to_come = payment.pay_date is not None and payment.pay_date > today_at(request.at)  # type: ignore[attr-defined]
    return f"{pounds(payment.amount_pence)} {'to be paid' if to_come else 'paid'} on {when}"


def _not_theirs(request: HttpRequest, page: str) -> Http404:
    note_refusal(page=page, code="SCOPE", by=reader_of(request).by, at=request.at)  # type: ignore[attr-defined]
    return Http404()
