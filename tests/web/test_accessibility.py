"""axe on every page that somebody can reach, wide and on a telephone: no serious and no critical finding.

The pages come from the URL table; each is looked at by one who may act there and by one who may only look.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.addresses import Address
from tests.web.everything import OWN, one_of_everything
from tests.web.test_permissions import documented, filled, guarded

WIDE, TELEPHONE = 1280, 360
GRAVE = ("serious", "critical")
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


def lookers(address: Address) -> set[str]:
    sees, acts = documented()[address.path]
    return {min(roles) for roles in (sees - acts, sees & acts) if roles}


def found_on(page, path: str) -> list[str]:
    """The grave findings of one page at both widths; a page that is no document has none."""
    answer = page.goto(path, wait_until="domcontentloaded")
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    found = []
    for width in (WIDE, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        # Only what must scroll sideways may, and does so in a region of its own.
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append(f"{path} at {width}: the page itself scrolls sideways")
        grave = [wrong for wrong in Axe().run(page).response["violations"] if wrong["impact"] in GRAVE]
        found += [f"{path} at {width}: {wrong['id']}: {wrong['nodes'][0]['html'][:140]}" for wrong in grave]
    return found


def test_no_page_has_a_serious_finding_wide_or_on_a_telephone(pages, look):
    world, found, seen = one_of_everything(), [], 0
    for address in guarded():
        for role in sorted(lookers(address)):
            page = look(role)
            if address.path.endswith(("/csv", "/pdf", "/xlsx", "{file}")):
                continue
            found += [f"{role}: {wrong}" for wrong in found_on(page, filled(address, world[OWN]))]
            seen += 1
    assert not found, "\n".join(found)
    assert seen > 30


def test_signing_in_and_ones_own_account_have_no_serious_finding(pages, look, chromium, served):
    stranger = chromium.new_context(base_url=served).new_page()
    found = [wrong for path in OPEN if path.startswith("/sign-in") for wrong in found_on(stranger, path)]
    found += [wrong for path in OPEN for wrong in found_on(look("provider_user"), path)]
    stranger.context.close()
    assert not found, "\n".join(found)
