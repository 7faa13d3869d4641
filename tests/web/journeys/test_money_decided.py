"""In a browser, with the hands of both sides: a hold from its claim to its payment, and a run by two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.paying import run_through
from tests.web.vale import NOW, WEEK

HELD = "£209.10"
"""510 minutes claimed at £24.60 an hour, against £172.20 planned."""


def at(monkeypatch, moment) -> None:
    monkeypatch.setenv("ALMONER_CLOCK", moment.isoformat())


def test_a_hold_from_the_claim_to_the_payment(browse, monkeypatch):
    run_through(upto="issued")
    at(monkeypatch, NOW + timedelta(days=1))
    provider = browse("provider_user")
    provider.goto("/portal/holds")
    provider.click("tbody a >> nth=0")
    assert f"{HELD} is held for the week of 1 June 2026" in provider.inner_text("main")
    provider.get_by_label("Add a comment or reason").fill("She fell on Tuesday.")
    provider.click("button:has-text('Send to the payments team')")
    assert "The payments team has what you wrote." in provider.inner_text("main")
    provider.click("text=Ask for its release")
    provider.fill("#id_text, [name=text]", "Extra calls after a fall, agreed with the social worker.")
    provider.click("button:has-text('Send query')")
    assert "Sent to the payments team as Q-000001" in provider.inner_text("body")
    officer = browse("payments_officer")
    officer.goto("/console/holds")
    officer.click(f"tbody tr:has-text('{HELD}') a >> nth=0")
    said = officer.inner_text("main")
    assert "She fell on Tuesday." in said and "Q-000001: Extra calls after a fall" in said
    officer.check("input[value=release]", force=True)
    officer.select_option("#listed", "Evidence seen")
    officer.click("button:has-text('Release £209.10')")
    at(monkeypatch, NOW + timedelta(days=1, minutes=5))
    provider.goto("/portal/payments")
    provider.click("a:has-text('See what is in it')")
    assert HELD in provider.inner_text("main")
    run = run_through(WEEK + timedelta(days=13), at=datetime(2026, 6, 16, 9, tzinfo=UTC), upto="issued")
    at(monkeypatch, datetime(2026, 6, 24, 9, tzinfo=UTC))
    provider.goto(f"/portal/payments/{run}")
    assert f"{HELD} paid on 23 June 2026" in provider.inner_text("h1")
    provider.click(f"tbody a:has-text('{HELD}')")
    assert "released" in provider.inner_text("main") and "regular payment" in provider.inner_text("main")


def test_a_run_by_two_people(browse):
    officer, approver, finance = (browse(role) for role in ("payments_officer", "payments_approver", "finance"))
    officer.goto("/console/runs/start")
    officer.select_option("[name=book]", "payments") if officer.locator("select[name=book]").count() else officer.check(
        "input[name=book][value=payments]", force=True
    )
    for part, value in (("day", "7"), ("month", "6"), ("year", "2026")):
        officer.fill(f"[name=through_{part}]", value)
    officer.click("button:has-text('Draft this run')")
    arrive(officer, "Against last time")
    run = officer.url.rstrip("/").rpartition("/")[2]
    officer.goto(f"/console/runs/{run}/seal")
    officer.fill("#reason", "the first run, everything is new")
    officer.click(f"button:has-text('Seal {run}')")
    assert f"{run} is sealed" in officer.inner_text("body")
    officer.goto(f"/console/runs/{run}/approve")
    assert officer.locator("button:has-text('Approve £')").count() == 0, "nobody approves what they sealed"
    approver.goto(f"/console/runs/{run}/approve")
    approver.click("button:has-text('Approve £387.45')")
    assert f"{run} is approved" in approver.inner_text("body")
    finance.goto(f"/console/runs/{run}/issue")
    finance.click("main form button.govuk-button")
    arrive(finance, "Issued")
    finance.goto(f"/console/runs/{run}/files")
    assert "manifest.json" in finance.inner_text("main")
    provider = browse("provider_user")
    provider.goto("/portal/payments")
    assert "£387.45" in provider.inner_text("main") and provider.locator("a:has-text('PDF')").count() == 1


def arrive(page, words: str) -> None:
    """Where long work leads, as somebody does who presses “Check again”."""
    for _ in range(100):
        if words in page.inner_text("body"):
            return
        if page.locator("text=Check again").count():
            page.click("text=Check again")
        page.wait_for_timeout(100)
    raise AssertionError(f"never says {words}: {page.inner_text('main')[:400]}")
