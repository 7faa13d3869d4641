"""What the portal's and the console's pages on access share: the link shown or sent, and the rows of their tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from almoner.office.accounts.keys import fingerprint, new_key
from almoner.office.accounts.letters import send_link, send_word
from almoner.office.accounts.operations import LINK_LASTS, make_link, note_refusal, start_over
from almoner.office.accounts.places import Place, in_words
from almoner.office.accounts.queries import AccessShown, access_shown
from almoner.office.accounts.readers import Reader
from almoner.office.accounts.roles import Desk, Side

UNUSED_AFTER = timedelta(days=90)


def moment_of(request: HttpRequest) -> datetime:
    """When the request is answered."""
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def give_link(
    request: HttpRequest, shown: AccessShown, reader: Reader, *, desk: Desk, back: str, organisation: str, anew: bool = False
) -> HttpResponse:
    """Make a one-time link, send it where the council has mail, else show it once to whoever asked. `anew`: for somebody who has set a
    password, which ends with it."""
    at = moment_of(request)
    key = new_key()
    (start_over if anew else make_link)(access_id=shown.access_id, key_sha256=fingerprint(key), by=reader.by, at=at, desk=desk)
    link = request.build_absolute_uri(reverse("first-sign-in", args=[key]))
    sent = send_link(to=shown.email, link=link, council=request.council.name, organisation=organisation)  # type: ignore[attr-defined]
    told = {"shown": access_shown(shown.access_id), "link": "" if sent else link, "ends_at": at + LINK_LASTS, "back": back, "anew": anew}
    return render(request, "accounts/link.html", told)


def tell_given(request: HttpRequest, access_id: int, reader: Reader, *, desk: Desk, back: str, organisation: str) -> HttpResponse:
    """After access was given: a link for somebody new, a letter for somebody who signs in already. Where the council has mail both read
    alike to whoever gave it, who does not learn whose accounts there are."""
    shown = access_shown(access_id)
    assert shown is not None, "it was given a moment ago"
    if not shown.has_password and (desk is Desk.COUNCIL or shown.accesses == 1):
        return give_link(request, shown, reader, desk=desk, back=back, organisation=organisation)
    sign_in = request.build_absolute_uri(reverse("account_login"))
    sent = send_word(to=shown.email, link=sign_in, council=request.council.name, organisation=organisation)  # type: ignore[attr-defined]
    told = {"shown": shown, "link": "", "known": not sent, "ends_at": moment_of(request) + LINK_LASTS, "back": back}
    return render(request, "accounts/link.html", told)


def access_or_404(request: HttpRequest, access_id: int, reader: Reader, *, organisation: tuple[Side, str] | None) -> AccessShown:
    """An access of that organisation (its side and number), or of any when None; Http404, and a line in the journal, for another's."""
    shown = access_shown(access_id)
    if shown is not None and organisation in (None, (shown.role.side, shown.organisation_id)):
        return shown
    raise not_of_this_organisation(request, reader)


def not_of_this_organisation(request: HttpRequest, reader: Reader) -> Http404:
    """What to raise for something that is another organisation's, or is not there: nobody learns which. Stands in the journal."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    note_refusal(page=name, code="SCOPE", by=reader.by, at=moment_of(request))
    return Http404()


def changing(form: Form, shown: AccessShown, reader: Reader, *, back: str, start_over: str) -> dict[str, Any]:
    """What the form for changing an access says around its fields."""
    return {
        "form": form, "shown": shown, "back": back, "heading": f"Change what {shown.name} can do", "start_over": start_over,
        "is_oneself": shown.email == reader.email,
    }  # fmt: skip


def rows(found: list[AccessShown], places: dict[Place, str], at: datetime, *, of: Desk) -> list[dict[str, Any]]:
    """The accesses as rows of a table. An organisation is not told what somebody set up elsewhere before they ever came in here."""
    return [
        {
            "access_id": shown.access_id,
            "name": shown.name,
            "email": shown.email,
            "role": shown.role.word,
            "places": in_words(shown.places, places),
            "limit": shown.limit_pence,
            "used": shown.last_used_at,
            "state": _state(shown, at),
            "factor": (shown.second_factor if shown.last_used_at or of is not Desk.ORGANISATION else "") or "None yet",
            "change": "Change",
            "change_hidden": shown.name,
            "remove": "Remove",
            "remove_hidden": shown.name,
        }
        for shown in found
    ]


def _state(shown: AccessShown, at: datetime) -> str:
    if shown.waits_for_confirmation:
        return "Waits for a second administrator"
    if at - (shown.last_used_at or shown.given_at) > UNUSED_AFTER:
        return "Not used for 3 months"
    return "In use" if shown.last_used_at else "Has not signed in yet"
