"""Pounds, rates and percentages as people write them."""

from __future__ import annotations

import pytest

from almoner.core.money import exact_pounds, percent_text, pounds, rate_text


@pytest.mark.parametrize(("pence", "text"), [(0, "£0.00"), (102_450, "£1,024.50"), (-945, "−£9.45"), (5, "£0.05")])
def test_pounds(pence: int, text: str) -> None:
    assert pounds(pence) == text


def test_fractions_of_a_penny_are_fractions() -> None:
    assert exact_pounds(140_000_000) == "£0.00⅓"
    assert exact_pounds(420_000_000 * 51785 + 300_000_000) == "£517.85 5⁄7"
    assert exact_pounds(420_000_000, 4) == "£0.00¼"


def test_rates_and_percentages_as_people_write_them() -> None:
    assert [rate_text(r) for r in (246_000, 246_050, 10_000_000, -5_000)] == ["£24.60", "£24.605", "£1,000.00", "−£0.50"]
    assert [percent_text(b) for b in (1_000, 3_333, 50, 750)] == ["10%", "33.33%", "0.5%", "7.5%"]


def test_amounts_as_people_type_them():
    from almoner.core.money import pence_typed

    typed = {"24.60": 2460, "£1,024.5": 102_450, " 7 ": 700, "0": 0, "0.05": 5}
    assert {text: pence_typed(text) for text in typed} == typed
    assert [pence_typed(text) for text in ("", "-1", "1.234", "ten", "1e3", "£", "1.", "9999999999")] == [None] * 8


def test_a_rate_is_raised_exactly_and_rounded_once_halves_up():
    from almoner.core.money import changed_by, raised_rate

    assert raised_rate(246_000, 310, 100) == 253_600, "£25.3626 to the nearest penny"
    assert raised_rate(246_000, 310, 1) == 253_626
    assert [raised_rate(100, 50, 1), raised_rate(99, 50, 1)] == [101, 99], "100.5 goes up, 99.495 down"
    assert [raised_rate(246_000, -310, 100), raised_rate(0, 310, 100), raised_rate(246_000, 310, 500)] == [238_400, 0, 253_500]
    assert [changed_by(240_000, 246_000), changed_by(240_000, 239_000), changed_by(0, 5), changed_by(5, 5)] == [250, -41, 10_000, 0]


def test_a_rate_is_read_as_people_type_it():
    from almoner.core.money import rate_typed

    typed = {"24.605": 246_050, "£1,024.5": 10_245_000, "7": 70_000, "0.0001": 1}
    assert {text: rate_typed(text) for text in typed} == typed
    assert [rate_typed(text) for text in ("", "-1", "1.23456", "ten", "1.")] == [None] * 5
