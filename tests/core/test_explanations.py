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
    add(tables, "contracts", contract_id="C1", provider_id="V1", service_type="home care", **{"basis": "actuals", **(contract or {})})
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


def another_line(tables: Tables, line: str, minutes: int, **cells: Any) -> None:
    """A second line of the same person and contract: one visit on each weekday at 14:00."""
    first = {name: cell for name, cell in tables["lines"][0].items() if name != "row"}
    add(tables, "lines", **{**first, "line_id": line, **cells})
    for weekday in DAYS:
        add(tables, "schedule", line_id=line, weekday=weekday, start_time=time(14), minutes=minutes, valid_from=date(2026, 4, 6))


def told(tables: Tables, day: int, start: str, minutes: int | None, *, line: str = "L1", **cells: Any) -> None:
    """A visit reported on the `day`th day of the week (0 = Monday)."""
    when = MONDAY + timedelta(days=day)
    add(
        tables,
        "actuals",
        line_id=line,
        date=when,
        start_time=time.fromisoformat(start),
        delivered_minutes=minutes,
        submitted_at=TOLD_AT,
        **cells,
    )


def run(tables: Tables) -> Outcome:
    return calculate(arrow(tables), {}, through=MONDAY + timedelta(days=6))


def sentences(tables: Tables, *changes: str, line: str = "L1") -> list[str]:
    outcome = run(tables)
    days = [d for d in outcome.workings.to_pylist() if d["line_id"] == line and d["week"] == MONDAY]
    weeks = [w for w in outcome.weeks.to_pylist() if w["line_id"] == line and w["week"] == MONDAY]
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
        " The contract allows 10%. Only the part above the plan is held; this line claims £114.80, and its own plan comes to £86.10.",
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


def test_an_excess_leaves_a_line_under_its_own_plan_alone() -> None:
    tables = a_council(visits=[("08:00", 30)], contract={"hold": "excess"})
    another_line(tables, "L2", 30)
    for day in range(7):
        told(tables, day, "08:00", 50)
        told(tables, day, "14:00", 20, line="L2")
    under = sentences(tables, line="L2")
    assert under[-2:] == [
        "For this person's week the plan comes to £172.20 and the claim to £200.90: £28.70 more or 16.7%. The contract allows 10%."
        " Only what lines have above their own plan is held; this line claims £57.40, and its own plan comes to £86.10.",
        "Nothing had been paid for this line and week. £57.40 − £0.00 = £57.40, a regular payment.",
    ]
    assert sentences(tables)[-3].endswith(
        "Only the part above the plan is held; this line claims £143.50, and its own plan comes to £86.10."
    )


def test_only_a_line_that_a_release_names_was_freed() -> None:
    tables = a_council(visits=[("08:00", 30)])
    another_line(tables, "L2", 30)
    for day in range(7):
        told(tables, day, "08:00", 50)
        told(tables, day, "14:00", 30, line="L2")
    add(tables, "releases", code="TOL", person_id="P1", line_id="L2", week=MONDAY, reason="As planned", at=datetime(2026, 6, 9, 9, 0))
    assert any(text.endswith("The contract allows 10%. This line was freed.") for text in sentences(tables, line="L2"))
    assert any(text.endswith("The contract allows 10%. The whole week waits for a decision.") for text in sentences(tables))


def test_a_line_not_authorised_takes_no_part_in_the_comparison() -> None:
    tables = a_council(visits=[("08:00", 30)])
    another_line(tables, "L2", 30, authorised_on=None)
    for day in range(7):
        told(tables, day, "08:00", 50)
        told(tables, day, "14:00", 30, line="L2")
    assert any(text.endswith("This line takes no part in that: it waits for another reason.") for text in sentences(tables, line="L2"))


def test_a_difference_that_holds_nothing_waits_for_nobody() -> None:
    tables = a_council(visits=[("08:00", 30)])
    told(tables, 0, "08:00", None, outcome="missed")
    compared = "For this person's week the plan comes to £86.10 and the claim to £0.00: £86.10 less or 100.0%. The contract allows 10%."
    assert not run(tables).holds.num_rows
    assert f"{compared} Nothing is due on this line, so nothing waits for a decision." in sentences(tables)
    another_line(tables, "L2", 30)
    told(tables, 0, "14:00", 30, line="L2")
    assert run(tables).holds.num_rows == 1
    assert any(text.endswith("Nothing is due on this line, so none of it waits.") for text in sentences(tables))


def test_a_difference_paid_before_waits_for_nobody() -> None:
    tables = a_council(visits=[("08:00", 30)])
    for day in range(7):
        told(tables, day, "08:00", 60)
    add(
        tables, "prior_receipts", book="payments", line_id="L1", person_id="P1", provider_id="V1", payee_id="V1", week=MONDAY, amount=17_220
    )
    assert not run(tables).holds.num_rows
    assert sentences(tables)[-2].endswith("All that is due on this line has been paid before, so nothing waits for a decision.")


def banded_council() -> Tables:
    tables = a_council(visits=[("08:00", 30)])
    tables["rates"].clear()
    for minutes, rate in ((30, 120_000), (60, 200_000)):
        band = {"unit": "visit", "band_minutes_up_to": minutes, "rate": rate, "valid_from": date(2026, 4, 6)}
        add(tables, "rates", contract_id="C1", element="care", **band)
    return tables


def test_a_visit_longer_than_any_priced_says_so() -> None:
    tables = banded_council()
    told(tables, 0, "08:00", 61)
    assert (
        "The visit on 1 June 2026 is not in this amount, because flat prices go up to 60 minutes that day,"
        " and there is no rate for a longer visit (61 minutes)." in sentences(tables)
    )


def test_a_total_where_only_visits_are_priced_says_so() -> None:
    tables = banded_council()
    add(tables, "actuals", line_id="L1", date=MONDAY, kind="week", delivered_minutes=200, submitted_at=TOLD_AT)
    assert (
        "The week's total on 1 June 2026 is not in this amount, because flat prices go up to 60 minutes that day, and there is no rate"
        " for a total." in sentences(tables)
    )


def test_a_day_without_a_rate_and_a_rate_that_is_a_slip_say_so() -> None:
    tables = a_council(visits=[("08:00", 30)])
    tables["rates"][0]["valid_to"] = date(2026, 6, 1)
    add(tables, "rates", contract_id="C1", element="care", unit="hour", rate=2_000_000_000, valid_from=date(2026, 6, 3))
    for day in range(3):
        told(tables, day, "08:00", 30)
    said = sentences(tables)
    assert "The visit on 2 June 2026 is not in this amount, because no rate was in force that day." in said
    assert (
        "The visit on 3 June 2026 is not in this amount, because the rate in force that day is above £100,000, which is taken for a slip."
        in said
    )


def test_a_total_says_which_day_has_no_rate() -> None:
    tables = a_council(visits=[("08:00", 30)])
    tables["rates"][0]["valid_to"] = date(2026, 6, 5)
    add(tables, "actuals", line_id="L1", date=MONDAY, kind="week", delivered_minutes=200, submitted_at=TOLD_AT)
    assert "The week's total on 1 June 2026 is not in this amount, because no rate was in force on 6 June 2026." in sentences(tables)


def test_planned_visits_in_hospital_do_not_stand() -> None:
    tables = a_council(visits=[("08:00", 30)], contract={"basis": "planned"})
    add(tables, "absences", person_id="P1", kind="hospital", first_day=date(2026, 6, 3), last_day=date(2026, 6, 4))
    said = sentences(tables)
    assert said[0] == "5 planned visits nobody told us otherwise about, so they stand as planned."
    assert "The planned visit on 3 June 2026 is not in this amount, because the person was in hospital that day: £12.30 is held." in said
    assert "2 days in hospital are left out of both." in said


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


def test_a_doubled_visit_gives_the_one_reason() -> None:
    tables = a_council(visits=[("08:00", 60)])
    another_line(tables, "L2", 60)
    told(tables, 0, "08:00", 60)
    told(tables, 0, "08:30", 60, outcome="extra")
    told(tables, 1, "08:00", 60, carer_id="K")
    told(tables, 1, "08:15", 60, line="L2", outcome="extra", carer_id="K")
    assert (
        "The visit on 1 June 2026 is not in this amount, because it begins before an earlier visit of this line and day has ended:"
        " £24.60 is held." in sentences(tables)
    )
    assert "The visit on 2 June 2026 is not in this amount, because its carer was still at an earlier visit: £24.60 is held." in sentences(
        tables, line="L2"
    )
    add(tables, "actuals", line_id="L1", date=MONDAY, kind="week", delivered_minutes=180, submitted_at=TOLD_AT)
    assert "The visit on 2 June 2026 is not in this amount, because the week also has a total: £24.60 is held." in sentences(tables)


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
