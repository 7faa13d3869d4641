"""Runs on the console: a run by two people's hands, from the draft to the returned list; each refusal in its words."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from tests.web.vale import NOW, WEEK

THROUGH = WEEK + timedelta(days=6)
DRAFT = {"book": "payments", "cycle": "", "through_day": "7", "through_month": "6", "through_year": "2026"}


def text(answer):
    return answer.content.decode()


def arrived(client, answer):
    """Follow an answer to where it leads, long work included, as somebody does who presses “Check again”."""
    for _ in range(200):
        if answer.status_code != 302:
            return answer
        address = answer.headers["Location"]
        answer = client.get(address)
        if "/console/work/" in address and answer.status_code == 200:
            time.sleep(0.05)
            answer = client.get(address)
            while answer.status_code == 200 and "We are" in text(answer):
                time.sleep(0.05)
                answer = client.get(address)
    raise AssertionError("never arrives")


@pytest.fixture
def drafted(signed_in):
    """A draft of the payments through 7 June 2026, begun on the page; returns its number."""
    client = signed_in("payments_officer")
    page = arrived(client, client.post("/console/runs/start", DRAFT))
    assert page.status_code == 200 and "Against last time" in text(page)
    return page.request["PATH_INFO"].rpartition("/")[2]


def sealed(run, signed_in):
    return signed_in("payments_officer").post(f"/console/runs/{run}/seal", {"reason": "the first run, everything is new"}, follow=True)


def test_a_run_by_two_people_from_draft_to_returned_list(drafted, signed_in):
    from almoner.office.runs.queries import payments_of, run_shown

    officer, approver, finance = (signed_in(role) for role in ("payments_officer", "payments_approver", "finance"))
    page = text(officer.get(f"/console/runs/{drafted}/seal"))
    assert f"Seal run {drafted}: 1 provider, £" in page and "After this nothing in it can change" in page
    assert f"{drafted} is sealed" in text(sealed(drafted, signed_in))
    assert "You approve £" in text(approver.get(f"/console/runs/{drafted}/approve"))
    assert f"{drafted} is approved" in text(approver.post(f"/console/runs/{drafted}/approve", follow=True))
    issued = arrived(finance, finance.post(f"/console/runs/{drafted}/issue"))
    assert f"{drafted} is issued: its files stand under Files." in text(issued)
    files = text(finance.get(f"/console/runs/{drafted}/files"))
    assert "manifest.json" in files and "ledger.csv" in files
    assert finance.get(f"/console/runs/{drafted}/files/1").headers["Content-Disposition"].startswith("attachment")
    assert "nothing was sent again" in text(finance.get(f"/console/runs/{drafted}/issue"))
    (payment,) = [row for row in payments_of(drafted).to_pylist() if row["amount_pence"] > 0]
    told = f"reference,outcome,reason\n{payment['reference']},bounced,account closed\n"
    preview = text(finance.post(f"/console/runs/{drafted}/settle", {"told": told, "act": "preview"}))
    assert "0 paid, £0.00; 1 returned" in preview and payment["reference"] in preview
    assert run_shown(drafted).state == "issued", "a preview records nothing"
    for _ in range(2):
        done = text(finance.post(f"/console/runs/{drafted}/settle", {"told": told, "act": "settle"}, follow=True))
        assert f"{drafted} is settled" in done
    assert run_shown(drafted).state == "settled"
    journal = text(finance.get(f"/console/runs/{drafted}/journal"))
    assert all(act in journal for act in ("Draft run", "Seal run", "Approve run", "Issue run", "Settle run"))


def test_whoever_sealed_a_run_does_not_approve_it(drafted, signed_in, pages):
    from almoner.office.runs.operations import seal_run

    seal_run(run=drafted, by=pages["payments_approver"], at=NOW, reason="by hand")
    approver = signed_in("payments_approver")
    assert "You sealed this run, so someone else approves it." in text(approver.get(f"/console/runs/{drafted}/approve"))
    refused = approver.post(f"/console/runs/{drafted}/approve")
    assert refused.status_code == 409 and "SAME-PERSON" in text(refused)


def test_a_step_pressed_twice_answers_the_same_and_is_one_step(drafted, signed_in):
    from almoner.office.runs.queries import run_shown

    assert f"{drafted} is sealed" in text(sealed(drafted, signed_in)) and f"{drafted} is sealed" in text(sealed(drafted, signed_in))
    assert [event.event for event in run_shown(drafted).events] == ["sealed"]


def test_the_risk_screen_is_gone_through_or_the_chain_says_why_not(drafted, signed_in):
    from almoner.office.runs.queries import run_shown
    from almoner.office.runs.run_checks import flagged_receipts, risk_screen

    officer = signed_in("payments_officer")
    wordless = officer.post(f"/console/runs/{drafted}/seal", {"reason": " "})
    assert wordless.status_code == 400 and "Say why the run is sealed without looking" in text(wordless)
    screen = {row["rule"]: row for row in risk_screen(flagged_receipts(run_shown(drafted)))}
    assert len(screen) == 8 and screen["first"]["receipts"] == screen["first"]["left"] > 0
    numbers = [row["number"] for row in flagged_receipts(run_shown(drafted), "first")]
    for rule in screen:
        chosen = [str(row["number"]) for row in flagged_receipts(run_shown(drafted), rule)]
        officer.post(f"/console/runs/{drafted}/risk/{rule}", {"receipt": [*chosen, "99999"]})
    screen = {row["rule"]: row for row in risk_screen(flagged_receipts(run_shown(drafted)))}
    assert screen["first"]["looked"] == len(numbers) and not any(row["left"] for row in screen.values())
    assert f"{drafted} is sealed" in text(officer.post(f"/console/runs/{drafted}/seal", follow=True))
    late = officer.post(f"/console/runs/{drafted}/risk/first", {"receipt": ["1"]})
    assert late.status_code == 409


def test_a_line_marked_always_check_is_on_the_screen(drafted, signed_in):
    from almoner.office.runs.queries import run_shown
    from almoner.office.runs.run_checks import flagged_receipts

    officer = signed_in("payments_officer")
    line = flagged_receipts(run_shown(drafted), "first")[0]["line_id"]
    assert officer.post(f"/console/runs/{drafted}/risk", {"line": "LN-0", "reason": "x", "act": "watch"}).status_code == 409
    officer.post(f"/console/runs/{drafted}/risk", {"line": line, "reason": "a complaint", "act": "watch"})
    assert {row["line_id"] for row in flagged_receipts(run_shown(drafted), "watched")} == {line}
    officer.post(f"/console/runs/{drafted}/risk", {"line": line, "reason": "settled", "act": "stop"})
    assert flagged_receipts(run_shown(drafted), "watched") == []


def test_the_comparison_adds_up_to_the_run_and_puts_outliers_first(drafted, signed_in):
    from tests.office.runs.little import record
    from tests.web.vale import delivered

    from almoner.office.runs.queries import receipts_of, run_shown, total_pence
    from almoner.office.runs.run_checks import against_last_time

    sealed(drafted, signed_in)
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), at=NOW + timedelta(minutes=1))
    record("actuals", *delivered("LN-204502", WEEK, (8, 0, 30)), at=NOW + timedelta(minutes=1))
    from almoner.office.runs.operations import draft_run

    second = draft_run(book="payments", through=THROUGH, by="ann", at=NOW + timedelta(hours=1))
    rows = against_last_time(run_shown(second.run))
    assert sum(row["this"] for row in rows) == second.receipts_pence
    assert sum(row["last"] for row in rows) == total_pence(receipts_of(drafted))
    assert [row["is_outlier"] for row in rows] == sorted((row["is_outlier"] for row in rows), reverse=True)
    page = text(signed_in("auditor").get(f"/console/runs/{second.run}"))
    assert "Thornfield Care" in page and "Nothing was paid for it last time." in page


def test_facts_recorded_since_are_told_before_sealing_and_a_draft_can_be_made_again(drafted, signed_in, monkeypatch):
    from tests.office.runs.little import record
    from tests.web.vale import delivered

    from almoner.office.runs.queries import run_shown

    officer = signed_in("payments_officer")
    record("actuals", *delivered("LN-300001", WEEK, (9, 0, 60)), at=NOW)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + timedelta(hours=1)).isoformat())
    assert "Facts changed since this draft" in text(officer.get(f"/console/runs/{drafted}/seal"))
    again = arrived(officer, officer.post(f"/console/runs/{drafted}/discard", {"act": "again"}))
    new = again.request["PATH_INFO"].rpartition("/")[2]
    assert new != drafted and run_shown(drafted) is None and run_shown(new).state == "draft"
    there = officer.post("/console/runs/start", DRAFT)
    assert there.headers["Location"] == f"/console/runs/{new}", "the draft there is, not another"


def test_what_cannot_be_drafted_is_refused_in_words_and_what_was_typed_stays(signed_in):
    officer = signed_in("payments_officer")
    wrong = officer.post("/console/runs/start", {**DRAFT, "through_day": "31", "through_month": "6"})
    assert wrong.status_code == 400 and "Enter a real date" in text(wrong) and 'value="31"' in text(wrong)
    refused = arrived(officer, officer.post("/console/runs/start", {**DRAFT, "book": "charges", "cycle": "weekly"}))
    assert refused.status_code == 409 and "CYCLE" in text(refused)


def test_a_returned_list_that_does_not_fit_records_nothing(drafted, signed_in):
    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run
    from almoner.office.runs.queries import run_shown

    sealed(drafted, signed_in)
    approve_run(run=drafted, by="another", at=NOW)
    issue_run(run=drafted, by="finance", at=NOW, council=Council(), formats=["ledger"])
    finance = signed_in("finance")
    unknown = text(finance.post(f"/console/runs/{drafted}/settle", {"told": "BX-9999-00001", "act": "settle"}))
    assert "pays nothing under BX-9999-00001" in unknown and run_shown(drafted).state == "issued"
    blank = finance.post(f"/console/runs/{drafted}/settle", {"told": "reference,reason\n,closed\n", "act": "preview"})
    assert blank.status_code == 400 and "has no reference" in text(blank)


def test_each_role_has_its_own_step(drafted, signed_in):
    for role, step in (
        ("payments_approver", "seal"),
        ("payments_officer", "approve"),
        ("payments_officer", "issue"),
        ("auditor", "discard"),
    ):
        assert signed_in(role).post(f"/console/runs/{drafted}/{step}").status_code == 403, (role, step)
    assert signed_in("brokerage").get(f"/console/runs/{drafted}").status_code == 404
    assert signed_in("auditor").get("/console/runs/R-9999").status_code == 404
    for tab in ("", "/risk", "/risk/first", "/receipts", "/held", "/debts", "/files", "/journal"):
        assert signed_in("auditor").get(f"/console/runs/{drafted}{tab}").status_code == 200


def test_long_work_is_not_begun_twice_and_tells_how_it_ended(pages):
    from threading import Event

    from almoner.office.runs.operations.long_work import begin_work
    from almoner.office.runs.refusals import ReasonMissing
    from almoner.office.runs.run_register import work_shown

    go = Event()

    def slow(told):
        told("reading", 1, 2)
        assert go.wait(20)
        raise ReasonMissing("No reason.", "Give one.")

    first = begin_work(kind="draft", subject="x", by="ann", at=NOW, work=slow)
    assert begin_work(kind="draft", subject="x", by="ann", at=NOW, work=slow) == first
    go.set()
    for _ in range(400):
        if work_shown(first).state != "working":
            break
        time.sleep(0.05)
    shown = work_shown(first)
    assert (shown.state, shown.code, shown.stage, shown.done) == ("refused", "REASON", "reading", 1)


def test_work_whose_process_ended_may_be_begun_again(pages):
    from datetime import UTC, datetime

    from almoner.office.runs.desk_models import LongWork
    from almoner.office.runs.operations.long_work import begin_work, wait_briefly
    from almoner.office.runs.run_register import work_shown

    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    dead = LongWork.objects.create(kind="draft", subject="y", by="ann", at=long_ago, beat_at=long_ago)
    second = begin_work(kind="draft", subject="y", by="ann", at=NOW, work=lambda _: "R-0001")
    wait_briefly(second)
    assert second != dead.pk and work_shown(dead.pk).code == "STOPPED" and work_shown(second).result == "R-0001"


def test_the_banks_list_comes_as_a_file_or_is_refused_in_words(drafted, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from almoner.office.exchange.council import Council
    from almoner.office.exchange.operations import issue_run
    from almoner.office.runs.operations import approve_run
    from almoner.office.runs.queries import payments_of

    sealed(drafted, signed_in)
    approve_run(run=drafted, by="another", at=NOW)
    issue_run(run=drafted, by="finance", at=NOW, council=Council(), formats=["ledger"])
    finance, (payment,) = signed_in("finance"), payments_of(drafted).to_pylist()

    def preview(content):
        file = SimpleUploadedFile("returned.csv", content)
        return finance.post(f"/console/runs/{drafted}/settle", {"file": file, "act": "preview"})

    told = text(preview(f"\ufeffReference\n{payment['reference']}\n".encode()))
    assert "0 paid, £0.00; 1 returned" in told
    assert "1 paid" in text(preview(f"reference,outcome\n{payment['reference']},paid\n".encode()))
    wrong = preview(b"reference\n\xff\xfe\x00")
    assert wrong.status_code == 400 and "saved as UTF-8" in text(wrong)
    strange = preview(f"reference,outcome\n{payment['reference']},perhaps\n".encode())
    assert strange.status_code == 400 and "neither paid nor bounced" in text(strange)
    long = preview(b"reference\n" + b"x" * 200_000)
    assert long.status_code == 400 and "cannot be read" in text(long)
    big = preview(b"reference\n" + b"x" * 1_000_001)
    assert big.status_code == 400 and "smaller than 1 MB" in text(big)
