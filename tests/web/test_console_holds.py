"""Holds on the console: found, seen with their effect, decided one or many; over a limit, stale, pressed twice, not releasable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.office.runs.little import record
from tests.web.vale import DAY, NOW, WEEK, delivered

HELD = "£209.10"
REASON = {"listed": "Agreed with the social worker", "note": ""}


@pytest.fixture
def held(pages):
    """A draft has found LN-204710's week of 1 June over tolerance, and a visit for a line nobody knows; returns the ids by code."""
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run

    unknown = {"line_id": "LN-999999", "date": WEEK, "delivered_minutes": 30, "planned_minutes": 30}
    record("actuals", unknown, at=NOW - DAY)
    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))
    return {hold.code: hold.hold for hold in open_holds()}


def state_of(hold):
    from almoner.office.runs.holds import open_holds

    return next(found.state for found in open_holds() if found.hold == hold)


def shown(hold, amount=20910, state="open"):
    return f"{hold}:{amount}:{state}"


def text(answer):
    return answer.content.decode()


def test_the_list_tells_planned_against_claimed_and_the_providers_words(held, signed_in):
    page = text(signed_in("payments_officer").get("/console/holds"))
    assert HELD in page and "£172.20" in page and "21.4% more" in page and "extra calls after a fall" in page
    assert f'value="{held["TOL"]}"' in page and f'value="{held["UNP"]}"' not in page, "what cannot be released has no tick-box"
    narrowed = text(signed_in("payments_officer").get("/console/holds?amount=300"))
    assert HELD not in narrowed and "£300.00 or more" in narrowed
    csv = signed_in("auditor").get("/console/holds?code=TOL&download=csv").content.decode("utf-8-sig").splitlines()
    assert len(csv) == 2 and "209.10" in csv[1]


def test_the_effect_is_what_the_next_run_then_posts(held, signed_in):
    from almoner.office.runs.hold_rows import hold_rows
    from almoner.office.runs.hold_story import hold_story
    from almoner.office.runs.operations import draft_run
    from almoner.office.runs.queries import draft_table

    story = hold_story(hold_rows(NOW, [held["TOL"]])[0]["found"], NOW)
    told = {effect.book: (effect.now_pence, effect.released_pence) for effect in story.effects}
    assert told["payments"] == (0, 20910)
    page = text(signed_in("payments_officer").get(f"/console/holds/{held['TOL']}"))
    assert "Release all £209.10" in page and "extra calls after a fall" in page and "Last 8 weeks" in page
    signed_in("payments_officer").post(f"/console/holds/{held['TOL']}", {"what": "release", "hold": shown(held["TOL"]), **REASON})
    for book in ("payments", "claims", "charges"):
        run = draft_run(book=book, through=WEEK + timedelta(days=6), by="ann", at=NOW + timedelta(hours=1)).run
        posted = [
            row["amount_pence"]
            for row in draft_table(run, "result", "receipts").to_pylist()
            if (row["person_id"], row["week"]) == ("4000217737", WEEK)
        ]
        assert sum(posted) == told[book][1]


def test_a_hold_is_told_to_staff_as_to_those_who_were_not_there(held, signed_in):
    page = text(signed_in("payments_officer").get(f"/console/holds/{held['TOL']}"))
    assert "the provider told us that" in page and " you told us" not in page and "Your contract" not in page


def test_after_a_decision_the_next_hold_of_the_list_is_one_press_away(pages, signed_in):
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.operations import draft_run

    more = {"line_id": "LN-204417", "date": WEEK, "outcome": "extra", "delivered_minutes": 600}
    record("actuals", *delivered("LN-204417", WEEK, (8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30)), more, at=NOW - DAY / 2)
    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1))
    large, small = [hold for hold in open_holds() if hold.code == "TOL"]
    officer, address = signed_in("payments_officer"), f"/console/holds/{small.hold}"
    assert "Next hold to decide" not in text(officer.get(address))
    told = {"what": "release", "hold": shown(small.hold, small.amount_pence), **REASON}
    page = text(officer.post(address, told, follow=True))
    assert "Next hold to decide: " in page and f"/console/holds/{large.hold}" in page
    officer.get("/console/holds?amount=100000")
    assert "Next hold to decide" not in text(officer.get(address)), "the list as it was left has no other"


def test_a_release_pressed_twice_is_one_release(held, signed_in):
    from almoner.office.journal.queries import entries
    from almoner.office.records.queries import table_known

    client, hold = signed_in("payments_officer"), held["TOL"]
    for _ in range(2):
        answer = client.post(f"/console/holds/{hold}", {"what": "release", "hold": shown(hold), **REASON}, follow=True)
        assert answer.status_code == 200 and "1 released, £209.10." in text(answer)
    assert table_known("releases").num_rows == 1
    assert [entry.by for entry in entries(act="release_hold")] == ["payments_officer@test.example"]
    assert state_of(hold) == "released"


def test_a_hold_decided_by_somebody_else_meanwhile_is_left_as_it_is(held, signed_in):
    hold = held["TOL"]
    told = {"what": "uphold", "hold": shown(hold), **REASON}
    signed_in("payments_approver").post(f"/console/holds/{hold}", told)
    answer = signed_in("payments_officer").post(f"/console/holds/{hold}", {**told, "what": "release"})
    assert answer.status_code == 409 and "changed while you were looking" in text(answer) and "HOLD-CHANGED" in text(answer)
    assert "Upheld by payments_approver@test.example" in text(answer), "the page shows how it stands now"
    assert state_of(hold) == "upheld"


def test_other_figures_than_the_page_showed_are_not_decided(held, signed_in):
    answer = signed_in("payments_officer").post(
        f"/console/holds/{held['TOL']}", {"what": "release", "hold": shown(held["TOL"], amount=17220), **REASON}
    )
    assert answer.status_code == 409 and state_of(held["TOL"]) == "open"
    assert 'value="release" checked' in text(answer), "what was chosen is kept"


def test_above_the_officers_limit_it_goes_to_an_approver_who_releases_it(held, signed_in, pages):
    from almoner.office.accounts.operations import change_access
    from almoner.office.accounts.queries import accesses_of
    from almoner.office.accounts.roles import Role

    access = next(one for one in accesses_of("", side="council") if one.email == pages["payments_officer"])
    change_access(access_id=access.access_id, role=Role.PAYMENTS_OFFICER, places=(), by="tests", at=NOW - DAY, limit_pence=20_000)
    officer, manager, hold = signed_in("payments_officer"), signed_in("team_manager"), held["TOL"]
    early = manager.post(f"/console/holds/{hold}", {"what": "release", "hold": shown(hold), **REASON})
    assert early.status_code == 409 and "HOLD-ROLE" in text(early), "a team manager decides what was handed to them"
    refused = officer.post(f"/console/holds/{hold}", {"what": "release", "hold": shown(hold), **REASON})
    assert refused.status_code == 409 and "above your limit of £200.00" in text(refused)
    assert state_of(hold) == "approver"
    assert "With approver" in text(manager.get(f"/console/holds/{hold}"))
    manager.post(f"/console/holds/{hold}", {"what": "release", "hold": shown(hold, state="approver"), **REASON})
    assert state_of(hold) == "released"


def test_many_are_decided_together_and_what_cannot_be_is_left_out_with_why(held, signed_in):
    client = signed_in("payments_officer")
    chosen = client.post("/console/holds", {"act": "decide", "hold": list(held.values())})
    page = text(client.get(chosen.headers["Location"]))
    assert "Check before you decide 1 hold, £209.10" in page and "only mended" in page
    wrong = client.post("/console/holds/decide", {"what": "uphold", "hold": shown(held["TOL"]), "listed": "", "note": " "})
    assert wrong.status_code == 400 and "Choose a reason, or write a note" in text(wrong) and "£209.10" in text(wrong)
    both = [shown(held["TOL"]), shown(held["UNP"], amount=0)]
    done = client.post("/console/holds/decide", {"what": "release", "hold": both, **REASON}, follow=True)
    assert "1 released, £209.10." in text(done) and f"{held['UNP']} was not released" in text(done)


def test_the_provider_is_asked_and_a_hold_taken_on(held, signed_in):
    client, hold = signed_in("payments_officer"), held["TOL"]
    wordless = client.post(f"/console/holds/{hold}", {"what": "ask", "hold": shown(hold), "listed": "", "note": ""})
    assert wordless.status_code == 400 and "Write what you want to know" in text(wordless)
    asking = {"what": "ask", "hold": shown(hold), "listed": "", "note": "Who asked for them?"}
    assert "waits for their answer" in text(client.post(f"/console/holds/{hold}", asking, follow=True))
    assert state_of(hold) == "provider"
    client.post("/console/holds", {"act": "take", "hold": [hold]})
    assert "payments_officer@test.example" in text(client.get("/console/holds?mine=on"))


def test_what_can_only_be_mended_says_how_and_the_provider_can_be_asked(held, signed_in):
    client, hold = signed_in("payments_officer"), held["UNP"]
    page = text(client.get(f"/console/holds/{hold}"))
    assert "It cannot be released, only mended" in page and "Release all" not in page
    client.post(f"/console/holds/{hold}", {"what": "ask", "hold": shown(hold, 0), "listed": "", "note": "Which line is it?"})
    assert state_of(hold) == "provider"


def test_an_upheld_week_is_open_again_once_the_provider_submits_it_afresh(held, signed_in):
    from almoner.office.runs.operations import draft_run

    client, hold = signed_in("payments_officer"), held["TOL"]
    client.post(f"/console/holds/{hold}", {"what": "uphold", "hold": shown(hold), **REASON})
    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW + timedelta(hours=1))
    assert state_of(hold) == "upheld", "nothing has changed"
    more = {"line_id": "LN-204710", "date": WEEK, "outcome": "extra", "delivered_minutes": 90, "comment": "again"}
    record("actuals", more, at=NOW + timedelta(hours=2))
    draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW + timedelta(hours=3))
    assert state_of(hold) == "open"


def test_those_who_only_look_have_no_buttons_and_are_refused(held, signed_in):
    for role in ("auditor", "finance", "brokerage"):
        client = signed_in(role)
        assert "Record the decision" not in text(client.get(f"/console/holds/{held['TOL']}"))
        assert client.post(f"/console/holds/{held['TOL']}", {"what": "release"}).status_code == 403
    assert signed_in("system_administrator").get("/console/holds").status_code == 404
    assert signed_in("provider_user").get("/console/holds").status_code == 404
    assert signed_in("auditor").get("/console/holds/H-0000000000").status_code == 404


def test_a_morning_of_holds_without_scripts(held, browse):
    page = browse("payments_officer", scripts=False, width=360)
    page.goto("/console/holds")
    page.check(f"input[value='{held['TOL']}']", force=True)
    page.click("text=Decide chosen holds")
    page.check("input[value=release]", force=True)
    page.select_option("#listed", "Evidence seen")
    page.click("text=Record the decision")
    assert "1 released, £209.10." in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_week_told_of_again_after_the_figures_is_not_released_on_them(held, signed_in):
    """£209.10 stood on the page; since the draft the provider has told of more: releasing now would pay what nobody looked at."""
    from datetime import datetime, time

    more = {"outcome": "extra", "delivered_minutes": 600, "submitted_at": datetime(2026, 6, 8, 9, 0)}
    record("actuals", {"line_id": "LN-204710", "date": WEEK + 2 * DAY, "start_time": time(15), **more}, at=NOW - timedelta(minutes=5))
    officer = signed_in("payments_officer")
    answer = officer.post(f"/console/holds/{held['TOL']}", {**REASON, "what": "release", "hold": shown(held["TOL"])})
    assert answer.status_code == 409 and "after these figures were worked out" in text(answer)
    assert state_of(held["TOL"]) == "open"
