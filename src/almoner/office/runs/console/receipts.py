"""Why an amount is what it is, for the council's staff: the sentences with their rules, the days, and what was posted before."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from almoner.office.furniture.words import week_of
from almoner.office.runs.explanations import explain_receipt
from almoner.office.runs.queries import receipts_like, run_shown
from almoner.office.runs.refusals import NoSuchReceipt

SAME_KEY = ("book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week")


def receipt_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """One receipt of any book."""
    try:
        explained = explain_receipt(receipt)
    except NoSuchReceipt:
        raise Http404 from None
    row = explained.row
    near = receipts_like(line=row["line_id"], person=row["person_id"], payee=row["payee_id"]).to_pylist()
    posted = [one for one in near if all(one[name] == row[name] for name in SAME_KEY)]
    shown = run_shown(row["run_id"])
    context: dict[str, Any] = {
        "receipt": receipt,
        "row": row,
        "week": week_of(row["week"]),
        "sentences": explained.sentences,
        "posted": [{**one, "receipt": f"{one['run_id']}.{one['number']}"} for one in posted],
        "seal": shown.events[0].hash if shown and shown.events else "",
    }
    return render(request, "runs/console_receipt.html", context)
