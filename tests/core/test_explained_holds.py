"""Why money is held, read aloud: the tolerance, held visits, and what nobody needs to decide."""

from __future__ import annotations

from datetime import date, datetime

from tests.core.asked import MONDAY, TOLD_AT, a_council, another_line, run, sentences, told
from tests.councils.rows import Tables, add


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


def doubled_words(tables: Tables) -> dict[str, str]:
    """By line, what the file of holds says of a `DUP` and what it asks for."""
    return {hold["line_id"]: f"{hold['message']} {hold['remedy']}" for hold in run(tables).holds.to_pylist() if hold["code"] == "DUP"}


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
    released = "If it was all given, ask the payments team to release it."
    assert doubled_words(tables) == {
        "L1": f"A visit overlaps another on the same line and day. Correct the times. {released}",
        "L2": f"A carer was still at another visit. Correct the times or the carer. {released}",
    }
    add(tables, "actuals", line_id="L1", date=MONDAY, kind="week", delivered_minutes=180, submitted_at=TOLD_AT)
    assert "The visit on 2 June 2026 is not in this amount, because the week also has a total: £24.60 is held." in sentences(tables)
    assert doubled_words(tables)["L1"].startswith(
        "The week has a total as well as visits. A visit overlaps another on the same line and day. Send the visits that are part of"
    )


def test_a_planned_visit_told_of_twice_says_so() -> None:
    tables = a_council(visits=[("08:00", 60)])
    told(tables, 0, "08:00", 60)
    add(tables, "actuals", line_id="L1", date=MONDAY, delivered_minutes=45, submitted_at=TOLD_AT)
    said = "The visit on 1 June 2026 is not in this amount, because an earlier row tells of the same planned visit: £18.45 is held."
    assert said in sentences(tables)
    assert doubled_words(tables)["L1"].startswith("Two rows tell of the same planned visit. Send the row that is wrong again")
