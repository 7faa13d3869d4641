"""What a remittance says of a week: how much of what, and at which rate."""

from __future__ import annotations

import pytest

from almoner.office.exchange.advice import quantity_text, rates_text, why

BLANK = {
    "day_count": 0, "visit_count": 0, "minutes": 0, "total_minutes": None, "quantity_hundredths": None, "quantity_days": 0,
    "lowest_rate_centipence": None, "highest_rate_centipence": None, "unit": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "quantity", "rate"),
    [
        ({}, "", ""),
        ({"day_count": 1, "lowest_rate_centipence": 8_550_000, "highest_rate_centipence": 8_550_000, "unit": "week"},
         "1 day", "£855.00 a week"),
        ({"visit_count": 21, "minutes": 844, "lowest_rate_centipence": 255_500, "highest_rate_centipence": 271_500, "unit": "hour"},
         "21 visits, 14 h 04 min", "£25.55 to £27.15 an hour"),
        ({"visit_count": 2, "lowest_rate_centipence": 100_000, "highest_rate_centipence": 200_000}, "2 visits", "£10.00 to £20.00"),
        ({"total_minutes": 1_048, "unit": "hour"}, "17 h 28 min in all", ""),
        ({"quantity_hundredths": 2_550, "quantity_days": 7, "unit": "hour"}, "25.5 hours a week", ""),
        ({"quantity_hundredths": 100, "quantity_days": 4, "unit": "night"}, "1 night a week, 4 days", ""),
        ({"quantity_hundredths": 1_400, "quantity_days": 7, "visit_count": 1, "minutes": 30, "unit": "hour"},
         "1 visit, 0 h 30 min; 14 hours a week", ""),
        ({"quantity_hundredths": 300, "unit": "each"}, "3", ""),
    ],
)  # fmt: skip
def test_quantity_and_rate_in_words(told, quantity, rate):
    row = {**BLANK, **told}
    assert (quantity_text(row), rates_text(row)) == (quantity, rate)


def test_a_week_that_is_not_quantity_times_rate_says_why():
    row = {"kind": "regular", "cause": "First posting of this week.", "direct": None, "netted_pence": 0, "top_up_pence": 0, "held_pence": 0}
    assert why(row) == ""
    row |= {"direct": [{"name": "Vale ICB", "amount_pence": 18_371}], "netted_pence": 26_768, "top_up_pence": 2_000, "held_pence": 767}
    assert why(row) == (
        "Vale ICB pays you £183.71 of this itself. You collect £267.68 from the person, so we pay that much less. "
        "£20.00 of top-up is added, which we collect for you. £7.67 is held and will be paid when it is released."
    )
    assert why({**row, "kind": "adjustment", "cause": "A rate."}) == "A rate."
