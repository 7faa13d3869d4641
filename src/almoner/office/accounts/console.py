"""Users and roles: who of the council, of providers and of partners has access."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.core.second_person import is_same_person
from almoner.office.accounts.forms import LIMITED, GivenByCouncil, Terms
from almoner.office.accounts.giving import access_or_404, give_link, moment_of, rows, tell_given
from almoner.office.accounts.operations import change_access, confirm_access, end_access, give_access
from almoner.office.accounts.places import organisation_name, organisation_names, places_of
from almoner.office.accounts.queries import AccessShown, access_shown, accesses_in_force, has_ended
from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import GUARDED, Desk, Role, Side
from almoner.office.furniture.listing import Heading, Listing, answer
from almoner.office.furniture.words import pounds

SIDES = {"council": "The council", "provider": "Providers", "partner": "Partners"}
READING = (
    Heading("name", "Name"),
    Heading("email", "Email"),
    Heading("role", "Role"),
    Heading("scope", "Scope"),
    Heading("limit", "Limit", kind="pounds"),
    Heading("used", "Last signed in", kind="moment"),
    Heading("factor", "Second factor"),
    Heading("state", "State"),
)
CHANGING = (
    *READING,
    Heading("change", "Change", link=lambda row: reverse("console-user", args=[row["access_id"]]), sortable=False),
    Heading("remove", "End", link=lambda row: reverse("console-user-end", args=[row["access_id"]]), sortable=False),
)


def users_page(request: HttpRequest) -> HttpResponse:
    """Everyone with access to one side: the council's own at first."""
    reader, at = reader_of(request), moment_of(request)
    side = request.GET.get("side", "council")
    side = side if side in SIDES else "council"
    names = organisation_names(at)
    found = accesses_in_force()
    on_side = [access for access in found if access.role.side == side]
    shown = rows(on_side, {}, at, of=Desk.COUNCIL)
    for row, access in zip(shown, on_side, strict=True):
        row["scope"] = _scope(access, names, row["places"])
        row["remove"] = "End"
    headings = CHANGING if reader.role is Role.SYSTEM_ADMINISTRATOR else READING
    listing = Listing(
        "users", f"Users: {SIDES[side].lower()}", headings, shown, "name", "Nobody has access.", row_heading="name", noun="people"
    )
    sides = [{"text": words, "href": f"?side={name}", "current": name == side} for name, words in SIDES.items()]
    waiting = [access for access in found if access.waits_for_confirmation]
    return answer(request, "accounts/users.html", listing, {"sides": sides, "waiting": waiting})


def new_user_page(request: HttpRequest) -> HttpResponse:
    """Give somebody a role."""
    reader, at = reader_of(request), moment_of(request)
    form = GivenByCouncil(request.POST or None, roles=Role, places={}, organisations=organisation_names(at))
    if request.method != "POST" or not form.is_valid():
        told = {"form": form, "back": "console-users", "heading": "Give somebody access", "by_council": True}
        return render(request, "accounts/give.html", told)
    access_id = give_access(
        email=form.cleaned_data["email"], name=form.cleaned_data["name"], role=form.chosen_role,
        organisation_id=form.cleaned_data["organisation"], limit_pence=form.cleaned_data["limit"], by=reader.by, at=at,
    )  # fmt: skip
    organisation = organisation_name(form.chosen_role.side, form.cleaned_data["organisation"], at)
    return tell_given(request, access_id, reader, desk=Desk.COUNCIL, back="console-users", organisation=organisation)


def user_page(request: HttpRequest, access_id: int) -> HttpResponseBase:
    """Another role, limit, sites or contracts; a guarded role, or a higher limit, waits for a second administrator."""
    reader, at = reader_of(request), moment_of(request)
    if request.method == "POST" and has_ended(access_id, organisation=None):
        messages.info(request, "This was changed already. Here is how it stands now.")  # what is changed goes on under another number
        return redirect("console-users")
    shown = access_or_404(request, access_id, reader, organisation=None)
    places = places_of(shown.organisation_id, at) if shown.role.side is Side.PROVIDER else {}
    roles = [role for role in Role if role.side is shown.role.side]
    form = Terms(request.POST or None, roles=roles, places=places, initial=_now(shown))
    if request.method != "POST" or not form.is_valid():
        told = {"form": form, "back": "console-users", "heading": f"Change what {shown.name} can do", "shown": shown, "by_council": True}
        return render(
            request, "accounts/give.html", told | {"start_over": "console-user-start-over", "is_oneself": shown.email == reader.email}
        )
    limit, role = form.cleaned_data["limit"], form.chosen_role
    new = change_access(access_id=access_id, role=role, places=form.chosen_places, limit_pence=limit, by=reader.by, at=at)
    now = access_shown(new)
    waits = " They cannot work until a second system administrator has confirmed it." if now and now.waits_for_confirmation else ""
    messages.success(request, f"Changed what {shown.name} can do.{waits}")
    return redirect("console-users")


def end_user_page(request: HttpRequest, access_id: int) -> HttpResponseBase:
    """Take somebody's access away, at once."""
    reader = reader_of(request)
    if request.method == "POST" and has_ended(access_id, organisation=None):
        return redirect("console-users")
    shown = access_or_404(request, access_id, reader, organisation=None)
    if request.method != "POST":
        return render(request, "accounts/remove.html", {"shown": shown, "back": "console-users"})
    end_access(access_id=access_id, by=reader.by, at=moment_of(request))
    messages.success(request, f"{shown.name} has no access any more.")
    return redirect("console-users")


def start_user_over_page(request: HttpRequest, access_id: int) -> HttpResponse:
    """A new link for somebody who never used theirs, or who lost their password or second factor."""
    reader, at = reader_of(request), moment_of(request)
    shown = access_or_404(request, access_id, reader, organisation=None)
    if request.method != "POST":
        return render(request, "accounts/start_over.html", {"shown": shown, "back": "console-users", "guarded": _guarded(shown)})
    organisation = organisation_name(shown.role.side, shown.organisation_id, at)
    return give_link(request, shown, reader, desk=Desk.COUNCIL, back="console-users", organisation=organisation, anew=shown.has_password)


def confirm_user_page(request: HttpRequest, access_id: int) -> HttpResponseBase:
    """Confirm, as somebody else, a guarded role."""
    reader = reader_of(request)
    shown = access_or_404(request, access_id, reader, organisation=None)
    if request.method == "POST" and not shown.confirmed_by:
        confirm_access(access_id=access_id, by=reader.by, at=moment_of(request))
        messages.success(request, f"Confirmed: {shown.name} works as {shown.role.word.lower()}.")
    if request.method == "POST":
        return redirect("console-users")
    is_own = is_same_person(shown.given_by, reader.by) or is_same_person(shown.email, reader.by)
    return render(request, "accounts/confirm.html", {"shown": shown, "releases": shown.role in LIMITED, "is_own": is_own})


def _guarded(shown: AccessShown) -> list[str]:
    """The roles of a user that wait again when they start over, in words; whichever organisation they have them at."""
    return sorted(
        {access.role.word.lower() for access in accesses_in_force() if access.user_id == shown.user_id and access.role in GUARDED}
    )


def _now(shown: AccessShown) -> dict[str, Any]:
    typed = "" if shown.limit_pence is None else pounds(shown.limit_pence)
    return {"role": shown.role.value, "places": [f"{kind}:{place}" for kind, place in shown.places], "limit": typed}


def _scope(access: AccessShown, names: dict[tuple[str, str], str], places: str) -> str:
    if access.role.side is Side.COUNCIL:
        return "The council"
    name = names.get((str(access.role.side), access.organisation_id), access.organisation_id)
    return f"{name} ({access.organisation_id})" + (f": {places}" if access.places else "")
