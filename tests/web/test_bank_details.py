"""Bank details by two people in the browser; the digits entered are shown to nobody."""

from __future__ import annotations

ENTERED = {
    "party": "4001", "sort_code": "20-00-01", "account_number": "87654321", "account_name": "Sagegreen", "valid_from_day": "15",
    "valid_from_month": "6", "valid_from_year": "2026", "evidence": "letter DOC-1",
}  # fmt: skip
ONE = "/console/bank-details/4001/2026-06-15"


def test_entered_by_one_and_verified_by_another_without_scripts(browse):
    officer = browse("payments_officer", scripts=False)
    officer.goto("/console/bank-details")
    officer.click("text=Enter new details")
    for name, typed in ENTERED.items():
        officer.fill(f"[name={name}]", typed)
    officer.click("text=Send to be verified")
    assert "from 15 June 2026 payments wait until then" in officer.inner_text("main")
    finance = browse("finance", scripts=False)
    finance.goto("/console/bank-details")
    finance.click("text=Sagegreen Homecare")
    said = finance.inner_text("main")
    assert "ending 204" in said and "87654321" not in said and "321" not in said
    finance.fill("[name=sort_code]", "200001")
    finance.fill("[name=account_number]", "87654329")
    finance.fill("[name=how]", "Called the director.")
    finance.click("text=Verify these details")
    assert "The two entries are not the same. Nothing has changed." in finance.inner_text("main")
    finance.goto(ONE)
    finance.fill("[name=sort_code]", "200001")
    finance.fill("[name=account_number]", "87654321")
    finance.fill("[name=how]", "Called the director.")
    finance.click("text=Verify these details")
    assert "The account is used from 15 June 2026." in finance.inner_text("main")


def test_the_enterer_is_told_that_another_verifies(signed_in):
    assert signed_in("payments_officer").post("/console/bank-details/new", ENTERED).status_code == 302
    page = signed_in("payments_officer").get(ONE).content.decode()
    assert "You entered these details, so someone else verifies them" in page
    assert signed_in("payments_officer").post(ONE, {"act": "verify"}).status_code == 403


def test_what_was_typed_stays_and_other_roles_see_nothing(signed_in):
    page = signed_in("payments_officer").post("/console/bank-details/new", {**ENTERED, "account_name": ""}).content.decode()
    assert "Enter the name on the account" in page and 'value="87654321"' in page
    assert signed_in("brokerage").get("/console/bank-details").status_code == 404
    assert signed_in("auditor").post("/console/bank-details/new", ENTERED).status_code == 404
    assert signed_in("finance").get("/console/bank-details/4001/2026-13-45").status_code == 404
