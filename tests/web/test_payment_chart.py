"""The picture of the last payments says whether the last one is usual, and its table says the same."""

from __future__ import annotations

from datetime import date, timedelta

from almoner.office.exchange.payment_chart import Paid, payment_chart
from almoner.office.furniture.upright import Upright, uprights

FIRST = date(2026, 3, 3)


def paid(*amounts: tuple[int, int]) -> list[Paid]:
    return [Paid(FIRST + n * timedelta(weeks=1), care, adjusted, care + adjusted) for n, (care, adjusted) in enumerate(amounts)]


def test_fewer_than_three_payments_are_not_drawn():
    assert payment_chart(paid((100_00, 0), (100_00, 0))) is None


def test_the_title_says_what_is_found():
    usual = payment_chart(paid((100_00, 0), (300_00, 0), (200_00, -50_00)))
    assert usual.title == (
        "The last payment is as usual: £200.00 of care, between £100.00 and £300.00 in the 2 before it; £50.00 was taken back"
    )
    assert (
        "for more care than the 2 before it: £400.00, at most £300.00" in payment_chart(paid((100_00, 0), (300_00, 0), (400_00, 0))).title
    )
    assert "for less care than the 2 before it: £50.00, at least £100.00" in payment_chart(paid((100_00, 0), (300_00, 0), (50_00, 0))).title


def test_the_last_twelve_are_drawn_the_newest_first_in_the_table():
    found = payment_chart(paid(*((n * 100_00, 0) for n in range(1, 15))))
    assert len(found.rows) == 12 and found.rows[0].regular_pence == 1400_00 and found.rows[-1].regular_pence == 300_00


def test_bars_stand_on_nought_and_go_below_it_for_what_was_taken_back():
    drawn = str(uprights("Paid", [Upright("a", (2_000_00, 0)), Upright("b", (1_000_00, 0)), Upright("c", (3_000_00, -1_000_00))],
                         ("Care", "Adjustments"), last_words="£3,000.00"))  # fmt: skip
    # From −£1,000 to £3,000 in levels of £1,000: 60 high each, nought at 68 + 180.
    assert [words for words in ("−£1,000", "£0", "£1,000", "£2,000", "£3,000") if f">{words}<" not in drawn] == []
    assert 'y="128" width="46" height="120"' in drawn and 'y="248" width="46" height="60"' in drawn
    assert 'aria-label="Paid"' in drawn and "£3,000.00" in drawn
    assert uprights("Paid", [Upright("a", (1,)), Upright("b", (1,))], ("Care",), last_words="") is None
