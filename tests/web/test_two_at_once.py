"""Two people at the same thing, or one person twice: what somebody did not see is not done, and nothing they said is lost."""

from __future__ import annotations

import threading
from datetime import timedelta

from tests.office.claims.claiming import claimed_weeks
from tests.office.runs.little import record
from tests.web.paying import text_of
from tests.web.test_console_holds import REASON, held, shown, state_of
from tests.web.test_letters import post_office
from tests.web.test_queries import ASK, TOLD
from tests.web.vale import DAY, ICB, NOW, SAGEGREEN, T0

assert held and post_office, "fixtures of other rooms' tests"
DISPUTE = {"act": "dispute", "reason": "dates", "amount": "40", "text": "Ended on 20 May."}


def file(name: str, content: bytes = b"what was seen"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def another_reconciler():
    from django.test import Client

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    give_access(email="two@icb.example", name="Two", role=Role.PARTNER_RECONCILER, organisation_id=ICB, by="tests", at=T0)
    client = Client()
    client.force_login(User.objects.get(email="two@icb.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_dispute_that_somebody_did_not_see_is_not_ended_by_their_press(signed_in):
    first, second, _ = claimed_weeks()
    client, path = signed_in("partner_reconciler"), f"/partner/receipts/{first}"
    another_reconciler().post(path, DISPUTE)
    for stale in (
        client.post("/partner/receipts?month=2026-05", {"act": "chosen", "receipt": [first, second]}),
        client.post(path, {"act": "agree"}),
    ):
        assert stale.status_code == 409 and "disputed by now" in text_of(stale)
    assert "Disputed: dates, 0 days" in text_of(client.get(path))
    page = client.get(path).content.decode()
    assert 'name="after_all"' in page
    assert "is agreed: £43.05" in text_of(client.post(path, {"act": "agree", "after_all": "yes"}, follow=True))


def test_a_file_forgotten_the_first_time_is_kept_with_the_same_words(signed_in):
    client = signed_in("provider_user")
    for _ in range(2):
        client.post(ASK, TOLD)
    for _ in range(2):
        again = client.post(ASK, {**TOLD, "attachments": file("rota.pdf")})
        assert again.headers["Location"] == "/portal/queries/1"
    page = client.get("/portal/queries/1").content.decode()
    assert page.count("rota.pdf") == 1 and client.get("/portal/queries/2").status_code == 404
    for name in ("log.txt", "log.txt", "photo.png"):
        client.post("/portal/queries/1", {"act": "reply", "text": "See this.", "attachments": file(name, name.encode())})
    page = client.get("/portal/queries/1").content.decode()
    assert page.count("log.txt") == 1 and page.count("photo.png") == 1


def test_a_dispute_takes_the_file_that_was_forgotten(signed_in):
    first, *_ = claimed_weeks()
    client, path = signed_in("partner_reconciler"), f"/partner/receipts/{first}"
    client.post(path, DISPUTE)
    client.post(path, {"act": "reply", "text": "The letter."})
    for _ in range(2):
        client.post(path, {"act": "reply", "text": "The letter.", "attachments": file("letter.pdf")})
    assert client.get(path).content.decode().count("letter.pdf") == 1


def test_what_is_said_to_a_query_that_was_closed_or_opened_meanwhile_is_kept(signed_in):
    from almoner.office.enquiries.operations import close, reopen
    from almoner.office.enquiries.queries import query

    client = signed_in("provider_user")
    client.post(ASK, TOLD)
    close(number=1, by="priya", by_name="Priya", side="council", at=NOW)
    client.post("/portal/queries/1", {"act": "reply", "text": "It is not settled.", "attachments": file("proof.pdf")})
    said = query(1, NOW).entries[-1]
    assert (said.act, [kept.name for kept in said.attachments]) == ("reopened", ["proof.pdf"])
    jo = {"by": "jo@sagegreen.example", "by_name": "Jo", "side": "provider", "at": NOW}
    for _ in range(2):
        found = reopen(number=1, text="Nor do I think so.", **jo)
    assert [entry.act for entry in found.entries] == ["asked", "closed", "reopened", "replied"] and found.state == "with_team"


def test_a_file_of_a_kind_that_is_not_kept_costs_nobody_their_words(signed_in):
    client = signed_in("provider_user")
    refused = client.post(ASK, {**TOLD, "text": "A long story.", "attachments": file("photo.heic")})
    page = refused.content.decode()
    assert "A long story.</textarea>" in page and "photo.heic is of a kind that is not kept" in page
    assert client.get("/portal/queries/1").status_code == 404
    first, *_ = claimed_weeks()
    partner = signed_in("partner_reconciler")
    answer = partner.post(f"/partner/receipts/{first}", {**DISPUTE, "attachments": file("x.exe")})
    assert answer.status_code == 400 and "Ended on 20 May.</textarea>" in answer.content.decode()


def test_the_provider_is_not_asked_about_what_a_colleague_released_meanwhile(held, signed_in):
    officer, approver, hold = signed_in("payments_officer"), signed_in("payments_approver"), held["TOL"]
    page = f"/console/holds/{hold}"
    assert officer.post(page, {"what": "release", "hold": shown(hold), **REASON}).status_code == 302
    stale = approver.post(page, {"what": "ask", "hold": shown(hold), "listed": "", "note": "Who agreed it?"})
    assert stale.status_code == 409 and "it was released by" in text_of(stale)
    assert state_of(hold) == "released"


def test_a_letter_to_what_is_no_address_keeps_no_other_letter_back(pages, post_office):
    from django.db import transaction

    from almoner.office.accounts.emails import Email
    from almoner.office.letters.operations import Posted, send_letters, write_letters
    from almoner.office.letters.recipients import Wanted
    from almoner.office.letters.wording import tell_bank

    held_now = {
        "provider_id": SAGEGREEN,
        "name": "Sagegreen\nHomecare",
        "creditor_reference": "C4001",
        "email": "one@a.example\ntwo@a.example",
    }
    record("providers", held_now, at=NOW - DAY)
    told = tell_bank(entered_on=NOW.date(), first=NOW.date() + timedelta(days=7), last_of_old=None)
    with transaction.atomic():
        write_letters(kind=Email.BANK, wanted=[Wanted(SAGEGREEN, "1", told)], at=NOW)
    sent = {letter.to[0] for letter in post_office.outbox}
    assert sent == {"provider_administrator@test.example", "care@sagegreen.example"}
    assert send_letters() == Posted(0, 1)


def test_a_second_press_on_a_change_of_access_leads_back_to_the_list(signed_in):
    from almoner.office.accounts.queries import accesses_of

    administrator = signed_in("provider_administrator")
    limited = next(one for one in accesses_of(SAGEGREEN, side="provider") if one.email == "limited@test.example")
    for _ in range(2):
        answer = administrator.post(f"/portal/access/{limited.access_id}", {"role": "provider_user"}, follow=True)
        assert answer.status_code == 200 and "People with access" in text_of(answer)
    assert "This was changed already" in text_of(answer)


def test_of_two_administrators_who_remove_one_another_at_once_one_stays(pages):
    from django.db import connections

    from almoner.office.accounts.operations import end_access, give_access
    from almoner.office.accounts.queries import accesses_of
    from almoner.office.accounts.refusals import LastAdministrator
    from almoner.office.accounts.roles import Role

    give_access(email="kim@s.example", name="Kim", role=Role.PROVIDER_ADMINISTRATOR, organisation_id=SAGEGREEN, by="tests", at=T0)
    both = [one for one in accesses_of(SAGEGREEN, side="provider") if one.role is Role.PROVIDER_ADMINISTRATOR]
    together, refused = threading.Barrier(2), []

    def remove(whom, by):
        try:
            together.wait()
            end_access(access_id=whom.access_id, by=by.email, at=NOW)
        except LastAdministrator as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    removing = [threading.Thread(target=remove, args=pair) for pair in (both, both[::-1])]
    for one in removing:
        one.start()
    for one in removing:
        one.join()
    left = [one for one in accesses_of(SAGEGREEN, side="provider") if one.role is Role.PROVIDER_ADMINISTRATOR]
    assert len(left) == 1 and len(refused) == 1


def test_a_funder_s_closed_query_is_opened_again_with_its_file(signed_in):
    from almoner.office.enquiries.operations import close
    from almoner.office.enquiries.queries import query

    claimed_weeks()
    client = signed_in("partner_reconciler")
    asked = client.post("/partner/queries/new", {"kind": "package", "line": "LN-204502", "text": "Who agreed this share?"})
    assert asked.headers["Location"] == "/partner/queries/1"
    close(number=1, by="priya", by_name="Priya", side="council", at=NOW)
    client.post("/partner/queries/1", {"act": "reply", "text": "Here is the letter.", "attachments": file("letter.pdf")})
    said = query(1, NOW).entries[-1]
    assert (said.act, [kept.name for kept in said.attachments]) == ("reopened", ["letter.pdf"])
