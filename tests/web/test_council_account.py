"""Council staff sign in with their account at the council: found by an address that it vouches for, and nobody else comes in by it."""

from __future__ import annotations

import copy
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from tests.web.council_directory import CLIENT, SECRET, council_directory
from tests.web.vale import NOW


@pytest.fixture
def directory(pages, monkeypatch):
    from django.conf import settings

    with council_directory() as found:
        providers = copy.deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
        app = providers["openid_connect"]["APPS"][0]
        app |= {"client_id": CLIENT, "secret": SECRET, "settings": {"server_url": found.address}}
        monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", providers)
        monkeypatch.setattr(settings, "COUNCIL_SIGN_IN", "Vale account")
        monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
        yield found


def person(email, *, sub="42", verified=True):
    return {"sub": sub, "email": email, "email_verified": verified, "name": "Somebody"}


def come_in(client):
    """Follows the way to the directory and back; returns the answer of the way back."""
    there = client.get("/sign-in/council").headers["Location"]
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_staff_come_in_without_a_password_or_a_second_factor_of_ours(directory, pages):
    from almoner.office.journal.queries import entries

    directory.person = person(pages["payments_officer"])
    client = Client()
    assert "Sign in with your Vale account" in client.get("/sign-in").content.decode()
    assert come_in(client).headers["Location"] == "/"
    assert client.get("/console").status_code == 200
    assert list(entries(act="sign_in"))[-1].summary == {"way": "council account"}
    directory.person = person("renamed@vale.example")
    again = Client()
    come_in(again)
    assert again.get("/console").status_code == 200, "known by the directory's own id from now on"


@pytest.mark.parametrize(
    "claims",
    [
        person("nobody@vale.example"),
        person("provider_administrator@test.example"),
        person("payments_officer@test.example", verified=False),
    ],
)
def test_nobody_else_comes_in_by_it(directory, claims):
    from almoner.office.accounts.models import User

    users = User.objects.count()
    directory.person = claims
    client = Client()
    refused = come_in(client)
    assert refused.status_code == 403 and "NO-ACCESS" in refused.content.decode()
    assert client.get("/console").headers["Location"].startswith("/sign-in") and User.objects.count() == users


def test_a_directory_whose_addresses_are_trusted_need_not_mark_them(directory, pages, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "COUNCIL_EMAILS_TRUSTED", True)
    directory.person = person(pages["finance"], verified=False)
    client = Client()
    come_in(client)
    assert client.get("/console").status_code == 200


def test_an_access_that_ended_ends_this_way_too(directory, pages):
    from almoner.office.accounts.operations import end_access
    from almoner.office.accounts.queries import accesses_of

    directory.person = person(pages["finance"])
    client = Client()
    come_in(client)
    access = next(access for access in accesses_of("", side="council") if access.email == pages["finance"])
    end_access(access_id=access.access_id, by="tests", at=NOW)
    assert client.get("/console").status_code == 403
    assert come_in(Client()).status_code == 403


def test_a_forged_return_is_refused(directory, pages):
    directory.person = person(pages["finance"])
    forged = Client().get("/sign-in/council/back?code=a-code&state=forged")
    assert forged.status_code == 403 and "COUNCIL-SIGN-IN" in forged.content.decode()


def test_nobody_ties_a_directory_account_to_the_session_of_somebody_else(directory, pages, signed_in):
    directory.person = person(pages["finance"], sub="77")
    client = signed_in("provider_user")
    there = client.get("/sign-in/council?process=connect").headers["Location"]
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 403


def test_where_it_is_not_set_up_there_is_none(pages):
    assert Client().get("/sign-in/council").status_code == 404
    assert "If you work for" not in Client().get("/sign-in").content.decode()
