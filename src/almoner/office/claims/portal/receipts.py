"""A funder's receipts: filtered, agreed many at once, disputed one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.money import pounds
from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import Reader, reader_of
from almoner.office.claims.forms import Chosen, Dispute, Words
from almoner.office.claims.months import months_by, usual_month
from almoner.office.claims.operations import agree_receipts, dispute_receipt, reply_to_dispute
from almoner.office.claims.operations.acts import Who
from almoner.office.claims.operations.answering import Agreed
from almoner.office.claims.queries import file_of
from almoner.office.claims.receipts import ReceiptShown, of_scheme, receipt_rows, receipt_shown, schemes_of, to_agree_among
from almoner.office.furniture.listing import Heading, Listing, Row, answer, download

ACT = "partner-receipts"


def _why(row: Row) -> str:
    return reverse("partner-receipt", args=[row["receipt"]])


LISTED = (
    Heading("line_id", "Line", "id", link=lambda row: reverse("partner-package", args=[row["line_id"]])),
    Heading("called", "Your reference"),
    Heading("scheme", "Scheme"),
    Heading("week_words", "Week"),
    Heading("gross_pence", "Gross", "pounds", further=True),
    Heading("share", "Your share"),
    Heading("amount_pence", "This receipt", "pounds", link=_why, total=True),
    Heading("kind_words", "Kind", further=True),
    Heading("why", "Why", further=True),
    Heading("state", "State", "status", status="claim"),
    Heading("action", "Action", link=_why, sortable=False),
)
WHOLE = (Heading("receipt", "Receipt", "id"), *(heading for heading in LISTED if heading.name != "action"))
"""What the download has."""


def receipts_page(request: HttpRequest) -> HttpResponseBase:
    """The receipts of a month: agree chosen ones, or all the regular ones that are shown."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    months = months_by(reader.organisation_id, at)
    form = Chosen([month.month for month in months], request.GET)
    wanted = form.wanted(usual_month(months))
    every = receipt_rows(reader.organisation_id, wanted, at)
    rows = of_scheme(every, wanted.scheme)
    waiting = to_agree_among(rows, reader.organisation_id)
    if request.method == "POST":
        return _agree(request, reader, waiting.ids)
    rows = [{**row, "action_hidden": f"{row['receipt']}:", "amount_pence_hidden": "Why"} for row in rows]
    title = f"Receipts of {wanted.month:%B %Y}" if wanted.month else "Receipts not invoiced yet"
    table = Listing(
        f"receipts-{wanted.month:%Y-%m}" if wanted.month else "receipts", title, WHOLE if request.GET.get("download") else LISTED, rows,
        "order", "Nothing here is claimed of you. Receipts appear when the council seals a month's claims.", "line_id", "receipts",
        order_words="not yet answered first, then the largest",
    )  # fmt: skip
    month = f"{wanted.month:%Y-%m}" if wanted.month else "open"
    context = {
        "title": title, "form": form, "wanted": wanted, "month": month, "schemes": schemes_of(every), "waiting": waiting,
        "may_act": may(ACT, reader.role, "POST") and any(row["choice"] for row in rows), "chosen": _chosen(request, form),
    }  # fmt: skip
    return answer(request, "claims/receipts.html", table, context)


def _chosen(request: HttpRequest, form: Chosen) -> list[tuple[str, str]]:
    """The filters that are set, each with the address without it."""
    told = []
    for name, words in (("scheme", "Scheme"), ("kind", "Kind"), ("state", "State"), ("changed", "Changed since last claim")):
        value = form.cleaned_data.get(name)
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            shown = words if value is True else f"{words}: {dict(getattr(form.fields[name], 'choices', [])).get(value, value)}"
            told.append((shown, f"?{query.urlencode()}"))
    return told


def _agree(request: HttpRequest, reader: Reader, waiting: tuple[str, ...]) -> HttpResponseBase:
    """Agree what was chosen, or all that wait on the page as it was shown."""
    at = request.at  # type: ignore[attr-defined]
    funder, who = reader.organisation_id, Who("partner", reader.by, reader.name)
    back = redirect(f"{reverse('partner-receipts')}?{request.GET.urlencode()}")
    if request.POST.get("act") == "all":
        typed = request.POST.get("receipts", "")
        shown = Agreed(int(typed) if typed.isdecimal() and len(typed) < 9 else 0, 0)
        agreed = agree_receipts(funder_id=funder, receipts=waiting, who=who, at=at, basis=request.POST.get("basis") or "-", shown=shown)
    elif request.POST.getlist("receipt"):
        agreed = agree_receipts(funder_id=funder, receipts=request.POST.getlist("receipt"), who=who, at=at)
    else:
        messages.warning(request, "Choose the receipts you agree, then press again.")
        return back
    if agreed.receipts:
        messages.success(request, f"{agreed.receipts:,} receipt{'' if agreed.receipts == 1 else 's'} agreed: {pounds(agreed.pence)}.")
    else:
        messages.info(request, "These receipts were agreed already.")
    return back


def receipt_page(request: HttpRequest, receipt: str) -> HttpResponseBase:
    """Why one receipt is what it is; agree or dispute it, and what was said of it."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    found = _own(request, reader, receipt)
    who, given = Who("partner", reader.by, reader.name), {"funder_id": reader.organisation_id, "receipt": receipt, "at": at}
    act = request.POST.get("act", "")
    most = abs(found.row["amount_pence"])
    form: Dispute | Words = Words(request.POST, request.FILES) if act == "reply" else Dispute(
        most, request.POST if act == "dispute" else None, request.FILES if act == "dispute" else None, initial={"amount": _typed(most)}
    )  # fmt: skip
    if act == "agree":
        agree_receipts(funder_id=reader.organisation_id, receipts=[receipt], who=who, at=at, after_all=bool(request.POST.get("after_all")))
        messages.success(request, f"Receipt {receipt} is agreed: {pounds(found.row['amount_pence'])}.")
        return redirect("partner-receipt", receipt)
    if act == "reply" and form.is_valid():
        reply_to_dispute(text=form.cleaned_data["text"], files=form.sent(), who=who, **given)
        messages.success(request, "Sent to the council.")
        return redirect("partner-receipt", receipt)
    if act == "dispute" and isinstance(form, Dispute) and form.is_valid():
        told = form.cleaned_data
        dispute_receipt(reason=told["reason"], disputed_pence=told["amount"], text=told["text"], files=form.sent(), who=who, **given)
        messages.success(request, f"Receipt {receipt} is disputed. {stays_out(found)}")
        return redirect("partner-receipt", receipt)
    context: dict[str, Any] = {
        "shown": found, "row": found.row, "form": form, "stays_out": stays_out(found), "may_act": may(ACT, reader.role, "POST"),
        "file_page": "partner-receipt-file",
    }  # fmt: skip
    return render(request, "claims/receipt.html", context, status=400 if form.errors else 200)


def receipt_file(request: HttpRequest, receipt: str, file: int) -> HttpResponse:
    """A file sent about a receipt, as a download."""
    found = _own(request, reader_of(request), receipt)
    kept = file_of(found.row["run_id"], found.row["number"], file)
    if kept is None:
        raise Http404
    return download(kept[2], kept[0], kept[1])


def stays_out(found: ReceiptShown) -> str:
    """What a dispute does, in words."""
    row = found.row
    others = f"The other {found.others:,} go in it." if found.others != 1 else "The other one goes in it."
    return f"This receipt ({pounds(row['amount_pence'])}) stays out of the {row['month']:%B} invoice until settled. {others}"


def _typed(pence: int) -> str:
    return pounds(pence).removeprefix("£").replace(",", "")


def _own(request: HttpRequest, reader: Reader, receipt: str) -> ReceiptShown:
    at = request.at  # type: ignore[attr-defined]
    found = receipt_shown(receipt, at, funder_id=reader.organisation_id)
    if found is None:
        note_refusal(page="partner-receipt", code="SCOPE", by=reader.by, at=at)
        raise Http404
    return found
