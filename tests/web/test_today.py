"""Today: what waits as each role may see it, as figures and as pictures."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.web.vale import NOW, WEEK


def text(answer):
    return answer.content.decode()


@pytest.fixture
def drafted(pages):
    from almoner.office.runs.operations import draft_run

    return draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))


def test_an_officer_sees_what_waits_with_its_pounds(drafted, signed_in):
    from almoner.core.money import pounds
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.not_submitted import awaited_weeks, by_provider

    page = text(signed_in("payments_officer").get("/console"))
    assert "Today, Monday 8 June 2026" in page
    for card in ("Holds", "Weeks not submitted", "Queries due", "Bank details to check", "Changes to authorise", "Runs in progress"):
        assert f"<h2>{card}</h2>" in page
    assert pounds(sum(hold.amount_pence for hold in open_holds())) in page
    assert pounds(sum(row["worth"] for row in by_provider(awaited_weeks(NOW)))) in page
    assert pounds(drafted.receipts_pence) in page
    assert page.count('class="govuk-button govuk-!-margin-bottom-0" role="button"') == 1, "one primary action a page"


def test_the_picture_says_what_the_table_says(drafted, signed_in):
    page = text(signed_in("payments_officer").get("/console"))
    picture = page[page.index('<svg class="almoner-bars"') :]
    picture = picture[: picture.index("</svg>")]
    assert 'role="img" aria-label="Nothing has been held for more than 14 days"' in picture
    assert picture.count("<rect") == 4 and "0 to 7 days" in picture and "style=" not in picture
    (amount,) = {part.split("<")[0] for part in picture.split(">") if part.startswith("£") and not part.startswith("£0.00")}
    assert page.count(amount) >= 2, "the picture's pounds stand in the table too"


def test_too_few_bars_are_not_drawn():
    from almoner.office.furniture.bars import Bar, bars

    assert bars("Two", [Bar("a", 1, "£0.01"), Bar("b", 2, "£0.02")]) is None
    drawn = bars("<Three>", [Bar("<b>", 1, "1"), Bar("none", 0, "0"), Bar("c", 4, "4")])
    assert "&lt;b&gt;" in drawn and "<b>" not in drawn and 'aria-label="&lt;Three&gt;"' in drawn
    assert 'width="360"' in drawn and 'width="90"' in drawn and 'width="0"' in drawn, "bars are as long as what they stand for"
    signed = bars("Signed", [Bar("a", 4, "4"), Bar("b", -2, "−2"), Bar("c", 0, "0")])
    assert 'x="180" y="22" width="180"' in signed and 'x="90" y="68" width="90"' in signed, "below zero goes to the left of the middle"


def test_each_role_sees_its_own_cards(drafted, signed_in):
    seen = {role: text(signed_in(role).get("/console")) for role in ("brokerage", "finance", "system_administrator")}
    assert "<h2>Runs in progress</h2>" not in seen["brokerage"] and "<h2>Weeks not submitted</h2>" in seen["brokerage"]
    assert "<h2>Weeks not submitted</h2>" not in seen["finance"] and "<h2>Runs in progress</h2>" in seen["finance"]
    assert re.findall("<h2>(.*?)</h2>", seen["system_administrator"]) == ["Settings to authorise"]


def test_what_somebody_took_on_stands_under_their_name(drafted, signed_in, pages):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import take_holds

    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    take_holds(holds=[hold.hold], by=pages["payments_officer"], at=NOW)
    assert "Assigned to you" in text(signed_in("payments_officer").get("/console"))
    assert "Assigned to you" not in text(signed_in("payments_approver").get("/console"))


def test_the_page_fits_a_telephone(drafted, browse):
    page = browse("payments_officer", width=320)
    page.goto("/console")
    assert page.locator("h1").inner_text() == "Today, Monday 8 June 2026"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_takes_few_queries_until_something_happens(drafted, signed_in, pages):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import release_hold

    client = signed_in("payments_officer")
    assert "£209.10" in text(client.get("/console"))
    with CaptureQueriesContext(connection) as asked:
        assert "£209.10" in text(client.get("/console"))
    assert len(asked) <= 15
    hold = next(hold for hold in open_holds() if hold.code == "TOL")
    release_hold(hold=hold.hold, reason="agreed", by="ann", at=NOW)
    assert "£209.10" not in text(client.get("/console")), "what was decided is no longer waiting"


def test_a_card_with_nothing_in_it_says_when_it_was_last_cleared(pages, signed_in):
    from almoner.office.changes.kinds import Change
    from almoner.office.changes.operations import propose_change, send_back_change

    client = signed_in("team_manager")
    assert "Last cleared" not in text(client.get("/console")), "nothing was ever there"
    change = Change(line_id="LN-204417", kind="end", on=(NOW + timedelta(days=20)).date())
    propose_change(change=change, reason="Moves.", by="mia", by_name="Mia", at=NOW - timedelta(days=3))
    assert "Last cleared" not in text(client.get("/console"))
    send_back_change(number=1, text="Not yet.", by="tom", by_name="Tom", at=NOW - timedelta(minutes=4))
    assert "None. Last cleared today, 10:10am." in text(client.get("/console"))


def test_finance_sees_open_disputes_with_their_pounds(pages, signed_in):
    from tests.office.claims.claiming import claimed_weeks
    from tests.web.test_claims import disputed

    first, *_ = claimed_weeks()
    disputed(first)
    page = text(signed_in("finance").get("/console"))
    card = page[page.index("<h2>Disputes</h2>") :][:400]
    assert "£43.05" in card and "Settle disputes" in card
    assert "<h2>Disputes</h2>" not in text(signed_in("payments_officer").get("/console"))
