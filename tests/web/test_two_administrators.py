"""Roles under which money goes or access is given take two administrators, however they are given, raised, renewed or come by."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.web.vale import NOW, PASSWORD, SAGEGREEN, T0

LINK = re.compile(r"/sign-in/first/([\w-]+)")
GUARDED = ("system_administrator", "payments_approver", "payments_officer", "team_manager", "finance")


def access_of(email, organisation="", side="council"):
    from almoner.office.accounts.queries import accesses_of

    return next(found for found in accesses_of(organisation, side=side) if found.email == email)


def another_administrator(email="second@vale.example", *, by="tests", at=T0):
    """A second administrator, in force, given by somebody."""
    from django.test import Client

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import Role

    access = give_access(
        email=email, name="Second", role=Role.SYSTEM_ADMINISTRATOR, organisation_id="", by=by, at=at, password=PASSWORD
    )  # fmt: skip
    confirm_access(access_id=access, by="somebody before", at=at)
    client = Client()
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", GUARDED)
def test_one_administrator_alone_makes_nobody_who_counts(signed_in, role):
    from django.test import Client

    administrator = signed_in("system_administrator")
    page = administrator.post("/console/users/new", {"name": "Ty Lowe", "email": "ty@vale.example", "role": role}).content.decode()
    assert "counts once another system administrator than you has confirmed it" in page
    key = LINK.search(page).group(1)
    them = Client()
    them.post(f"/sign-in/first/{key}", {"password1": PASSWORD, "password2": PASSWORD})
    them.post("/sign-in", {"login": "ty@vale.example", "password": PASSWORD})
    assert them.get("/console").status_code == 403
    access = access_of("ty@vale.example")
    assert "another system administrator confirms it" in administrator.get(f"/console/users/{access.access_id}/confirm").content.decode()
    assert "SAME-PERSON" in administrator.post(f"/console/users/{access.access_id}/confirm").content.decode()
    assert access_of("ty@vale.example").waits_for_confirmation
    assert another_administrator().post(f"/console/users/{access.access_id}/confirm").status_code == 302
    assert them.get("/console").status_code == 200


def test_one_who_was_given_access_by_the_asker_does_not_confirm_for_them(signed_in, pages, monkeypatch):
    second = another_administrator(by=pages["system_administrator"].upper(), at=NOW - timedelta(days=27))
    administrator = signed_in("system_administrator")
    administrator.post("/console/users/new", {"name": "Ty Lowe", "email": "ty@vale.example", "role": "payments_approver"})
    access = access_of("ty@vale.example").access_id
    refused = second.post(f"/console/users/{access}/confirm")
    assert refused.status_code == 409 and "gave you your own access less than 28 days ago" in refused.content.decode()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + timedelta(days=2)).isoformat())
    assert second.post(f"/console/users/{access}/confirm").status_code == 302


def test_a_higher_limit_waits_and_a_lower_one_does_not(signed_in, pages):
    administrator = signed_in("system_administrator")

    def limit_of(limit):
        access = access_of(pages["payments_officer"])
        administrator.post(f"/console/users/{access.access_id}", {"role": "payments_officer", "limit": limit})
        return access_of(pages["payments_officer"])

    lower = limit_of("£500")
    assert (lower.limit_pence, lower.waits_for_confirmation) == (50_000, False)
    assert signed_in("payments_officer").get("/console").status_code == 200
    assert limit_of("£600").waits_for_confirmation
    assert signed_in("payments_officer").get("/console").status_code == 403
    assert another_administrator().post(f"/console/users/{access_of(pages['payments_officer']).access_id}/confirm").status_code == 302
    assert limit_of("").waits_for_confirmation, "no limit at all is the highest"


@pytest.mark.parametrize("role", GUARDED[1:])
def test_who_starts_over_waits_until_another_administrator_confirms_it(signed_in, pages, role):
    administrator = signed_in("system_administrator")
    access = access_of(pages[role])
    assert "until another system administrator" in administrator.get(f"/console/users/{access.access_id}/start-over").content.decode()
    administrator.post(f"/console/users/{access.access_id}/start-over")
    assert access_of(pages[role]).waits_for_confirmation
    assert administrator.post(f"/console/users/{access.access_id}/confirm").status_code == 409


def test_a_new_link_for_somebody_who_never_used_theirs_waits_too(signed_in):
    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import Role

    access = give_access(email="ty@vale.example", name="Ty", role=Role.FINANCE, organisation_id="", by="tests", at=NOW)
    confirm_access(access_id=access, by="somebody before", at=NOW)
    administrator = signed_in("system_administrator")
    administrator.post(f"/console/users/{access}/start-over")
    assert access_of("ty@vale.example").waits_for_confirmation, "whoever has the link is in"


def test_somebody_with_several_accesses_starts_over_for_all_of_them(signed_in, pages):
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    give_access(email=pages["finance"], name="F", role=Role.PROVIDER_USER, organisation_id=SAGEGREEN, by="tests", at=NOW)
    beside = access_of(pages["finance"], SAGEGREEN, "provider")
    administrator = signed_in("system_administrator")
    page = administrator.get(f"/console/users/{beside.access_id}/start-over").content.decode()
    assert "They have 2 accesses" in page and "cannot work as finance" in page
    assert LINK.search(administrator.post(f"/console/users/{beside.access_id}/start-over").content.decode())
    assert access_of(pages["finance"]).waits_for_confirmation, "not by way of their other access either"


def test_an_account_that_a_provider_had_made_is_begun_anew_before_it_comes_to_the_council(signed_in):
    """A provider invites an address of the council's and sets its password; then the council gives that address a role."""
    from django.test import Client

    invited = {"name": "Kit Moss", "email": "kit@vale.example", "role": "provider_user"}
    key = LINK.search(signed_in("provider_administrator").post("/portal/access/invite", invited).content.decode()).group(1)
    Client().post(f"/sign-in/first/{key}", {"password1": PASSWORD, "password2": PASSWORD})
    made = signed_in("system_administrator").post("/console/users/new", {"name": "Kit", "email": "Kit@vale.example", "role": "auditor"})
    assert LINK.search(made.content.decode()), "they set a password of their own"
    them = Client()
    them.post("/sign-in", {"login": "kit@vale.example", "password": PASSWORD})
    assert them.get("/console").status_code == 302


def test_the_last_administrator_is_one_who_counts(signed_in, pages):
    administrator = signed_in("system_administrator")
    administrator.post("/console/users/new", {"name": "Ty", "email": "ty@vale.example", "role": "system_administrator"})
    second = another_administrator()
    own = access_of(pages["system_administrator"])
    assert second.post(f"/console/users/{own.access_id}/end").status_code == 302
    left = access_of("second@vale.example")
    refused = second.post(f"/console/users/{left.access_id}/end")
    assert refused.status_code == 409 and "LAST-ADMINISTRATOR" in refused.content.decode(), "one who waits is none yet"


def test_a_provider_s_administrator_reaches_no_funder_of_the_same_number(signed_in):
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    access = give_access(email="o@icb.example", name="O", role=Role.PARTNER_READER, organisation_id=SAGEGREEN, by="tests", at=NOW)
    administrator = signed_in("provider_administrator")
    for part in ("", "/remove", "/start-over"):
        assert administrator.get(f"/portal/access/{access}{part}").status_code == 404
        assert administrator.post(f"/portal/access/{access}{part}", {"role": "provider_user"}).status_code == 404


def test_a_funder_s_access_becomes_none_of_a_provider_of_the_same_number(pages):
    from almoner.office.accounts.operations import change_access, give_access
    from almoner.office.accounts.refusals import WrongSide
    from almoner.office.accounts.roles import Role

    access = give_access(email="o@icb.example", name="O", role=Role.PARTNER_READER, organisation_id=SAGEGREEN, by="tests", at=NOW)
    with pytest.raises(WrongSide):
        change_access(access_id=access, role=Role.PROVIDER_ADMINISTRATOR, places=(), by="tests", at=NOW)


def test_a_token_ends_with_the_access_of_whoever_made_it(signed_in, pages):
    from django.test import Client

    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    page = signed_in("provider_administrator").post("/portal/access/tokens/new", {"name": "rostering"}).content.decode()
    token = re.search(r"almoner_[\w-]+", page.split("govuk-inset-text")[1]).group()
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert Client().get("/api/lines", **bearer).status_code == 200
    give_access(
        email="next@care.example", name="Next", role=Role.PROVIDER_ADMINISTRATOR, organisation_id=SAGEGREEN, by="tests", at=NOW
    )  # fmt: skip
    access = access_of(pages["provider_administrator"], SAGEGREEN, "provider").access_id
    administrator = signed_in("system_administrator")
    assert administrator.post(f"/console/users/{access}", {"role": "provider_user"}).status_code == 302
    assert Client().get("/api/lines", **bearer).status_code == 401


def test_inviting_tells_nobody_whose_accounts_there_are(signed_in, pages, monkeypatch):
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.council.example")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    administrator = signed_in("provider_administrator")
    said = []
    for email in ("nobody@care.example", pages["other_provider"]):
        told = {"name": "Kit Moss", "email": email, "role": "provider_user"}
        page = administrator.post("/portal/access/invite", told).content.decode()
        said.append(re.sub(r"value=\"[^\"]+\"", "", page.replace(email, "").replace("Kit Moss", "").replace("Somebody else", "")))
    assert said[0] == said[1]
    assert [("/sign-in/first/" in letter.body, letter.to) for letter in mail.outbox] == [
        (True, ["nobody@care.example"]),
        (False, [pages["other_provider"]]),
    ]
