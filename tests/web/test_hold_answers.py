"""What a provider says about a hold reaches those who decide it: on the hold's page, in the list, and on Today of who asked."""

from __future__ import annotations

import pytest
from tests.web.paying import run_through, text_of
from tests.web.vale import DAY, NOW

ASKED, SAID = "Which social worker agreed it?", "Extra calls after a fall, agreed with J. Moss."


@pytest.fixture
def held(pages, monkeypatch):
    """The hold over tolerance, found by a run that was sealed; it is the day after."""
    from almoner.office.runs.holds import open_holds

    run_through()
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + DAY).isoformat())
    return next(one.hold for one in open_holds() if one.code == "TOL")


def ask(hold, pages):
    from almoner.office.runs.operations import ask_provider

    ask_provider(hold=hold, note=ASKED, by=pages["payments_officer"], at=NOW)


def state_of(hold):
    from almoner.office.runs.holds import open_holds

    return next(one for one in open_holds() if one.hold == hold)


def test_an_answer_reaches_who_asked_and_opens_the_hold_again(held, signed_in, pages):
    from almoner.office.journal.queries import entries

    ask(held, pages)
    provider, officer = signed_in("provider_user"), signed_in("payments_officer")
    assert "Waiting for provider" in text_of(officer.get(f"/console/holds/{held}"))
    page = text_of(provider.get(f"/portal/holds/{held}"))
    assert f"The payments team asked you on 8 June 2026 at 10:14am: ‘{ASKED}’. Answer below" in page and "Send your answer" in page
    assert pages["payments_officer"] not in page, "a provider reads the team, not who of it"
    for _ in range(2):
        sent = provider.post(f"/portal/holds/{held}", {"text": SAID}, follow=True)
    told = text_of(sent)
    assert told.count(SAID) == 1 and "You answered on 9 June 2026 at 10:14am. Next: payments team." in told
    found = state_of(held)
    assert (found.state, found.by, found.note, found.asked_by) == ("open", pages["provider_user"], SAID, pages["payments_officer"])
    seen = text_of(officer.get(f"/console/holds/{held}"))
    assert "Asked and answered" in seen and ASKED in seen and SAID in seen and "Waiting for provider" not in seen
    assert SAID[:50] in text_of(officer.get("/console/holds?comment=on"))
    assert "Hold, answered" in text_of(officer.get("/console"))
    assert "Hold, answered" not in text_of(signed_in("payments_approver").get("/console"))
    (line,) = entries(act="answer_hold")
    assert line.subject == held and SAID not in str(line.summary)


def test_a_comment_is_kept_without_having_been_asked_for(held, signed_in):
    provider = signed_in("provider_user")
    page = text_of(provider.get(f"/portal/holds/{held}"))
    assert "Add a comment or reason" in page and "Send to the payments team" in page
    provider.post(f"/portal/holds/{held}", {"text": SAID})
    assert state_of(held).state == "open" and state_of(held).said == SAID
    assert SAID in text_of(signed_in("payments_officer").get(f"/console/holds/{held}"))


def test_wrong_words_are_told_and_kept_as_typed(held, signed_in):
    provider = signed_in("provider_user")
    assert "Enter your answer" in text_of(provider.post(f"/portal/holds/{held}", {"text": " "}))
    long = "x" * 2_001
    answered = provider.post(f"/portal/holds/{held}", {"text": long})
    assert answered.status_code == 400 and "Use 2,000 characters or fewer" in text_of(answered) and long in answered.content.decode()
    assert "<title>Error: Held" in answered.content.decode().replace("\n", "")
    assert state_of(held).said == ""


def test_a_hold_of_others_cannot_be_answered(held, signed_in):
    for role in ("other_provider", "limited"):
        assert signed_in(role).post(f"/portal/holds/{held}", {"text": SAID}).status_code == 404
    assert state_of(held).said == ""


def test_a_query_about_the_hold_is_an_answer_too(held, signed_in, pages):
    ask(held, pages)
    told = {"hold_id": held, "person_id": "4000217737", "kind": "held_payment", "text": SAID}
    signed_in("provider_user").post("/portal/queries/new", told)
    found = state_of(held)
    assert (found.state, found.said) == ("open", f"Q-000001: {SAID}")


def test_a_decision_stands_whatever_is_said_after_it(held, signed_in, pages):
    from almoner.office.runs.operations import uphold_hold

    ask(held, pages)
    uphold_hold(hold=held, reason="Not agreed with anybody", by="priya", at=NOW + DAY)
    signed_in("provider_user").post(f"/portal/holds/{held}", {"text": SAID})
    assert state_of(held).state == "upheld" and state_of(held).said == SAID


def test_who_decides_on_a_page_from_before_the_answer_is_told_so(held, pages):
    from almoner.office.runs.operations import Decider, Shown, answer_hold, decide_holds

    ask(held, pages)
    before = state_of(held)
    answer_hold(hold=held, text=SAID, by="jo@provider.example", at=NOW + DAY)
    shown = {held: Shown(before.amount_pence, before.state)}
    decided = decide_holds(holds=shown, decision="release", reason="Agreed.", decider=Decider("priya"), by="priya", at=NOW + DAY)
    ((_, because),) = decided.refused
    assert "it is answered by jo@provider.example" in because.message


def test_nothing_is_kept_of_words_that_say_nothing(held):
    from almoner.office.runs.operations import answer_hold
    from almoner.office.runs.refusals import ReasonMissing

    for words in ("", "  \n", "x" * 2_001):
        with pytest.raises(ReasonMissing):
            answer_hold(hold=held, text=words, by="jo@provider.example", at=NOW)
    assert state_of(held).said == ""
