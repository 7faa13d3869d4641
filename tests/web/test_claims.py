"""Claims on the console: months with the oldest dispute first, disputes answered and settled, what is not disputed invoiced."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.office.claims.claiming import claimed_weeks, partner
from tests.web.paying import text_of
from tests.web.vale import ICB, NOW

PATH = f"/console/claims/{ICB}/2026-06"


def disputed(receipt, days=40):
    from almoner.office.claims.operations import dispute_receipt

    dispute_receipt(
        funder_id=ICB, receipt=receipt, reason="evidence", disputed_pence=4305, text="Please send the care plan.", who=partner(),
        at=NOW - timedelta(days=days),
    )  # fmt: skip


def basis_on(page) -> str:
    return re.search(r'name="basis" value="([0-9a-f]+)"', page.content.decode())[1]


def test_finance_invoices_what_is_not_disputed_and_a_second_press_is_the_same_invoice(signed_in):
    first, *_ = claimed_weeks()
    disputed(first)
    client = signed_in("finance")
    claims = text_of(client.get("/console/claims"))
    assert claims.index("May 2026") < claims.index("June 2026"), "the oldest dispute first"
    assert "£43.05 is in dispute" in claims and "Northshire ICB" in claims
    page = client.get(PATH)
    assert "Invoice £86.10" in text_of(page) and "1 of them, £43.05, are of months before" in text_of(page)
    basis = basis_on(page)
    for _ in range(2):
        made = client.post(PATH, {"basis": basis}, follow=True)
        assert "Invoice INV-000001" in text_of(made) and "£86.10" in text_of(made)
    assert "Nothing is left to invoice" in text_of(client.get(PATH))
    stale = client.post(PATH, {"basis": "0" * 64})
    assert stale.status_code == 409 and "NOTHING-TO-INVOICE" in text_of(stale)
    for kind, begins in (("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbfinvoice,")):
        for role, base in (("finance", "/console/claims"), ("partner_reader", "/partner")):
            answered = signed_in(role).get(f"{base}/invoices/INV-000001/file.{kind}")
            assert answered.status_code == 200 and answered.content.startswith(begins)
    assert client.get("/console/claims/invoices/INV-000001/file.exe").status_code == 404
    home = text_of(signed_in("partner_reader").get("/partner"))
    assert "Invoice for June 2026 ready" in home
    assert "£86.10" in text_of(signed_in("partner_reader").get("/partner/invoices"))


def test_a_dispute_is_answered_said_more_of_and_settled(signed_in):
    first, *_ = claimed_weeks()
    disputed(first)
    council, reconciler = signed_in("finance"), signed_in("partner_reconciler")
    path = f"/console/claims/receipts/{first}"
    assert "Disputed: evidence, 40 days" in text_of(council.get(path))
    empty = council.post(path, {"act": "answer", "text": ""})
    assert empty.status_code == 400 and "Enter what you found" in text_of(empty)
    open_since = "Evidence is missing £43.05 29 April 2026"
    assert f"{open_since} us" in text_of(council.get("/console/claims"))
    assert f"{open_since} the council" in text_of(reconciler.get("/partner/queries"))
    council.post(path, {"act": "answer", "text": "The plan is attached."})
    assert f"{open_since} the funder" in text_of(council.get("/console/claims"))
    assert f"{open_since} you" in text_of(reconciler.get("/partner/queries"))
    assert "Answer 1 dispute" in text_of(reconciler.get("/partner"))
    assert "The plan is attached." in text_of(reconciler.get(f"/partner/receipts/{first}"))
    reconciler.post(f"/partner/receipts/{first}", {"act": "reply", "text": "Then we agree, by letter."})
    refused = council.post(path, {"act": "settle", "outcome": "corrected", "text": "Put right."})
    assert refused.status_code == 409 and "CLAIM-NOT-CORRECTED" in text_of(refused)
    chosen = council.post(path, {"act": "settle", "text": "Their letter of today."})
    assert chosen.status_code == 400 and "Choose how it was settled" in text_of(chosen) and "Their letter" in chosen.content.decode()
    settled = council.post(path, {"act": "settle", "outcome": "agreed", "text": "Their letter of today."}, follow=True)
    assert "joins the next invoice" in text_of(settled) and "Agreed" in text_of(settled)
    assert "Invoice £129.15" in text_of(council.get(PATH))


def test_those_who_only_look_find_no_buttons(signed_in):
    first, *_ = claimed_weeks()
    disputed(first)
    for role in ("payments_approver", "auditor"):
        client = signed_in(role)
        for path in (PATH, f"/console/claims/receipts/{first}"):
            main = client.get(path).content.decode().split("<main")[1].split("</main>")[0]
            assert "<button" not in main, (role, path)
            assert client.post(path, {"act": "answer", "text": "x"}).status_code == 403
    assert signed_in("brokerage").get("/console/claims").status_code == 404
    for path in (f"/console/claims/{ICB}/2026-13", f"/console/claims/{ICB}/2020-01", "/console/claims/QYY/2026-06",
                 "/console/claims/receipts/R-1.1", "/console/claims/invoices/INV-000009"):  # fmt: skip
        assert signed_in("finance").get(path).status_code == 404, path


def test_pages_ask_the_database_little_however_much_is_claimed(signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first, *_ = claimed_weeks()
    disputed(first)
    for role, paths in (
        (
            "partner_reconciler",
            ("/partner", "/partner/receipts?month=2026-05", f"/partner/receipts/{first}", "/partner/packages/LN-204502"),
        ),
        ("finance", ("/console/claims", PATH, f"/console/claims/receipts/{first}")),
    ):
        client = signed_in(role)
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            assert len(asked) <= 15, (path, [query["sql"][:90] for query in asked])


def test_two_organisations_work_on_the_same_receipts_without_scripts(browse):
    first, second, third = claimed_weeks()
    lee = browse("partner_reconciler", scripts=False)
    lee.goto("/partner")
    lee.click("text=Agree or dispute 2 receipts for May 2026")
    lee.check(f"[value='{second}']")
    lee.click("button:has-text('Agree chosen receipts')")
    assert "1 receipt agreed: £43.05." in lee.inner_text("main")
    lee.goto(f"/partner/receipts/{first}")
    lee.check("text=The dates are not those agreed")
    lee.fill("#text", "It began on 25 May.")
    lee.set_input_files("input[type=file]", files=[{"name": "letter.txt", "mimeType": "text/plain", "buffer": b"25 May"}])
    lee.click("button:has-text('Dispute this receipt')")
    assert "stays out of the May invoice until settled" in lee.inner_text("main") and "letter.txt" in lee.inner_text("main")
    fay = browse("finance", scripts=False)
    fay.goto("/console/claims")
    fay.click(f"main a:has-text('{first}')")
    fay.fill("#text", "The ICB found our letter of April.")
    fay.check("text=The claim stands: the partner has agreed to it")
    fay.click("button:has-text('Settle it')")
    fay.goto(PATH)
    fay.click("button:has-text('Invoice £129.15')")
    assert "Invoice INV-000001 is made: £129.15 for 3 receipts." in fay.inner_text("main")
    lee.goto("/partner")
    lee.click("text=Invoice for June 2026 ready")
    assert all(receipt in lee.inner_text("main") for receipt in (first, second, third))


def test_who_works_for_the_funder_too_neither_answers_nor_invoices_for_the_council(signed_in):
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role
    from almoner.office.claims.models import Invoice

    first, *_ = claimed_weeks()
    disputed(first)
    client = signed_in("finance")
    basis = basis_on(client.get(PATH))
    give_access(email="finance@test.example", name="F", role=Role.PARTNER_READER, organisation_id=ICB, by="tests", at=NOW)
    client.post("/account/organisation", {"access": working_for_the_council()})
    for path, pressed in ((f"/console/claims/receipts/{first}", {"act": "answer", "text": "Yes."}), (PATH, {"basis": basis})):
        refused = client.post(path, pressed)
        assert refused.status_code == 409 and "You work for QXX too" in text_of(refused)
    assert Invoice.objects.count() == 0


def working_for_the_council() -> str:
    from almoner.office.accounts.models import Access

    return str(Access.objects.get(user__email="finance@test.example", side="council").pk)
