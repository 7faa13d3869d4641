"""Pages of one's own account, and the front door."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from almoner.office.accounts.door import WORKING_UNDER
from almoner.office.accounts.forms import PasswordChosen
from almoner.office.accounts.keys import fingerprint
from almoner.office.accounts.operations import use_link
from almoner.office.accounts.queries import last_sign_ins, link_for, readers_for
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
    told = {"readers": readers_for(request.user.pk), "signed_in": last_sign_ins(request.user.pk)}
    return render(request, "accounts/account.html", told)


def health_page(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server."""
    return HttpResponse("ok\n", content_type="text/plain")


def first_sign_in_page(request: HttpRequest, key: str) -> HttpResponseBase:
    """Set a first password by a one-time link. Looking at it uses nothing up."""
    email = link_for(fingerprint(key), request.at)  # type: ignore[attr-defined]
    if not email:
        return render(request, "accounts/link_spent.html", status=410)
    form = PasswordChosen(request.POST or None, email=email)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/first.html", {"form": form, "email": email})
    use_link(key_sha256=fingerprint(key), password=form.cleaned_data["password1"], at=request.at)  # type: ignore[attr-defined]
    messages.success(request, "Your password is set. Sign in with it now.")
    return redirect("account_login")


@require_POST
def stay_signed_in_page(request: HttpRequest) -> HttpResponse:
    """Put off the session's end: somebody pressed the button of its warning."""
    request.session.modified = True
    return HttpResponse(status=204)
