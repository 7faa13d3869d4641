"""The council asks a provider about weeks of a line, from the effect of a change: once a press, told by email, answered on the portal."""

from __future__ import annotations

import re

import pytest
from tests.web.paying import text_of
from tests.web.test_changes import pay
from tests.web.vale import NOW

CHANGE = "/console/changes/new?line=LN-204417&kind=end&on_day=27&on_month=5&on_year=2026"
ASK = "/console/queries/new?line=LN-204417&first=2026-05-25&last=2026-05-31"


@pytest.fixture
def post_office(monkeypatch, pages):
    """Letters end in a list instead of a post office."""
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    return mail


def test_what_would_be_taken_back_is_asked_about_first(signed_in, post_office):
    from almoner.office.enquiries.queries import all_queries

    pay()
    broker, provider = signed_in("brokerage"), signed_in("provider_user")
    effect = broker.get(CHANGE).content.decode()
    address = re.search(r'href="([^"]+)">Ask the provider first', effect)[1].replace("&amp;", "&")
    assert address == ASK
    page = broker.get(address).content.decode()
    assert "You told us of visits on line LN-204417 from 25 to 31 May 2026." in page and "Sagegreen Homecare" in page
    for _ in range(2):
        sent = broker.post(address, {"text": "When was the last visit?"})
        assert sent.headers["Location"] == "/console/queries/1"
    (letter,) = [one for one in post_office.outbox if "The council asks" in one.subject]
    assert (letter.subject, letter.to) == ("The council asks: Q-000001", ["provider_administrator@test.example"])
    assert "LN-204417" not in letter.body and "/portal/queries/1" in letter.body
    (found,) = all_queries(NOW)
    assert (found.state, found.line_id, found.organisation_id, found.due_on) == ("with_provider", "LN-204417", "4001", None)
    assert "Waiting for provider" in text_of(broker.get("/console/queries/1"))
    assert "Answer 1 question of the council" in text_of(provider.get("/portal"))
    asked = text_of(provider.get("/portal/queries/1"))
    assert "When was the last visit?" in asked and "weeks of 25 to 31 May 2026" in asked
    assert signed_in("other_provider").get("/portal/queries/1").status_code == 404
    provider.post("/portal/queries/1", {"act": "reply", "text": "On 27 May."})
    (found,) = all_queries(NOW)
    assert found.state == "with_team" and found.due_on is not None
    assert "Answer 1 question of the council" not in text_of(provider.get("/portal"))


def test_what_is_typed_wrong_is_said_and_others_do_not_ask(signed_in):
    broker = signed_in("brokerage")
    assert "There is no such line" in broker.get(ASK.replace("LN-204417", "LN-0")).content.decode()
    assert "Enter a last day that is not before the first" in broker.get(ASK.replace("last=2026-05-31", "last=2026-05-01")).content.decode()
    nothing = broker.post(ASK, {"text": ""})
    assert nothing.status_code == 400
    assert signed_in("auditor").get(ASK).status_code == 404 and signed_in("team_manager").post(ASK, {"text": "x"}).status_code in (403, 404)
