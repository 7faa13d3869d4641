"""What funders paid of invoices: in part, never twice by one press, never too much, taken back with a reason, and seen by both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.office.claims.claiming import claimed_weeks
from tests.web.paying import text_of
from tests.web.vale import ICB, NOW

JUNE = date(2026, 6, 1)
PAGE = "/console/claims/invoices/INV-000001"
TYPED = {"act": "paid", "amount": "100.00", "paid_on_day": "8", "paid_on_month": "6", "paid_on_year": "2026", "reference": "BACS 77"}


def invoiced(days: int = 0):
    """An invoice of three weeks at £43.05, made so many days ago."""
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.exchange.council import Council

    claimed_weeks()
    council, at = Council("Vale County Council"), NOW - timedelta(days=days)
    return make_invoice(funder_id=ICB, month=JUNE, basis=ready_for(ICB, JUNE).basis, council=council, by="fay", at=at)


def test_finance_records_what_was_paid_and_both_sides_see_what_is_left(signed_in):
    invoiced()
    client, partner = signed_in("finance"), signed_in("partner_reader")
    assert client.post(PAGE, TYPED).status_code == 302
    client.post(PAGE, TYPED)  # pressed twice
    for page in (client.get(PAGE), partner.get("/partner/invoices/INV-000001")):
        said = text_of(page)
        assert "Paid £100.00" in said and "Unpaid £29.15" in said and said.count("BACS 77") == 1
    listed = text_of(partner.get("/partner/invoices"))
    assert "£129.15" in listed and "£100.00" in listed and "£29.15" in listed
    assert "£29.15" in text_of(client.get("/console/claims"))
    refused = client.post(PAGE, TYPED | {"amount": "29.16", "reference": "BACS 78"})
    assert refused.status_code == 409 and "£29.16 is more than is unpaid of INV-000001: £29.15." in text_of(refused)
    client.post(PAGE, TYPED | {"amount": "29.15", "reference": "BACS 78"})
    assert "Unpaid £0.00" in text_of(client.get(PAGE)) and "Record a payment" not in text_of(client.get(PAGE))
    assert "Nothing waits to be agreed, settled or invoiced." in text_of(client.get("/console/claims")), "what is paid whole is not open"


def test_a_payment_entered_in_error_is_taken_back_with_a_reason_and_both_stay(signed_in):
    from almoner.office.journal.queries import entries

    invoiced()
    client = signed_in("finance")
    client.post(PAGE, TYPED)
    asked = text_of(client.get(f"{PAGE}?back=1"))
    assert "Take back £100.00 of 8 June 2026" in asked
    missing = client.post(PAGE, {"act": "take_back", "place": "1", "text": ""})
    assert missing.status_code == 400 and "Say why it is taken back" in text_of(missing)
    for _ in range(2):
        client.post(PAGE, {"act": "take_back", "place": "1", "text": "It was of INV-000007."})
    said = text_of(client.get(PAGE))
    assert "Unpaid £129.15" in said and "−£100.00" in said and said.count("It was of INV-000007.") == 1
    assert "It was of" not in text_of(signed_in("partner_reader").get("/partner/invoices/INV-000001")), "the reason is the council's own"
    assert [one.act for one in entries(subject="INV-000001")][1:] == ["record_invoice_payment", "take_back_invoice_payment"]
    client.post(PAGE, TYPED)
    assert "Unpaid £29.15" in text_of(client.get(PAGE)), "the same may be entered again once it was taken back"


@pytest.mark.parametrize(("changed", "said"), [
    ({"amount": "much"}, "much is not an amount in pounds and pence"), ({"amount": "0.00"}, "Enter an amount above £0.00"),
    ({"paid_on_day": "31"}, "31 6 2026"), ({"reference": ""}, "Enter the reference on the bank statement"),
])  # fmt: skip
def test_what_was_typed_wrong_is_said_and_kept(signed_in, changed, said):
    invoiced()
    page = signed_in("finance").post(PAGE, TYPED | changed)
    assert page.status_code == 400 and said in text_of(page)
    assert f'value="{(TYPED | changed)["amount"]}"' in page.content.decode(), "what was typed stays"


def test_a_day_ahead_is_refused_and_only_finance_may(signed_in):
    invoiced()
    ahead = signed_in("finance").post(PAGE, TYPED | {"paid_on_day": "9"})
    assert ahead.status_code == 409 and "9 June 2026 is ahead." in text_of(ahead)
    assert "Record a payment" not in text_of(signed_in("auditor").get(PAGE))
    assert signed_in("auditor").post(PAGE, TYPED).status_code == 403


@pytest.mark.parametrize(("days", "age"), [(0, "under 30 days"), (45, "30 to 60 days"), (61, "61 to 90 days"), (91, "over 90 days")])
def test_what_is_unpaid_grows_old(pages, days, age):
    from almoner.office.claims.paid import standings_of

    made = invoiced()
    (found,) = standings_of([made], NOW + timedelta(days=days))
    assert (found.unpaid_pence, found.age.lower()) == (129_15, age)
