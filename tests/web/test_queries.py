"""A query from the provider's page to its answer, and to the fact it becomes."""

from __future__ import annotations

import html
import re
from datetime import date, time

from tests.office.runs.little import record
from tests.web.vale import DAY, NOW

ASK = "/portal/queries/new?line_id=LN-204417&person_id=4000217735&week=2026-06-01"
TOLD = {"kind": "actuals", "line_id": "LN-204417", "person_id": "4000217735", "week": "2026-06-01", "text": "Tuesday is missing."}


def test_a_query_to_its_answer_in_the_browser_without_scripts(browse):
    asker = browse("provider_user", scripts=False)
    asker.goto(ASK)
    assert "LN-204417" in asker.locator("dl").inner_text() and "1 to 7 June 2026" in asker.locator("dl").inner_text()
    assert asker.locator("input[name=kind]:checked").get_attribute("value") == "actuals"
    asker.fill("#text", "The visit on Tuesday at 8am is missing from the week.")
    asker.click("text=Send query")
    assert "Sent to the payments team as Q-000001. An answer is due by Monday 15 June 2026." in asker.inner_text("main")
    officer = browse("payments_officer", scripts=False)
    officer.goto("/console/queries")
    officer.click("text=Q-000001")
    officer.fill("#text", "It is in the run of 16 June.")
    officer.click("text=Send answer")
    assert "Answered" in officer.inner_text("h1")
    asker.goto("/portal/queries")
    asker.click("text=Q-000001")
    assert "It is in the run of 16 June." in asker.inner_text("main")
    asker.click("text=This settles it")
    assert "Closed" in asker.inner_text("h1")


def test_what_was_typed_stays_when_something_is_missing(signed_in):
    client = signed_in("provider_user")
    answer = client.post(
        ASK, {**TOLD, "text": "", "kind": "absence", "from_date_day": "31", "from_date_month": "2", "from_date_year": "2026"}
    )
    page = answer.content.decode()
    assert "There is a problem" in page and "31 2 2026 is not a day" in page and "Enter what is wrong" in page
    assert 'value="31"' in page and "LN-204417" in page and "<title>Error: " in page


def test_another_organisation_s_line_or_query_does_not_exist(signed_in):
    from almoner.office.journal.queries import entries

    assert signed_in("provider_user").post(ASK, TOLD).status_code == 302
    other = signed_in("other_provider")
    assert other.post(ASK, TOLD).status_code == 404
    assert other.get("/portal/queries/1").status_code == 404
    assert "Q-000001" not in other.get("/portal/queries").content.decode()
    limited = signed_in("limited")
    assert limited.get("/portal/queries/1").status_code == 404 and "Q-000001" not in limited.get("/portal/queries").content.decode()
    refused = list(entries(act="refuse"))
    assert [line.summary["code"] for line in refused] == ["SCOPE"] * 3


def test_a_death_told_is_recorded_by_the_council_s_press(signed_in):
    from almoner.office.records.queries import table_known

    told = {**TOLD, "kind": "death", "died_on_day": "2", "died_on_month": "6", "died_on_year": "2026", "text": "She died at home."}
    signed_in("provider_user").post(ASK, told)
    broker = signed_in("brokerage")
    page = broker.get("/console/queries/1").content.decode()
    assert "North duty team" in page and "died on 2 June 2026" in page and "Record this death" in page
    assert "What accepting it does" in page and "No past week changes." in page
    told = {"act": "accept", "text": "Confirmed by the family.", "shown": shown_on(page)}
    assert broker.post("/console/queries/1", told).status_code == 302
    assert table_known("people", NOW, people=["4000217735"]).column("date_of_death").to_pylist() == [date(2026, 6, 2)]
    assert broker.post("/console/queries/1", {"act": "accept", "text": "Confirmed."}).status_code == 409


def shown_on(page: str) -> str:
    """The figures that the page carries to the press."""
    return html.unescape(re.search(r'name="shown" value="([^"]*)"', page).group(1))


def test_what_does_something_else_by_now_than_the_page_showed_is_not_accepted(signed_in):
    from tests.web.paying import run_through

    from almoner.office.records.queries import table_known

    run_through(date(2026, 6, 7), at=NOW - DAY / 2)
    died = {**TOLD, "kind": "death", "died_on_day": "28", "died_on_month": "5", "died_on_year": "2026", "text": "He died."}
    signed_in("provider_user").post(ASK, died)
    broker = signed_in("brokerage")
    page = broker.get("/console/queries/1").content.decode()
    assert "Payments to providers: −£166.05" in page
    more = {"line_id": "LN-204417", "date": date(2026, 5, 29), "start_time": time(15), "outcome": "extra", "delivered_minutes": 60}
    record("actuals", more, at=NOW - DAY / 4)
    told = {"act": "accept", "text": "Confirmed."}
    for old in ({}, {"shown": ""}, {"shown": shown_on(page)}):
        stale = broker.post("/console/queries/1", {**told, **old})
        assert stale.status_code == 409 and "STALE" in stale.content.decode(), "nobody saw these figures"
    assert table_known("people", NOW, people=["4000217735"]).column("date_of_death").to_pylist() == [None]
    now = broker.get("/console/queries/1").content.decode()
    assert "−£166.05" not in now
    assert broker.post("/console/queries/1", {**told, "shown": shown_on(now)}).status_code == 302


def test_an_auditor_reads_and_has_no_button(signed_in):
    signed_in("provider_user").post(ASK, TOLD)
    auditor = signed_in("auditor")
    assert "Send answer" not in auditor.get("/console/queries/1").content.decode()
    assert auditor.post("/console/queries/1", {"act": "answer", "text": "No."}).status_code == 403


def test_an_attachment_comes_back_as_a_download(signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in("provider_user")
    client.post(ASK, {**TOLD, "attachments": SimpleUploadedFile("log.csv", b"a,b\n")})
    page = client.get("/portal/queries/1").content.decode()
    address = page.split('href="/portal/queries/1/files/')[1].split('"')[0]
    answer = client.get(f"/portal/queries/1/files/{address}")
    assert answer.content == b"a,b\n" and answer.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
    refused = client.post(ASK, {**TOLD, "text": "And this.", "attachments": SimpleUploadedFile("x.exe", b"MZ")})
    assert "x.exe is of a kind that is not kept" in refused.content.decode() and "And this." in refused.content.decode()


def test_what_accepting_does_is_shown_in_pounds_before_the_press(signed_in):
    from tests.web.paying import run_through

    run_through(date(2026, 6, 7))
    told = {**TOLD, "kind": "death", "died_on_day": "28", "died_on_month": "5", "died_on_year": "2026", "text": "He died."}
    signed_in("provider_user").post(ASK, told)
    page = signed_in("team_manager").get("/console/queries/1").content.decode()
    # Friday to Sunday after it: three days of 135 minutes at £24.60 an hour.
    assert "Payments to providers: −£166.05" in page and "after death" in page
    assert "Record this death" not in page, "a team manager reads; brokerage, officers and finance accept"


def test_a_query_about_another_organisation_s_hold_or_receipt_is_not_sent(signed_in):
    from tests.web.paying import run_through

    from almoner.office.enquiries.queries import all_queries
    from almoner.office.runs.holds import open_holds

    run = run_through(date(2026, 6, 7))
    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    about_hold = {"kind": "held_payment", "hold_id": hold.hold, "text": "Release it, I say."}
    about_receipt = {"kind": "payment", "receipt_id": f"{run}.1", "text": "What is this?"}
    for told in (about_hold, about_receipt):
        assert signed_in("other_provider").post("/portal/queries/new", told).status_code == 404
        assert all_queries(NOW) == []
    for told in (about_hold, about_receipt):
        assert signed_in("provider_user").post("/portal/queries/new", told).status_code == 302
    assert [found.about for found in all_queries(NOW)] == [f"{run}.1", hold.hold]
    page = signed_in("payments_officer").get("/console/queries/1").content.decode()
    assert "What accepting it does" in page and "£209.10, over or under tolerance" in page and "Release this payment" in page


def test_nobody_accepts_what_they_asked_and_nothing_closed_is_accepted(signed_in):
    from almoner.office.enquiries.operations import close

    told = {**TOLD, "kind": "death", "died_on_day": "2", "died_on_month": "6", "died_on_year": "2026", "text": "She died."}
    signed_in("provider_user").post(ASK, told)
    close(number=1, side="provider", by="x", by_name="X", at=NOW)
    answer = signed_in("brokerage").post("/console/queries/1", {"act": "accept", "text": "Confirmed."})
    assert answer.status_code == 409 and "QUERY-CLOSED" in answer.content.decode()


def test_a_limited_reader_sees_their_own_queries_and_those_of_their_lines(signed_in):
    about_other_site = {**TOLD, "line_id": "", "week": "", "kind": "absence", "from_date_day": "2", "from_date_month": "6"}
    signed_in("provider_user").post("/portal/queries/new", {**about_other_site, "from_date_year": "2026", "text": "In hospital."})
    limited = signed_in("limited")
    assert limited.get("/portal/queries/1").status_code == 404 and "Q-000001" not in limited.get("/portal/queries").content.decode()
    limited.post("/portal/queries/new", {"kind": "payment", "text": "When is the next one?"})
    assert limited.get("/portal/queries/2").status_code == 200


def test_odd_input_is_answered_and_never_an_error_of_ours(signed_in):
    client = signed_in("provider_user")
    for odd in ("/portal/queries/new?week=x", "/portal/lines?download=csv&sort=address", "/portal/lines/%00"):
        assert client.get(odd).status_code in (200, 404), odd
    first_year = {**TOLD, "kind": "death", "died_on_day": "1", "died_on_month": "1", "died_on_year": "1"}
    assert "1 1 1 is not a day" in client.post(ASK, first_year).content.decode()
    for week in ("L1|9999-12-31", "LN-204417|9000-01-01", "LN-204417|0001-01-01"):
        assert client.post("/portal/actuals", {"week": week}).status_code == 302
