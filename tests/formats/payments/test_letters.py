"""The letters banks take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.formats.payments.letters import PERMITTED, fitted, plain


@pytest.mark.parametrize(
    ("given_name", "spelled"),
    [
        ("Alpha Care Ltd", "ALPHA CARE LTD"),
        ("Æthelred & Søn", "AETHELRED & SON"),
        ("Straße 5/6", "STRASSE 5/6"),
        ("Łukasz Đorđe", "LUKASZ DORDE"),
        ("O’Brien's Home", "OBRIENS HOME"),
        ("Café – Crème (No.1)", "CAFE - CREME NO.1"),
        ("  A\t\tB\n", "A B"),
        ("ﬁnance №5", "FINANCE NO5"),
        ("İstanbul ı", "ISTANBUL I"),
        ("100% care!", "100 CARE"),
        ("مرحبا", ""),
    ],
)
def test_spelled_plainly(given_name, spelled):
    assert plain(given_name) == spelled


@given(st.text())
def test_nothing_else_ever_comes_out(text):
    once = plain(text)
    assert set(once) <= PERMITTED
    assert plain(once) == once
    assert len(fitted(text, 18)) == 18
