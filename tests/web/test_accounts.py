"""One's own account: signing in with a second factor, recovery codes, passkeys, what the wrong and the locked are told."""

from __future__ import annotations

import re

import pytest
from tests.web.vale import NOW, PASSWORD

TRIES = re.compile(r"After (\d) more tr(?:y|ies) this account is locked for 15 minutes")


@pytest.fixture
def strict(pages, monkeypatch):
    """The pages with the second factor required."""
    from django.conf import settings

    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    return pages


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client) -> tuple[str, str]:
    """Signs in for the first time and sets up the app; returns its secret and the page shown next."""
    page = client.get("/account/second-factor/app").content.decode()
    secret = re.search(r"Key: <strong[^>]*>(\w+)", page).group(1)
    return secret, client.post("/account/second-factor/app", {"code": code_of(secret)}, follow=True).content.decode()


def test_a_wrong_password_says_how_many_tries_are_left_and_then_until_when(pages):
    from django.test import Client

    client = Client()
    told = [client.post("/sign-in", {"login": pages["finance"], "password": "wrong"}).content.decode() for _ in range(6)]
    assert [TRIES.search(page).group(1) for page in told[:4]] == ["4", "3", "2", "1"]
    assert all(re.search(r"this account is locked until \d{1,2}(:\d\d)?[ap]m", page) for page in told[4:])
    assert pages["finance"] in told[0], "what was typed stays"


def test_an_address_nobody_has_is_told_the_same_and_not_written_down(pages):
    from django.test import Client

    from almoner.office.journal.queries import entries

    page = Client().post("/sign-in", {"login": "my-password@typed.here", "password": "wrong"}).content.decode()
    assert TRIES.search(page)
    line = list(entries(act="refuse"))[-1]
    assert (line.by, line.summary) == ("somebody unknown", {"code": "PASSWORD"})


def test_the_first_sign_in_leads_to_the_app_and_then_to_the_recovery_codes(strict):
    from django.test import Client

    from almoner.office.journal.queries import entries

    client = Client()
    client.post("/sign-in", {"login": strict["finance"], "password": PASSWORD})
    _, page = set_up_app(client)
    codes = re.findall(r"<li>(\d{8})</li>", page)
    assert len(codes) == 10 and client.get("/console").status_code == 200
    again = Client()
    asked = again.post("/sign-in", {"login": strict["finance"], "password": PASSWORD}, follow=True).content.decode()
    assert "Enter your code" in asked and again.get("/console").status_code == 302
    assert "This code is not right" in again.post("/sign-in/code", {"code": "000000"}).content.decode()
    assert again.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    assert again.get("/console").status_code == 200
    assert [line.summary["way"] for line in entries(act="sign_in")] == ["password", "recovery code"]
    assert [line.summary["code"] for line in entries(act="refuse")] == ["SECOND-FACTOR"]
    third = Client()
    third.post("/sign-in", {"login": strict["finance"], "password": PASSWORD})
    third.post("/sign-in/code", {"code": codes[0]})
    assert third.get("/console").status_code == 302, "a recovery code works once"


def test_the_second_factor_is_changed_only_after_the_password_again(strict):
    from allauth.mfa.models import Authenticator
    from django.test import Client

    client = Client()
    client.post("/sign-in", {"login": strict["finance"], "password": PASSWORD})
    secret, _ = set_up_app(client)
    again = Client()
    again.post("/sign-in", {"login": strict["finance"], "password": PASSWORD})
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    _forget_used_codes()
    again.post("/sign-in/code", {"code": code_of(secret)})
    assert "Remove the app?" in again.get("/account/second-factor/app/remove").content.decode(), "not right after signing in"
    session = again.session
    session["account_authentication_methods"] = [{**record, "at": 0} for record in session["account_authentication_methods"]]
    session.save()
    asked = again.get("/account/second-factor/app/remove", follow=True)
    assert "Enter your password again" in asked.content.decode()
    wrong = again.post("/account/again?next=/account/second-factor/app/remove", {"password": "wrong"}).content.decode()
    assert "The password is not right." in wrong
    page = again.post("/account/again?next=/account/second-factor/app/remove", {"password": PASSWORD}, follow=True).content.decode()
    assert "Remove the app?" in page
    assert again.post("/account/second-factor/app/remove", {}).status_code == 302
    assert again.get("/console").headers["Location"] == "/account/second-factor/app", "without one they set one up before they go on"


def _forget_used_codes() -> None:
    from django.core.cache import cache

    cache.clear()


def test_a_password_is_changed_and_the_new_one_signs_in(signed_in, pages):
    from django.test import Client

    client = signed_in("finance")
    short = client.post("/account/password", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}).content.decode()
    assert "at least 12 characters" in short
    new = {"oldpassword": PASSWORD, "password1": "heron paint seven", "password2": "heron paint seven"}
    done = client.post("/account/password", new, follow=True)
    assert "Your password is changed" in done.content.decode() and client.get("/console").status_code == 200
    other = Client()
    other.post("/sign-in", {"login": pages["finance"], "password": "heron paint seven"})
    assert other.get("/console").status_code == 200


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/account", "My account"),
        ("/account/password", "Change your password"),
        ("/account/second-factor", "Second factor and passkeys"),
        ("/account/second-factor/app", "Set up your second factor"),
        ("/account/passkeys", "Passkeys"),
        ("/account/passkeys/add", "Add a passkey"),
        ("/sign-out", "Sign out"),
        ("/account/again", "Enter your password again"),
    ],
)
def test_every_page_of_an_account_is_in_our_frame(signed_in, address, words):
    page = signed_in("provider_user").get(address).content.decode()
    assert f">{words}</h1>" in page and "govuk-template" in page and "Security key" not in page


def test_a_passkey_is_added_in_a_real_browser_and_signs_in_without_a_password(browse, served, pages, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
    monkeypatch.setattr(settings, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", True, raising=False)
    served_by_name = served.replace("127.0.0.1", "localhost")
    page = browse("provider_user")
    context = page.context
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    chip = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**chip, "automaticPresenceSimulation": True}})
    page.goto(f"{served_by_name}/sign-in")
    page.fill("#login", pages["provider_user"])
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Continue')")
    page.goto(f"{served_by_name}/account/passkeys/add")
    page.fill("#name", "office laptop")
    page.click("button:has-text('Add a passkey')")
    page.wait_for_url("**/account/recovery-codes")
    assert page.locator(".almoner-codes li").count() == 10
    page.goto(f"{served_by_name}/account/passkeys")
    assert page.locator("th[scope=row]").inner_text() == "office laptop"
    page.click("button:has-text('Sign out')")
    page.goto(f"{served_by_name}/sign-in")
    page.click("button:has-text('Use a passkey')")
    page.wait_for_url("**/portal")
    assert page.locator("h1").inner_text() == "Home"


def test_two_minutes_before_the_session_ends_one_press_puts_it_off(browse):
    page = browse("provider_user")
    page.clock.install()
    page.goto("/portal")
    page.clock.fast_forward("26:30")
    warning, end = page.locator("#session-ends"), page.locator("#session-ended")
    assert not warning.is_visible()
    page.clock.fast_forward("00:31")
    assert warning.is_visible() and "signed out in 2 minutes" in warning.inner_text()
    with page.expect_response("**/account/stay") as answer:
        page.click("button:has-text('Stay signed in')")
    assert answer.value.status == 204
    warning.wait_for(state="hidden")
    page.clock.fast_forward("29:01")
    assert end.is_visible() and end.locator("a").get_attribute("href") == "/sign-in?next=/portal"


def test_a_session_that_was_not_used_for_half_an_hour_is_over(signed_in, monkeypatch):
    from django.contrib.sessions.models import Session

    client = signed_in("provider_user")
    assert client.get("/portal").status_code == 200
    left = Session.objects.get().expire_date - _now()
    assert 29 * 60 < left.total_seconds() <= 30 * 60
    Session.objects.update(expire_date=_now())
    assert client.get("/portal").headers["Location"] == "/sign-in?next=/portal"


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_my_account_lists_my_last_sign_ins(pages):
    from django.test import Client

    client = Client()
    for _ in range(2):
        client.post("/sign-in", {"login": pages["finance"], "password": PASSWORD})
        page = client.get("/account").content.decode()
        client.post("/sign-out")
    assert "Your last 2 sign-ins" in page and page.count(">8 June 2026 at 10:14am</th>") == 2 and "Password</td>" in page


def test_who_must_sign_in_again_comes_back_to_the_very_page(pages):
    from django.test import Client

    client = Client()
    asked = client.get("/portal/payments?sort=-amount&rows=100")
    answer = client.post(asked.headers["Location"], {"login": pages["provider_user"], "password": PASSWORD, "next": _next(client, asked)})
    assert answer.headers["Location"] == "/portal/payments?sort=-amount&rows=100"
    elsewhere = Client().post("/sign-in?next=https://evil.example/", {"login": pages["finance"], "password": PASSWORD})
    assert elsewhere.headers["Location"] == "/"


def _next(client, asked) -> str:
    import html

    page = client.get(asked.headers["Location"]).content.decode()
    return html.unescape(re.search(r'name="next" value="([^"]+)"', page).group(1))


def test_who_was_removed_is_told_when_and_by_whose_organisation(signed_in, pages):
    from almoner.office.accounts.operations import end_access
    from almoner.office.accounts.queries import accesses_of

    client = signed_in("provider_user")
    access = next(found for found in accesses_of("4001", side="provider") if found.email == pages["provider_user"])
    end_access(access_id=access.access_id, by="tests", at=NOW)
    page = client.get("/portal").content.decode()
    assert "Your access to Sagegreen Homecare ended on 8 June 2026" in page
