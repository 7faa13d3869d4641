"""Emails: in the designed words, once each, to those who may know and want to, with nobody's name and no digits of an account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.paying import run_through
from tests.web.test_actuals import LINE, _hidden, press
from tests.web.test_bank_details import ENTERED, ONE
from tests.web.test_queries import ASK, TOLD
from tests.web.vale import DAY, NOW, SAGEGREEN, WEEK

NAMES = ("Okafor", "Ada", "Price", "Quinn", "Cora", "Rees")


@pytest.fixture
def post_office(monkeypatch, pages):
    """Letters end in a list instead of a post office; it can be shut."""
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    monkeypatch.setattr(settings, "ADDRESS", "https://care.vale.example")
    mail.outbox = []
    return mail


def letters(post, about: str) -> dict[str, str]:
    """What was sent with these words in the subject: address to body on one line; each address once."""
    found = [(letter.to[0], " ".join(letter.body.split())) for letter in post.outbox if about in letter.subject]
    assert len(found) == len(dict(found)), "one each"
    for _, body in found:
        assert not any(name in body for name in NAMES) and "12345204" not in body and "87654321" not in body
    return dict(found)


def submit(client):
    press(client, planned=f"{LINE}|")
    digest = _hidden(client.get("/portal/actuals/check"), "digest")
    return [client.post("/portal/actuals/check", {"digest": digest}) for _ in range(2)]


def test_a_submission_is_confirmed_once_to_the_one_who_sent_it(signed_in, post_office):
    submit(signed_in("provider_user"))
    sent = letters(post_office, "Actuals received: S-000001")
    assert list(sent) == ["provider_user@test.example"]
    assert (
        "We received your actuals on 8 June 2026 at 10:14am, from provider_user@test.example. 1 week, 28 visits. Expected payment £387.45"
        " on Tuesday 16 June 2026. Keep this email. Your receipt: https://care.vale.example/portal/submissions/S-000001"
    ) in sent["provider_user@test.example"]
    assert "You get this because you have access for Sagegreen Homecare." in sent["provider_user@test.example"]
    assert post_office.outbox[0].from_email.startswith("The council <")


def test_a_payment_is_told_when_it_is_settled_and_not_where_it_came_back(post_office):
    from almoner.office.runs.operations import Outcome, settle_run
    from almoner.office.runs.queries import payments_of

    run = run_through(upto="issued")
    assert not letters(post_office, "paid on")
    paid = {row["payee_id"]: row for row in payments_of(run).to_pylist()}
    settle_run(run=run, by="fin", at=NOW + 9 * DAY, outcomes={})
    sent = letters(post_office, "£387.45 paid on 16 June 2026")
    assert set(sent) == {"provider_user@test.example", "provider_administrator@test.example"}, "not the one limited to a site"
    body = sent["provider_user@test.example"]
    assert (
        "We have paid £387.45 to the account we hold for Sagegreen Homecare. The reference on your statement is"
        f" {paid[SAGEGREEN]['reference']}." in body
    )
    assert "It covers 25 to 31 May 2026." in body and f"https://care.vale.example/portal/payments/{run} " in body
    assert Outcome("bounced").outcome == "bounced"


def test_a_payment_that_bounced_is_not_told_as_paid(post_office):
    from almoner.office.runs.operations import Outcome, settle_run
    from almoner.office.runs.queries import payments_of

    run = run_through(upto="issued")
    outcomes = {row["reference"]: Outcome("bounced", "closed") for row in payments_of(run).to_pylist() if row["amount_pence"] > 0}
    settle_run(run=run, by="fin", at=NOW + 9 * DAY, outcomes=outcomes)
    assert not letters(post_office, "paid on")


def test_a_hold_is_told_once_without_its_amount_to_those_who_reach_it(post_office):
    run_through()
    held = letters(post_office, "A payment is held: H-")
    (body,) = {body for to, body in held.items() if to == "provider_user@test.example"}
    assert "is held and is not in the payment of 16 June 2026. Reason: what was claimed differs from the plan" in body and "£" not in body
    assert "Your other payments are not affected. A reason or comment helps us decide: https://care.vale.example/portal/holds/H-" in body
    assert "limited@test.example" not in held, "the hold is of a line elsewhere"
    run_through(WEEK + timedelta(days=13), NOW + 7 * DAY)
    assert letters(post_office, "A payment is held: H-") == held, "still held is not held anew"


def test_more_holds_than_five_are_one_email(pages, post_office):
    from django.db import transaction

    from almoner.office.accounts.emails import Email
    from almoner.office.letters.operations import write_letters
    from almoner.office.letters.recipients import Wanted
    from almoner.office.letters.wording import tell_held, tell_many_held

    wanted = [Wanted(SAGEGREEN, f"H-{n}", tell_held(hold=f"H-{n}", code="TOL", line="L", pay_date=date(2026, 6, 16))) for n in range(6)]
    with transaction.atomic():
        written = write_letters(kind=Email.HELD, wanted=wanted, at=NOW, together="R-9", many=tell_many_held)
        assert len(written["almoner_letters"]) == 2
    (body,) = set(letters(post_office, "6 payments are held").values())
    assert "6 amounts are held and are not in the payment of 16 June 2026." in body


def test_an_answer_is_told_to_the_one_who_asked(signed_in, post_office):
    signed_in("provider_user").post(ASK, TOLD)
    officer = signed_in("payments_officer")
    for _ in range(2):
        officer.post("/console/queries/1", {"act": "answer", "text": "It is in the run of 16 June."})
    sent = letters(post_office, "Your query Q-000001 has an answer")
    assert list(sent) == ["provider_user@test.example"]
    assert "The payments team answered on 8 June 2026 at 10:14am. Read it" in sent["provider_user@test.example"]
    assert "https://care.vale.example/portal/queries/1 Without a reply in 28 days" in sent["provider_user@test.example"]
    assert "It is in the run" not in sent["provider_user@test.example"], "the page has the words"


def test_a_line_to_agree_is_told_to_those_who_reach_it(pages, post_office):
    from django.db import transaction

    from almoner.office.care.agreeing import tell_lines_to_agree

    with transaction.atomic():
        written = tell_lines_to_agree({"LN-204417": None, "LN-204800": None}, at=NOW, together="import 1")
        assert len(written["almoner_letters"]) == 2
    sent = letters(post_office, "A line to agree: LN-204800")
    assert set(sent) == {"provider_user@test.example", "provider_administrator@test.example"}
    assert (
        "The council has added line LN-204800 from 8 June 2026. Nothing is paid until you agree it." in sent["provider_user@test.example"]
    )
    assert "https://care.vale.example/portal/lines/LN-204800/agree If it is wrong" in sent["provider_user@test.example"]


def test_a_change_that_is_put_in_force_is_told_as_one_to_agree(pages, post_office):
    from almoner.office.changes.kinds import Change
    from almoner.office.changes.operations import authorise_change, propose_change

    signed = {"start_date": date(2026, 4, 6), "authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 4, 2)}
    record(
        "lines", {"line_id": "LN-204800", "person_id": "4000217738", "contract_id": "HC-AGREE", "element": "care", **signed}, at=NOW - DAY
    )
    change = Change("LN-204800", "rate", date(2026, 6, 15), rate_centipence=252_000, unit="hour")
    order = propose_change(change=change, reason="The review.", by="mia", by_name="Mia", at=NOW)
    assert not letters(post_office, "A line to agree"), "nothing is in force yet"
    authorise_change(number=order.number, shown=dict(order.steps[0].effect), by="ola", by_name="Ola", at=NOW)
    sent = letters(post_office, "A line to agree: LN-204800")
    assert "The council has changed line LN-204800 from 15 June 2026." in sent["provider_user@test.example"]
    assert "Nothing of the change is paid until you agree it." in sent["provider_user@test.example"]


def test_bank_details_are_told_to_administrators_and_at_both_addresses_whatever_they_chose(signed_in, post_office):
    from almoner.office.accounts.models import Access

    Access.objects.all().update(unwanted_emails=["bank", "due"])
    record(
        "providers",
        {"provider_id": SAGEGREEN, "name": "Sagegreen Homecare", "creditor_reference": "C4001", "email": "new@sagegreen.example"},
        at=NOW - DAY,
    )
    signed_in("payments_officer").post("/console/bank-details/new", ENTERED)
    sent = letters(post_office, "Bank details for Sagegreen Homecare were changed")
    assert set(sent) == {"provider_administrator@test.example", "new@sagegreen.example", "care@sagegreen.example"}
    body = sent["provider_administrator@test.example"]
    assert "New bank details were entered on 8 June 2026." in body
    assert (
        "Payments go to the old account until 14 June 2026; from 15 June, the new account's first day, they wait until the check is done."
        in body
    )
    post_office.outbox.clear()
    checked = {"sort_code": "200001", "account_number": "87654321", "how": "Called the director.", "act": "verify"}
    signed_in("finance").post(ONE, checked)
    sent = letters(post_office, "Bank details for Sagegreen Homecare were changed")
    assert len(sent) == 3 and "were checked on 8 June 2026 and are used from 15 June 2026." in sent["care@sagegreen.example"]


def test_what_is_rolled_back_was_never_told(pages, post_office):
    from django.db import transaction

    from almoner.office.care.agreeing import tell_lines_to_agree
    from almoner.office.letters.models import Letter

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell_lines_to_agree({"LN-204800": None}, at=NOW, together="import 1")
        raise ZeroDivisionError
    assert not post_office.outbox and not Letter.objects.exists()


def test_a_letter_that_the_mail_refuses_waits_and_then_goes_once(signed_in, post_office, monkeypatch):
    from django.conf import settings

    from almoner.office.letters.models import Letter, LetterSent, LetterTaken
    from almoner.office.letters.operations import Posted, send_letters

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    monkeypatch.setattr(settings, "EMAIL_TIMEOUT", 1)
    submit(signed_in("provider_user"))
    assert Letter.objects.count() == 1 and not LetterSent.objects.exists() and not LetterTaken.objects.exists()
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    assert send_letters() == Posted(1, 0)
    assert send_letters() == Posted(0, 0)
    assert len(post_office.outbox) == 1


def test_a_letter_whose_sender_ended_on_the_way_goes_again_with_the_same_id(signed_in, post_office):
    from django.db.models.functions import Now

    from almoner.office.letters.models import Letter, LetterTaken
    from almoner.office.letters.operations import Posted, send_letters, sending

    post = sending.post_soon
    sending_soon = []
    from almoner.office.letters.operations import writing

    writing.post_soon = sending_soon.append
    try:
        submit(signed_in("provider_user"))
    finally:
        writing.post_soon = post
    letter = Letter.objects.get()
    LetterTaken.objects.create(letter=letter, since=Now())
    assert send_letters() == Posted(0, 1), "somebody is sending it"
    LetterTaken.objects.update(since=Now() - timedelta(minutes=16))
    assert send_letters() == Posted(1, 0)
    assert post_office.outbox[0].extra_headers["Message-ID"].startswith(f"<letter-{letter.pk}-")


def test_who_does_not_want_an_email_does_not_get_it(signed_in, post_office):
    client = signed_in("provider_user")
    page = client.get("/account").content.decode()
    (access,) = {name.split('"')[0] for name in page.split('name="emails-')[1:]}
    client.post("/account", {"rows": "50", "density": "usual", f"emails-{access}": ["due", "paid"]})
    submit(client)
    run_through()
    assert not any(letter.to == ["provider_user@test.example"] for letter in post_office.outbox)


def test_over_a_network_letters_go_beside_the_answer(signed_in, post_office, monkeypatch):
    import threading

    from django.conf import settings

    from almoner.office.letters.models import LetterSent

    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.council.example")
    submit(signed_in("provider_user"))
    for thread in threading.enumerate():
        if thread.name == "letters":
            thread.join(10)
    assert len(post_office.outbox) == 1 and LetterSent.objects.count() == 1


def test_letters_are_sealed(signed_in, post_office):
    from django.db import DatabaseError, transaction

    from almoner.office.letters.models import Letter

    submit(signed_in("provider_user"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.update(address="somebody@else.example")


def test_without_mail_letters_are_files_in_the_outbox(signed_in, pages, office):
    import email

    submit(signed_in("provider_user"))
    (kept,) = (office / "outbox").glob("*.eml")
    letter = email.message_from_bytes(kept.read_bytes())
    assert letter["To"] == "provider_user@test.example" and letter["Subject"] == "Actuals received: S-000001"
