"""My account: what somebody chooses for themselves holds for them alone, and on every table."""

from __future__ import annotations

from tests.web.paying import text_of


def accesses(client) -> set[str]:
    return {name.split('"')[0] for name in client.get("/account").content.decode().split('name="emails-')[1:]}


def test_what_is_chosen_is_kept_once_and_for_oneself_alone(signed_in):
    from almoner.office.accounts.models import Access
    from almoner.office.journal.queries import entries

    client = signed_in("provider_user")
    (own,), (others,) = accesses(client), accesses(signed_in("provider_administrator"))
    assert own != others
    told = {"rows": "100", "density": "comfortable", f"emails-{own}": ["due"], f"emails-{others}": []}
    for _ in range(2):
        assert "Your choices are kept." in text_of(client.post("/account", told, follow=True))
    assert Access.objects.get(pk=own).unwanted_emails == ["submitted", "paid", "held", "answered", "agree"]
    assert Access.objects.get(pk=others).unwanted_emails == [], "another's is left alone"
    assert len(list(entries(act="choose_emails"))) == 1 and len(list(entries(act="choose_display"))) == 1
    page = client.get("/account").content.decode()
    assert 'id="rows-100" name="rows" value="100" checked' in page and 'value="comfortable" checked' in page
    assert "almoner-table--comfortable" in client.get("/portal/lines").content.decode()
    assert "almoner-table--comfortable" not in signed_in("provider_administrator").get("/portal/lines").content.decode()


def test_an_administrator_is_told_which_email_always_comes_and_staff_choose_none(signed_in):
    assert "You always get the email that says that bank details were changed" in text_of(
        signed_in("provider_administrator").get("/account")
    )
    assert "You always get" not in text_of(signed_in("provider_user").get("/account"))
    assert "Emails you get" not in text_of(signed_in("payments_officer").get("/account"))
    assert "An answer to your query" in text_of(signed_in("partner_reconciler").get("/account"))


def test_strange_choices_are_the_usual_ones(signed_in):
    client = signed_in("provider_user")
    assert client.post("/account", {"rows": "9999999", "density": "tiny"}).status_code == 302
    assert 'value="50" checked' in client.get("/account").content.decode()


def test_the_last_sign_ins_stand_there(browse):
    page = browse("provider_user", scripts=False)
    page.goto("/account")
    assert "Your last sign-in" in page.inner_text("main") and "Password" in page.inner_text("main")
