"""Why this amount, read aloud: whole explanations of weeks a provider would ask about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.core.asked import MONDAY, TOLD_AT, a_council, sentences, told
from tests.councils.rows import Tables, add


def test_a_regular_week() -> None:
    tables = a_council(visits=[("08:00", 45), ("12:00", 30), ("17:00", 30), ("20:00", 30)])
    for day in range(7):
        for start, minutes in (("08:00", 45), ("12:00", 30), ("17:00", 30), ("20:00", 30)):
            told(tables, day, start, minutes)
    assert sentences(tables) == [
        "On 8 June 2026 at 9:14am you told us that 28 visits were given in the week of 1 June 2026.",
        "Your contract pays to the minute.",
        "1 June to 7 June 2026: 28 visits, 945 minutes, at £24.60 an hour, in force from 6 April 2026: 945 ÷ 60 × £24.60 = £387.45.",
        "What was claimed for this person's week is what was planned, so the tolerance holds nothing.",
        "Nothing had been paid for this line and week. £387.45 − £0.00 = £387.45, a regular payment.",
    ]


def test_banded_and_capped() -> None:
    tables = a_council(visits=[("08:00", 30)], contract={"rounding_minutes": 15, "cap_at_planned": True})
    for day, minutes in enumerate((37, 38, 30, 22, 31, 28)):
        told(tables, day, "08:00", minutes)
    told(tables, 6, "08:00", None, outcome="frustrated", reason="No reply")
    assert sentences(tables) == [
        "On 8 June 2026 at 9:14am you told us that 6 visits were given and 1 visit was frustrated (booked, but could not be given)"
        " in the week of 1 June 2026.",
        "Your contract rounds each visit to the nearest 15 minutes, and pays no visit for longer than planned.",
        "Monday 1 June 2026 at 8am: 37 minutes given, planned 30, 30 paid.",
        "Tuesday 2 June 2026 at 8am: 38 minutes given, planned 30, 30 paid.",
        "Thursday 4 June 2026 at 8am: 22 minutes given, planned 30, 15 paid.",
        "Friday 5 June 2026 at 8am: 31 minutes given, planned 30, 30 paid.",
        "Saturday 6 June 2026 at 8am: 28 minutes given, planned 30, 30 paid.",
        "The frustrated visit on 7 June 2026 with the reason ‘No reply’ pays 100% of the planned 30 minutes.",
        "1 June to 7 June 2026: 7 visits, 195 minutes, at £24.60 an hour, in force from 6 April 2026: 195 ÷ 60 × £24.60 = £79.95.",
        "For this person's week the plan comes to £86.10 and the claim to £79.95: £6.15 less or 7.1%."
        " The contract allows 10%, so nothing is held.",
        "Nothing had been paid for this line and week. £79.95 − £0.00 = £79.95, a regular payment.",
    ]


def test_two_rates_in_one_week() -> None:
    tables = a_council(visits=[("08:00", 25), ("18:00", 25)])
    add(tables, "rates", contract_id="C1", element="care", unit="hour", rate=253_300, valid_from=date(2026, 6, 4))
    for day in range(7):
        told(tables, day, "08:00", 25)
        told(tables, day, "18:00", 25)
    assert sentences(tables)[2:5] == [
        "1 June to 3 June 2026: 6 visits, 150 minutes, at £24.60 an hour, in force from 6 April 2026: 150 ÷ 60 × £24.60 = £61.50.",
        "4 June to 7 June 2026: 8 visits, 200 minutes, at £25.33 an hour, in force from 4 June 2026: 200 ÷ 60 × £25.33 = £84.43⅓.",
        "Together £145.93⅓. The week is rounded to the nearest penny, once: £145.93.",
    ]


def test_an_adjustment_says_what_was_paid_and_what_changed() -> None:
    tables = a_council(visits=[("08:00", 30)])
    for day in range(7):
        told(tables, day, "08:00", 30)
    add(tables, "prior_receipts", book="payments", line_id="L1", person_id="P1", provider_id="V1", payee_id="V1", week=MONDAY, amount=8_000)
    change = "On 11 June 2026 R. Adeyemi recorded a rate of £24.60 an hour from 6 April 2026."
    assert sentences(tables, change)[-2:] == [
        change,
        "£80.00 had been paid for this line and week. £86.10 − £80.00 = £6.10, an adjustment.",
    ]


def test_nothing_submitted_says_so() -> None:
    assert "No actuals have been submitted for this week, so nothing is owed yet." in sentences(a_council(visits=[("08:00", 30)]))


def test_a_frustrated_visit_beyond_its_days_says_so() -> None:
    tables = a_council(visits=[("08:00", 60)])
    add(tables, "frustration_policy", contract_id="C1", percent=5_000, max_days=2, valid_from=date(2026, 4, 6))
    for day in range(3):
        told(tables, day, "08:00", None, outcome="frustrated", reason="No reply")
    said = sentences(tables)
    assert "The frustrated visit on 2 June 2026 with the reason ‘No reply’ pays 50% of the planned 60 minutes." in said
    assert (
        "The frustrated visit on 3 June 2026 with the reason ‘No reply’ pays nothing: it is on day 3 since the first frustrated one,"
        " and the contract pays for at most 2 days." in said
    )


def a_placement(unit: str, rate: int, last_day: date | None, **contract: Any) -> Tables:
    """One person in a home from Monday 1 June."""
    tables = a_council(visits=[], contract={"basis": "placement", **contract})
    tables["rates"].clear()
    add(tables, "rates", contract_id="C1", element="care", unit=unit, rate=rate, valid_from=date(2026, 4, 6))
    tables["lines"][0].update(start_date=MONDAY, end_date=last_day)
    return tables


def test_nights_are_nights_and_the_last_day_is_not_paid() -> None:
    assert sentences(a_placement("night", 700_000, date(2026, 6, 3)))[:2] == [
        "1 June to 2 June 2026: 2 nights in the placement, at £70.00 a night, in force from 6 April 2026: £140.00.",
        "The last day, 3 June 2026, is not paid.",
    ]
    assert "The last day, 3 June 2026, is not paid." in sentences(a_placement("day", 700_000, date(2026, 6, 3), pays_last_day=False))
    assert not [text for text in sentences(a_placement("day", 700_000, date(2026, 6, 3))) if "last day" in text]
    assert not [text for text in sentences(a_placement("night", 700_000, date(2026, 6, 8))) if "last day" in text]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (0, "The person died on 2 June 2026: that day is the line's last."),
        (3, "The person died on 2 June 2026: the contract goes on for 3 days after it, to 5 June 2026."),
    ],
)
def test_a_death_that_ends_a_placement_is_told(after: int, said: str) -> None:
    tables = a_placement("day", 700_000, None, days_paid_after_death=after)
    assert not [text for text in sentences(tables) if "died" in text]
    tables["people"][0]["date_of_death"] = date(2026, 6, 2)
    assert sentences(tables)[0] == said
    tables["lines"][0]["end_date"] = date(2026, 6, 1)
    assert not [text for text in sentences(tables) if "died" in text]


def test_a_death_tells_why_a_total_covers_three_days() -> None:
    tables = a_council(visits=[("08:00", 60)])
    tables["people"][0]["date_of_death"] = date(2026, 6, 3)
    add(tables, "actuals", line_id="L1", date=MONDAY, kind="week", delivered_minutes=180, submitted_at=TOLD_AT)
    assert sentences(tables)[:3] == [
        "On 8 June 2026 at 9:14am you told us one total for the week: 180 minutes. It is spread over the line's days evenly.",
        "The person died on 3 June 2026: that day is the line's last.",
        "1 June to 3 June 2026: the total's part for 3 days, at £24.60 an hour, in force from 6 April 2026: £73.80.",
    ]
