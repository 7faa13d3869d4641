"""A funder asks about an invoice, its payment or a package, is answered by finance, and reads nothing of another funder's."""

from __future__ import annotations

from datetime import date

import pytest
from tests.office.claims.claiming import claimed_weeks
from tests.web.paying import text_of
from tests.web.test_partner import NAMES, another_funder
from tests.web.vale import ICB, NOW

NEW = "/partner/queries/new"
ASKED = {"kind": "invoice_payment", "invoice": "INV-000001", "text": "We paid it on 4 June; which receipts does it cover?"}


@pytest.fixture
def invoiced(pages):
    from almoner.office.claims.invoices import ready_for
    from almoner.office.claims.operations import make_invoice
    from almoner.office.exchange.council import Council

    claimed_weeks()
    basis = ready_for(ICB, date(2026, 6, 1)).basis
    make_invoice(funder_id=ICB, month=date(2026, 6, 1), basis=basis, council=Council(), by="fay", at=NOW)


def test_it_is_asked_once_answered_by_finance_and_settled(invoiced, signed_in):
    from almoner.office.enquiries.queries import all_queries

    partner, finance = signed_in("partner_reconciler"), signed_in("finance")
    form = text_of(partner.get(f"{NEW}?invoice=INV-000001&kind=invoice_payment"))
    assert "Invoice INV-000001" in form and "Payment of an invoice" in form and "Someone has died" not in form
    for _ in range(2):
        sent = text_of(partner.post(NEW, ASKED, follow=True))
    assert "Sent to the finance team as Q-000001. An answer is due by Monday 15 June 2026." in sent
    (found,) = all_queries(NOW)
    assert (found.side, found.organisation_id, found.receipt_id, found.team) == ("partner", ICB, "INV-000001", "finance team")
    assert "Northshire ICB" in text_of(finance.get("/console/queries"))
    seen = text_of(finance.get("/console/queries/1"))
    assert "Northshire ICB" in seen and "Invoice INV-000001" in seen and "The partner reads it" in seen
    finance.post("/console/queries/1", {"act": "answer", "text": "It covers three receipts."})
    answered = text_of(partner.get("/partner/queries/1"))
    assert "It covers three receipts." in answered and "This settles it" in answered
    assert not any(name in answered for name in NAMES)
    partner.post("/partner/queries/1", {"act": "close"})
    assert "Closed" in text_of(partner.get("/partner/queries"))


def test_what_it_is_about_is_found_by_a_number(invoiced, signed_in):
    partner = signed_in("partner_reconciler")
    assert "What is it about?" in text_of(partner.get(NEW))
    for number, words in (("inv-000001", "Payment of invoice INV-000001"), ("LN-204502", "Package LN-204502")):
        assert words in text_of(partner.get(f"{NEW}?about={number}"))
    assert "Nothing of yours has the number LN-300001" in text_of(partner.get(f"{NEW}?about=LN-300001"))
    partner.post(NEW, {"kind": "package", "line": "LN-204502", "text": "Since when is it half?"})
    assert "Line LN-204502" in text_of(partner.get("/partner/queries/1"))


def test_nothing_is_asked_of_what_is_another_s_and_wrong_words_stay(invoiced, signed_in):
    other, partner = another_funder(), signed_in("partner_reconciler")
    assert other.post(NEW, ASKED).status_code == 404
    assert partner.post(NEW, {**ASKED, "invoice": "", "line": "LN-300001"}).status_code == 404
    wrong = partner.post(NEW, {"kind": "death", "invoice": "INV-000001", "text": "Kept as typed"})
    assert wrong.status_code == 400 and "Kept as typed" in wrong.content.decode()
    partner.post(NEW, ASKED)
    assert other.get("/partner/queries/1").status_code == 404 and other.post("/partner/queries/1", {"text": "x"}).status_code == 404
    assert signed_in("provider_user").get("/portal/queries/1").status_code == 404


def test_who_only_reads_asks_nothing(invoiced, signed_in):
    signed_in("partner_reconciler").post(NEW, ASKED)
    reader = signed_in("partner_reader")
    assert reader.get(NEW).status_code == 404 and reader.post("/partner/queries/1", {"text": "x"}).status_code == 403
    assert "Ask a question" not in text_of(reader.get("/partner/queries"))
    for page in ("invoices/INV-000001", "packages/LN-204502"):
        assert "Ask about" in text_of(signed_in("partner_reconciler").get(f"/partner/{page}"))
        assert "Ask about" not in text_of(reader.get(f"/partner/{page}"))
    main = reader.get("/partner/queries/1").content.decode().split("<main")[1].split("</main>")[0]
    assert 'method="post"' not in main and ASKED["text"] in main
