"""Care packages: which lines a reader reaches."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.paying import run_through, text_of
from tests.web.vale import NOW, SAGEGREEN, T0, THORNFIELD, WEEK, delivered, record

from almoner.core.tables import TABLES


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """The clock may be moved by a test, and stands again for the next."""
    monkeypatch.setenv("ALMONER_CLOCK", NOW.isoformat())


def reader(organisation, role="provider_user", **limits):
    from almoner.office.accounts.readers import Reader
    from almoner.office.accounts.roles import Role

    return Reader(1, 1, "somebody@test.example", "Somebody", Role(role), organisation, **limits)


def reached(who, at=NOW):
    from almoner.office.care.queries import lines_open_to

    return lines_open_to(who, at).column("line_id").to_pylist()


def test_a_provider_reaches_its_own_lines_and_no_others(pages):
    assert reached(reader(SAGEGREEN)) == ["LN-204417", "LN-204502", "LN-204710", "LN-204800"]
    assert reached(reader(THORNFIELD)) == ["LN-300001"]
    assert reached(reader("QXX", "partner_reader")) == reached(reader("", "auditor")) == []


def test_an_access_limited_to_places_reaches_the_lines_there(pages):
    assert reached(reader(SAGEGREEN, sites=frozenset({"S-EAST"}))) == ["LN-204502"]
    assert reached(reader(SAGEGREEN, contracts=frozenset({"HC-AGREE"}))) == ["LN-204800"]
    assert reached(reader(SAGEGREEN, sites=frozenset({"S-EAST"}), contracts=frozenset({"HC-AGREE", "TF-HC"}))) == ["LN-204502", "LN-204800"]
    assert reached(reader(SAGEGREEN, sites=frozenset({"nowhere"}))) == []


def test_what_counts_is_whose_a_line_is_as_known_at_the_moment(pages):
    from almoner.office.care.queries import line_open_to

    known = line_open_to(reader(SAGEGREEN), "LN-204417", NOW)
    assert known["family_name"] == "Okafor" and known["provider_id"] == SAGEGREEN and known["tolerance_percent"] == 1000
    assert line_open_to(reader(THORNFIELD), "LN-204417", NOW) is None
    fact = {name: known[name] for name in known if name in {column.name for column in TABLES["lines"].columns}}
    record("lines", {**fact, "contract_id": "TF-HC"}, at=NOW)
    assert "LN-204417" not in reached(reader(SAGEGREEN)) and "LN-204417" in reached(reader(THORNFIELD))
    assert "LN-204417" in reached(reader(SAGEGREEN), T0) and "LN-204417" not in reached(reader(THORNFIELD), T0)


def test_lines_read_before_are_scoped_as_those_read_now(pages):
    from almoner.office.care.queries import lines_of_provider, lines_open_to
    from almoner.office.care.queries import reached as of_those

    every = lines_of_provider(SAGEGREEN, NOW)
    limits = ({}, {"sites": frozenset({"S-EAST"})}, {"contracts": frozenset({"HC-AGREE"})}, {"sites": frozenset({"none"})})
    for who in (*(reader(SAGEGREEN, **limit) for limit in limits), reader(THORNFIELD), reader("", "auditor")):
        assert of_those(who, every).to_pylist() == (lines_open_to(who, NOW).to_pylist() if who.organisation_id == SAGEGREEN else [])


def test_the_list_says_what_is_asked_for_and_at_which_price(signed_in):
    page = text_of(signed_in("provider_user").get("/portal/lines"))
    assert "4 lines" in page and "LN-300001" not in page
    assert "4 visits a day, 15 hours 45 minutes a week" in page and "£24.60 an hour from 6 April 2026" in page
    assert "Agree or reject line LN-204800 , £86.10 a week at plan" in page
    # To agree first, then by family name.
    assert page.index("LN-204800 Rees, Dai") < page.index("LN-204417 Okafor, Ada") < page.index("LN-204502 Price, Ben")


def test_the_download_has_the_filtered_rows_and_every_column(signed_in):
    client = signed_in("provider_user")
    told = client.get("/portal/lines?state=to_agree&download=csv").content.decode("utf-8-sig").splitlines()
    assert told[0] == "Line,Person,Service,Timetable,Rate,Week at plan,Start,End,Last change,State"
    assert len(told) == 2 and told[1].startswith("LN-204800,") and ",86.10," in told[1]
    assert client.get("/portal/lines?download=xlsx").content[:2] == b"PK"


def test_ended_lines_are_hidden_after_four_weeks_unless_asked_for(signed_in):
    _change_line("LN-204502", end_date=date(2026, 5, 11))
    client = signed_in("provider_user")
    assert "LN-204502" in text_of(client.get("/portal/lines"))
    _change_line("LN-204502", at=NOW + timedelta(minutes=1), end_date=date(2026, 5, 10))
    os.environ["ALMONER_CLOCK"] = (NOW + timedelta(minutes=2)).isoformat()
    assert "LN-204502" not in text_of(client.get("/portal/lines"))
    assert "LN-204502" in text_of(client.get("/portal/lines?ended=yes"))


def _lines():
    from almoner.office.records.queries import table_known

    return table_known("lines")


def _versions():
    from almoner.office.records.versions import VERSIONED

    return VERSIONED["lines"]._default_manager


def _journal(**named):
    from almoner.office.journal.queries import entries

    return list(entries(**named))


def _change_line(line_id, at=NOW, **changed):
    known = next(row for row in _lines().to_pylist() if row["line_id"] == line_id)
    known.pop("row")
    record("lines", {**known, **changed}, at=at)


def test_a_line_tells_every_change_and_when_it_reached_the_provider(signed_in):
    at = datetime(2026, 6, 3, 13, 10, tzinfo=UTC)
    record("rates", {"contract_id": "HC-EXACT", "element": "care", "unit": "hour", "rate": 253300, "valid_from": date(2026, 6, 4)}, at=at)
    _change_line("LN-204417", at=at + timedelta(hours=1), end_date=date(2026, 7, 5))
    page = text_of(signed_in("provider_user").get("/portal/lines/LN-204417"))
    assert "Rate £24.60 to £25.33 an hour from 4 June 2026. Reached you 3 June 2026 at 2:10pm" in page
    assert "Last day: none to 5 July 2026. Reached you 3 June 2026 at 3:10pm" in page
    assert "Timetable from 6 April 2026: 4 visits a day, 15 hours 45 minutes a week." in page
    assert "Ending" in page and "10% either way; a week beyond it is held for a check" in page
    assert "£25.33 an hour Any day 4 June 2026 – none 3 June 2026 at 2:10pm" in page


def test_the_weeks_of_a_line_stand_where_the_runs_left_them(signed_in):
    client = signed_in("provider_user")
    before = text_of(client.get("/portal/lines/LN-204417"))
    assert "25 to 31 May 2026 Submitted – none Why £387.45" in before and "1 to 7 June 2026 Awaiting actuals" in before
    assert "1 to 7 June 2026 Held: over or under tolerance" in text_of(client.get("/portal/lines/LN-204710"))
    run = run_through(upto="issued")
    os.environ["ALMONER_CLOCK"] = (NOW + timedelta(hours=1)).isoformat()
    after = text_of(client.get("/portal/lines/LN-204417"))
    assert "25 to 31 May 2026 Being paid £387.45" in after and run in client.get("/portal/lines/LN-204417").content.decode()
    os.environ["ALMONER_CLOCK"] = datetime(2026, 6, 17, 9, tzinfo=UTC).isoformat()
    assert "25 to 31 May 2026 Paid £387.45" in text_of(client.get("/portal/lines/LN-204417"))


def test_agreeing_is_a_fact_of_the_line_and_once(signed_in):
    record("actuals", *delivered("LN-204800", WEEK, (9, 0, 30)), at=NOW - timedelta(hours=1))
    client = signed_in("provider_user")
    page = text_of(client.get("/portal/lines/LN-204800/agree"))
    assert "Worth £86.10 a week at plan. £86.10 is already waiting since 1 June 2026." in page
    assert "If you agree today, it is paid with the run through 14 June 2026, on 23 June 2026." in page
    version = _version("LN-204800")
    typed = {"answer": "agree", "version": version}
    for _ in range(2):
        answer = client.post("/portal/lines/LN-204800/agree", typed)
        assert answer.status_code == 302 and answer.headers["Location"] == "/portal/lines/LN-204800"
    assert "You agreed line LN-204800 on 8 June 2026." in text_of(client.get("/portal/lines/LN-204800"))
    rows = list(_versions().filter(line_id="LN-204800").order_by("version").values())
    assert [row["agreed_on"] for row in rows] == [None, date(2026, 6, 8)] and rows[1]["recorded_by"] == "provider_user@test.example"
    assert {**rows[0], **dict.fromkeys(STAMPS)} == {**rows[1], "agreed_on": None, **dict.fromkeys(STAMPS)}
    assert [entry.act for entry in _journal(subject="line LN-204800")] == ["agree_line"]
    os.environ["ALMONER_CLOCK"] = (NOW + timedelta(hours=1)).isoformat()
    assert "You agreed this line on 8 June 2026. To change it, ask with a query." in text_of(client.get("/portal/lines/LN-204800/agree"))


STAMPS = ("version", "recorded_at", "recorded_by", "batch")


def _version(line_id):
    return _versions().filter(line_id=line_id).order_by("-version").values_list("version", flat=True)[0]


def test_a_line_that_is_not_agreed_keeps_the_reason_until_it_changes(signed_in):
    from almoner.office.care.models import LineRejected

    client = signed_in("provider_administrator")
    typed = {"answer": "reject", "reason": "rate", "comment": "We agreed £26.05", "version": _version("LN-204800")}
    for _ in range(2):
        assert client.post("/portal/lines/LN-204800/agree", typed).status_code == 302
    assert LineRejected.objects.count() == 1
    page = text_of(client.get("/portal/lines/LN-204800"))
    assert "Not agreed" in page and "the rate is not what we agreed. ‘We agreed £26.05’" in page
    assert "until it is agreed. Brokerage has your reason and answers by 15 June 2026." in page
    assert [entry.act for entry in _journal(subject="line LN-204800")] == ["reject_line"]
    _change_line("LN-204800", at=NOW + timedelta(minutes=5), rate=260500, rate_unit="hour")
    os.environ["ALMONER_CLOCK"] = (NOW + timedelta(minutes=6)).isoformat()
    assert "Agree or reject line LN-204800" in text_of(client.get("/portal/lines"))


def test_an_answer_without_a_reason_keeps_what_was_typed(signed_in):
    client = signed_in("provider_user")
    nothing = client.post("/portal/lines/LN-204800/agree", {"version": _version("LN-204800")})
    assert "Choose whether you agree this line" in text_of(nothing) and "<title>Error: " in nothing.content.decode()
    typed = {"answer": "reject", "comment": "The dates <b>differ</b>", "version": _version("LN-204800")}
    page = client.post("/portal/lines/LN-204800/agree", typed).content.decode()
    assert "Choose why you do not agree" in page and "The dates &lt;b&gt;differ&lt;/b&gt;" in page
    assert 'value="reject" checked' in page
    other = client.post("/portal/lines/LN-204800/agree", {**typed, "reason": "other", "comment": " "})
    assert "Say what is wrong, so that brokerage can put it right" in text_of(other)
    assert _lines().num_rows == 5 and not list(_journal(subject="line LN-204800"))


def test_what_changed_meanwhile_is_not_agreed_by_mistake(signed_in):
    client, version = signed_in("provider_user"), _version("LN-204800")
    _change_line("LN-204800", end_date=date(2026, 6, 30))
    answer = client.post("/portal/lines/LN-204800/agree", {"answer": "agree", "version": version})
    assert answer.status_code == 409 and "was changed while you were looking" in text_of(answer)


def test_a_changed_line_shows_what_it_was_beside_what_it_is(signed_in):
    _change_line("LN-204800", at=NOW - timedelta(days=3), agreed_on=date(2026, 4, 1))
    _change_line("LN-204800", at=NOW - timedelta(days=2), agreed_on=None, end_date=date(2026, 6, 30))
    page = text_of(signed_in("provider_user").get("/portal/lines/LN-204800/agree"))
    assert "What is new" in page and "Last day Changed None yet 30 June 2026" in page and "Rate £24.60 an hour" in page


def test_lines_of_others_do_not_exist_and_the_try_is_journalled(signed_in):
    for role, line in (
        ("other_provider", "LN-204800"),
        ("limited", "LN-204417"),
        ("provider_user", "LN-300001"),
        ("provider_user", "none"),
    ):
        client = signed_in(role)
        for address in (f"/portal/lines/{line}", f"/portal/lines/{line}/agree"):
            assert client.get(address).status_code == 404
        assert client.post(f"/portal/lines/{line}/agree", {"answer": "agree", "version": 1}).status_code == 404
    assert {entry.summary["code"] for entry in _journal(act="refuse")} == {"SCOPE"}
    assert {entry.subject for entry in _journal(act="refuse")} == {"portal-line", "portal-line-agree"}
    assert "LN-204502" in text_of(signed_in("limited").get("/portal/lines")) and "LN-204417" not in text_of(
        signed_in("limited").get("/portal/lines")
    )


def test_a_line_is_agreed_without_scripts(browse):
    page = browse("provider_user", width=360, scripts=False)
    page.goto("/portal/lines")
    page.click("text=Agree or reject line LN-204800")
    page.check("#answer")
    page.click("button:has-text('Send my answer')")
    assert page.locator("h1").inner_text() == "Line LN-204800" and "You agreed line LN-204800" in page.inner_text("main")
