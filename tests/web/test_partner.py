"""What a funder's people see: what is claimed of them, without a name, and nothing of another funder; and why an amount is what it is."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.runs.little import record
from tests.web.vale import ICB, NOW, WEEK, delivered


def claim():
    """LN-204502's week of 1 June, half of it the ICB's, claimed."""
    from almoner.office.runs.operations import draft_run, seal_run

    record("actuals", *delivered("LN-204502", WEEK, (8, 0, 30)), at=NOW - timedelta(hours=3))
    drafted = draft_run(book="claims", through=date(2026, 6, 7), by="priya", at=NOW - timedelta(hours=2))
    seal_run(run=drafted.run, by="priya", at=NOW - timedelta(hours=2))
    return f"{drafted.run}.1"


def test_a_partner_reads_months_receipts_and_why_without_a_name(signed_in):
    receipt = claim()
    reader = signed_in("partner_reader")
    # 7 visits of 30 minutes at £24.60 an hour are £86.10; half of it is £43.05.
    home = reader.get("/partner").content.decode()
    assert "June 2026" in home and "£43.05" in home and "Northshire ICB" in home
    month = reader.get("/partner/months/2026-06").content.decode()
    assert receipt in month and "LN-204502" in month
    why = reader.get(f"/partner/receipts/{receipt}").content.decode()
    assert "Why £43.05" in why and "50% of what remains" in why
    assert not any(name in page for page in (home, month, why) for name in ("Price", "Ben", "4000217736", "Sagegreen"))
    assert "£43.05" not in reader.get("/partner/months/2026-05").content.decode()


def test_another_funder_s_receipt_does_not_exist(signed_in):
    from django.test import Client

    from almoner.office.accounts.models import User
    from almoner.office.accounts.operations import give_access
    from almoner.office.accounts.roles import Role

    receipt = claim()
    record("funders", {"funder_id": "QYY", "name": "Another ICB", "kind": "icb"}, at=NOW - timedelta(hours=4))
    give_access(email="other@icb.example", name="O", role=Role.PARTNER_READER, organisation_id="QYY", by="tests", at=NOW)
    other = Client()
    other.force_login(User.objects.get(email="other@icb.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert other.get(f"/partner/receipts/{receipt}").status_code == 404
    assert "£43.05" not in other.get("/partner").content.decode() and ICB not in other.get("/partner/months/2026-06").content.decode()
    for address in ("months/June", "months/2026-13", "receipts/R-9999.1", "receipts/nonsense"):
        assert signed_in("partner_reader").get(f"/partner/{address}").status_code == 404


def test_staff_read_why_with_rules_and_what_was_posted_before(signed_in):
    receipt = claim()
    page = signed_in("auditor").get(f"/console/receipts/{receipt}").content.decode()
    assert "Why £43.05" in page and "DIF-1" in page and "Posted for this week" in page and "Sealed in run" in page
    assert signed_in("auditor").get("/console/receipts/R-0001.999").status_code == 404
    assert signed_in("provider_user").get(f"/console/receipts/{receipt}").status_code == 404
