"""A change order from its first question to the second person, in pounds at every step."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.runs.little import record
from tests.web.vale import NOW

END = "/console/changes/new?line=LN-204417&kind=end&on_day=27&on_month=5&on_year=2026"


def pay():
    """The week of 25 May paid."""
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    drafted = draft_run(book="payments", through=date(2026, 6, 7), by="priya", at=NOW - timedelta(hours=2))
    seal_run(run=drafted.run, by="priya", at=NOW - timedelta(hours=2))
    approve_run(run=drafted.run, by="tom", at=NOW - timedelta(hours=1))


def test_a_claw_back_from_question_to_authorisation_without_scripts(browse):
    pay()
    broker = browse("brokerage", scripts=False)
    broker.goto("/console/changes")
    broker.click("text=Change a line")
    broker.fill("#line", "LN-204417")
    broker.check("#kind")
    broker.click("text=Continue")
    for part, typed in (("", "27"), ("_month", "5"), ("_year", "2026")):
        broker.fill(f"#on{part}", typed)
    broker.click("text=See what it does")
    said = broker.inner_text("main")
    # Thursday to Sunday: 4 days of 135 minutes at £24.60 an hour = £221.40, of which the week's payment was £387.45.
    assert "Ending line LN-204417 on 27 May 2026 takes back £221.40 over 1 week (25 to 31 May 2026)." in said
    assert "28 visits were reported as delivered in those weeks: if they are right, the end date is wrong" in said
    assert "£387.45" in said and "£166.05" in said and "27 May 2026" in said and "New holds" in said
    assert "From now on it costs £387.45 a week less." in said and "The next payment" in said
    broker.click("text=Continue")
    broker.click("button:has-text('Continue')")
    assert "Enter why it changes" in broker.inner_text("main")
    broker.fill("#reason", "Moved into a home on 27 May.")
    broker.fill("#evidence", "The review, DOC-1182")
    broker.click("button:has-text('Continue')")
    assert "Check this change" in broker.inner_text("h1") and "DOC-1182" in broker.inner_text("main")
    broker.click("text=Send for authorisation")
    assert "CO-000001" in broker.inner_text("h1") and "someone else authorises it" in broker.inner_text("main")
    manager = browse("team_manager", scripts=False)
    manager.goto("/console/changes")
    manager.click("text=CO-000001")
    assert "takes back £221.40" in manager.inner_text("main") and "DOC-1182" in manager.inner_text("main")
    manager.click("text=Put it in force")
    assert "is in force from 27 May 2026. The difference goes in the next run. The provider is told." in manager.inner_text("main")


def test_what_was_typed_wrong_is_said_and_kept(signed_in):
    broker = signed_in("brokerage")
    page = broker.get(END.replace("on_day=27", "on_day=32")).content.decode()
    assert "32 5 2026 is not a day" in page and 'value="32"' in page
    page = broker.get("/console/changes/new?line=LN-999&kind=end").content.decode()
    assert "There is no line LN-999." in page
    rate = "/console/changes/new?line=LN-204417&kind=rate&on_day=1&on_month=6&on_year=2026&unit=hour&rate=abc"
    assert "abc is not an amount" in broker.get(rate).content.decode()
    refused = broker.get(END.replace("on_year=2026", "on_year=2020"))
    assert refused.status_code == 409 and "The line starts on 6 April 2026." in refused.content.decode()


def test_a_timetable_is_shown_as_it_stands_and_read_as_it_is_typed(signed_in):
    broker = signed_in("brokerage")
    page = broker.get("/console/changes/new?line=LN-204417&kind=timetable").content.decode()
    assert 'value="08:00 45, 12:30 30, 17:00 30, 21:00 30"' in page
    days = "&".join(f"{day}=8am 45, 9pm 30" for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"))
    typed = f"/console/changes/new?line=LN-204417&kind=timetable&on_day=15&on_month=6&on_year=2026&{days}"
    page = broker.get(typed + "&sunday=8am 45, noon 30").content.decode()
    assert "noon 30 is not a visit" in page
    page = broker.get(typed + "&sunday=8am 45 x2").content.decode()
    assert "No past week changes." in page and "8am 45 minutes × 2 carers" in page


def test_nothing_is_written_by_looking_and_the_wrong_role_is_refused(signed_in):
    from almoner.office.changes.queries import orders

    assert signed_in("brokerage").get(END).status_code == 200 and orders() == []
    assert signed_in("auditor").get(END).status_code == 404
    broker = signed_in("brokerage")
    given = {"reason": "Because.", "evidence": "DOC-1"}
    assert "Because." in broker.post(END, {**given, "act": "check"}).content.decode() and orders() == []
    assert "Enter what shows it" in broker.post(END, {"reason": "Because.", "act": "send"}).content.decode() and orders() == []
    sent = broker.post(END, {**given, "act": "send"})
    assert broker.post(END, {**given, "act": "send"}).headers["Location"] == "/console/changes/1", "pressed twice"
    assert sent.status_code == 302 and sent.headers["Location"] == "/console/changes/1"
    assert signed_in("brokerage").post("/console/changes/1", {"act": "authorise"}).status_code == 403
    assert signed_in("team_manager").post("/console/changes/1", {"act": "authorise", "shown": '{"payments": 1}'}).status_code == 409
    assert [order.state for order in orders()] == ["waiting"]


def test_a_line_not_yet_agreed_is_changed_like_any_other(signed_in):
    record("line_terms", {"line_id": "LN-204800", "valid_from": date(2026, 6, 1), "cost_code": "X"}, at=NOW - timedelta(hours=3))
    address = "/console/changes/new?line=LN-204800&kind=hours&on_day=1&on_month=6&on_year=2026&quantity=3.5"
    page = signed_in("payments_officer").get(address).content.decode()
    assert "A week, from 1 June 2026" in page and "3.5" in page


def to_thornfield(**more):
    typed = {"on_day": "25", "on_month": "5", "on_year": "2026", "to": "thornf", **more}
    return "/console/changes/new?line=LN-204417&kind=provider&" + "&".join(f"{name}={value}" for name, value in typed.items())


def test_another_provider_is_found_by_name_and_the_effect_shows_both(signed_in):
    broker = signed_in("brokerage")
    pay()
    page = broker.get(to_thornfield()).content.decode()
    assert "Care goes on with Thornfield Care" in page and 'value="TF-HC|care"' in page and 'value="LN-204417-2"' in page
    assert "No provider has that number or name" in broker.get(to_thornfield(to="nobody")).content.decode()
    page = broker.get(to_thornfield(terms="TF-HC|care", new_line="LN-204417-2")).content.decode()
    for said in (
        "Another provider for line LN-204417 from 25 May 2026 takes back £387.45 over 1 week (25 to 31 May 2026).", "Sagegreen Homecare",
        "First day of line LN-204417-2", "if they are right, the day of the change is wrong",
    ):  # fmt: skip
        assert said in page, said


def test_a_share_is_chosen_among_those_of_the_line(signed_in):
    finance = signed_in("payments_officer")
    start = "/console/changes/new?line=LN-204502&kind=share"
    page = finance.get(start).content.decode()
    assert "Northshire ICB: 50%, claimed by us, from 6 April 2026" in page
    typed = "&on_day=1&on_month=6&on_year=2026&share=1&how=percent&settlement="
    assert "Enter a percentage up to 100" in finance.get(f"{start}{typed}&much=500").content.decode()
    page = finance.get(f"{start}{typed}&much=25").content.decode()
    # Seven visits of half an hour at £24.60 make £86.10, of which the funder owed half.
    assert "Northshire ICB: 25%, claimed by us" in page and "funders owe £21.52 a week less" in page.replace("21.53", "21.52")


def test_an_effect_that_moved_says_from_what_to_what_and_why(signed_in):
    from tests.web.vale import delivered

    from almoner.office.changes.kinds import Change
    from almoner.office.changes.operations import propose_change
    from almoner.office.runs.operations import draft_run, seal_run

    pay()
    rate = Change("LN-204417", "rate", date(2026, 5, 18), rate_centipence=252_000, unit="hour")
    propose_change(change=rate, reason="The card.", by="mia", by_name="Mia", at=NOW - timedelta(minutes=30))
    record(
        "actuals",
        *delivered("LN-204417", date(2026, 5, 18), (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)),
        at=NOW - timedelta(minutes=20),
    )
    page = signed_in("team_manager").get("/console/changes/1").content.decode()
    assert "The effect was £9.45 when proposed and is £18.90 now, because something changed since: actuals." in page
    assert "Pays £18.90 more over 2 weeks (18 to 31 May 2026), on 23 June 2026." in page
    drafted = draft_run(book="payments", through=date(2026, 6, 7), by="priya", at=NOW - timedelta(minutes=10))
    seal_run(run=drafted.run, by="priya", at=NOW - timedelta(minutes=10))
    page = signed_in("team_manager").get("/console/changes/1").content.decode()
    assert "The effect was £9.45 when proposed and is £18.90 now, because another week was paid." in page
