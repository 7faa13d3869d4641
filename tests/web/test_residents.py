"""Care homes confirm their residents once a month: what they tell becomes queries, and nothing else changes."""

from __future__ import annotations

from datetime import date

import pytest
from tests.office.runs.little import record
from tests.web.paying import text_of
from tests.web.vale import NOW, SAGEGREEN, T0

HOME = ("LN-500001", "LN-500002", "LN-500003")
PEOPLE = ("4000300001", "4000300002", "4000300003")


@pytest.fixture
def home(pages):
    """Three people live in Sagegreen's home since April; the third died in May, which is known."""
    found_home()


def found_home():
    """Record the home and its people."""
    record("sites", {"site_id": "S-HOME", "provider_id": SAGEGREEN, "name": "The Elms"}, at=T0)
    contract = {"contract_id": "RES", "provider_id": SAGEGREEN, "site_id": "S-HOME", "service_type": "residential"}
    record("contracts", {**contract, "basis": "placement", "cycle": "weekly"}, at=T0)
    record("rates", {"contract_id": "RES", "element": "care", "unit": "week", "rate": 7250000, "valid_from": date(2026, 4, 6)}, at=T0)
    people = [
        {"person_id": one, "family_name": name, "given_names": "Ann"} for one, name in zip(PEOPLE, ("Ash", "Birch", "Cedar"), strict=True)
    ]
    people[2]["date_of_death"] = date(2026, 5, 20)
    record("people", *people, at=T0)
    signed = {"contract_id": "RES", "element": "care", "start_date": date(2026, 4, 6), "authorised_on": date(2026, 4, 1)}
    record("lines", *({"line_id": line, "person_id": person, **signed} for line, person in zip(HOME, PEOPLE, strict=True)), at=T0)


def asked(client):
    return client.get("/portal/residents")


def queries():
    from almoner.office.enquiries.queries import all_queries

    return {(one.kind, one.person_id, one.line_id, one.from_date, one.until_date) for one in all_queries(NOW)}


def acts():
    from almoner.office.journal.queries import entries

    return [line.act for line in entries() if line.act != "refuse"]


def test_home_asks_who_is_still_there_and_looking_tells_nothing(home, signed_in):
    client = signed_in("provider_user")
    assert "Confirm 2 residents" in text_of(client.get("/portal"))
    before = acts()
    page = text_of(asked(client))
    assert "May 2026" in page and "Ann Ash" in page and "The Elms" in page and "Cedar" not in page and acts() == before
    assert "Confirm" not in text_of(signed_in("other_provider").get("/portal"))
    assert "Nobody lived in a home of yours" in text_of(asked(signed_in("other_provider")))


def test_what_is_told_becomes_queries_once_and_no_fact(home, signed_in):
    from almoner.office.records.queries import table_known

    client = signed_in("provider_user")
    told = {"LN-500001.said": "hospital", "LN-500001.from": "27 5 2026", "LN-500001.until": "", "everyone": "here"}
    answers = [client.post("/portal/residents", told) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert queries() == {("absence", PEOPLE[0], HOME[0], date(2026, 5, 27), None)} and acts().count("confirm_residents") == 1
    assert "All 2 residents of May 2026 are confirmed" in text_of(asked(client))
    assert "Confirm 2" not in text_of(client.get("/portal"))
    assert table_known("absences", NOW, people=[PEOPLE[0]]).num_rows == 0


def test_who_left_or_died_is_told_with_its_day_and_the_rest_stays_on_the_list(home, signed_in):
    client = signed_in("provider_user")
    client.post("/portal/residents", {"LN-500001.said": "died", "LN-500001.from": "2026-05-30"})
    assert queries() == {("death", PEOPLE[0], HOME[0], date(2026, 5, 30), None)}
    assert "Confirm 1 resident" in text_of(client.get("/portal")) and "Already confirmed" in text_of(asked(client))
    client.post("/portal/residents", {"LN-500002.said": "left", "LN-500002.from": "31/05/2026"})
    assert ("dates", PEOPLE[1], HOME[1], date(2026, 5, 31), None) in queries()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"LN-500001.said": "died", "LN-500001.from": "soon"}, "Ann Ash: enter the day, like 27 5 2026"),
        ({"LN-500001.said": "left", "LN-500001.from": "1 7 2026"}, "Ann Ash: enter a day from their first day with you to today"),
        (
            {"LN-500001.said": "hospital", "LN-500001.from": "20 5 2026", "LN-500001.until": "19 5 2026"},
            "Ann Ash: the last day in hospital is before the first",
        ),
        ({}, "Say of one or more residents how they are"),
    ],
)
def test_what_is_wrong_is_said_and_kept_as_typed(home, signed_in, typed, said):
    answer = signed_in("provider_user").post("/portal/residents", typed)
    assert answer.status_code == 422 and said in text_of(answer) and not queries()
    assert all(f'value="{value}"' in answer.content.decode() for value in typed.values())


def test_another_organisation_tells_nothing_of_them(home, signed_in):
    other = signed_in("other_provider")
    answer = other.post("/portal/residents", {"LN-500001.said": "died", "LN-500001.from": "27 5 2026"})
    assert answer.status_code == 422 and not queries()
    limited = signed_in("limited")
    assert limited.post("/portal/residents", {"LN-500001.said": "here"}).status_code == 422


def test_a_month_that_is_not_asked_about_is_refused(home, pages):
    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.enquiries.refusals import NotAResident
    from almoner.office.enquiries.residents.operations import Said, confirm_residents

    reader = readers_for(User.objects.get(email=pages["provider_user"]).pk)[0]
    for month, line in ((date(2026, 4, 1), HOME[0]), (date(2026, 5, 1), "LN-300001")):
        with pytest.raises(NotAResident):
            confirm_residents(month=month, said=[Said(line, "here")], reader=reader, at=NOW)
