"""axe on every page that somebody can reach, wide and on a telephone: no serious and no critical finding.

The pages come from the URL table; each is looked at by one who may act there and by one who may only look.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error
from tests.web.addresses import Address
from tests.web.everything import OWN, one_of_everything
from tests.web.test_permissions import documented, filled, guarded

WIDE, TELEPHONE = 1280, 360
GRAVE_FINDINGS = """() => axe.run(document, {resultTypes: ["violations"]}).then((told) => told.violations
  .filter((wrong) => ["serious", "critical"].includes(wrong.impact))
  .flatMap((wrong) => wrong.nodes.map((node) => [wrong.id, node.html])))"""
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


def found_on(page, path: str, widths: tuple[int, ...] = (WIDE, TELEPHONE)) -> list[str]:
    """The grave findings of one page; a file to keep has none."""
    try:
        answer = page.goto(path, wait_until="domcontentloaded")
    except Error as error:
        assert "Download is starting" in error.message
        return []
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    found = []
    page.evaluate(AXE_SCRIPT)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        # What must scroll sideways does so in a region of its own.
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append(f"{path} at {width}: the page itself scrolls sideways")
        found += [
            f"{path} at {width}: {rule}: {html[:140]}" for rule, html in page.evaluate(GRAVE_FINDINGS) if not _as_govuk_has_it(rule, html)
        ]
    return found


def _as_govuk_has_it(rule: str, html: str) -> bool:
    """A radio that opens more questions says with aria-expanded that it does. GOV.UK Frontend keeps it, for screen readers tell it and
    people are helped by it, though ARIA has no such attribute for radios."""
    return rule == "aria-allowed-attr" and 'class="govuk-radios__input"' in html and "aria-controls=" in html


def test_no_page_has_a_serious_finding_wide_or_on_a_telephone(pages, look):
    world, found, seen = one_of_everything(), [], 0
    for address in guarded():
        for role, widths in lookers(address):
            found += [f"{role}: {wrong}" for wrong in found_on(look(role), filled(address, world[OWN]), widths)]
            seen += 1
    assert not found, "\n".join(found)
    assert seen > 80


def test_signing_in_and_ones_own_account_have_no_serious_finding(pages, look, chromium, served):
    stranger = chromium.new_context(base_url=served).new_page()
    found = [wrong for path in OPEN if path.startswith("/sign-in") for wrong in found_on(stranger, path)]
    found += [wrong for path in OPEN for wrong in found_on(look("provider_user"), path)]
    stranger.context.close()
    assert not found, "\n".join(found)


def test_a_page_with_something_wrong_would_be_found(chromium):
    page = chromium.new_page()
    page.set_content('<html lang="en"><title>T</title><main><h1>H</h1><img src="x"><p style="color:#ccc">pale</p></main></html>')
    page.evaluate(AXE_SCRIPT)
    assert {rule for rule, _ in page.evaluate(GRAVE_FINDINGS)} == {"image-alt", "color-contrast"}
    page.close()
