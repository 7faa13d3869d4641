"""The console's search, and all that is known of a person, a provider and a line, now and as it was known."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.runs.little import record
from tests.web.vale import NOW


def text(answer) -> str:
    return answer.content.decode()


def test_everything_is_found_by_number_name_and_amount(signed_in):
    from almoner.office.journal.queries import entries
    from almoner.office.runs.operations import draft_run, seal_run

    drafted = draft_run(book="payments", through=date(2026, 6, 7), by="priya", at=NOW - timedelta(hours=1))
    seal_run(run=drafted.run, by="priya", at=NOW - timedelta(hours=1))
    officer = signed_in("payments_officer")
    straight = {
        "LN-204417": "/console/lines/LN-204417", "4000217735": "/console/people/4000217735", "4001": "/console/providers/4001",
        drafted.run: f"/console/runs/{drafted.run}", "q-000012": "/console/queries/12", "CO-000003": "/console/changes/3",
    }  # fmt: skip
    for typed, address in straight.items():
        assert officer.get("/console/search", {"q": typed}).headers.get("Location") == address, typed
    assert "Ada Okafor" in text(officer.get("/console/search?q=okafor")) and "Ada Okafor" in text(officer.get("/console/search?q=Ada+Ok"))
    assert "Thornfield Care" in text(officer.get("/console/search?q=thornfield"))
    assert "LN-204417" in text(officer.get("/console/search", {"q": "£387.45"})) and f"{drafted.run}.1" in text(
        officer.get("/console/search", {"q": "387.45"})
    )
    assert "Nothing matches ‘nobody at all’" in text(officer.get("/console/search?q=nobody+at+all"))
    by_name = list(entries(act="search_by_name"))
    assert len(by_name) == 4 and "okafor" not in str([line.summary for line in by_name]).lower()


def test_a_name_that_is_searched_for_stands_in_no_address(signed_in):
    officer = signed_in("payments_officer")
    assert officer.post("/console/search", {"q": "LN-204417"}).headers["Location"] == "/console/lines/LN-204417"
    assert officer.post("/console/search", {"q": "okafor"}).headers["Location"] == "/console/search"
    for address in ("/console/search", "/console/search?sort=id"):
        page = text(officer.get(address))
        assert "Ada Okafor" in page and 'value="okafor"' in page and "q=okafor" not in page
    assert "Ada Okafor" not in text(signed_in("auditor").get("/console/search"))


def test_a_line_shows_what_was_known_when_and_what_it_was_before(signed_in):
    signed = {"authorised_on": date(2026, 3, 1), "agreed_on": date(2026, 3, 1), "start_date": date(2026, 4, 6)}
    line = {"line_id": "LN-204417", "person_id": "4000217735", "contract_id": "HC-EXACT", "element": "care", **signed}
    record("lines", {**line, "end_date": date(2026, 6, 30)}, at=NOW - timedelta(days=3), by="mia")
    broker = signed_in("brokerage")
    page = text(broker.get("/console/lines/LN-204417?table=timeline"))
    assert "end date 30 June 2026" in page and "mia" in page and "Change this line" in page
    then = text(broker.get("/console/lines/LN-204417?table=timeline&on=2026-05-01"))
    assert "You see what was known on 1 May 2026." in then and "30 June 2026" not in then and "Change this line" not in then
    assert "Change this line" not in text(signed_in("auditor").get("/console/lines/LN-204417"))
    table = broker.get("/console/lines/LN-204417?table=timeline&download=csv").content.decode("utf-8-sig")
    assert table.splitlines()[0] == "Known at,True from,What,Was,Now,By"


def test_a_person_and_a_provider_show_their_lines_and_no_digits_of_an_account(signed_in):
    officer = signed_in("finance")
    person = text(officer.get("/console/people/4000217735"))
    assert "Ada Okafor" in person and "LN-204417" in person and "Sagegreen Homecare" in person
    provider = text(officer.get("/console/providers/4001"))
    assert all(line in provider for line in ("LN-204417", "LN-204502", "LN-204800")) and "LN-300001" not in provider
    assert "ending 204" in provider and "12345204" not in provider
    for table in ("receipts", "timeline", "nonsense"):
        assert officer.get(f"/console/providers/4001?table={table}").status_code == 200


def test_every_table_of_a_person_a_provider_and_a_line_says_what_there_is(signed_in):
    from tests.web.everything import one_of_everything

    one_of_everything()
    record("absences", {"person_id": "4000217735", "kind": "hospital", "first_day": date(2026, 6, 2), "last_day": None}, at=NOW)
    officer = signed_in("finance")
    said = {
        "people/4000217735": {
            "weeks": "£387.45", "paid": "£387.45", "charges": "Nothing has been charged yet", "absences": "Hospital",
            "queries": "No query was asked",
        },
        "providers/4001": {
            "payments": "Total of all", "holds": "Over or under tolerance", "submissions": "S-000001",
            "access": "provider_user@test.example",
            "bank": "ending 204", "queries": "Q-000001",
        },
        "lines/LN-204502": {"terms": "£24.60 an hour", "weeks": "£86.10", "shares": "50%", "queries": "No query", "receipts": "£"},
    }  # fmt: skip
    for page, tables in said.items():
        for table, words in tables.items():
            assert words in text(officer.get(f"/console/{page}?table={table}")), (page, table)
        assert officer.get(f"/console/{page}?table={next(iter(tables))}&download=csv").status_code == 200
    then = text(officer.get("/console/people/4000217735?on=2026-06-01"))
    assert "table=absences" not in then and "table=timeline" in then, "what is of now is not shown as of then"


def test_what_is_not_known_is_not_there(signed_in):
    officer = signed_in("payments_officer")
    for address in ("people/1", "lines/LN-1", "providers/1", "people/4000217735?on=2026-03-01"):
        assert officer.get(f"/console/{address}").status_code == 404, address
    assert signed_in("provider_user").get("/console/people/4000217735").status_code == 404
