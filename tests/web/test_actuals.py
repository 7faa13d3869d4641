"""A provider's week on the screen: from the plan to a submission, with what it would pay equal to what the next run posts."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, WEEK

ADA, BEN, CORA, DAI, ED = (f"40002177{n}" for n in (35, 36, 37, 38, 39))
LINE = "LN-204417"


def words(answer) -> str:
    import html
    import re

    text = re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def week_of(client, person: str = ADA, week: date = WEEK):
    return client.get(f"/portal/actuals/{week}/{person}")


def press(client, person: str = ADA, week: date = WEEK, **fields):
    return client.post(f"/portal/actuals/{week}/{person}", fields)


def field(day: int, start: str, name: str = "minutes", line: str = LINE) -> str:
    return f"{line}.202606{day:02}.{start}.{name}"


def drafts(line: str = LINE) -> dict:
    from almoner.office.actuals.queries import drafts_of

    return {(one.answer.date.day, one.answer.start_time): one.answer for one in drafts_of([line])}


def digest(client) -> str:
    return (
        client.get("/portal/actuals/check").context["checked"].digest if False else _hidden(client.get("/portal/actuals/check"), "digest")
    )


def _hidden(answer, name: str) -> str:
    import re

    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no hidden field {name}"
    return found[1]


def test_the_list_says_what_waits_and_what_is_held(signed_in):
    told = words(signed_in("provider_user").get("/portal/actuals"))
    assert "Awaiting actuals" in told and "Held: over or under tolerance" in told
    assert f"{ADA}, Ada Okafor" in told and "LN-300001" not in told
    assert "15h 45m" in told


def test_a_limited_access_sees_its_own_site_only(signed_in):
    client = signed_in("limited")
    told = words(client.get("/portal/actuals"))
    assert "LN-204502" in told and LINE not in told
    assert week_of(client).status_code == 404 and week_of(client, BEN).status_code == 200


def test_another_organisations_person_does_not_exist_and_that_is_noted(signed_in):
    from almoner.office.journal.queries import entries

    assert week_of(signed_in("provider_user"), ED).status_code == 404
    assert any(entry.summary.get("code") == "SCOPE" for entry in entries(act="refuse"))


def test_looking_writes_nothing(signed_in):
    from almoner.office.journal.queries import journal_head

    client = signed_in("provider_user")
    before = journal_head()
    for address in (
        "/portal/actuals",
        "/portal/actuals/check",
        f"/portal/actuals/{WEEK}/{ADA}",
        f"/portal/actuals/{WEEK}/{ADA}/2026-06-03",
        "/portal/submissions",
    ):
        assert client.get(address).status_code == 200, address
    assert journal_head() == before and not drafts()


def test_a_whole_week_as_planned_is_submitted_once_and_pays_what_was_shown(signed_in):
    from almoner.office.actuals.queries import rows_submitted
    from almoner.office.runs.preview import preview_person

    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    assert len(drafts()) == 28
    assert "£387.45" in words(week_of(client)) and "10% either way: from £348.71 to £426.19" in words(week_of(client))
    shown = client.get("/portal/actuals/check")
    assert "Submit 1 week" in words(shown)
    sent = [client.post("/portal/actuals/check", {"digest": _hidden(shown, "digest")}).headers["Location"] for _ in range(2)]
    assert sent == ["/portal/submissions/S-000001"] * 2 and rows_submitted(1).num_rows == 28 and not drafts()
    acknowledged = words(client.get(sent[0]))
    assert "Your reference is S-000001" in acknowledged and "£387.45" in acknowledged
    posted = preview_person(ADA, from_week=WEEK, through=date(2026, 6, 7), at=NOW).receipts.to_pylist()
    assert [(row["line_id"], row["amount_pence"]) for row in posted] == [(LINE, 38745)]


def test_a_day_as_planned_leaves_the_other_days_alone(signed_in):
    press(signed_in("provider_user"), planned=f"{LINE}|2026-06-03")
    assert {day for day, _ in drafts()} == {3} and len(drafts()) == 4


def test_a_week_with_visits_not_answered_is_left_out_of_the_submission(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|2026-06-03")
    told = words(client.get("/portal/actuals/check"))
    assert (
        "24 visits in the week of 1 June 2026" in told
        and "a visit with no answer is not paid" in told
        and "Submit" not in told.split("Check and submit actuals")[-1]
    )


def test_more_than_the_contract_allows_is_said_before_it_is_submitted(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    press(client, **{field(1, "0800"): "200", field(1, "0800", "outcome"): "delivered", field(1, "0800", "comment"): "a fall"})
    told = words(client.get("/portal/actuals/check"))
    assert "over or under tolerance" in told and "16.4%" in told and "The contract allows 10%" in told and "Submit 1 week" in told


def test_more_than_planned_wants_a_reason_or_words_before_it_is_checked(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    refused = press(client, check="yes", **{field(4, "1230"): "45", field(4, "1230", "outcome"): "delivered"})
    assert refused.status_code == 200 and "Enter why more was delivered than planned on 4 June 2026, 12:30pm" in words(refused)
    assert "Error:" in words(refused)
    kept = press(
        client,
        check="yes",
        **{field(4, "1230"): "45", field(4, "1230", "outcome"): "delivered", field(4, "1230", "reason"): "the person was unwell"},
    )
    assert kept.headers["Location"] == "/portal/actuals/check" and drafts()[4, time(12, 30)].delivered_minutes == 45


def test_wrong_minutes_are_said_at_their_field_and_keep_what_was_typed(signed_in):
    client = signed_in("provider_user")
    for typed in ("forty", "1441", "30.5", ""):
        wrong = {field(1, "0800"): typed, field(1, "0800", "outcome"): "delivered"}
        answer = press(client, **wrong, **{field(1, "1230"): "30", field(1, "1230", "outcome"): "delivered"})
        assert "Enter the minutes delivered, like 45" in words(answer) and f'value="{typed}"' in answer.content.decode()
        assert set(drafts()) == {(1, time(12, 30))}, "what could be read is kept"


def test_a_frustrated_visit_pays_by_policy_and_a_missed_one_nothing(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    press(
        client, **{field(3, "2100", "outcome"): "frustrated", field(3, "2100", "reason"): "no reply", field(5, "2100", "outcome"): "missed"}
    )
    assert "£375.15" in words(client.get("/portal/actuals/check"))  # 945 − 30 minutes at £24.60


def test_one_reason_is_given_to_all_that_are_alike(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    given = {field(day, "2100", "outcome"): "frustrated" for day in (2, 3, 4)}
    press(client, **given, **{field(5, "2100", "outcome"): "missed", field(2, "2100", "reason"): "no reply"}, same_reason=LINE)
    assert [drafts()[day, time(21)].reason for day in (2, 3, 4, 5)] == ["no reply"] * 3 + [None]


def test_an_extra_visit_is_added_and_one_that_overlaps_is_refused_with_both_times(signed_in):
    client = signed_in("provider_user")
    extra = {f"{LINE}.extra.day": "2026-06-05", f"{LINE}.extra.minutes": "30", f"{LINE}.extra.comment": "agreed"}
    refused = press(client, **extra, **{f"{LINE}.extra.start": "12.40pm"})
    assert "An extra visit at 12:40pm (30 minutes) overlaps the visit at 12:30pm (30 minutes)" in words(refused)
    press(client, **extra, **{f"{LINE}.extra.start": "2pm"})
    assert drafts()[5, time(14)].outcome == "extra"
    press(client, **{field(5, "1400"): "30", field(5, "1400", "outcome"): "cancelled"})
    assert not drafts()


def test_days_and_visits_to_come_cannot_be_entered(signed_in):
    client = signed_in("provider_user")
    this_week = date(2026, 6, 8)
    press(client, week=this_week, planned=f"{LINE}|")
    assert set(drafts()) == {(8, time(8))}  # the pages are looked at on 8 June, at 10:14
    assert "Not yet" in words(week_of(client, week=this_week))


def test_somebody_elses_later_answer_is_shown_beside_ones_own(signed_in, monkeypatch):
    one, other = signed_in("provider_user"), signed_in("provider_administrator")
    seen = _hidden(week_of(one), "seen")
    monkeypatch.setenv("ALMONER_CLOCK", "2026-06-08T09:30:00+00:00")
    press(other, **{field(1, "0800"): "40", field(1, "0800", "outcome"): "delivered"})
    mine = {field(1, "0800"): "50", field(1, "0800", "outcome"): "delivered"}
    told = press(one, seen=seen, **mine)
    assert told.status_code == 409 and "saved ‘40 minutes’" in words(told) and "you entered ‘50 minutes’" in words(told)
    press(one, seen=_hidden(told, "seen"), **mine)
    assert drafts()[1, time(8)].delivered_minutes == 50


def test_a_draft_that_changed_since_it_was_checked_is_not_submitted(signed_in, monkeypatch):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    old = _hidden(client.get("/portal/actuals/check"), "digest")
    monkeypatch.setenv("ALMONER_CLOCK", "2026-06-08T09:30:00+00:00")
    press(client, **{field(1, "0800", "outcome"): "missed"})
    refused = client.post("/portal/actuals/check", {"digest": old})
    assert refused.status_code == 409 and "This changed while you were looking" in words(refused) and "DRAFT-CHANGED" in words(refused)


def test_chosen_weeks_are_marked_as_planned_with_their_worth(signed_in):
    client = signed_in("provider_user")
    told = words(
        client.post("/portal/actuals", {"week": [f"{LINE}|2026-06-01", "LN-204502|2026-06-01", "LN-300001|2026-06-01"]}, follow=True)
    )
    assert "2 weeks saved as drafts, as planned: £473.55" in told
    assert not drafts("LN-300001")


def test_changes_to_a_submitted_week_write_only_what_changed(signed_in, monkeypatch):
    from almoner.office.actuals.queries import rows_submitted

    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    client.post("/portal/actuals/check", {"digest": digest(client)})
    monkeypatch.setenv("ALMONER_CLOCK", "2026-06-08T10:00:00+00:00")
    press(client, **{field(2, "0800"): "40", field(2, "0800", "outcome"): "delivered", field(2, "0800", "comment"): "shorter"})
    told = words(week_of(client))
    assert "You have changes to a submitted week" in told and "Submitted 45" in told
    client.post("/portal/actuals/check", {"digest": digest(client)})
    assert rows_submitted(2).num_rows == 1 and "Replaces: 1 visit" in words(client.get("/portal/submissions/S-000002"))


def test_a_visit_that_was_told_of_without_its_start_is_corrected_and_not_told_of_twice(signed_in):
    from almoner.office.records.queries import table_known

    told = {"line_id": "LN-204502", "date": WEEK, "delivered_minutes": 30, "submitted_at": datetime(2026, 6, 7, 9, 0)}
    record("actuals", told, at=NOW - DAY)
    client = signed_in("provider_user")
    press(client, BEN, **{field(1, "0800", line="LN-204502"): "15", field(1, "0800", "outcome", "LN-204502"): "delivered"})
    assert set(drafts("LN-204502")) == {(1, None)}
    press(client, BEN, planned="LN-204502|", **{field(1, "0800", "comment", "LN-204502"): "short"})
    press(client, BEN, **{field(1, "0800", "outcome", "LN-204502"): "missed"})
    client.post("/portal/actuals/check", {"digest": digest(client)})
    kept = table_known("actuals", lines=["LN-204502"], from_date=WEEK).to_pylist()
    assert len(kept) == 7 and [row["outcome"] for row in kept if row["start_time"] is None] == ["missed"]


def test_starting_again_says_what_is_lost_and_throws_the_draft_away(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|2026-06-03")
    where = f"/portal/actuals/{WEEK}/{ADA}/again"
    assert "has 4 answers" in words(client.get(where))
    client.post(where)
    assert not drafts()


def test_the_copies_to_keep(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    client.post("/portal/actuals/check", {"digest": digest(client)})
    pdf, sent = (client.get(f"/portal/submissions/S-000001/{kind}") for kind in ("pdf", "file"))
    assert pdf.content.startswith(b"%PDF") and b"/StructTreeRoot" in pdf.content
    lines = sent.content.decode().splitlines()
    assert lines[0].startswith("line_id,date,kind,start_time") and len(lines) == 29 and "LN-204417,2026-06-01,visit,08:00" in lines[1]
    assert [signed_in("other_provider").get(f"/portal/submissions/S-000001{more}").status_code for more in ("", "/pdf", "/file")] == [
        404
    ] * 3
    assert signed_in("limited").get("/portal/submissions/S-000001").status_code == 404


def test_what_is_on_the_screen_needs_no_scripts_and_saves_by_enter(browse):
    page = browse("provider_user", scripts=False)
    page.goto(f"/portal/actuals/{WEEK}/{ADA}")
    page.click("text=Mark the whole week as planned")
    page.fill(f"[id='{field(4, '1230')}']", "40")
    page.press(f"[id='{field(4, '1230')}']", "Enter")
    assert "10 minutes more" in page.inner_text("main") and f"{WEEK}/{ADA}" in page.url
    page.select_option(f"[id='{field(4, '1230', 'reason')}']", "the person was unwell")
    page.click("button:has-text('Save and check')")
    page.click("button:has-text('Submit 1 week')")
    assert page.locator("h1").inner_text() == "Actuals submitted"
    assert drafts() == {}


def test_a_telephone_shows_days_that_open(browse):
    page = browse("provider_user", width=360)
    page.goto(f"/portal/actuals/{WEEK}/{ADA}")
    page.click("a:has-text('Thursday 4 June 2026')")
    page.click("[id='LN-204417.20260604.1230'] button[aria-label='5 minutes more']")
    page.click("button:has-text('Save and go to Friday')")
    assert "Friday 5 June 2026" in page.locator("h1").inner_text() and drafts()[4, time(12, 30)].delivered_minutes == 5
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_with_scripts_a_draft_saves_itself_and_says_what_it_comes_to(browse):
    page = browse("provider_user")
    page.goto(f"/portal/actuals/{WEEK}/{ADA}")
    page.fill(f"[id='{field(1, '0800')}']", "45")
    page.wait_for_selector(".almoner-saved:has-text('Draft saved')")
    assert drafts()[1, time(8)].delivered_minutes == 45 and "£18.45" in page.inner_text("#totals")


def test_drafts_are_let_go_13_weeks_after_they_were_last_saved(signed_in):
    from datetime import timedelta

    from almoner.office.actuals.operations import expire_drafts
    from almoner.office.journal.queries import entries

    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|2026-06-03")
    assert "is kept for 13 weeks after it was last saved" in words(week_of(client))
    assert expire_drafts(by="cron", at=NOW + timedelta(weeks=13)) == 0 and len(drafts()) == 4
    assert [expire_drafts(by="cron", at=NOW + timedelta(weeks=13, seconds=1)) for _ in range(2)] == [4, 0]
    assert not drafts()
    (line,) = entries(act="expire_drafts")
    assert line.summary == {"weeks": 1, "answers": 4} and ADA not in line.subject


def test_the_check_counts_the_visits_that_nothing_is_claimed_for(signed_in):
    client = signed_in("provider_user")
    press(client, planned=f"{LINE}|")
    assert "Visits 28 Will pay £387.45 Held £0.00 Not claimed Nothing Pay date 16 June 2026" in words(client.get("/portal/actuals/check"))
    press(client, save="yes", **{field(3, "2100", "outcome"): "missed", field(4, "2100", "outcome"): "cancelled"})
    assert "Not claimed 2 visits" in words(client.get("/portal/actuals/check"))
