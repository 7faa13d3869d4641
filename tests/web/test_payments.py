"""Payments: what is shown is what was posted and issued, to the penny and the byte, and to nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.paying import run_through, text_of
from tests.web.vale import NOW, WEEK, delivered, record

DAY = timedelta(days=1)


def at(monkeypatch, moment):
    monkeypatch.setenv("ALMONER_CLOCK", moment.isoformat())


def test_before_the_first_run_the_page_says_what_comes(signed_in):
    page = text_of(signed_in("provider_user").get("/portal/payments"))
    assert "Next: £387.45 expected on Tuesday 16 June 2026" in page
    assert "No payments yet. The first comes after your first submitted week passes its cut-off." in page


def test_what_is_expected_is_told_line_by_line_and_then_posted_so(signed_in, monkeypatch):
    from almoner.office.runs.queries import payments_of

    client = signed_in("provider_user")
    page = text_of(client.get("/portal/payments/next/weekly"))
    assert "£387.45 expected on 16 June 2026" in page and "Account ending 204" in page and "Held, not in it £209.10" in page
    assert "28 visits, 15 h 45 min £24.60 an hour Why, line LN-204417, week of 25 May 2026: £387.45" in page
    run = run_through(upto="issued")
    paid = {row["payee_id"]: row["amount_pence"] for row in payments_of(run).to_pylist()}
    assert paid["4001"] == 387_45
    at(monkeypatch, NOW + DAY)
    assert "£387.45 to be paid on 16 June 2026" in text_of(client.get(f"/portal/payments/{run}"))
    at(monkeypatch, datetime(2026, 6, 17, 9, tzinfo=UTC))
    page = text_of(client.get(f"/portal/payments/{run}"))
    assert "£387.45 paid on 16 June 2026" in page and "28 visits, 15 h 45 min £24.60 an hour" in page
    assert "£209.10, 1 to 7 June 2026: over or under tolerance" in page


SO_FAR = {"sealed": ("to be paid", "waits for approval"), "approved": ("to be paid", "approved, not issued yet"),
          "issued": ("paid", "issued for payment")}  # fmt: skip


@pytest.mark.parametrize("upto", SO_FAR)
def test_what_was_not_issued_is_never_called_paid(signed_in, monkeypatch, upto):
    said, words = SO_FAR[upto]
    run = run_through(upto=upto)
    at(monkeypatch, datetime(2026, 6, 17, 9, tzinfo=UTC))
    client = signed_in("provider_user")
    page = text_of(client.get(f"/portal/payments/{run}"))
    assert f"£387.45 {said} on 16 June 2026" in page and f"Sealed: {words}" in page
    assert f"Sealed: {words}" in text_of(client.get("/portal")) and f"Sealed: {words}" in text_of(client.get("/portal/payments"))


def test_documents_are_the_bytes_that_were_issued(signed_in, monkeypatch):
    from almoner.office.runs.queries import files_issued

    run = run_through(upto="issued")
    at(monkeypatch, NOW + DAY)
    client = signed_in("provider_user")
    issued = {file.name.rpartition(".")[2]: bytes(file.content) for file in files_issued(run) if file.name.startswith("remittances/BX-")}
    for kind in ("pdf", "csv", "xlsx"):
        answer = client.get(f"/portal/payments/{run}/remittance.{kind}")
        assert answer.status_code == 200 and answer.content == issued[kind] and "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/portal/payments/{run}/remittance.exe").status_code == 404


def test_an_adjustment_stands_under_its_week_with_what_changed(signed_in, monkeypatch):
    run_through()
    new = {"contract_id": "HC-EXACT", "element": "care", "unit": "hour", "rate": 252000, "valid_from": date(2026, 4, 6)}
    record("rates", new, at=NOW + DAY, by="priya.shah")
    client = signed_in("provider_user")
    at(monkeypatch, NOW + 2 * DAY)
    expected = text_of(client.get("/portal/payments/next/weekly"))
    assert "£9.45 expected on 23 June 2026" in expected and "Adjustment" in expected
    run = run_through(WEEK + 13 * DAY, NOW + 7 * DAY)
    at(monkeypatch, NOW + 8 * DAY)
    page = text_of(client.get(f"/portal/payments/{run}"))
    assert "Adjustments to earlier weeks" in page and "a rate (recorded on 9 June 2026)" in page and "priya" not in page
    assert "Care £0.00 Adjustments £9.45 Paid £9.45" in page
    rows = text_of(client.get("/portal/payments"))
    assert "25 to 31 May 2026 £387.45 £0.00" in rows and "Total of all 2 payments £387.45 £9.45" in rows


def test_a_total_below_zero_has_its_page(signed_in, monkeypatch):
    run_through()
    line = _line("LN-204417")
    record("lines", {**line, "end_date": date(2026, 5, 27)}, at=NOW + DAY)
    client = signed_in("provider_user")
    at(monkeypatch, NOW + 2 * DAY)
    home = text_of(client.get("/portal"))
    assert "No payment is expected: £221.40 will be carried to the next one." in home
    run = run_through(WEEK + 13 * DAY, NOW + 7 * DAY)
    at(monkeypatch, NOW + 8 * DAY)
    page = client.get(f"/portal/payments/{run}")
    assert "No payment on 23 June 2026" in text_of(page)
    assert "£221.40 was taken back. £0.00 of it is met by what was due now and £221.40 is carried to the next payment." in text_of(page)
    assert f"run_id={run}&amp;kind=instalments" in page.content.decode()
    assert "Carried" in text_of(client.get("/portal/payments"))


def _line(line_id):
    from almoner.office.records.queries import table_known

    found = next(row for row in table_known("lines").to_pylist() if row["line_id"] == line_id)
    found.pop("row")
    return found


def test_subtotals_add_up_and_downloads_are_the_rows(signed_in, monkeypatch):
    run = run_through()
    at(monkeypatch, NOW + DAY)
    client = signed_in("provider_user")
    for by in ("person", "line", "week"):
        page = text_of(client.get(f"/portal/payments/{run}?by={by}"))
        assert page.count("£387.45") >= 4
    told = client.get(f"/portal/payments/{run}?download=csv").content.decode("utf-8-sig").splitlines()
    assert told[1].endswith(",387.45,Regular") and told[1].startswith('"Okafor, Ada (4000217735)",LN-204417,') and len(told) == 2


def test_filters_find_a_payment_by_its_date_line_or_person(signed_in, monkeypatch):
    run_through()
    at(monkeypatch, NOW + DAY)
    client = signed_in("provider_user")
    for asked, found in (
        ("named=LN-204417", 1), ("named=4000217735", 1), ("named=LN-204710", 0), ("since=2026-06-16", 1), ("since=2026-06-17", 0),
        ("until=2026-06-15", 0), ("since=never", 1),
    ):  # fmt: skip
        assert ("BX-" in text_of(client.get(f"/portal/payments?{asked}"))) == bool(found), asked


def test_other_organisations_and_limited_readers_see_their_own(signed_in, monkeypatch):
    run = run_through()
    at(monkeypatch, NOW + DAY)
    other, limited = signed_in("other_provider"), signed_in("limited")
    for client in (other, limited):
        assert client.get(f"/portal/payments/{run}").status_code == 404
        assert client.get(f"/portal/payments/{run}/remittance.pdf").status_code == 404
        assert "£387.45" not in client.get("/portal/payments").content.decode()
        assert "£387.45" not in client.get("/portal/payments/next/weekly").content.decode()
    assert "You see the lines your access reaches" in text_of(limited.get("/portal/payments"))
    assert signed_in("provider_user").get("/portal/payments/R-9999").status_code == 404
    assert signed_in("provider_user").get("/portal/payments/next/monthly").status_code == 404


@pytest.mark.parametrize("bounced", [False, True])
def test_what_the_bank_said_is_shown(signed_in, monkeypatch, bounced):
    from almoner.office.runs.operations import settle_run
    from almoner.office.runs.operations.steps import Outcome
    from almoner.office.runs.queries import payments_of

    run = run_through(upto="issued")
    reference = next(row["reference"] for row in payments_of(run).to_pylist() if row["payee_id"] == "4001")
    settle_run(run=run, by="ravi", at=NOW + DAY, outcomes={reference: Outcome("bounced", "account closed")} if bounced else {})
    at(monkeypatch, NOW + 2 * DAY)
    client = signed_in("provider_user")
    page = text_of(client.get(f"/portal/payments/{run}"))
    assert ("Returned" in page and "The bank said account closed" in page) if bounced else "State Paid" in page
    expected = text_of(client.get("/portal/payments/next/weekly"))
    assert ("£387.45 expected" in expected) == bounced, "what bounced is due again"


def test_three_payments_make_a_picture(signed_in, monkeypatch):
    client = signed_in("provider_user")
    for weeks in range(3):
        week = WEEK + timedelta(weeks=weeks)
        told = delivered("LN-204417", week, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30))
        then = datetime(2026, 6, 8, 8) + timedelta(weeks=weeks)
        record("actuals", *({**row, "submitted_at": then} for row in told), at=NOW + timedelta(weeks=weeks, hours=-1))
        run_through(week + timedelta(days=6), NOW + timedelta(weeks=weeks))
        at(monkeypatch, NOW + timedelta(weeks=weeks, hours=1))
        page = client.get("/portal/payments").content.decode()
        assert ("<figure" in page) == (weeks == 2), text_of(client.get("/portal/payments"))[:900]
    picture = client.get("/portal/payments").content.decode().split("<figure")[1]
    assert "16 June 2026" in picture and "£774.90" in picture and "30 June 2026" in picture
