"""A visit of two carers at which one was missing, and an extra visit: each says what came and what is paid."""

from __future__ import annotations

from datetime import date, time

from tests.office.runs.little import record
from tests.web.test_actuals import BEN, press, week_of, words
from tests.web.vale import DAY, NOW, WEEK

LINE = "LN-204502"


def at_seven(name: str) -> str:
    return f"{LINE}.20260601.1900.{name}"


def two_come(on: date = WEEK) -> None:
    visit = {"line_id": LINE, "weekday": "monday", "start_time": time(19), "minutes": 15, "carers": 2, "valid_from": date(2026, 4, 6)}
    record("schedule", visit, at=NOW - DAY)


def answers():
    from almoner.office.actuals.queries import drafts_of

    return {(one.answer.date.day, one.answer.start_time.hour): one.answer for one in drafts_of([LINE])}


def test_how_many_of_two_carers_came_is_said_at_the_visit_and_pays_so_many(signed_in):
    two_come()
    client = signed_in("provider_user")
    page = week_of(client, BEN).content.decode()
    assert page.count("Carers who came") == 1, "only the visit of two asks"
    press(client, BEN, planned=f"{LINE}|")
    assert answers()[1, 19].carers == 2
    # Seven times 30 minutes, and 15 of two carers: 240 minutes at £24.60 an hour are £98.40; with one carer there £6.15 less.
    assert "Will pay £98.40" in words(week_of(client, BEN))
    alone = {at_seven("outcome"): "delivered", at_seven("minutes"): "15", at_seven("carers"): "1"}
    told = words(press(client, BEN, check="yes", **alone))
    assert "Enter why 1 of 2 carers came on 1 June 2026, 7pm, and who did not" in told
    press(client, BEN, save="yes", **alone, **{at_seven("comment"): "Second carer ill"})
    assert (answers()[1, 19].carers, answers()[1, 19].delivered_minutes) == (1, 15)
    told = words(week_of(client, BEN))
    assert "Will pay £92.25" in told and "1 of 2 carers" in told and "1 carer fewer than planned" in told


def test_no_carer_is_no_visit(signed_in):
    two_come()
    client = signed_in("provider_user")
    told = words(press(client, BEN, save="yes", **{at_seven("outcome"): "delivered", at_seven("minutes"): "30", at_seven("carers"): "0"}))
    assert "Enter how many carers came, like 1; if nobody did, mark the visit missed" in told and (1, 19) not in answers()


def test_the_day_of_a_telephone_asks_too(signed_in):
    two_come()
    page = signed_in("provider_user").get(f"/portal/actuals/{WEEK}/{BEN}/2026-06-01").content.decode()
    assert 'name="LN-204502.20260601.1900.carers"' in page and "planned 15 minutes, 2 carers" in words(week_of_day(page))


def week_of_day(page: str):
    class Page:
        content = page.encode()

    return Page()


def test_an_extra_visit_says_what_is_paid_of_it(signed_in):
    client = signed_in("provider_user")
    name = f"{LINE}.extra"
    extra = {f"{name}.day": "2026-06-01", f"{name}.start": "14:00", f"{name}.minutes": "37", f"{name}.comment": "After a fall"}
    press(client, BEN, save="yes", **extra)
    # The contract rounds to 15 minutes: 37 are 30.
    told = words(week_of(client, BEN))
    assert "pays 30" in told and "37 more" in told and "30 minutes" in told
