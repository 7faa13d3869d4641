"""Every page that somebody can reach, looked at wide and on a telephone: axe finds nothing serious, none scrolls sideways, each looks as
its picture does.

The pages come from the URL table; each is looked at by one who may act there and by one who may only look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error
from tests.web.addresses import Address
from tests.web.everything import OWN, one_of_everything
from tests.web.pictures import name_of, never_looked_at, what_differs
from tests.web.test_permissions import documented, filled, guarded

WIDE, TELEPHONE = 1280, 360
GRAVE_FINDINGS = """() => axe.run(document, {resultTypes: ["violations"]}).then((told) => told.violations
  .filter((wrong) => ["serious", "critical"].includes(wrong.impact))
  .flatMap((wrong) => wrong.nodes.map((node) => [wrong.id, node.html])))"""
NEW_EACH_TIME = "img[src^='data:']"
"""What is no part of a picture: the code of a second factor, for a telephone to read."""
THE_SAME_EACH_TIME = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replace(/\\b[0-9a-f]{8,}\\b/g, (hash) => "0".repeat(hash.length));
  }
  for (const key of document.querySelectorAll(".almoner-key")) key.textContent = "KEY";
}"""
"""Hashes depend on the version and the database, keys on chance."""
OPEN = ("/sign-in", "/account", "/account/password", "/account/second-factor", "/account/second-factor/app", "/account/passkeys",
        "/account/passkeys/add", "/sign-out", "/sign-in/first/no-such-key", "/nothing-here")  # fmt: skip


@pytest.fixture
def look(chromium, served, signed_in):
    """Opens a page as somebody already signed in."""
    contexts = {}

    def page_of(role: str):
        if role not in contexts:
            contexts[role] = chromium.new_context(base_url=served)
            cookie = signed_in(role).cookies["sessionid"].value
            contexts[role].add_cookies([{"name": "sessionid", "value": cookie, "url": served}])
            contexts[role].new_page().set_default_timeout(15_000)
        return contexts[role].pages[0]

    yield page_of
    for context in contexts.values():
        context.close()


def lookers(address: Address) -> list[tuple[str, tuple[int, ...]]]:
    """Who looks at a page, and how: one who may act there both ways, one who may only look (and finds fewer buttons) on a wide screen."""
    sees, acts = documented()[address.path]
    able, reading = sees & acts, sees - acts
    found = [(min(able), (WIDE, TELEPHONE))] if able else []
    return found + ([(min(reading), (WIDE,) if able else (WIDE, TELEPHONE))] if reading else [])


@dataclass
class Looked:
    """What was found on the pages looked at so far, and the names of their pictures."""

    found: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)

    def at(self, page, path: str, *, who: str, widths: tuple[int, ...] = (WIDE, TELEPHONE), known_as: str = "") -> None:
        """Look at one page, `known_as` its address without ids; a file to keep has nothing to look at."""
        try:
            answer = page.goto(path, wait_until="load")
        except Error as error:
            assert "Download is starting" in error.message
            return
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            picture = name_of(known_as or path, who, width)
            self.pictures.add(picture)
            self.found += [f"{who}: {path} at {width}: {wrong}" for wrong in _seen_on(page, picture)]


def _seen_on(page, picture: str) -> Iterator[str]:
    page.evaluate(AXE_SCRIPT)
    # What must scroll sideways does so in a region of its own.
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        yield "the page itself scrolls sideways"
    for rule, html in page.evaluate(GRAVE_FINDINGS):
        if not _as_govuk_has_it(rule, html):
            yield f"{rule}: {html[:140]}"
    page.evaluate(THE_SAME_EACH_TIME)
    seen = page.screenshot(full_page=True, animations="disabled", caret="hide", mask=[page.locator(NEW_EACH_TIME)])
    if differs := what_differs(picture, seen):
        yield differs


def _as_govuk_has_it(rule: str, html: str) -> bool:
    """A radio that opens more questions says with aria-expanded that it does. GOV.UK Frontend keeps it, for screen readers tell it and
    people are helped by it, though ARIA has no such attribute for radios."""
    return rule == "aria-allowed-attr" and 'class="govuk-radios__input"' in html and "aria-controls=" in html


def test_no_page_has_a_serious_finding_and_each_looks_as_its_picture_does(pages, look, chromium, served):
    world, looked = one_of_everything(), Looked()
    for address in guarded():
        for role, widths in lookers(address):
            looked.at(look(role), filled(address, world[OWN]), who=role, widths=widths, known_as=address.path)
    stranger = chromium.new_context(base_url=served).new_page()
    for path in OPEN:
        if path.startswith("/sign-in"):
            looked.at(stranger, path, who="stranger")
        looked.at(look("provider_user"), path, who="provider_user")
    stranger.context.close()
    assert not looked.found, "\n".join(looked.found)
    assert len(looked.pictures) > 120
    assert not never_looked_at(looked.pictures)


def test_a_page_with_something_wrong_would_be_found(chromium):
    page = chromium.new_page()
    page.set_content('<html lang="en"><title>T</title><main><h1>H</h1><img src="x"><p style="color:#ccc">pale</p></main></html>')
    page.evaluate(AXE_SCRIPT)
    assert {rule for rule, _ in page.evaluate(GRAVE_FINDINGS)} == {"image-alt", "color-contrast"}
    page.close()
