"""Contracts' terms and calendars are changed from a day on, with their effect before they count and two administrators."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.paying import text_of
from tests.web.vale import NOW, T0

WHY = {"reason": "As agreed with providers.", "evidence": "The minutes of 2 June"}
TERM = "/console/settings/terms?term=tolerance_percent&value=30&service=home+care&contract=&on_day=1&on_month=6&on_year=2026"
DAY = "on_day=15&on_month=6&on_year=2026"
CYCLE = f"/console/settings/calendars?cycle=weekly&{DAY}&cut_off_days=1&cut_off_time=12:00&pay_days=8&reminder_days=1"


@pytest.fixture
def second(pages, signed_in):
    """A second system administrator."""
    from almoner.office.accounts.operations import confirm_access, give_access
    from almoner.office.accounts.roles import Role

    pages["second"] = "second@test.example"
    role = Role.SYSTEM_ADMINISTRATOR
    access = give_access(email=pages["second"], name="Second", role=role, organisation_id="", by="tests", at=T0, password="x" * 20)
    confirm_access(access_id=access, by="another administrator", at=T0)
    return signed_in("second")


def asked(client, address):
    """The page that is asked for, once what it shows is worked out."""
    for _ in range(60):
        page = client.get(address)
        if "We are working out what this change does" not in page.content.decode():
            return page
    raise AssertionError("it is never worked out")


def authorised(client, number=1):
    page = asked(client, f"/console/settings/changes/{number}").content.decode()
    shown = page.split('name="shown" value="')[1].split('"')[0].replace("&#34;", '"')
    return client.post(f"/console/settings/changes/{number}", {"act": "authorise", "shown": shown})


def next_run_holds():
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run

    draft_run(book="payments", through=date(2026, 6, 7), cycle="weekly", by="ann", at=NOW + timedelta(minutes=1))
    return {hold.line_id or hold.person_id: hold.amount_pence for hold in open_holds() if hold.code == "TOL"}


def test_a_wider_tolerance_pays_what_the_page_said_and_the_next_run_holds_nothing(signed_in, second):
    administrator = signed_in("system_administrator")
    said = text_of(asked(administrator, TERM))
    # 510 minutes at £24.60 are £209.10, which a tolerance of 10% had held whole and one of 30% lets.
    assert "£209.10" in said and "10% in 4 contracts" in said and "30% in 4 contracts" in said
    assert "LN-204710" not in said and "4000217737" not in said, "no line and no person"
    assert administrator.post(TERM, {**WHY, "act": "send"}).headers["Location"] == "/console/settings/changes/1"
    assert administrator.post("/console/settings/changes/1", {"act": "authorise", "shown": "{}"}).status_code == 409
    assert authorised(second).status_code == 302
    assert next_run_holds() == {}
    listed = text_of(signed_in("auditor").get("/console/settings?tab=terms"))
    assert "From 1 June 2026" in listed and "30%" in listed


@pytest.mark.parametrize(("term", "value", "said"), [
    ("needs_agreement", "no", "no in"), ("rounding_minutes", "15", "15 minutes"), ("hold", "excess", "excess"),
    ("days_paid_after_death", "3", "3 days"), ("release_reasons", "Hospital discharge; bad weather", "Hospital discharge"),
])  # fmt: skip
def test_every_kind_of_term_is_asked_for_in_its_own_way(signed_in, term, value, said):
    client = signed_in("system_administrator")
    assert "Enter its new value" in client.get(TERM.replace("tolerance_percent", term).replace("value=30", "value=")).content.decode()
    page = asked(client, TERM.replace("tolerance_percent", term).replace("value=30", f"value={value}"))
    assert said in text_of(page) and "What this change does" in text_of(page), text_of(page)[:400]


def test_what_was_typed_wrong_about_a_term_is_said(signed_in):
    client = signed_in("system_administrator")
    assert "Enter a percentage, like 10" in client.get(TERM.replace("value=30", "value=many")).content.decode()
    assert "Choose a service, or enter one contract" in client.get(TERM.replace("home+care", "")).content.decode()
    same = asked(client, TERM.replace("value=30", "value=10"))
    assert same.status_code == 409 and "That is what they have then already." in text_of(same)
    assert "Choose which term changes" in client.get("/console/settings/terms?term=").content.decode()


def planned(at=NOW):
    from almoner.office.runs.calendar import calendar_periods

    return {one.from_date: (one.cut_off_at.astimezone(UTC), one.pay_date) for one in calendar_periods("payments", "weekly")}


def extended(at):
    from almoner.office.changes.calendars import rules_in_force
    from almoner.office.runs.calendar import DEFAULT_RULES
    from almoner.office.runs.operations import extend_calendar

    return extend_calendar(by="cron", at=at, rules=rules_in_force(DEFAULT_RULES, at))


def test_a_cycle_is_cut_off_and_paid_on_other_days_from_a_period_on(signed_in, second):
    extended(NOW)
    before = planned()
    administrator = signed_in("system_administrator")
    said = text_of(asked(administrator, CYCLE))
    assert "No amount changes." in said and "Period from 15 June 2026 to 21 June 2026" in said
    assert "paid on 30 June 2026" in said and "paid on 29 June 2026" in said
    administrator.post(CYCLE, {**WHY, "act": "send"})
    assert planned() == before, "nothing moves before the second person"
    assert authorised(second).status_code == 302
    after = planned()
    first = date(2026, 6, 15)
    assert after[first] == (datetime(2026, 6, 22, 11, tzinfo=UTC), date(2026, 6, 29)), "midday in summer"
    assert {day: days for day, days in after.items() if day < first} == {day: days for day, days in before.items() if day < first}
    last = max(after)
    assert extended(NOW + timedelta(days=28)) and max(planned()) > last
    assert all(paid == start + timedelta(days=14) for start, (_, paid) in planned().items() if start > last), "later periods follow too"
    assert "midday on Monday 22 June 2026" in text_of(signed_in("provider_user").get("/portal/calendar")) or "22 June 2026" in text_of(
        signed_in("provider_user").get("/portal/calendar")
    )
    assert "From 15 June 2026" in text_of(signed_in("auditor").get("/console/settings?tab=calendars"))


@pytest.mark.parametrize(("was", "now", "said"), [
    ("on_day=15", "on_day=16", "No weekly period that is still open begins on 16 June 2026."),
    ("on_day=15&on_month=6", "on_day=25&on_month=5", "begins on 25 May 2026."),
    ("cut_off_days=1&cut_off_time=12:00&pay_days=8", "cut_off_days=2&cut_off_time=18:00&pay_days=9", "then already"),
])  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused_with_what_can(signed_in, was, now, said):
    extended(NOW)
    page = asked(signed_in("system_administrator"), CYCLE.replace(was, now))
    assert page.status_code == 409 and said in text_of(page), text_of(page)[:600]
    assert "Enter more days than until the cut-off" in text_of(
        signed_in("system_administrator").get(CYCLE.replace("pay_days=8", "pay_days=1"))
    )
