"""What a provider's system does over the API: it agrees, uploads, submits, asks; the same operations as the pages, once per key."""

from __future__ import annotations

import base64
import html
import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.web.everything import OTHER, OWN, one_of_everything
from tests.web.test_api import TOKENS, ask, submissions, tokens
from tests.web.vale import DAY, WEEK

assert tokens, "a fixture of the API's own tests"
HEADING = "line_id,date,start_time,delivered_minutes\n"
PLANNED = (("08:00", 45), ("12:30", 30), ("17:00", 30), ("21:00", 30))


def send(whose, path, content=b"", key="a-key-of-its-own"):
    client = Client(headers={"Authorization": f"Bearer {TOKENS[whose]}"})
    return client.post(path, content, content_type="application/octet-stream", headers={"Idempotency-Key": key})


def week_as_file(line="LN-204417"):
    rows = [f"{line},{WEEK + n * DAY},{start},{minutes}\n" for n in range(7) for start, minutes in PLANNED]
    return (HEADING + "".join(rows)).encode()


def written():
    from almoner.office.journal.queries import entries

    return [line.act for line in entries() if line.act not in ("refuse", "keep_answer")]


def test_a_line_is_agreed_by_its_version_and_then_earns(tokens):
    from tests.web.vale import NOW

    from almoner.office.records.queries import table_known

    terms = ask(OWN, "/api/lines/LN-204800/agreement").json()
    assert terms["state"] == "To agree" and any(term["what"] == "Rate" and "£24.60" in term["after"] for term in terms["terms"])
    stale = ask(OWN, "/api/lines/LN-204800/agreement", {"version": terms["version"] + 1, "answer": "agree"})
    assert (stale.status_code, stale.json()["code"]) == (409, "LINE-CHANGED")
    body = {"version": terms["version"], "answer": "agree"}
    first, again = (ask(OWN, "/api/lines/LN-204800/agreement", body, key="agree-once") for _ in range(2))
    assert first.status_code == 200 and first.content == again.content and first.json()["state"] == "Active"
    assert written().count("agree_line") == 1
    assert table_known("lines", NOW + DAY, lines=["LN-204800"]).column("agreed_on").to_pylist() == [NOW.date()]
    for whose in (OTHER, "limited"):
        assert ask(whose, "/api/lines/LN-204800/agreement").status_code == 404
        assert ask(whose, "/api/lines/LN-204800/agreement", body, key=f"not-{whose}").status_code == 404


def test_a_line_is_not_agreed_with_a_reason_and_without_one_refused(tokens):
    version = ask(OWN, "/api/lines/LN-204800/agreement").json()["version"]
    bare = ask(OWN, "/api/lines/LN-204800/agreement", {"version": version, "answer": "reject"}, key="bare-rejection")
    assert (bare.status_code, bare.json()["code"]) == (409, "WHY-NOT")
    said = {"version": version, "answer": "reject", "reason": "rate", "comment": "We agreed £26."}
    assert ask(OWN, "/api/lines/LN-204800/agreement", said, key="with-reason").json()["state"] == "Not agreed"


def test_a_file_is_looked_at_submitted_once_and_its_acknowledgement_kept(tokens):
    content = week_as_file() + b"LN-999999,2026-06-01,08:00,45\n"
    seen = send(OWN, "/api/uploads?name=rota.csv", content).json()
    # 945 minutes at £24.60 an hour are £387.45.
    assert (seen["new"], seen["rejected"], seen["would_pay_pence"], seen["state"]) == (28, 1, 38745, "Checked") and not submissions()
    assert [(row["row"], row["code"]) for row in seen["rows_left_out"]] == [(30, "UNPLANNED")]
    assert send(OWN, "/api/uploads?name=rota.csv", content).json() == seen
    assert send(OWN, "/api/uploads?name=rota.csv", content + b"\n").json()["code"] == "KEY-USED"
    number = seen["upload"]
    assert b"LN-999999" in ask(OWN, f"/api/uploads/{number}/rejected").content
    made, again = (send(OWN, f"/api/uploads/{number}/submit", key="submit-once") for _ in range(2))
    assert made.content == again.content and len(submissions()) == 1
    reference = made.json()["submission"]
    assert ask(OWN, f"/api/submissions/{reference}").json()["weeks"][0]["would_pay_pence"] == 38745
    assert ask(OWN, f"/api/submissions/{reference}/file").content == content
    assert ask(OWN, f"/api/submissions/{reference}/pdf").content.startswith(b"%PDF")
    assert ask(OWN, "/api/uploads").json()["uploads"][0]["submission"] == reference
    known = send(OWN, "/api/uploads?name=other.csv", content, key="the-same-again")
    assert (known.status_code, known.json()["code"]) == (409, "ALREADY-SUBMITTED") and reference in known.json()["message"]
    discarded = send(OWN, f"/api/uploads/{number}/discard", key="too-late-now")
    assert (discarded.status_code, discarded.json()["code"]) == (409, "UPLOAD-ENDED")
    for path in (f"/api/uploads/{number}", f"/api/submissions/{reference}", f"/api/submissions/{reference}/pdf"):
        assert ask(OTHER, path).status_code == 404
        assert ask("limited", path).status_code == 404
    assert send(OTHER, f"/api/uploads/{number}/submit", key="not-theirs-1").status_code == 404


def test_what_a_system_submitted_stands_among_the_submissions_of_the_portal(tokens, signed_in):
    visits = [{"line_id": "LN-204417", "date": "2026-06-01", "start_time": "08:00", "delivered_minutes": 45}]
    reference = ask(OWN, "/api/actuals", {"visits": visits}).json()["submission"]
    client = signed_in("provider_user")
    for path in ("/portal/submissions", f"/portal/submissions/{reference}"):
        assert "Your own system" in client.get(path).content.decode()
    assert client.get(f"/portal/submissions/{reference}/pdf").content.startswith(b"%PDF")
    assert b"LN-204417,2026-06-01" in client.get(f"/portal/submissions/{reference}/file").content


def test_a_file_is_given_up_and_writes_nothing(tokens):
    number = send(OWN, "/api/uploads?name=rota.csv", week_as_file()).json()["upload"]
    assert send(OWN, f"/api/uploads/{number}/discard", key="give-it-up").json()["state"] == "Discarded"
    assert send(OWN, f"/api/uploads/{number}/submit", key="after-all").status_code == 409 and not submissions()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"%PDF-1.7 rota", 422, "ACTUALS-NOT-READABLE"),
        (b"a,b\n1,2\n", 422, "ACTUALS-NOT-READABLE"),
        (b"x" * (11 << 20), 422, "ACTUALS-TOO-LARGE"),
        (b"x" * (13 << 20), 413, "TOO-LARGE"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(tokens, content, status, code):
    answer = send(OWN, "/api/uploads?name=rota.pdf", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code) and answer.json()["remedy"]


def test_the_payment_to_come_is_what_the_run_then_posts(tokens):
    from tests.web.paying import run_through

    number = send(OWN, "/api/uploads?name=rota.csv", week_as_file()).json()["upload"]
    send(OWN, f"/api/uploads/{number}/submit", key="submit-once")
    (coming,) = ask(OWN, "/api/expected").json()["expected"]
    whole = ask(OWN, "/api/expected/weekly").json()
    assert whole["amount_pence"] == coming["amount_pence"] == sum(row["amount_pence"] for row in whole["receipts"])
    assert whole["held_pence"] == sum(hold["amount_pence"] for hold in whole["holds"])
    why = ask(OWN, f"/api/lines/LN-204417/weeks/{WEEK}/why").json()
    assert why["amount_pence"] == 38745 and "945 minutes" in " ".join(told["text"] for told in why["why"])
    part = ask("limited", "/api/expected").json()["expected"][0]
    assert part["amount_pence"] is None and part["lines_pence"] < coming["lines_pence"]
    assert ask(OTHER, f"/api/lines/LN-204417/weeks/{WEEK}/why").status_code == 404
    run = run_through(upto="issued")
    paid = ask(OWN, f"/api/payments/{run}").json()
    assert paid["amount_pence"] == coming["amount_pence"]
    assert {(row["line_id"], row["week"], row["amount_pence"]) for row in paid["receipts"]} == {
        (row["line_id"], row["week"], row["amount_pence"]) for row in whole["receipts"]
    }
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert ask(OWN, f"/api/payments/{run}/documents/{kind}").content.startswith(begins)
        assert ask("limited", f"/api/payments/{run}/documents/{kind}").status_code == 404
        assert ask(OTHER, f"/api/payments/{run}/documents/{kind}").status_code == 404


def test_a_question_is_asked_replied_to_and_settled_with_its_files(tokens, signed_in):
    world = one_of_everything()
    hold = world[OWN]["hold"]
    file = {"name": "note.txt", "content_base64": base64.b64encode(b"from the social worker").decode()}
    body = {"text": "Extra calls after a fall.", "attachments": [file]}
    first, again = (ask(OWN, f"/api/holds/{hold}/ask", body, key="ask-once") for _ in range(2))
    assert first.status_code == 200 and first.content == again.content
    asked = first.json()
    assert (asked["kind"], asked["hold_id"], asked["state"], asked["team"]) == ("held_payment", hold, "With the team", "payments team")
    kept = asked["entries"][0]["attachments"][0]
    assert ask(OWN, f"/api/queries/{asked['query']}/files/{kept['number']}").content == b"from the social worker"
    number = int(asked["query"].removeprefix("Q-"))
    signed_in("payments_officer").post(f"/console/queries/{number}", {"act": "answer", "text": "We look at it today."})
    thread = ask(OWN, f"/api/queries/{asked['query']}").json()
    assert thread["state"] == "Answered" and thread["entries"][-1]["text"] == "We look at it today."
    replied = ask(OWN, f"/api/queries/{asked['query']}/replies", {"text": "Thank you."}, key="reply-once").json()
    assert replied["state"] == "With the team" and len(replied["entries"]) == 3
    assert ask(OWN, f"/api/queries/{asked['query']}/close", {}, key="settled-now").json()["state"] == "Closed"
    for whose in (OTHER, "limited"):
        assert ask(whose, f"/api/queries/{asked['query']}").status_code == 404
        assert ask(whose, f"/api/queries/{asked['query']}/files/{kept['number']}").status_code == 404
        assert ask(whose, f"/api/holds/{hold}/ask", {"text": "Mine?"}, key=f"ask-{whose}").status_code == 404


def test_a_death_told_becomes_a_fact_when_it_is_accepted(tokens, signed_in):
    told = {"kind": "death", "person_id": "4000217735", "from_date": "2026-06-03", "text": "Died in the night."}
    assert ask(OTHER, "/api/queries", told).status_code == 404
    bare = ask(OWN, "/api/queries", {"kind": "death", "text": "Somebody died."}, key="without-whom")
    assert bare.status_code == 422 and "person_id" in bare.json()["errors"][0]["message"]
    made = ask(OWN, "/api/queries", told, key="told-once").json()
    assert made["from_date"] == "2026-06-03" and made["team"] == "North duty team"
    number = int(made["query"].removeprefix("Q-"))
    client = signed_in("payments_officer")
    page = client.get(f"/console/queries/{number}").content.decode()
    shown = html.unescape(page.split('name="shown" value="')[1].split('"')[0])
    client.post(f"/console/queries/{number}", {"act": "accept", "text": "Confirmed with the family.", "shown": shown})
    assert ask(OWN, f"/api/queries/{made['query']}").json()["state"] == "Accepted"


def test_a_file_that_is_no_base64_or_of_another_kind_is_refused(tokens):
    for number, (name, content) in enumerate((("note.txt", "abc"), ("run.exe", "YWJj"))):
        body = {"kind": "rate", "line_id": "LN-204417", "text": "See this.", "attachments": [{"name": name, "content_base64": content}]}
        answer = ask(OWN, "/api/queries", body, key=f"attached-{number}")
        assert (answer.status_code, answer.json()["code"]) == (409, "ATTACHMENT")


def test_cut_offs_and_reasons_are_those_of_the_pages(tokens):
    soonest = ask(OWN, "/api/calendar").json()["cut_offs"][0]
    assert (soonest["through"], soonest["cut_off_at"], soonest["pay_date"]) == ("2026-06-07", "2026-06-09T18:00:00+01:00", "2026-06-16")
    common = ask(OWN, "/api/reasons").json()["reasons"]
    assert {"happened": "frustrated", "reason": "no reply"} in common
    assert ask(OWN, "/api/reasons?line_id=LN-204417").json()["reasons"] == common
    assert ask(OTHER, "/api/reasons?line_id=LN-204417").status_code == 404


def test_a_workbook_holds_the_visits_as_planned(tokens):
    book = ask(OWN, f"/api/workbook?first={WEEK}&weeks=1")
    assert book.status_code == 200 and book.content.startswith(b"PK")
    assert send(OWN, "/api/uploads?name=week.xlsx", book.content).json()["would_pay_pence"] > 38745
    assert ask(OWN, f"/api/workbook?first={WEEK + timedelta(days=9000)}").status_code == 200
    assert ask(OWN, "/api/workbook?first=tomorrow").status_code == 422


def test_a_key_used_for_one_thing_is_not_taken_for_another(tokens):
    one = send(OWN, "/api/uploads?name=one.csv", week_as_file()).json()["upload"]
    other = send(OWN, "/api/uploads?name=two.csv", week_as_file("LN-204710"), key="another-key").json()["upload"]
    assert send(OWN, f"/api/uploads/{one}/submit", key="submit-once").status_code == 200
    crossed = send(OWN, f"/api/uploads/{other}/submit", key="submit-once")
    assert (crossed.status_code, crossed.json()["code"]) == (422, "KEY-USED") and len(submissions()) == 1
    assert json.loads(crossed.content)["errors"] == []
