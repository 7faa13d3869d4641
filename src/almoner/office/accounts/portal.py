"""People with access, and tokens for the organisation's own system: what a provider's administrator looks after."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from almoner.office.accounts.forms import Given, Terms, TokenAsked
from almoner.office.accounts.giving import access_or_404, give_link, moment_of, not_of_this_organisation, rows, tell_given
from almoner.office.accounts.keys import fingerprint, new_token
from almoner.office.accounts.operations import change_access, end_access, give_access, make_token, withdraw_token
from almoner.office.accounts.places import in_words, organisation_name, places_of
from almoner.office.accounts.queries import accesses_of, has_ended, token_shown, tokens_of
from almoner.office.accounts.readers import reader_of
from almoner.office.accounts.roles import Desk, Role, Side
from almoner.office.furniture.listing import Heading, Listing, answer

ROLES = (Role.PROVIDER_USER, Role.PROVIDER_ADMINISTRATOR)
SUGGESTED = 5
HEADINGS = (
    Heading("name", "Name"),
    Heading("email", "Email"),
    Heading("role", "Role"),
    Heading("places", "Services"),
    Heading("used", "Last signed in", kind="moment"),
    Heading("state", "State"),
    Heading("factor", "Second factor"),
    Heading("change", "Change", link=lambda row: reverse("portal-access-change", args=[row["access_id"]]), sortable=False),
    Heading("remove", "Remove", link=lambda row: reverse("portal-access-remove", args=[row["access_id"]]), sortable=False),
)


def access_page(request: HttpRequest) -> HttpResponse:
    """Who has access, the longest unused first, and the tokens."""
    reader, at = reader_of(request), moment_of(request)
    found = accesses_of(reader.organisation_id, side=Side.PROVIDER)
    places = places_of(reader.organisation_id, at)
    listing = Listing(
        "people-with-access", "People with access", HEADINGS, rows(found, places, at, of=Desk.ORGANISATION), "used",
        "Nobody has access. Invite someone.", row_heading="name", noun="people",
    )  # fmt: skip
    tokens = [(token, in_words(token.places, places)) for token in tokens_of(reader.organisation_id, at)]
    return answer(request, "accounts/access.html", listing, {"count": len(found), "suggested": SUGGESTED, "tokens": tokens})


def invite_page(request: HttpRequest) -> HttpResponse:
    """Invite somebody: they get a one-time link, or come in with the account they have."""
    reader, at = reader_of(request), moment_of(request)
    form = Given(request.POST or None, roles=ROLES, places=places_of(reader.organisation_id, at))
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/give.html", {"form": form, "back": "portal-access", "heading": "Invite someone"})
    access_id = give_access(
        email=form.cleaned_data["email"], name=form.cleaned_data["name"], role=form.chosen_role, organisation_id=reader.organisation_id,
        places=form.chosen_places, by=reader.by, at=at,
    )  # fmt: skip
    organisation = organisation_name(Side.PROVIDER, reader.organisation_id, at)
    return tell_given(request, access_id, reader, desk=Desk.ORGANISATION, back="portal-access", organisation=organisation)


def change_page(request: HttpRequest, access_id: int) -> HttpResponseBase:
    """Another role, other sites or contracts."""
    reader, at = reader_of(request), moment_of(request)
    if request.method == "POST" and has_ended(access_id, organisation=(Side.PROVIDER, reader.organisation_id)):
        messages.info(request, "This was changed already. Here is how it stands now.")  # what is changed goes on under another number
        return redirect("portal-access")
    shown = access_or_404(request, access_id, reader, organisation=(Side.PROVIDER, reader.organisation_id))
    places = places_of(reader.organisation_id, at)
    now = {"role": shown.role.value, "places": [f"{kind}:{place}" for kind, place in shown.places]}
    form = Terms(request.POST or None, roles=ROLES, places=places, initial=now)
    if request.method != "POST" or not form.is_valid():
        told = {"form": form, "back": "portal-access", "heading": f"Change what {shown.name} can do", "shown": shown}
        return render(
            request, "accounts/give.html", told | {"start_over": "portal-access-start-over", "is_oneself": shown.email == reader.email}
        )
    change_access(access_id=access_id, role=form.chosen_role, places=form.chosen_places, by=reader.by, at=at)
    messages.success(request, f"Changed what {shown.name} can do.")
    return redirect("portal-access")


def remove_page(request: HttpRequest, access_id: int) -> HttpResponseBase:
    """Take somebody's access away, at once."""
    reader = reader_of(request)
    if request.method == "POST" and has_ended(access_id, organisation=(Side.PROVIDER, reader.organisation_id)):
        return redirect("portal-access")
    shown = access_or_404(request, access_id, reader, organisation=(Side.PROVIDER, reader.organisation_id))
    if request.method != "POST":
        theirs = [token.name for token in tokens_of(reader.organisation_id, moment_of(request)) if token.made_by == shown.email]
        return render(request, "accounts/remove.html", {"shown": shown, "back": "portal-access", "tokens": theirs})
    end_access(access_id=access_id, by=reader.by, at=moment_of(request))
    messages.success(request, f"{shown.name} has no access any more.")
    return redirect("portal-access")


def start_over_page(request: HttpRequest, access_id: int) -> HttpResponse:
    """A new link for somebody who never used theirs, or who lost their password or second factor."""
    reader, at = reader_of(request), moment_of(request)
    shown = access_or_404(request, access_id, reader, organisation=(Side.PROVIDER, reader.organisation_id))
    if request.method != "POST":
        return render(request, "accounts/start_over.html", {"shown": shown, "back": "portal-access"})
    organisation = organisation_name(Side.PROVIDER, reader.organisation_id, at)
    return give_link(
        request, shown, reader, desk=Desk.ORGANISATION, back="portal-access", organisation=organisation, anew=shown.has_password
    )


def new_token_page(request: HttpRequest) -> HttpResponse:
    """A token for the organisation's own system, shown once."""
    reader, at = reader_of(request), moment_of(request)
    form = TokenAsked(request.POST or None, places=places_of(reader.organisation_id, at))
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/token_new.html", {"form": form})
    token, name = new_token(), " ".join(form.cleaned_data["name"].split())
    make_token(
        organisation_id=reader.organisation_id, name=name, key_sha256=fingerprint(token), places=form.chosen_places, by=reader.by, at=at
    )
    return render(request, "accounts/token_shown.html", {"token": token, "name": name})


def withdraw_token_page(request: HttpRequest, token_id: int) -> HttpResponseBase:
    """End a token at once."""
    reader, at = reader_of(request), moment_of(request)
    token = token_shown(token_id, reader.organisation_id)
    if token is None:
        raise not_of_this_organisation(request, reader)
    if request.method != "POST":
        return render(request, "accounts/token_withdraw.html", {"token": token})
    withdraw_token(token_id=token_id, organisation_id=reader.organisation_id, by=reader.by, at=at)
    messages.success(request, f"The token for {token.name} is withdrawn.")
    return redirect("portal-access")
