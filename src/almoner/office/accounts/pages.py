"""Pages of one's own account, and the front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.office.accounts.door import WORKING_UNDER
from almoner.office.accounts.queries import readers_for
from almoner.office.accounts.roles import Side

HOMES = {Side.PROVIDER: "portal-home", Side.COUNCIL: "console-today", Side.PARTNER: "partner-home"}


def front_page(request: HttpRequest) -> HttpResponseBase:
    """To one's home, or to sign in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    readers = readers_for(request.user.pk)
    chosen = [reader for reader in readers if reader.access_id == request.session.get(WORKING_UNDER)] or readers
    if len(chosen) > 1:
        return redirect("choose-access")
    return redirect(HOMES[chosen[0].side] if chosen else "account")


def choose_access_page(request: HttpRequest) -> HttpResponseBase:
    """Which organisation somebody works for now, where they have several."""
    readers = readers_for(request.user.pk)
    if request.method == "POST":
        chosen = next((reader for reader in readers if str(reader.access_id) == request.POST.get("access")), None)
        if chosen is not None:
            request.session[WORKING_UNDER] = chosen.access_id
            return redirect("front")
    return render(request, "accounts/choose.html", {"readers": readers, "missing": request.method == "POST"})


def account_page(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    return render(request, "accounts/account.html", {"readers": readers_for(request.user.pk)})


def health_page(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server."""
    return HttpResponse("ok\n", content_type="text/plain")
