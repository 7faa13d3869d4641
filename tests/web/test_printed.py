"""What stands at the foot of each printed sheet, and in the strip of each page of the portal."""

from __future__ import annotations

from tests.office.runs.little import record
from tests.web.paying import run_through
from tests.web.vale import NOW, WEEK, delivered

FOOT = """() => {
  const pages = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSPageRule);
  return [getComputedStyle(document.documentElement).getPropertyValue("--almoner-foot"),
          pages.map((rule) => rule.cssText).join(" ")];
}"""


def test_each_sheet_says_what_it_is_as_known_when_and_which_of_how_many(browse):
    run = run_through(upto="issued")
    page = browse("provider_user")
    for path, what in (("/portal/holds", "Held payments"), (f"/portal/payments/{run}", "Remittance BX-0001-00001")):
        page.goto(path)
        foot, rules = page.evaluate(FOOT)
        assert foot == f'"{what}, The council, as known at 10:14am on 8 June 2026"'
        assert "@bottom-left" in rules and "var(--almoner-foot" in rules and "counter(pages)" in rules
        page.emulate_media(media="print")
        assert not page.locator(".almoner-foot").is_visible(), "where each sheet has it, it does not stand at the end again"
        page.emulate_media(media="screen")


def strip(client) -> str:
    page = client.get("/portal/holds").content.decode()
    return page.split('class="almoner-strip"')[1].split("</div>")[0]


def test_the_strip_counts_the_weeks_that_still_wait_of_the_reader_s_own_lines(signed_in, monkeypatch):
    from datetime import timedelta

    every, east = signed_in("provider_user"), signed_in("limited")
    before, own = strip(every), strip(east)
    assert "Next cut-off: 6pm on Tuesday 9 June 2026" in before and "to be paid" not in before
    assert "9 weeks still wait to be submitted." in own
    record("actuals", *delivered("LN-204502", WEEK, (8, 0, 30)), at=NOW)
    monkeypatch.setenv("ALMONER_CLOCK", (NOW + timedelta(minutes=1)).isoformat())
    assert "8 weeks still wait to be submitted." in strip(east)
