"""People with access and users: invited by a link that works once, changed, removed, let start over, and never by oneself."""

from __future__ import annotations

import re

import pytest
from tests.web.vale import NOW, PASSWORD, SAGEGREEN, THORNFIELD

LINK = re.compile(r"/sign-in/first/([\w-]+)")


def access_of(email: str, organisation: str, side: str = "provider"):
    from almoner.office.accounts.queries import accesses_of

    return next(found for found in accesses_of(organisation, side=side) if found.email == email)


def invited(client, **changed) -> str:
    typed = {"name": "Kit Moss", "email": "kit@care.example", "role": "provider_user", "places": ["site:S-EAST"]} | changed
    return client.post("/portal/access/invite", typed).content.decode()


def test_somebody_is_invited_sets_a_password_once_and_sees_their_site_only(signed_in):
    from django.test import Client

    from almoner.office.accounts.models import Invitation

    page = invited(signed_in("provider_administrator"))
    key = LINK.search(page).group(1)
    assert "works once" in page and not Invitation.objects.filter(key_sha256=key).exists(), "the key itself is not kept"
    them = Client()
    for _ in range(2):  # looking uses nothing up
        assert "kit@care.example" in them.get(f"/sign-in/first/{key}").content.decode()
    short = them.post(f"/sign-in/first/{key}", {"password1": "short", "password2": "short"}).content.decode()
    assert "at least 12 characters" in short
    differs = them.post(f"/sign-in/first/{key}", {"password1": PASSWORD, "password2": PASSWORD + "x"}).content.decode()
    assert "The two passwords are not the same" in differs
    assert them.post(f"/sign-in/first/{key}", {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert them.post(f"/sign-in/first/{key}", {"password1": "x" * 12, "password2": "x" * 12}).status_code == 410
    them.post("/sign-in", {"login": "kit@care.example", "password": PASSWORD})
    assert them.get("/portal").status_code == 200 and them.get("/portal/access").status_code == 404
    assert access_of("kit@care.example", SAGEGREEN).places == (("site", "S-EAST"),)


def test_a_link_ends_after_seven_days_and_with_the_next_one(signed_in, monkeypatch):
    from datetime import timedelta

    from django.test import Client

    administrator = signed_in("provider_administrator")
    first = LINK.search(invited(administrator)).group(1)
    access = access_of("kit@care.example", SAGEGREEN)
    second = LINK.search(administrator.post(f"/portal/access/{access.access_id}/start-over").content.decode()).group(1)
    assert Client().get(f"/sign-in/first/{first}").status_code == 410
    assert Client().get(f"/sign-in/first/{second}").status_code == 200
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + timedelta(days=7)).isoformat())
    assert Client().get(f"/sign-in/first/{second}").status_code == 410


def test_an_invitation_goes_by_email_where_the_council_has_mail(signed_in, monkeypatch):
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.council.example")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    page = invited(signed_in("provider_administrator"))
    assert not LINK.search(page) and "was sent to kit@care.example" in page
    assert mail.outbox[0].to == ["kit@care.example"] and LINK.search(mail.outbox[0].body)


def test_where_the_mail_will_not_go_the_link_is_shown_instead(signed_in, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    assert LINK.search(invited(signed_in("provider_administrator")))


def test_what_was_typed_stays_and_is_said_to_be_wrong(signed_in):
    page = invited(signed_in("provider_administrator"), email="no address", role="provider_administrator")
    assert 'value="no address"' in page and "Enter an email address, like" in page
    assert "An administrator reaches everything" in page and 'value="site:S-EAST" id="places" checked' in page
    assert "payments_approver" not in page
    assert "Choose a role" in invited(signed_in("provider_administrator"), role="payments_approver")
    assert "Choose from the sites" in invited(signed_in("provider_administrator"), places=["contract:TF-HC"])


def test_invited_twice_is_refused_and_nothing_is_given_twice(signed_in):
    administrator = signed_in("provider_administrator")
    invited(administrator)
    again = administrator.post("/portal/access/invite", {"name": "Kit", "email": "KIT@care.example", "role": "provider_user"})
    assert again.status_code == 409 and "has access already" in again.content.decode()


def test_the_role_and_the_places_are_changed_and_the_old_access_stays_on_record(signed_in, pages):
    from almoner.office.accounts.models import Access

    administrator = signed_in("provider_administrator")
    access = access_of(pages["limited"], SAGEGREEN)
    assert 'value="site:S-EAST" id="places" checked' in administrator.get(f"/portal/access/{access.access_id}").content.decode()
    for _ in range(2):
        administrator.post(f"/portal/access/{access.access_id}", {"role": "provider_user", "places": ["contract:HC-EXACT"]})
    now = access_of(pages["limited"], SAGEGREEN)
    assert now.places == (("contract", "HC-EXACT"),)
    assert Access.objects.filter(user__email=pages["limited"]).count() == 2


def test_somebody_removed_is_out_at_their_next_press_however_often_it_is_pressed(signed_in, pages):
    client, administrator = signed_in("provider_user"), signed_in("provider_administrator")
    assert client.get("/portal").status_code == 200
    access = access_of(pages["provider_user"], SAGEGREEN)
    assert "signed out at once" in administrator.get(f"/portal/access/{access.access_id}/remove").content.decode()
    assert client.get("/portal").status_code == 200, "looking removes nobody"
    assert [administrator.post(f"/portal/access/{access.access_id}/remove").status_code for _ in range(2)] == [302, 302]
    assert client.get("/portal").status_code == 403


def test_the_last_administrator_stays(signed_in, pages):
    administrator = signed_in("provider_administrator")
    access = access_of(pages["provider_administrator"], SAGEGREEN)
    refused = administrator.post(f"/portal/access/{access.access_id}/remove")
    assert refused.status_code == 409 and "Make someone else an administrator first" in refused.content.decode()
    oneself = administrator.post(f"/portal/access/{access.access_id}", {"role": "provider_user"})
    assert oneself.status_code == 409 and "NOT-FOR-ONESELF" in oneself.content.decode()


def test_start_over_takes_password_and_second_factor_away_and_signs_out(signed_in, pages):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from almoner.office.accounts.models import User

    user = User.objects.get(email=pages["provider_user"])
    TOTP.activate(user, generate_totp_secret())
    client, administrator = signed_in("provider_user"), signed_in("provider_administrator")
    access = access_of(pages["provider_user"], SAGEGREEN)
    assert access.second_factor == "App"
    page = administrator.post(f"/portal/access/{access.access_id}/start-over").content.decode()
    assert LINK.search(page) and not Authenticator.objects.filter(user=user).exists()
    assert client.get("/portal").status_code == 302, "signed out"


def test_nobody_comes_into_another_organisation_by_letting_its_user_start_over(signed_in, pages):
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    email = pages["provider_user"]
    give_access(email=email, name="Jo", role=Role.PROVIDER_USER, organisation_id=THORNFIELD, by="tests", at=NOW)
    access = access_of(email, THORNFIELD)
    refused = signed_in("other_provider").post(f"/portal/access/{access.access_id}/start-over")
    assert refused.status_code == 409 and "WORKS-ELSEWHERE" in refused.content.decode()
    assert signed_in("provider_user").get("/account").status_code == 200


@pytest.mark.parametrize("part", ["", "/remove", "/start-over"])
def test_another_organisations_people_do_not_exist(signed_in, pages, part):
    from almoner.office.journal.queries import entries

    address = f"/portal/access/{access_of(pages['other_provider'], THORNFIELD).access_id}{part}"
    client = signed_in("provider_administrator")
    assert client.get(address).status_code == 404 and client.post(address, {"role": "provider_user"}).status_code == 404
    assert access_of(pages["other_provider"], THORNFIELD)
    assert [line.summary["code"] for line in entries(act="refuse")] == ["SCOPE", "SCOPE"]


def test_a_role_that_lets_money_go_waits_for_a_second_administrator(signed_in, pages):
    from django.test import Client

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import Role

    administrator = signed_in("system_administrator")
    page = administrator.post("/console/users/new", {"name": "Ty Lowe", "email": "ty@vale.example", "role": "payments_approver"})
    key = LINK.search(page.content.decode()).group(1)
    them = Client()
    them.post(f"/sign-in/first/{key}", {"password1": PASSWORD, "password2": PASSWORD})
    them.post("/sign-in", {"login": "ty@vale.example", "password": PASSWORD})
    assert them.get("/console").status_code == 403
    access = access_of("ty@vale.example", "", "council")
    assert "Ty Lowe waits to work as payments approver" in administrator.get("/console/users").content.decode()
    refused = administrator.post(f"/console/users/{access.access_id}/confirm")
    assert refused.status_code == 409 and "someone else confirms it" in refused.content.decode()
    give_access(email="second@vale.example", name="Second", role=Role.SYSTEM_ADMINISTRATOR, organisation_id="", by="tests", at=NOW)
    confirm_access(access_id=access_of("second@vale.example", "", "council").access_id, by="somebody before", at=NOW)
    second = Client()
    second.force_login(User.objects.get(email="second@vale.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [second.post(f"/console/users/{access.access_id}/confirm").status_code for _ in range(2)] == [302, 302]
    assert them.get("/console").status_code == 200
    second.post(f"/console/users/{access.access_id}/start-over")
    assert access_of("ty@vale.example", "", "council").waits_for_confirmation, "whoever starts over is confirmed anew"


def test_users_of_providers_and_limits_are_given_by_the_council(signed_in):
    administrator = signed_in("system_administrator")
    wrong = {"name": "A", "email": "a@care.example", "role": "provider_administrator", "organisation": "9999"}
    assert "Enter the number of a provider that is known, like 4001" in administrator.post("/console/users/new", wrong).content.decode()
    administrator.post("/console/users/new", wrong | {"organisation": THORNFIELD})
    assert access_of("a@care.example", THORNFIELD).role == "provider_administrator"
    officer = {"name": "B", "email": "b@vale.example", "role": "payments_officer", "limit": "£1,500"}
    administrator.post("/console/users/new", officer)
    assert access_of("b@vale.example", "", "council").limit_pence == 150_000
    listed = administrator.get("/console/users").content.decode()
    assert "£1,500.00" in listed and "Thornfield Care (4002)" in administrator.get("/console/users?side=provider").content.decode()


def test_an_auditor_reads_the_users_and_finds_no_button(signed_in):
    page = signed_in("auditor").get("/console/users").content.decode()
    assert "Payments officer" in page and "Give somebody access" not in page and "/end" not in page


def test_above_five_people_a_gentle_word(signed_in):
    administrator = signed_in("provider_administrator")
    assert "We suggest 5 or fewer" not in administrator.get("/portal/access").content.decode()
    for number in range(3):
        invited(administrator, email=f"kit{number}@care.example")
    page = administrator.get("/portal/access").content.decode()
    assert "You have 6 people with access" in page and "Has not signed in yet" in page
    assert "kit0@care.example" in administrator.get("/portal/access?download=csv").content.decode()


def test_a_token_is_shown_once_kept_as_a_hash_and_withdrawn(signed_in):
    from almoner.office.accounts.keys import fingerprint
    from almoner.office.accounts.models import Token

    administrator = signed_in("provider_administrator")
    page = administrator.post("/portal/access/tokens/new", {"name": "rostering", "places": ["site:S-EAST"]}).content.decode()
    token = re.search(r"almoner_[\w-]+", page.split("govuk-inset-text")[1]).group()
    again = administrator.post("/portal/access/tokens/new", {"name": "rostering"})
    assert again.status_code == 409 and "There is a token for rostering" in again.content.decode(), "pressed twice it is made once"
    kept = Token.objects.get()
    assert kept.key_sha256 == fingerprint(token) and kept.places == [["site", "S-EAST"]]
    assert token not in administrator.get("/portal/access").content.decode()
    other = signed_in("other_provider")
    assert other.post(f"/portal/access/tokens/{kept.pk}/withdraw").status_code == 404
    assert [administrator.post(f"/portal/access/tokens/{kept.pk}/withdraw").status_code for _ in range(2)] == [302, 302]
    assert "rostering" not in administrator.get("/portal/access?download=csv").content.decode()
    assert Token.objects.get().ended_by == "provider_administrator@test.example"


def test_an_invitation_never_opens_another_organisation_to_whoever_invites(signed_in):
    """Somebody at the council who has not set a password yet is invited by a provider: no link is made, and nobody else comes in."""
    from tests.web.vale import NOW

    from almoner.office.accounts.models import Invitation
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    give_access(email="jo@council.example", name="Jo", role=Role.FINANCE, organisation_id="", by="tests", at=NOW)
    access = give_access(email="jo@council.example", name="Jo", role=Role.PROVIDER_USER, organisation_id="4001", by="tests", at=NOW)
    from almoner.office.accounts.operations import make_link
    from almoner.office.accounts.refusals import WorksElsewhere

    with pytest.raises(WorksElsewhere):
        make_link(access_id=access, key_sha256="0" * 64, by="provider_administrator@test.example", at=NOW)
    assert not Invitation.objects.exists()
    told = {"email": "jo2@council.example", "name": "Jo", "role": "provider_user"}
    give_access(email="jo2@council.example", name="Jo", role=Role.FINANCE, organisation_id="", by="tests", at=NOW)
    page = signed_in("provider_administrator").post("/portal/access/invite", told)
    assert LINK.search(page.content.decode()) is None and not Invitation.objects.exists()
