"""Signing in by the form, in a real browser and without; what a wrong password, a locked account and an ended access are told."""

from __future__ import annotations

from tests.web.vale import NOW, PASSWORD


def test_somebody_signs_in_and_out_without_scripts(browse):
    page = browse("provider_user", scripts=False)
    assert page.locator("h1").inner_text() == "Home"
    page.click("button:has-text('Sign out')")
    page.goto("/portal")
    assert page.locator("h1").inner_text() == "Sign in"


def test_every_side_comes_to_its_own_home(signed_in):
    for role, home in (("provider_user", "/portal"), ("payments_officer", "/console")):
        assert signed_in(role).get("/").headers["Location"] == home


def test_a_stranger_is_asked_to_sign_in(pages):
    from django.test import Client

    assert Client().get("/console").headers["Location"].startswith("/sign-in?next=/console")


def test_after_five_wrong_passwords_the_right_one_waits(pages):
    from django.test import Client

    client = Client()
    told = [client.post("/sign-in", {"login": pages["finance"], "password": "wrong"}) for _ in range(5)]
    assert all("not correct" in answer.content.decode() or "not right" in answer.content.decode() for answer in told)
    refused = client.post("/sign-in", {"login": pages["finance"], "password": PASSWORD})
    assert refused.status_code == 200 and "Too many" in refused.content.decode()
    assert client.get("/console").status_code == 302


def test_an_access_taken_away_ends_at_the_next_press(signed_in, pages):
    from almoner.office.accounts.operations import end_access
    from almoner.office.accounts.queries import accesses_of

    client = signed_in("provider_user")
    assert client.get("/portal").status_code == 200
    access = next(found for found in accesses_of("4001", side="provider") if found.email == pages["provider_user"])
    end_access(access_id=access.access_id, by="tests", at=NOW)
    answer = client.get("/portal")
    assert answer.status_code == 403 and "Your access to" in answer.content.decode()


def test_a_second_factor_is_required_unless_switched_off(pages, monkeypatch):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.post("/sign-in", {"login": pages["payments_officer"], "password": PASSWORD})
    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    assert client.get("/console").headers["Location"] == "/account/second-factor/app"
    page = client.get("/account/second-factor/app").content.decode()
    assert "Set up your second factor" in page


def test_every_answer_carries_the_secure_headers(signed_in):
    answer = signed_in("auditor").get("/console")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"] and "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Frame-Options"] == "DENY"
