"""Weeks not submitted: who has not told us, what it is worth at plan, and reminders that go once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, SAGEGREEN, THORNFIELD, WEEK, delivered


def text(answer):
    return answer.content.decode()


@pytest.fixture
def post_office(monkeypatch, pages):
    """Letters end in a list instead of a post office."""
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    return mail


def awaited():
    from almoner.office.runs.not_submitted import awaited_weeks

    return {(row["line_id"], row["week"]): row for row in awaited_weeks(NOW)}


def test_a_week_is_awaited_until_anything_is_submitted_for_it(pages):
    weeks = awaited()
    assert ("LN-300001", WEEK) in weeks and ("LN-204417", WEEK) in weeks
    assert ("LN-204417", date(2026, 5, 25)) not in weeks, "it was submitted"
    assert ("LN-204710", WEEK) not in weeks, "held is not awaited"
    assert not any(week > WEEK for _, week in weeks), "only weeks that have ended"
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60))[:1], at=NOW - DAY)
    assert ("LN-300001", WEEK) not in awaited()


def test_how_much_of_a_cycle_was_submitted_is_told_by_what_is_not_paid_yet(pages, signed_in):
    from almoner.office.runs.not_submitted import awaited as found

    told = found(NOW)
    assert told.unpaid["weekly"] - len(told.rows) == 2, "the weeks of LN-204417 and LN-204710"
    page = text(signed_in("payments_officer").get("/console"))
    assert "Next cut-offs" in page and f"{200 // told.unpaid['weekly']}%" in page


def test_the_worth_is_what_the_week_pays_when_delivered_as_planned(pages):
    from almoner.office.runs.preview import preview_person

    worth = awaited()["LN-204417", WEEK]["worth_pence"]
    record("actuals", *delivered("LN-204417", WEEK, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)), at=NOW - DAY)
    paid = preview_person("4000217735", from_week=WEEK, through=WEEK + timedelta(days=6), at=NOW).receipts.to_pylist()
    assert worth == sum(row["amount_pence"] for row in paid if row["week"] == WEEK) == 38745


def test_a_changed_rate_changes_the_worth_at_once(pages):
    before = awaited()["LN-300001", WEEK]["worth_pence"]
    record(
        "rates", {"contract_id": "TF-HC", "element": "care", "unit": "hour", "rate": 300000, "valid_from": date(2026, 6, 1)}, at=NOW - DAY
    )
    assert awaited()["LN-300001", WEEK]["worth_pence"] == 21000 != before


def test_providers_are_listed_by_pounds_and_filtered(pages, signed_in):
    from almoner.office.runs.not_submitted import awaited_weeks, by_provider

    rows = by_provider(awaited_weeks(NOW))
    assert [row["provider_id"] for row in rows] == [SAGEGREEN, THORNFIELD] and rows[0]["worth"] > rows[1]["worth"]
    page = text(signed_in("payments_officer").get("/console/actuals"))
    assert page.index("Sagegreen Homecare") < page.index("Thornfield Care") and "care@sagegreen.example" in page
    assert "Nobody has a week" in text(signed_in("auditor").get("/console/actuals?service=nursing"))
    csv = signed_in("auditor").get("/console/actuals?download=csv").content.decode("utf-8-sig")
    assert csv.count("\n") == 3


def test_the_council_and_the_provider_count_the_same_weeks(pages, signed_in):
    from almoner.office.runs.not_submitted import awaited_weeks, by_provider

    care = {"contract_id": "HC-EXACT", "element": "care", "start_date": date(2026, 4, 6)}
    signed = {"authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1)}
    record("lines", {"line_id": "LN-204418", "person_id": "4000217735", **care, **signed}, at=NOW - DAY)
    visits = {"line_id": "LN-204418", "weekday": "monday", "start_time": time(10), "minutes": 30, "valid_from": date(2026, 4, 6)}
    record("schedule", visits, at=NOW - DAY)
    (count,) = (row["weeks"] for row in by_provider(awaited_weeks(NOW)) if row["provider_id"] == SAGEGREEN)
    assert f"Submit actuals for {count} weeks" in text(signed_in("provider_user").get("/portal"))


def test_reminders_go_once_to_those_with_access_or_the_address_held(signed_in, post_office):
    from almoner.office.accounts.models import Access
    from almoner.office.journal.queries import entries

    Access.objects.filter(organisation_id=THORNFIELD).update(ended_at=NOW)
    client = signed_in("payments_officer")
    chosen = client.post("/console/actuals", {"provider": [SAGEGREEN, THORNFIELD]})
    check = text(client.get(chosen.headers["Location"]))
    assert "2 emails to 1 provider" in check and "1 has no address" in check and "Thornfield Care" in check
    assert "due by 6pm on Tuesday 9 June 2026" in check and "to be paid on Tuesday 16 June 2026" in check
    assert "limited@test.example" not in check, "the count is of the whole organisation"
    for _ in range(2):
        sent = client.post("/console/actuals/remind", {"provider": [SAGEGREEN, THORNFIELD]}, follow=True)
        assert "1 provider reminded." in text(sent)
    assert {letter.to[0] for letter in post_office.outbox} == {"provider_user@test.example", "provider_administrator@test.example"}
    letter = post_office.outbox[0]
    assert letter.subject.endswith("weeks of actuals due by 6pm on Tuesday 9 June 2026")
    assert "Okafor" not in letter.body and "£" not in letter.body, "no names of people and no amounts"
    assert "/portal/actuals" in letter.body and "/account" in letter.body
    assert len(list(entries(act="remind_providers"))) == 1
    again = text(client.get(chosen.headers["Location"]))
    assert "reminded today already" in again and "There is nobody to remind" in again
    assert "Thornfield" in text(client.get("/console/actuals?quiet=1")) and "Sagegreen" not in text(client.get("/console/actuals?quiet=1"))


def test_where_nobody_has_access_the_address_held_is_reminded(signed_in, post_office):
    from almoner.office.accounts.models import Access

    Access.objects.filter(organisation_id=SAGEGREEN).update(ended_at=NOW)
    signed_in("payments_officer").post("/console/actuals/remind", {"provider": [SAGEGREEN]})
    (letter,) = post_office.outbox
    assert letter.to == ["care@sagegreen.example"] and "we hold this address for Sagegreen Homecare" in letter.body
    assert "/account" not in letter.body


def test_only_payments_officers_remind(pages, signed_in, post_office):
    for role in ("auditor", "brokerage", "team_manager"):
        assert "Remind chosen providers" not in text(signed_in(role).get("/console/actuals"))
        assert signed_in(role).post("/console/actuals/remind", {"provider": [SAGEGREEN]}).status_code == 403
    assert post_office.outbox == []
    assert signed_in("finance").get("/console/actuals").status_code == 404
