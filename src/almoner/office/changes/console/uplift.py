"""An uplift for the council's staff: which rates and by how much, what it does line by line, why; then a second person.

What was entered is kept in the session until it is sent: a list of lines is too long for an address.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.changes.bulk_forms import SCOPES, UpliftScope, UpliftTyped
from almoner.office.changes.consequences import consequence_of, is_ready
from almoner.office.changes.console.sending import send_in_steps
from almoner.office.changes.kinds import Uplift, change_from
from almoner.office.changes.policies import services_bought
from almoner.office.changes.uplifts import contract_prices, said
from almoner.office.furniture.words import day
from almoner.office.journal.refusals import Refusal

ENTERED, TYPED = "uplift", "uplift_typed"


def uplift_page(request: HttpRequest) -> HttpResponseBase:
    """Which rates change; then from when, and by how much. Entering it writes nothing; the next page tells what it would do."""
    at = request.at  # type: ignore[attr-defined]
    if request.method != "POST" and "again" not in request.GET and request.GET.get("scope") not in SCOPES:
        return render(request, "changes/uplift_scope.html", {"form": UpliftScope(request.GET if "asked" in request.GET else None)})
    typed: dict[str, Any] | None = request.POST.dict() if request.method == "POST" else None
    again = request.session.get(TYPED, {}) if typed is None and "again" in request.GET else None
    given = typed if typed is not None else again
    asked = given or request.GET
    scope, contract = asked.get("scope", ""), asked.get("contract", "").replace("\0", "").strip()
    prices = contract_prices(contract, at) if scope == "contract" else []
    if scope == "contract" and not prices:
        return render(request, "changes/uplift_contract.html", {"contract": contract}, status=400 if contract else 200)
    form = UpliftTyped(services_bought(at), given, prices=prices, initial={"scope": scope, "contract": contract})
    if typed is None or not form.is_valid():
        return render(request, "changes/uplift.html", {"form": form}, status=400 if typed is not None else 200)
    request.session[ENTERED], request.session[TYPED] = form.uplift().stored(), typed
    return redirect("console-uplift-effect")


def uplift_effect_page(request: HttpRequest) -> HttpResponseBase:
    """What the uplift that was entered does, then why, then a last look; sent to a second person."""
    stored = request.session.get(ENTERED)
    if stored is None:
        return redirect("console-uplift")
    at, change = request.at, change_from("", "uplift", stored)  # type: ignore[attr-defined]
    assert isinstance(change, Uplift)
    try:
        if not is_ready(change, at):
            return render(request, "changes/waiting.html", {})
        found = consequence_of(change, at)
    except Refusal as refusal:
        form = UpliftTyped(services_bought(at), request.session.get(TYPED, {}), prices=contract_prices(change.contract_id, at))
        return render(request, "changes/uplift.html", {"form": form, "refusal": refusal}, status=409)
    about = [("Rates", _whose(change)), ("Change", said(change)), ("From", day(change.on)), ("Lines", f"{len(found.facts.rises):,}")]
    return send_in_steps(request, change, found, back=f"{reverse('console-uplift')}?again=yes", about=about)


def _whose(change: Uplift) -> str:
    if change.lines:
        return "lines that are named"
    if change.contract_id:
        return f"contract {change.contract_id}"
    return change.service + (f", provider {change.provider_id}" if change.provider_id else "")
