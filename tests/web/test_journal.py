"""The journal on the console: found by who, what and number; taken away with a reason that is itself a line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.vale import NOW, WEEK


def text(answer):
    return answer.content.decode()


@pytest.fixture
def run(pages):
    from almoner.office.runs.operations import draft_run, seal_run

    run = draft_run(book="payments", through=WEEK + timedelta(days=6), by="ann", at=NOW - timedelta(hours=1)).run
    seal_run(run=run, by="bob", at=NOW - timedelta(minutes=30))
    return run


def listed(client, **asked):
    page = client.get("/console/journal", asked)
    return text(page)[text(page).index("<tbody") : text(page).index("</tbody>")] if "<tbody" in text(page) else ""


def test_lines_are_found_by_who_what_and_number(run, signed_in):
    client = signed_in("auditor")
    assert "Seal run" in listed(client) and listed(client).index("Seal run") < listed(client).index("Draft run"), "newest first"
    assert "Draft run" not in listed(client, who="bob") and "Seal run" in listed(client, who="bob")
    assert "Seal run" not in listed(client, what="draft_run")
    assert run in listed(client, id=run) and "Give access" not in listed(client, id=run)
    assert listed(client, since="2026-06-09") == ""


def test_refusals_are_lines_and_can_be_asked_for_alone(run, signed_in):
    signed_in("auditor").post("/console/holds/decide", {})
    page = listed(signed_in("auditor"), refused="on")
    assert "Refused: ROLE" in page and "Seal run" not in page


def test_an_export_takes_a_reason_and_is_a_line_itself(run, signed_in, pages):
    from almoner.office.journal.queries import entries

    client = signed_in("auditor")
    wordless = client.post("/console/journal", {"what": "seal_run", "reason": " ", "as": "csv"})
    assert wordless.status_code == 400 and "Say what the export is for" in text(wordless)
    assert not list(entries(act="export_journal"))
    taken = client.post("/console/journal", {"what": "seal_run", "reason": "yearly audit", "as": "csv"})
    rows = taken.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and "Seal run" in rows[1] and taken.headers["Content-Type"].startswith("text/csv")
    (line,) = entries(act="export_journal")
    assert line.by == pages["auditor"] and line.summary == {"reason": "yearly audit", "lines": 1, "what": "seal_run"}
    assert client.post("/console/journal", {"reason": "x", "as": "xlsx"}).content[:2] == b"PK"


def test_it_cannot_be_taken_away_by_an_address(run, signed_in):
    assert signed_in("auditor").get("/console/journal?download=csv").headers["Content-Type"].startswith("text/html")
    assert "Download as CSV" not in text(signed_in("auditor").get("/console/journal"))


def test_the_journal_is_for_those_who_may_see_it(run, signed_in):
    for role in ("payments_officer", "finance", "brokerage", "provider_user"):
        assert signed_in(role).get("/console/journal").status_code == 404
    assert signed_in("system_administrator").get("/console/journal").status_code == 200
