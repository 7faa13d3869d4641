"""Held payments: what stops, with its numbers, who acts next, and where it stands once somebody decided."""

from __future__ import annotations

from datetime import date, timedelta

from tests.web.paying import run_through, text_of
from tests.web.vale import NOW, WEEK, record

DAY = timedelta(days=1)


def the_hold(client):
    body = client.get("/portal/holds").content.decode()
    start = body.index("/portal/holds/H-")
    return body[start : body.index('"', start)]


def test_a_week_over_tolerance_is_held_with_its_numbers(signed_in):
    client = signed_in("provider_user")
    page = text_of(client.get("/portal/holds"))
    assert (
        "LN-204710, 1 to 7 June 2026: Over or under tolerance £209.10 Payments team Open" in page
        and "Quinn, Cora (4000217737)" in page
        and "Total of all 1 hold" in page
    )
    page = text_of(client.get(the_hold(client)))
    assert (
        "£209.10 is held for the week of 1 June 2026. You claimed 8 hours 30 minutes (£209.10) against 7 hours planned (£172.20):"
        " £36.90 or 21.4% more. Your contract allows 10%."
    ) in page
    assert "The payments team decides next; you need do nothing, but a reason helps." in page
    assert "Tuesday 2 June 2026 2pm – none 45 ▲ 45 minutes more than planned Extra – none extra calls after a fall" in page


def test_less_than_planned_says_so(signed_in):
    from datetime import datetime, time

    told = {"submitted_at": datetime(2026, 6, 8, 8), "delivered_minutes": 15}
    week = [WEEK + n * DAY for n in range(7)]
    rows = [{"line_id": "LN-204502", "date": day, "start_time": time(8), **told} for day in week]
    record("actuals", *rows, at=NOW - timedelta(minutes=10))
    client = signed_in("limited")
    page = text_of(client.get(the_hold(client)))
    assert "£43.05 is held" in page and "£43.05 or 50.0% less" in page and "submit the rest and the hold ends by itself" in page


def test_a_line_to_agree_leads_to_the_answer(signed_in):
    from tests.web.vale import delivered

    record("actuals", *delivered("LN-204800", WEEK, (9, 0, 30)), at=NOW - timedelta(hours=1))
    client = signed_in("provider_user")
    page = text_of(client.get("/portal/holds"))
    assert "Waiting for agreement" in page and "£86.10 You Open" in page
    body = client.get("/portal/holds?sort=amount").content.decode()
    address = body[body.index("/portal/holds/H-") :].split('"')[0]
    page = text_of(client.get(address))
    assert "£86.10 a week waits for you to agree line LN-204800." in page and "Agree or reject line LN-204800" in page


def test_a_decision_shows_where_the_hold_stands(signed_in, monkeypatch):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import release_hold, uphold_hold

    client = signed_in("provider_user")
    run_through()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY).isoformat())
    address = the_hold(client)
    assert "Held since 8 June 2026 at 10:14am." in text_of(client.get(address))
    hold = next(hold for hold in open_holds() if hold.code == "TOL").hold
    assert address.endswith(hold)
    uphold_hold(hold=hold, reason="Not agreed with anybody", by="priya", at=NOW + DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY + timedelta(minutes=1)).isoformat())
    page = text_of(client.get(address))
    assert "Upheld" in page and "this is not paid: ‘Not agreed with anybody’" in page
    release_hold(hold=hold, reason="Agreed after all", by="tom", at=NOW + 2 * DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 2 * DAY + timedelta(minutes=1)).isoformat())
    page = text_of(client.get(address))
    assert "Released" in page and "‘Agreed after all’. It is in your next payment." in page and "tom" not in page
    assert "No longer held" in text_of(client.get("/portal/holds")) and "Nothing is held." in text_of(client.get("/portal/holds"))


def test_a_fact_put_right_mends_the_hold(signed_in, monkeypatch):
    from datetime import datetime, time

    run_through()
    told = {"submitted_at": datetime(2026, 6, 9, 8), "outcome": "cancelled"}
    rows = [{"line_id": "LN-204710", "date": WEEK + n * DAY, "start_time": time(14), **told} for n in (1, 3)]
    record("actuals", *rows, at=NOW + DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 2 * DAY).isoformat())
    page = text_of(signed_in("provider_user").get("/portal/holds"))
    assert "Nothing is held." in page and "Mended" in page


def test_bank_details_that_wait_are_said(signed_in):
    new = {"party_id": "4001", "sort_code": "200000", "account_number": "87654321", "account_name": "Sagegreen", "entered_by": "ann"}
    record("bank_accounts", {**new, "valid_from": date(2026, 6, 1)}, at=NOW - timedelta(hours=1))
    client = signed_in("provider_user")
    page = text_of(client.get("/portal/holds"))
    assert "Bank details being checked" in page and "A second person at the council" in page
    details = text_of(client.get("/portal/organisation"))
    assert "ending 321" in details and "waiting for a second person to check it" in details and "87654321" not in details


def test_holds_of_others_do_not_exist(signed_in):
    address = the_hold(signed_in("provider_user"))
    for role in ("other_provider", "limited"):
        assert signed_in(role).get(address).status_code == 404
        assert "Nothing is held." in text_of(signed_in(role).get("/portal/holds"))
    assert signed_in("provider_user").get("/portal/holds/H-0000000000").status_code == 404
