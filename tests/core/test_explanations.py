"""Why this amount, read aloud: whole explanations of weeks a provider would ask about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from tests.councils.rows import Tables, add, arrow

from almoner.core.calculate import Outcome, calculate
from almoner.core.explain import explain_week
from almoner.core.money import exact_pounds, percent_text, pounds, rate_text

MONDAY = date(2026, 6, 1)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TOLD_AT = datetime(2026, 6, 8, 9, 14)


def a_council(*, visits: list[tuple[str, int]], contract: dict[str, Any] | None = None) -> Tables:
    """One person, one line, the same visits each day at £24.60 an hour."""
    tables: Tables = {}
    add(tables, "people", person_id="P1")
    add(tables, "providers", provider_id="V1", name="Alpha Care", creditor_reference="C1")
    add(tables, "contracts", contract_id="C1", provider_id="V1", service_type="home care", basis="actuals", **(contract or {}))
    add(tables, "rates", contract_id="C1", element="care", unit="hour", rate=246_000, valid_from=date(2026, 4, 6))
    add(
        tables,
        "lines",
        line_id="L1",
        person_id="P1",
        contract_id="C1",
        element="care",
        start_date=date(2026, 4, 6),
        authorised_on=date(2026, 4, 1),
    )
    for weekday in DAYS:
        for start, minutes in visits:
            add(
                tables,
                "schedule",
                line_id="L1",
                weekday=weekday,
                start_time=time.fromisoformat(start),
                minutes=minutes,
                valid_from=date(2026, 4, 6),
            )
    return tables


def told(tables: Tables, day: int, start: str, minutes: int | None, **cells: Any) -> None:
    """A visit reported on the `day`th day of the week (0 = Monday)."""
    when = MONDAY + timedelta(days=day)
    add(
        tables,
        "actuals",
        line_id="L1",
        date=when,
        start_time=time.fromisoformat(start),
        delivered_minutes=minutes,
        submitted_at=TOLD_AT,
        **cells,
    )


def run(tables: Tables) -> Outcome:
    return calculate(arrow(tables), {}, through=MONDAY + timedelta(days=6))


def sentences(tables: Tables, *changes: str) -> list[str]:
    outcome = run(tables)
    days = [d for d in outcome.workings.to_pylist() if d["line_id"] == "L1" and d["week"] == MONDAY]
    weeks = [w for w in outcome.weeks.to_pylist() if w["line_id"] == "L1" and w["week"] == MONDAY]
    return [s.text for s in explain_week(days, weeks[0], changes)]


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
        "Monday 1 June 2026 at 08:00: 37 minutes given, planned 30, 30 paid.",
        "Tuesday 2 June 2026 at 08:00: 38 minutes given, planned 30, 30 paid.",
        "Thursday 4 June 2026 at 08:00: 22 minutes given, planned 30, 15 paid.",
        "Friday 5 June 2026 at 08:00: 31 minutes given, planned 30, 30 paid.",
        "Saturday 6 June 2026 at 08:00: 28 minutes given, planned 30, 30 paid.",
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


def test_a_week_held_then_released() -> None:
    tables = a_council(visits=[("08:00", 30), ("18:00", 30)])
    for day in range(7):
        told(tables, day, "08:00", 30)
        told(tables, day, "18:00", 30)
    told(tables, 2, "12:00", 45, outcome="extra", comment="extra calls after a fall")
    told(tables, 3, "12:00", 45, outcome="extra", comment="extra calls after a fall")
    held = sentences(tables)
    assert held[-3:] == [
        "For this person's week the plan comes to £172.20 and the claim to £209.10: £36.90 more or 21.4%."
        " The contract allows 10%. The whole week waits for a decision.",
        "£209.10 is held and will be paid when it is released. A held week is not lost.",
        "Nothing had been paid for this line and week, and £0.00 is due, so there is nothing to post.",
    ]
    add(
        tables,
        "releases",
        code="TOL",
        person_id="P1",
        week=MONDAY,
        reason="Extra calls agreed.",
        by="J. Khan",
        at=datetime(2026, 6, 12, 10, 42),
    )
    assert sentences(tables)[-2:] == [
        "On 12 June 2026 at 10:42am J. Khan released a hold (TOL): ‘Extra calls agreed’.",
        "Nothing had been paid for this line and week. £209.10 − £0.00 = £209.10, a regular payment.",
    ]


def test_only_the_excess_is_held() -> None:
    tables = a_council(visits=[("08:00", 30)], contract={"hold": "excess"})
    for day in range(7):
        told(tables, day, "08:00", 40)
    assert sentences(tables)[-3:] == [
        "For this person's week the plan comes to £86.10 and the claim to £114.80: £28.70 more or 33.3%."
        " The contract allows 10%. Only the part above the plan is held.",
        "£28.70 is held and will be paid when it is released. A held week is not lost.",
        "Nothing had been paid for this line and week. £86.10 − £0.00 = £86.10, a regular payment.",
    ]


def test_a_decrease_is_never_held() -> None:
    tables = a_council(visits=[("08:00", 30)])
    for day in range(5):
        told(tables, day, "08:00", 30)
    add(tables, "prior_receipts", book="payments", line_id="L1", person_id="P1", provider_id="V1", payee_id="V1", week=MONDAY, amount=8_610)
    assert sentences(tables)[-2:] == [
        "For this person's week the plan comes to £86.10 and the claim to £61.50: £24.60 less or 28.6%."
        " The contract allows 10%. Only an increase would be held: what is less than before comes back at once.",
        "£86.10 had been paid for this line and week. £61.50 − £86.10 = −£24.60, an adjustment. It is taken from your payment.",
    ]


def test_every_held_visit_says_why() -> None:
    tables = a_council(visits=[("08:00", 30)])
    tables["people"][0]["date_of_death"] = date(2026, 6, 5)
    for day in range(7):
        told(tables, day, "08:00", 30)
    assert "The visit on 6 June 2026 is not in this amount, because it is after the person died: £12.30 is held." in sentences(tables)


def test_nothing_submitted_says_so() -> None:
    assert "No actuals have been submitted for this week, so nothing is owed yet." in sentences(a_council(visits=[("08:00", 30)]))


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
