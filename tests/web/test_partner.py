"""What a funder's people see and do: what is claimed of them, without a name, and nothing of another funder; agreed, disputed, read."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.claims.claiming import claim, claimed_weeks
from tests.office.runs.little import record
from tests.web.paying import text_of
from tests.web.vale import ICB, NOW

NAMES = ("Price", "Ben", "4000217736", "Sagegreen")


def another_funder():
    from django.test import Client

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    record("funders", {"funder_id": "QYY", "name": "Another ICB", "kind": "icb"}, at=NOW - timedelta(hours=9))
    give_access(email="other@icb.example", name="O", role=Role.PARTNER_RECONCILER, organisation_id="QYY", by="tests", at=NOW)
    other = Client()
    other.force_login(User.objects.get(email="other@icb.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return other


def test_a_partner_reads_months_receipts_and_why_without_a_name(signed_in):
    first, _, third = claimed_weeks()
    reader = signed_in("partner_reader")
    # 7 visits of 30 minutes at £24.60 an hour are £86.10; half of it is £43.05. The weeks of 18 and 25 May end in May, and on the 31st.
    home = text_of(reader.get("/partner"))
    assert "Agree or dispute 2 receipts for May 2026 (£86.10)" in home and "Agree or dispute 1 receipt for June 2026 (£43.05)" in home
    month = text_of(reader.get("/partner/receipts?month=2026-05"))
    assert "Receipts of May 2026" in month and "50% of the cost" in month and "£86.10" in month and "LN-204502" in month
    assert first in reader.get("/partner/receipts?month=2026-05").content.decode() and third not in month
    why = text_of(reader.get(f"/partner/receipts/{first}"))
    assert "Why £43.05" in why and "50% of the cost" in why
    package = text_of(reader.get("/partner/packages/LN-204502"))
    assert "50% of the cost" in package and "£129.15" in package
    assert "LN-204502" in text_of(reader.get("/partner/packages"))
    assert not any(name in page for page in (home, month, why, package) for name in NAMES)
    for page in ("receipts?month=2026-05", f"receipts/{first}", "packages/LN-204502"):
        main = reader.get(f"/partner/{page}").content.decode().split("<main")[1].split("</main>")[0]
        assert 'method="post"' not in main, "a reader sees no buttons"
    assert reader.post(f"/partner/receipts/{first}", {"act": "agree"}).status_code == 403


def test_another_funder_s_receipts_packages_and_invoices_do_not_exist(signed_in):
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.exchange.council import Council

    first, *_ = claimed_weeks()
    basis = ready_for(ICB, date(2026, 6, 1)).basis
    make_invoice(funder_id=ICB, month=date(2026, 6, 1), basis=basis, council=Council(), by="fay", at=NOW)
    other = another_funder()
    for path in (
        f"receipts/{first}",
        f"receipts/{first}/files/1",
        "packages/LN-204502",
        "invoices/INV-000001",
        "invoices/INV-000001/file.pdf",
    ):
        assert other.get(f"/partner/{path}").status_code == 404, path
    assert other.post(f"/partner/receipts/{first}", {"act": "agree"}).status_code == 404
    assert other.post("/partner/receipts", {"act": "chosen", "receipt": [first]}).status_code == 409
    assert other.post("/partner/packages/LN-204502", {"reference": "mine"}).status_code == 404
    assert "£43.05" not in other.get("/partner").content.decode() and ICB not in other.get("/partner/receipts").content.decode()
    for path in ("receipts/R-9999.1", "receipts/nonsense", "invoices/INV-9", "invoices/x", "packages/none"):
        assert signed_in("partner_reader").get(f"/partner/{path}").status_code == 404, path
    assert signed_in("partner_reader").get("/partner/receipts?month=June&kind=strange&state=none").status_code == 200


def test_a_reconciler_agrees_many_at_once_and_a_second_press_changes_nothing(signed_in):
    from almoner.office.claims.models import ClaimAct

    claimed_weeks()
    client = signed_in("partner_reconciler")
    page = client.get("/partner/receipts?month=2026-05").content.decode()
    assert "Agree all 2 regular receipts shown, £86.10" in page
    pressed = {"act": "all", "basis": page.split('name="basis" value="')[1].split('"')[0], "receipts": "2"}
    for _ in range(2):
        answered = client.post("/partner/receipts?month=2026-05", pressed, follow=True)
        assert "2 receipts agreed: £86.10" in text_of(answered)
    assert ClaimAct.objects.count() == 1
    home = text_of(client.get("/partner"))
    assert "May 2026 (£86.10)" not in home and "for June 2026 (£43.05)" in home
    stale = client.post("/partner/receipts?month=2026-06", pressed | {"basis": "other", "receipts": "1"})
    assert stale.status_code == 409 and "CLAIMS-MOVED" in text_of(stale)


def test_a_dispute_is_typed_told_and_keeps_what_was_typed(signed_in):
    first, *_ = claimed_weeks()
    client, path = signed_in("partner_reconciler"), f"/partner/receipts/{first}"
    before = text_of(client.get(path))
    assert "This receipt (£43.05) stays out of the May invoice until settled. The other one goes in it." in before
    wrong = client.post(path, {"act": "dispute", "reason": "dates", "amount": "50", "text": "Ended on 20 May."})
    assert wrong.status_code == 400 and "Enter an amount up to £43.05" in text_of(wrong) and "Ended on 20 May." in wrong.content.decode()
    assert "Choose why you dispute it" in text_of(client.post(path, {"act": "dispute", "amount": "43.05", "text": "x"}))
    for _ in range(2):
        done = client.post(path, {"act": "dispute", "reason": "dates", "amount": "40", "text": "Ended on 20 May."}, follow=True)
    told = text_of(done)
    assert "Disputed: dates, 0 days" in told and told.count("Ended on 20 May.") == 1 and "£40.00" in told
    month = text_of(client.get("/partner/receipts?month=2026-05"))
    assert "Disputed" in month and "Agree all 1 regular receipt shown, £43.05" in month
    assert "Agree £43.05 after all" in text_of(client.get(path))
    client.post(path, {"act": "agree", "after_all": "yes"})
    assert "Agreed" in text_of(client.get(path))


def test_a_line_has_the_partner_s_own_reference(signed_in):
    claimed_weeks()
    client = signed_in("partner_reconciler")
    client.post("/partner/packages/LN-204502", {"reference": " CHC/77 "})
    assert "CHC/77" in text_of(client.get("/partner/receipts?month=2026-05")) and "CHC/77" in text_of(client.get("/partner/packages"))
    assert client.post("/partner/packages/LN-204502", {"reference": "x" * 41}).status_code == 400


def test_staff_read_why_with_rules_and_what_was_posted_before(signed_in):
    receipt = claim()
    page = signed_in("auditor").get(f"/console/receipts/{receipt}").content.decode()
    assert "Why £43.05" in page and "DIF-1" in page and "Posted for this week" in page and "Sealed in run" in page
    assert signed_in("auditor").get("/console/receipts/R-0001.999").status_code == 404
    assert signed_in("provider_user").get(f"/console/receipts/{receipt}").status_code == 404


def test_a_reader_who_presses_is_told_whom_to_ask(signed_in):
    first, *_ = claimed_weeks()
    refused = text_of(signed_in("partner_reader").post(f"/partner/receipts/{first}", {"act": "agree"}))
    assert "Your role reads" in refused and "Ask Partner reconciler." in refused


def test_why_is_told_to_the_funder_and_never_of_the_council_s_people(signed_in):
    """The sentences of a week are written for its provider; a funder reads them as one who was not there."""
    first, *_ = claimed_weeks()
    for client, path in (
        (signed_in("partner_reader"), f"/partner/receipts/{first}"),
        (signed_in("finance"), f"/console/claims/receipts/{first}"),
    ):
        told = text_of(client.get(path))
        assert "the provider told us that 7 visits were given" in told and "Your share of it is £43.05." in told
        assert "That is £43.05 more than was claimed of you for this week before." in told
        assert "your payment" not in told and "Your contract" not in told and " you told us" not in told
