"""Tables: columns that one chooses, the view that is come back to, what is told to those who do not see the order, and paper."""

from __future__ import annotations

import re

from tests.web.paying import run_through, text_of


def columns(answer) -> list[str]:
    head = re.search(r"<thead.*?</thead>", answer.content.decode(), re.S)
    return [re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in re.findall(r"<th scope.*?</th>", head[0], re.S)] if head else []


def test_further_columns_are_chosen_on_a_page_of_their_own_and_kept(signed_in):
    client, other = signed_in("provider_user"), signed_in("provider_administrator")
    at_first = columns(client.get("/portal/lines"))
    assert len(at_first) == 8 and "Choose columns" in text_of(client.get("/portal/lines"))
    page = client.get("/portal/lines?state=active&choose=columns")
    names = re.findall(r'name="column" value="(\w+)"', page.content.decode())
    assert len(names) > 8 and 'href="/portal/lines?state=active"' in page.content.decode()
    hidden = re.search(r'name="table" value="([^"]+)"', page.content.decode())[1]
    told = {"table": hidden, "next": "/portal/lines?state=active", "column": [names[-1], names[1]]}
    for _ in range(2):
        assert client.post("/account/columns", told).headers["Location"] == "/portal/lines?state=active"
    assert len(columns(client.get("/portal/lines"))) == 3, "two, and the one that names the row"
    assert columns(other.get("/portal/lines")) == at_first, "for oneself alone"
    head = client.get("/portal/lines?download=csv").content.decode("utf-8-sig").splitlines()[0]
    assert head.count(",") + 1 == len(names), "a download has all of them"
    client.post("/account/columns", {**told, "as": "first"})
    assert columns(client.get("/portal/lines")) == at_first


def test_one_is_never_led_elsewhere(signed_in):
    client = signed_in("provider_user")
    for elsewhere in ("https://evil.example/", "//evil.example", "portal", ""):
        assert client.post("/account/columns", {"table": "x", "next": elsewhere}).headers["Location"] == "/"


def test_no_table_shows_more_at_first_than_fits(signed_in):
    run_through()
    for role, most, pages in (
        ("provider_administrator", 8, ("lines", "payments", "holds", "actuals", "submissions", "queries", "access", "calendar")),
        ("payments_officer", 12, ("holds", "runs", "actuals", "queries", "changes", "bank-details")),
    ):
        side = "portal" if most == 8 else "console"
        for page in pages:
            found = columns(signed_in(role).get(f"/{side}/{page}"))
            assert len([name for name in found if name != "Choose"]) <= most, (page, found)


def test_filters_and_order_survive_going_to_a_row_and_back(signed_in):
    client = signed_in("provider_user")
    client.get("/portal/lines?state=active&sort=-start")
    back = client.get("/portal/lines", headers={"Referer": "http://testserver/portal/lines/LN-204417"})
    assert back.status_code == 302 and back.headers["Location"] == "/portal/lines?state=active&sort=-start"
    assert client.get("/portal/lines", headers={"Referer": "http://evil.example/portal/lines/x"}).status_code == 200
    again = client.get("/portal/lines", headers={"Referer": "http://testserver/portal/lines/LN-204417"})
    assert again.status_code == 200, "whoever opened the whole list has left the view"


def test_the_order_is_told_and_the_total_covers_all_rows(signed_in):
    run_through()
    client = signed_in("payments_officer")
    page = client.get("/console/actuals?sort=-worth").content.decode()
    assert re.search(r'role="status" data-said="\d+ providers, sorted by pounds at plan, largest first"', page)
    assert "Total of all 2 providers" in text_of(client.get("/console/actuals"))
    assert "data-said" not in client.get("/console/actuals").content.decode()


def test_paper_says_what_it_is_as_known_when_and_which_filters(signed_in):
    page = text_of(signed_in("provider_user").get("/portal/lines"))
    assert "Care packages" in page
    whole = signed_in("provider_user").get("/portal/lines").content.decode()
    assert re.search(r"almoner-foot\">Care packages, [^<]+, as known at 10:14am on 8 June 2026<", whole)
    assert "almoner-printed" in signed_in("payments_officer").get("/console/actuals").content.decode()


def test_every_console_page_says_what_waits_and_nobody_else_s(signed_in, monkeypatch):
    from almoner.office.home import strip

    monkeypatch.setattr(strip, "_KEPT", [])
    run_through()
    assert "1 run in progress" in signed_in("finance").get("/console/runs").content.decode()
    page = signed_in("brokerage").get("/console/changes").content.decode()
    assert "0 holds older than 7 days" in page and "in progress" not in page
    assert "older than 7 days" not in signed_in("system_administrator").get("/console/users").content.decode()
    assert "older than 7 days" not in signed_in("provider_user").get("/portal").content.decode()


def test_closed_for_upkeep_says_until_when_and_the_watcher_is_answered(signed_in, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "UPKEEP_UNTIL", "6pm")
    monkeypatch.setattr(settings, "UPKEEP_CUT_OFF", "midday on Wednesday 10 June 2026")
    answer = signed_in("provider_user").get("/portal")
    assert answer.status_code == 503
    assert "Back by 6pm. Drafts you saved are kept. The cut-off has moved to midday on Wednesday 10 June 2026." in answer.content.decode()
    assert signed_in("provider_user").get("/health").status_code == 200


def test_a_page_that_is_not_there_leads_to_home_and_to_search_where_there_is_one(signed_in):
    said = "There is no page here, or it belongs to another organisation. Check the number"
    assert f"{said}, or search." in text_of(signed_in("payments_officer").get("/console/people/nobody"))
    page = signed_in("provider_user").get("/portal/lines/LN-300001")
    assert page.status_code == 404 and f"{said}." in text_of(page)


def test_what_broke_says_so_with_a_reference_that_stands_in_the_log(signed_in, monkeypatch, caplog):
    from almoner.office.home import portal

    def breaks(*_: object) -> None:
        raise ZeroDivisionError("a person's name")

    monkeypatch.setattr(portal, "provider_home", breaks)
    client = signed_in("provider_user")
    client.raise_request_exception = False
    answer = client.get("/portal")
    reference = re.search(r"The reference is (E-[0-9A-F]{8})\.", answer.content.decode())
    assert answer.status_code == 500 and reference and reference[1] in caplog.text
    assert "Try again" in answer.content.decode() and "Tell us" in answer.content.decode()


def test_what_is_kept_as_proof_prints_its_own_address_and_no_other(signed_in, browse):
    run = run_through()
    why = signed_in("provider_user").get(f"/portal/receipts/{run}.1").content.decode()
    assert f'<p class="almoner-printed">http://testserver/portal/receipts/{run}.1</p>' in why
    page = browse("provider_user")
    page.goto("/portal/lines")
    page.emulate_media(media="print")
    after = "getComputedStyle(document.querySelector('.almoner-table a.govuk-link'), '::after').content"
    assert page.evaluate(after) == "none"
    assert not page.is_visible("nav") and not page.is_visible(".almoner-filters")


def test_the_order_is_spoken_once_the_page_stands(browse):
    page = browse("provider_user")
    page.goto("/portal/lines?sort=-week")
    page.wait_for_selector("[role=status][data-said]:not(:empty)", state="attached")
    assert page.text_content("[role=status][data-said]") == "4 lines, sorted by week at plan, largest first"
