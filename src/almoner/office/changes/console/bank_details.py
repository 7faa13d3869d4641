"""Bank details for the council's staff: entered by one person, typed again by another. The one place where something is typed twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.second_person import is_same_person
from almoner.office.accounts.permissions import may
from almoner.office.accounts.readers import reader_of
from almoner.office.changes.operations import enter_account, send_account_back, verify_account
from almoner.office.furniture.fields import DayField
from almoner.office.furniture.listing import Heading, Listing
from almoner.office.furniture.listing import answer as answer_listing
from almoner.office.furniture.typed import day_typed
from almoner.office.furniture.words import day, local
from almoner.office.parties.queries import Account, accounts_of, all_accounts, provider_names
from almoner.office.runs.holds import open_holds

LISTED = (
    Heading("provider", "Provider", link=lambda row: row["address"]),
    Heading("entered_by", "Entered by"),
    Heading("since", "Since", "moment"),
    Heading("valid_from", "From", "date"),
    Heading("ending", "Account ending", "id"),
    Heading("waiting_pence", "Waiting payment", "pounds"),
    Heading("state", "State", "status", status="change"),
)


class Entered(forms.Form):
    """What the first person enters."""

    party = forms.CharField(error_messages={"required": "Enter the provider's number"})
    sort_code = forms.CharField(max_length=10, error_messages={"required": "Enter the sort code, like 20-00-00"})
    account_number = forms.CharField(max_length=12, error_messages={"required": "Enter the account number, eight digits"})
    account_name = forms.CharField(max_length=200, error_messages={"required": "Enter the name on the account"})
    valid_from = DayField(label="First day")
    evidence = forms.CharField(max_length=500, error_messages={"required": "Enter what these details come from"})


class Typed(forms.Form):
    """What the second person types, without seeing what was entered."""

    sort_code = forms.CharField(max_length=10, error_messages={"required": "Enter the sort code, like 20-00-00"})
    account_number = forms.CharField(max_length=12, error_messages={"required": "Enter the account number, eight digits"})
    how = forms.CharField(max_length=500, error_messages={"required": "Enter how you checked"})


def bank_details_page(request: HttpRequest) -> HttpResponse:
    """What waits for a second person first, then what is in force."""
    at = request.at  # type: ignore[attr-defined]
    found = all_accounts(at)
    names = provider_names(at, {account.party_id for account in found}) if found else {}
    waiting = {hold.provider_id: hold.amount_pence for hold in open_holds() if hold.code == "BNK"}
    rows = [_row(account, found, names, waiting, local(at).date()) for account in found]
    wanted = request.GET.get("show", "")
    if wanted != "all":
        rows = [row for row in rows if row["state"] == "waiting"]
    table = Listing(
        "bank-details", "Bank details", LISTED, rows, "order", "No bank details wait for a second person.", "provider", "accounts"
    )
    may_enter = may("console-bank-details-new", reader_of(request).role, "GET")
    return answer_listing(request, "changes/bank_details.html", table, {"all": wanted == "all", "may_enter": may_enter})


def enter_page(request: HttpRequest) -> HttpResponseBase:
    """Enter new details."""
    form = Entered(request.POST or None, initial={"party": request.GET.get("party", "")})
    if request.method == "POST" and form.is_valid():
        given, reader = form.cleaned_data, reader_of(request)
        enter_account(
            party_id=given["party"], sort_code=given["sort_code"], account_number=given["account_number"],
            account_name=given["account_name"], valid_from=given["valid_from"], evidence=given["evidence"],
            modulus=request.council.modulus, by=reader.by, at=request.at,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, f"Entered. Somebody else verifies them; from {day(given['valid_from'])} payments wait until then.")
        return redirect("console-bank-details")
    return render(request, "changes/enter_account.html", {"form": form})


def one_account_page(request: HttpRequest, party: str, first_day: str) -> HttpResponseBase:
    """Verify details by typing them again, or send them back."""
    at, reader = request.at, reader_of(request)  # type: ignore[attr-defined]
    account = _account(party, first_day, request)
    form = Typed(request.POST if request.POST.get("act") == "verify" else None)
    if request.POST.get("act") == "send_back":
        send_account_back(party_id=party, valid_from=account.valid_from, reason=request.POST.get("reason", ""), by=reader.by, at=at)
        messages.success(request, "Sent back. The account before goes on.")
        return redirect("console-bank-details")
    if request.method == "POST" and form.is_valid():
        verify_account(party_id=party, valid_from=account.valid_from, by=reader.by, at=at, **form.cleaned_data)
        messages.success(request, f"Verified. The account is used from {day(account.valid_from)}.")
        return redirect("console-bank-details")
    before = [other for other in accounts_of(party, at) if other.valid_from < account.valid_from and other.verified_by]
    context: dict[str, Any] = {
        "form": form,
        "account": account,
        "provider": provider_names(at, [party]).get(party, party),
        "before": before[-1] if before else None,
        "own": is_same_person(account.entered_by, reader.by),
        "may_verify": may("console-bank-account", reader.role, "POST"),
    }
    return render(request, "changes/verify_account.html", context)


def _account(party: str, first_day: str, request: HttpRequest) -> Account:
    wanted = day_typed(first_day)
    found = next((one for one in accounts_of(party, request.at) if one.valid_from == wanted), None)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _row(account: Account, found: list[Account], names: dict[str, str], waiting: dict[str, int], today: date) -> dict[str, Any]:
    own = [one for one in found if one.party_id == account.party_id]
    later = any(account.valid_from < one.valid_from <= today and one.verified_by for one in own)
    state = "waiting" if not account.verified_by else "replaced" if later else "in_force"
    return {
        "provider": names.get(account.party_id, account.party_id), "entered_by": account.entered_by, "since": account.recorded_at,
        "valid_from": account.valid_from, "ending": account.ending, "state": state,
        "waiting_pence": waiting.get(account.party_id) if state == "waiting" else None,
        "address": reverse("console-bank-account", args=[account.party_id, account.valid_from.isoformat()]),
        "order": (state != "waiting", account.recorded_at),
    }  # fmt: skip
