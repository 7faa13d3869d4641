"""What a picture of a page notices, and what it lets be."""

from __future__ import annotations

import pytest
from tests.web import pictures

PAGE = """<html lang="en"><title>T</title><body style="font: 19px Arial; margin: 40px"><h1>Held payments</h1>
<p>Two payments are held. The first cut-off is on Tuesday.</p>{more}<table><tr><th>Line</th><td>LN-204417</td></tr></table></body></html>"""


@pytest.fixture
def shot(chromium, tmp_path, monkeypatch):
    """A screenshot of the page with more in it; pictures are kept in a folder of the test's own."""
    monkeypatch.setattr(pictures, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(pictures, "SEEN", tmp_path / "seen")
    monkeypatch.delenv("REWRITE", raising=False)
    page = chromium.new_page(viewport={"width": 640, "height": 600})

    def taken(more: str = "") -> bytes:
        page.set_content(PAGE.format(more=more))
        return page.screenshot(full_page=True)

    yield taken
    page.close()


@pytest.fixture
def kept(shot, monkeypatch):
    monkeypatch.setenv("REWRITE", "1")
    assert not pictures.what_differs("page.png", shot("<p>Nothing needs doing.</p>"))
    monkeypatch.delenv("REWRITE")


def test_the_same_page_again_looks_as_it_did(kept, shot):
    assert not pictures.what_differs("page.png", shot("<p>Nothing needs doing.</p>"))


@pytest.mark.parametrize(
    "more",
    [
        "<p>Nothing needs.</p>", "<p>Nothing needs mending.</p>", "", "<p>Nothing needs doing.</p><p>And a line more.</p>",
        '<p style="color:#aaa">Nothing needs doing.</p>', '<p style="padding-left:40px">Nothing needs doing.</p>',
    ],
    ids=["a word gone", "another word", "a line gone", "a line more", "paler", "moved"],
)  # fmt: skip
def test_what_is_gone_more_paler_or_elsewhere_is_found(kept, shot, more):
    assert "page.png" in pictures.what_differs("page.png", shot(more))
    assert (pictures.SEEN / "page.png").exists()


def test_letters_drawn_a_little_differently_are_let_be(kept, shot):
    drawn = '<p style="-webkit-text-stroke: 0.15px #000; opacity: 0.96">Nothing needs doing.</p>'
    assert not pictures.what_differs("page.png", shot(drawn))


def test_a_page_without_a_picture_and_a_picture_without_a_page_are_told(kept, shot):
    assert "no picture of this page yet" in pictures.what_differs("new.png", shot())
    assert pictures.never_looked_at({"new.png"}) == ["page.png"]
