"""Pages of one's own account, and the front door."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from almoner.office.accounts.door import WORKING_UNDER
from almoner.office.accounts.forms import PasswordChosen
from almoner.office.accounts.keys import fingerprint
from almoner.office.accounts.operations import choose_columns, choose_display, choose_emails, use_link
from almoner.office.accounts.places import organisation_name
from almoner.office.accounts.queries import emails_chosen, last_sign_ins, link_for, readers_for
from almoner.office.accounts.roles import Side
from almoner.office.furniture.shown_as import ROWS, shown_as
from almoner.office.furniture.typed import whole_typed

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
    at = request.at  # type: ignore[attr-defined]
    named = [(reader, organisation_name(reader.side, reader.organisation_id, at) or reader.organisation_id) for reader in readers]
    return render(request, "accounts/choose.html", {"readers": named, "missing": request.method == "POST"})


def account_page(request: HttpRequest) -> HttpResponseBase:
    """One's own account: what is shown of it, and what somebody chooses for themselves."""
    at = request.at  # type: ignore[attr-defined]
    if request.method == "POST":
        choose_for_oneself(request, at)
        messages.success(request, "Your choices are kept.")
        return redirect("account")
    emails = [(one, organisation_name(Side(one.side), one.organisation_id, at)) for one in emails_chosen(request.user.pk)]
    told = {
        "readers": readers_for(request.user.pk), "signed_in": last_sign_ins(request.user.pk), "emails": emails, "rows": ROWS,
        "chosen": shown_as(request),
    }  # fmt: skip
    return render(request, "accounts/account.html", told)


def choose_for_oneself(request: HttpRequest, at: datetime) -> None:
    """Keep what somebody chose on the page of their account."""
    user, by = request.user.pk, str(request.user)
    rows = request.POST.get("rows", "")
    choose_display(
        user_id=user, rows=whole_typed(rows) or 0, is_comfortable=request.POST.get("density") == "comfortable", by=by, at=at
    )  # fmt: skip
    wanted = {one.access_id: request.POST.getlist(f"emails-{one.access_id}") for one in emails_chosen(user)}
    choose_emails(user_id=user, wanted=wanted, by=by, at=at)


@require_POST
def columns_page(request: HttpRequest) -> HttpResponseBase:
    """Keep which columns of a table somebody wants to see, and go back to it."""
    names = request.POST.getlist("column") if request.POST.get("as") != "first" else []
    choose_columns(
        user_id=request.user.pk, table=request.POST.get("table", "")[:100], columns=names, by=str(request.user),
        at=request.at,  # type: ignore[attr-defined]
    )  # fmt: skip
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) and back.startswith("/") else "front")


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
