"""Why this amount: the sentences, the days and what was paid before; nothing of anybody else, no name of the council's staff."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.web.paying import run_through, text_of
from tests.web.vale import NOW, WEEK, record

DAY = timedelta(days=1)


def receipt_of(run, line):
    from almoner.office.runs.queries import receipts_of

    return next(f"{run}.{row['number']}" for row in receipts_of(run).to_pylist() if row["line_id"] == line)


def test_a_regular_week_is_explained_to_the_sum(signed_in, monkeypatch):
    run = run_through()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY).isoformat())
    page = text_of(signed_in("provider_user").get(f"/portal/receipts/{receipt_of(run, 'LN-204417')}"))
    assert "Why £387.45" in page and "945 minutes" in page and "in force from 6 April 2026" in page
    assert "Monday 25 May 2026 8am Delivered 45 45 45 £24.60 £18.45" in page
    assert f"{receipt_of(run, 'LN-204417')} (this one) 16 June 2026 Regular £387.45 £387.45" in page


def test_an_adjustment_tells_what_was_paid_and_what_changed_without_names(signed_in, monkeypatch):
    first = run_through()
    new = {"contract_id": "HC-EXACT", "element": "care", "unit": "hour", "rate": 252000, "valid_from": date(2026, 4, 6)}
    record("rates", new, at=NOW + DAY, by="priya.shah")
    run = run_through(WEEK + 13 * DAY, NOW + 7 * DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 8 * DAY).isoformat())
    client = signed_in("provider_user")
    page = text_of(client.get(f"/portal/receipts/{receipt_of(run, 'LN-204417')}"))
    assert "Why £9.45" in page and "£396.90 − £387.45 = £9.45" in page and "priya" not in page
    assert "Adjustment £9.45 £396.90 Changed since: a rate (recorded on 9 June 2026)." in page
    assert (
        f'href="/portal/receipts/{receipt_of(first, "LN-204417")}"'
        in client.get(f"/portal/receipts/{receipt_of(run, 'LN-204417')}").content.decode()
    )


def test_a_release_is_the_payments_team_s(signed_in, monkeypatch):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import release_hold

    run_through()
    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    release_hold(hold=hold.hold, reason="Extra calls agreed with the social worker", by="tom.brook", at=NOW + DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 2 * DAY).isoformat())
    client = signed_in("provider_user")
    expected = text_of(client.get(f"/portal/expected/LN-204710/{WEEK.isoformat()}"))
    run = run_through(WEEK + 13 * DAY, NOW + 7 * DAY)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + 8 * DAY).isoformat())
    posted = text_of(client.get(f"/portal/receipts/{receipt_of(run, 'LN-204710')}"))
    for page in (expected, posted):
        assert "Why £209.10" in page and "the payments team released a hold" in page and "tom" not in page
        assert "‘Extra calls agreed with the social worker’" in page
    assert "Expected on Tuesday 23 June 2026; worked out now and not yet sealed." in expected


def test_an_expected_week_is_explained_before_it_is_posted(signed_in):
    told = {"submitted_at": datetime(2026, 6, 8, 8), "outcome": "frustrated", "reason": "no reply"}
    record("actuals", {"line_id": "LN-204417", "date": date(2026, 5, 25), "start_time": time(8), **told}, at=NOW - timedelta(minutes=30))
    page = text_of(signed_in("provider_user").get("/portal/expected/LN-204417/2026-05-25"))
    assert "Why £387.45" in page and "frustrated" in page and "no reply" in page
    assert signed_in("provider_user").get("/portal/expected/LN-204417/never").status_code == 404


def test_receipts_of_others_do_not_exist(signed_in, monkeypatch):
    run = run_through()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY).isoformat())
    ours = receipt_of(run, "LN-204417")
    for role in ("other_provider", "limited"):
        assert signed_in(role).get(f"/portal/receipts/{ours}").status_code == 404
        assert signed_in(role).get("/portal/expected/LN-204710/2026-06-01").status_code == 404
    for wrong in ("R-0001", "R-0001.", "R-0001.x", "R-0001.999999", f"{run}.-1", f"{run}.99999999999999999999"):
        assert signed_in("provider_user").get(f"/portal/receipts/{wrong}").status_code == 404
