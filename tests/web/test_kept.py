"""Pounds that are kept are those that would be worked out now, whatever was recorded, decided or sealed, and whatever the hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, SAGEGREEN, THORNFIELD, WEEK, delivered

ADA, BEN, CORA = (f"40002177{n}" for n in (35, 36, 37))
MINUTE = timedelta(minutes=1)
SAID = {"submitted_at": datetime(2026, 6, 8, 10), "comment": "as it was"}
CHANGES = {
    "actuals": {"line_id": "LN-204417", "date": date(2026, 5, 25), "start_time": time(8), "delivered_minutes": 40, **SAID},
    "rates": {"contract_id": "HC-EXACT", "element": "care", "unit": "hour", "rate": 300000, "valid_from": date(2026, 5, 25)},
    "line_rates": {"line_id": "LN-204417", "rate": 200000, "unit": "hour", "valid_from": date(2026, 5, 25)},
    "people": {"person_id": ADA, "family_name": "Okafor", "given_names": "Ada", "date_of_death": date(2026, 5, 26)},
    "absences": {"person_id": ADA, "kind": "hospital", "first_day": date(2026, 5, 26), "last_day": date(2026, 5, 28)},
    "releases": {
        "decision": "release", "code": "TOL", "person_id": CORA, "reason": "agreed", "by": "ann", "at": datetime(2026, 6, 8, 10),
    },
    "contract_terms": {"contract_id": "HC-EXACT", "valid_from": date(2026, 4, 6), "tolerance_percent": 900_000},
    "line_terms": {"line_id": "LN-204417", "valid_from": date(2026, 4, 6), "authorised_on": date(2026, 7, 1)},
    "contracts": {
        "contract_id": "HC-EXACT", "provider_id": SAGEGREEN, "service_type": "home care", "basis": "actuals", "cycle": "weekly",
        "rounding_minutes": 60, "rounding_mode": "up",
    },
    "schedule": {"line_id": "LN-204417", "weekday": "monday", "start_time": time(8), "minutes": 60, "valid_from": date(2026, 5, 25)},
    "bank_accounts": {
        "party_id": SAGEGREEN, "sort_code": "200000", "account_number": "99345204", "account_name": "new", "valid_from": date(2026, 6, 1),
        "entered_by": "ann",
    },
    "shares": {"line_id": "LN-204417", "share_order": 1, "funder_id": "QXX", "percent": 5000, "valid_from": date(2026, 4, 6)},
    "top_ups": {
        "person_id": ADA, "line_id": "LN-204417", "payer_id": "DAUGHTER", "amount_per_week": 1000, "valid_from": date(2026, 4, 6),
        "collector": "provider",
    },
    "contributions": {"person_id": ADA, "amount_per_week": 9900, "valid_from": date(2026, 4, 6)},
    "funders": {"funder_id": "QXX", "name": "Northshire ICB", "kind": "icb"},
}  # fmt: skip
"""A fact of each kind that may concern Sagegreen. Those of other people's money change no pounds here, and may not be overlooked either."""


def in_order(table):
    return sorted(table.to_pylist(), key=repr)


def told(at=NOW):
    """Every pound that Sagegreen's pages tell of, and what they say of weeks."""
    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.runs.outlook import outlook
    from almoner.office.runs.person_week import person_week
    from almoner.office.runs.provider_weeks import drafts_worth, provider_weeks

    reader = readers_for(User.objects.get(email="provider_user@test.example").pk)[0]
    view, weeks = outlook(SAGEGREEN, at=at), provider_weeks(reader, at)
    drafts = drafts_worth(SAGEGREEN, at)[1]
    people = [person_week(reader, person, WEEK, at) for person in (ADA, CORA)]
    return {
        "expected": [(one.period, in_order(one.receipts), in_order(one.holds), one.carried_in_pence, one.result) for one in view.payments],
        "awaited": view.awaited.to_pylist(),
        "worth": view.worth.to_pylist(),
        "paid": view.paid,
        "packages": [(package.line, package.rate, package.timetable, package.state) for package in view.packages],
        "weeks": [(one.line["line_id"], one.week, one.state, one.codes, one.pays_pence, one.held_pence, one.makes) for one in weeks.weeks],
        "drafts": (drafts.pays_pence, drafts.held_pence),
        "people": [
            (one.worth.pays_pence, one.held_pence, one.codes, (one.plan or {}).get("planned_parts"), one.sealed_pence, one.stays, one.grids)
            for one in people
            if one
        ],
    }


def afresh(at):
    from almoner.office.runs import freshness

    freshness._KEPT.clear()
    return told(at)


def same_weeks(found):
    """The answers without the recorded objects behind them."""
    return {**found, "people": [one[:-1] for one in found["people"]]}


def marks(at, provider=SAGEGREEN):
    from almoner.office.runs.freshness import watched

    watch = watched(provider, at)
    return watch.care, watch.told, watch.sealed, watch.event


def test_a_fact_of_any_kind_ends_what_it_bears_on_and_only_where_it_does(pages):
    at = NOW
    for table, fact in CHANGES.items():
        before, elsewhere = marks(at), marks(at, THORNFIELD)
        at += MINUTE
        record(table, fact, at=at)
        at += MINUTE
        care, said, *runs = marks(at)
        is_told = table in ("actuals", "releases")
        assert (care != before[0], said != before[1], runs == list(before[2:])) == (not is_told, is_told, True), table
        if table != "funders":
            assert marks(at, THORNFIELD) == elsewhere, f"{table} says nothing of Thornfield"
    record("releases", {"decision": "release", "code": "TOL", "reason": "all", "by": "ann", "at": datetime(2026, 6, 8, 10)}, at=at)
    assert marks(at)[1] != said and marks(at, THORNFIELD) != elsewhere, "a decision that names nobody is about everybody"


@pytest.mark.parametrize("table", ["actuals", "people", "releases"])
def test_what_is_kept_is_what_would_be_worked_out_now(pages, table):
    before = told()
    record(table, CHANGES[table], at=NOW + MINUTE)
    after = told(NOW + 2 * MINUTE)
    assert same_weeks(after) == same_weeks(afresh(NOW + 2 * MINUTE))
    assert [after[name] for name in ("expected", "weeks")] != [before[name] for name in ("expected", "weeks")], "this tests nothing"


def test_what_concerns_others_is_not_worked_out_again(pages, monkeypatch):
    from almoner.office.runs import desks

    told()
    reckoned = []
    monkeypatch.setattr(desks, "reckon", lambda *_, **more: reckoned.append(more))
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), at=NOW + MINUTE)
    record("rates", {"contract_id": "TF-HC", "element": "care", "unit": "hour", "rate": 300000, "valid_from": WEEK}, at=NOW + MINUTE)
    record("people", {"person_id": "4000217739", "family_name": "Shaw", "given_names": "Edward"}, at=NOW + MINUTE)
    record("releases", {**CHANGES["releases"], "person_id": "4000217739"}, at=NOW + MINUTE)
    told(NOW + 2 * MINUTE)
    assert reckoned == []


def test_a_carer_seen_elsewhere_at_the_same_time_is_seen_in_kept_pounds(pages):
    here = delivered("LN-204417", WEEK, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30))
    record("actuals", *({**row, "carer_id": "C-7"} for row in here), at=NOW - DAY)
    assert all("DUP" not in codes for _, _, _, codes, *_ in told()["weeks"])
    there = {"line_id": "LN-300001", "date": WEEK, "start_time": time(7, 45), "delivered_minutes": 60, "carer_id": "C-7", **SAID}
    record("actuals", there, at=NOW + MINUTE)
    after = told(NOW + 2 * MINUTE)
    assert "DUP" in {row["code"] for _, _, holds, *_ in after["expected"] for row in holds}
    assert any("DUP" in codes for _, _, _, codes, *_ in after["weeks"])
    assert same_weeks(after) == same_weeks(afresh(NOW + 2 * MINUTE))
    # The other's line ends before that day: nobody was in two places.
    line = {"line_id": "LN-300001", "person_id": "4000217739", "contract_id": "TF-HC", "element": "care", "start_date": date(2026, 4, 6)}
    record("lines", {**line, "end_date": WEEK - DAY, "authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1)}, at=NOW + 3 * MINUTE)
    assert same_weeks(told(NOW + 4 * MINUTE)) == same_weeks(afresh(NOW + 4 * MINUTE))


def test_a_run_the_hour_and_the_day_are_seen(pages):
    from tests.web.paying import run_through

    from almoner.office.runs.operations import approve_run

    friday = told(NOW)
    before_cut_off = datetime(2026, 6, 9, 16, 59, tzinfo=UTC)
    told(before_cut_off)
    after_cut_off = told(before_cut_off + 2 * MINUTE)
    assert same_weeks(after_cut_off) == same_weeks(afresh(before_cut_off + 2 * MINUTE))
    assert {makes for *_, makes in friday["weeks"]} != {makes for *_, makes in after_cut_off["weeks"]}
    next_week = told(NOW + 7 * DAY)
    assert len(next_week["awaited"]) > len(friday["awaited"]) and same_weeks(next_week) == same_weeks(afresh(NOW + 7 * DAY))
    at = NOW + 7 * DAY + MINUTE
    run = run_through(at=at)
    sealed = told(at + MINUTE)
    assert len(sealed["paid"]) == 1 and same_weeks(sealed) == same_weeks(afresh(at + MINUTE))
    approve_run(run=run, by="bob", at=at + MINUTE)
    approved = told(at + 2 * MINUTE)
    assert approved["paid"] != sealed["paid"] and same_weeks(approved) == same_weeks(afresh(at + 2 * MINUTE))


def test_what_is_known_from_later_on_is_not_kept_for_now(pages):
    told()
    record("actuals", CHANGES["actuals"], at=NOW + timedelta(hours=1))
    now = told(NOW + MINUTE)
    later = told(NOW + timedelta(hours=2))
    assert later["expected"] != now["expected"] and later["weeks"] != now["weeks"]
    assert same_weeks(later) == same_weeks(afresh(NOW + timedelta(hours=2)))
    assert same_weeks(told(NOW + MINUTE)) == same_weeks(now), "what was known then is not mixed with what is known since"


def test_a_draft_is_worth_its_pounds_at_once(signed_in):
    client = signed_in("provider_user")
    before = told()
    client.post("/portal/actuals", {"week": f"LN-204417|{WEEK}"})
    drafted = told()
    assert drafted["drafts"][0] > before["drafts"][0] and same_weeks(drafted) == same_weeks(afresh(NOW))
    page = client.get(f"/portal/actuals/{WEEK}/{ADA}").content.decode()
    assert "£387.45" in page


def test_a_week_worked_out_with_everybodys_is_as_the_person_alone(pages, monkeypatch):
    from almoner.office.runs import person_week

    together = told()["people"]
    monkeypatch.setattr(person_week, "TOGETHER", 0)
    assert [one[:-1] for one in afresh(NOW)["people"]] == [one[:-1] for one in together]


PAGES = (
    "/portal", "/portal/actuals", f"/portal/actuals/{WEEK}/{ADA}", f"/portal/actuals/{WEEK}/{CORA}", "/portal/lines",
    "/portal/lines/LN-204417", "/portal/lines/LN-204800/agree", "/portal/payments", "/portal/payments/next/weekly", "/portal/holds",
    "/portal/calendar", "/portal/organisation", "/portal/submissions", "/portal/actuals/files", "/portal/actuals/check", "/portal/queries",
)  # fmt: skip


@pytest.mark.parametrize("role", ["provider_user", "limited"])
def test_every_page_of_a_provider_asks_at_most_fifteen_questions(signed_in, role):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, asked = signed_in(role), {}
    for page in PAGES:
        client.get(page)
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(page)
        if answer.status_code == 200:
            asked[page] = len(questions)
    assert max(asked.values()) <= 15, {page: count for page, count in asked.items() if count > 15}


def test_after_a_submission_the_next_pages_are_worked_out_before_anybody_asks(pages, monkeypatch):
    from almoner.office.accounts.models import User
    from almoner.office.accounts.queries import readers_for
    from almoner.office.runs import ahead, outlook, preview
    from almoner.office.runs.provider_weeks import provider_weeks

    reader = readers_for(User.objects.get(email="provider_user@test.example").pk)[0]
    told()
    assert ahead.look_ahead(reader, NOW, ()) is None, "only a server works ahead"
    record("actuals", CHANGES["actuals"], at=NOW + MINUTE)
    ahead.begin()
    try:
        later = NOW + MINUTE
        ahead.look_ahead(reader, later, ()).result(timeout=60)
    finally:
        ahead.end()

    def nobody(*_, **__):
        raise AssertionError("it was worked out already")

    for room in (outlook, preview):
        monkeypatch.setattr(room, "reckon_at_a_desk", nobody)
    monkeypatch.setattr("almoner.office.runs.expected.reckon_at_a_desk", nobody)
    view = outlook.outlook(SAGEGREEN, at=later)
    assert any(payment.receipts.num_rows for payment in view.payments)
    assert provider_weeks(reader, later).weeks
