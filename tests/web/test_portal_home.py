"""The portal's home: what needs doing in order, the next payment worked out now, the last; cut-offs and the organisation's own details."""

from __future__ import annotations

from datetime import date, timedelta

from tests.web.paying import run_through, text_of
from tests.web.test_actuals import LINE, press
from tests.web.vale import NOW, WEEK, delivered, record

DAY = timedelta(days=1)


def test_what_needs_doing_stands_in_order_with_its_money(signed_in):
    page = text_of(signed_in("provider_user").get("/portal"))
    tasks = ("Submit actuals for", "Agree 1 new or changed line", "See 1 held payment")
    assert [page.index(task) for task in tasks] == sorted(page.index(task) for task in tasks)
    assert "By 6pm on Tuesday 9 June 2026 to be paid on 16 June 2026. Worth £" in page
    assert "£86.10 a week cannot be paid until you do." in page and "£209.10 held" in page
    assert "Expected on Tuesday 16 June 2026" in page and "£387.45, worked out now from what you have submitted" in page
    assert "No payments yet." in page


def test_weeks_not_submitted_are_counted_and_worth_what_is_planned(signed_in):
    record("actuals", *(row for week in range(8) for row in _all_but("LN-204417", week)), at=NOW - timedelta(hours=1))
    page = text_of(signed_in("limited").get("/portal"))
    assert "Submit actuals for 9 weeks" in page and "Worth £774.90 if delivered as planned." in page
    assert "Agree" not in page and "held payment" not in page


def _all_but(line, week):
    return delivered(line, WEEK - timedelta(weeks=week), (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30))


def test_after_a_run_the_last_payment_and_the_next_are_told(signed_in, monkeypatch):
    run = run_through()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 2 * DAY).isoformat())
    page = text_of(signed_in("provider_user").get("/portal"))
    assert "Last payment Pay date Tuesday 16 June 2026 Amount £387.45" in page and f"BX-{run.removeprefix('R-')}" in page
    assert "Expected on Tuesday 23 June 2026 Amount £0.00" in page


def test_nothing_to_do_says_when_the_next_cut_off_is(signed_in):
    record("actuals", *(row for week in range(9) for row in delivered("LN-300001", WEEK - timedelta(weeks=week), (9, 0, 60))), at=NOW - DAY)
    page = text_of(signed_in("other_provider").get("/portal"))
    assert "Nothing needs doing. The next cut-off is 6pm on Tuesday 9 June 2026." in page


def test_an_answered_query_waits_to_be_read(signed_in):
    from almoner.office.accounts.roles import Side
    from almoner.office.enquiries.operations import About, Told, answer, open_query

    who = {"organisation_id": "4001", "side": Side.PROVIDER, "by": "provider_user@test.example", "by_name": "Jo", "at": NOW - DAY}
    asked = open_query(kind="rate", about=About(line_id="LN-204417"), told=Told(), text="Which rate?", attachments=(), **who)
    client = signed_in("provider_user")
    assert "answer to your query" not in text_of(client.get("/portal"))
    staff = {"by": "mia@vale.example", "by_name": "Mia", "at": NOW - timedelta(hours=1)}
    answer(number=asked.number, text="£24.60", **staff)
    assert "Read 1 answer to your query" in text_of(client.get("/portal"))


def test_home_is_read_in_few_queries_and_writes_nothing(signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in("provider_user")
    client.get("/portal")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/portal").status_code == 200
    assert len(asked) <= 15, [query["sql"][:90] for query in asked]
    assert not [query for query in asked if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_next_cut_off_stands_on_every_page(signed_in, monkeypatch):
    for role, address in (("provider_user", "/portal/lines"), ("limited", "/portal/holds"), ("other_provider", "/portal/organisation")):
        page = signed_in(role).get(address).content.decode()
        assert "Next cut-off: 6pm on Tuesday 9 June 2026. What is submitted by then is paid on Tuesday 16 June 2026." in page
    monkeypatch.setenv("ALMONER_CLOCK", "2026-06-09T17:00:00+00:00")
    page = signed_in("provider_user").get("/portal/holds").content.decode()
    assert "Next cut-off: 6pm on Tuesday 16 June 2026." in page, "a cut-off has passed at its own moment"


def test_cut_offs_are_told_and_go_into_a_calendar(signed_in):
    client = signed_in("provider_user")
    page = text_of(client.get("/portal/calendar"))
    assert "home care 1 to 7 June 2026 9 June 2026 at 6pm 16 June 2026" in page
    assert page.index("1 to 7 June 2026") < page.index("8 to 14 June 2026") < page.index("25 to 31 May 2026")
    answer = client.get("/portal/calendar/cut-offs.ics")
    lines = answer.content.decode().split("\r\n")
    assert answer.headers["Content-Type"].startswith("text/calendar") and lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert "DTEND:20260609T170000Z" in lines and all(len(line.encode()) <= 75 for line in lines)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 10
    assert "UID:payments-weekly-2026-06-01@almoner" in lines


def test_what_was_saved_and_not_submitted_stands_on_home(signed_in):
    client = signed_in("provider_user")
    assert "draft" not in text_of(client.get("/portal"))
    press(client, planned=f"{LINE}|")
    page = text_of(client.get("/portal"))
    assert "Submit 1 draft It is saved and does not count until you submit." in page
    assert "draft" not in text_of(signed_in("limited").get("/portal"))


def test_what_the_council_asked_about_a_hold_stands_on_home_until_it_is_answered(signed_in):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import ask_provider

    run_through()
    client = signed_in("provider_user")
    assert "question about held" not in text_of(client.get("/portal"))
    (hold,) = [one.hold for one in open_holds() if one.code == "TOL"]
    ask_provider(hold=hold, note="Who agreed the extra calls?", by="priya", at=NOW - DAY / 24)
    asked = text_of(client.get("/portal"))
    assert "Answer 1 question about held payments Nobody can decide until you do. Waiting for provider" in asked
    assert "question about held" not in text_of(signed_in("other_provider").get("/portal"))
    client.post(f"/portal/holds/{hold}", {"text": "The social worker, on Monday."})
    assert "question about held" not in text_of(client.get("/portal"))


def test_our_details_show_the_end_of_the_account_only(signed_in):
    page = text_of(signed_in("provider_user").get("/portal/organisation"))
    assert "Sagegreen Homecare" in page and "C4001" in page and "ending 204, in use since 1 January 2020" in page and "12345204" not in page


def test_home_fits_a_telephone_and_works_without_scripts(browse):
    page = browse("provider_user", width=360, scripts=False)
    page.goto("/portal")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("a.govuk-button:has-text('Submit actuals')")
    assert "/portal/actuals?state=awaiting" in page.url


def test_what_is_held_is_told_once_where_two_cycles_are_paid(signed_in):
    """A run of one cycle finds what is held of all a person's lines; what is held of the other cycle's waits for that one's payment."""
    monthly = {"contract_id": "HC-MONTHLY", "provider_id": "4001", "service_type": "day care", "basis": "actuals", "cycle": "four_weekly"}
    record("contracts", monthly, at=NOW - DAY)
    record(
        "rates",
        {"contract_id": "HC-MONTHLY", "element": "care", "unit": "hour", "rate": 246000, "valid_from": date(2026, 4, 6)},
        at=NOW - DAY,
    )
    line = {
        "line_id": "LN-205000",
        "person_id": "4000217735",
        "contract_id": "HC-MONTHLY",
        "element": "care",
        "start_date": date(2026, 6, 1),
    }
    record("lines", {**line, "authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1)}, at=NOW - DAY)
    client = signed_in("provider_user")
    page = text_of(client.get("/portal"))
    assert page.count("Next payment:") == 2 and "See 1 held payment £209.10 held." in page
    assert page.count("Held £209.10") == 1 and page.count("Held £0.00") == 1
    assert "Total of all 1 hold" in text_of(client.get("/portal/holds"))
