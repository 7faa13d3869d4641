"""A line week by week: planned, claimed and paid, with what the contract allows; the figures are those of the rules and the runs."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.runs.little import record
from tests.web.paying import run_through, text_of
from tests.web.vale import DAY, NOW, WEEK, delivered


def weeks(line="LN-204710", person="4000217737"):
    from almoner.office.runs.line_drawn import weeks_drawn

    return {one.week: one for one in weeks_drawn(line, person, NOW + DAY)}


def test_a_week_over_the_plan_stands_beyond_what_is_allowed(pages):
    week = weeks()[WEEK]
    # 420 minutes planned and 510 claimed at £24.60 an hour; the contract allows 10% either way.
    assert (week.planned_pence, week.claimed_pence, week.paid_pence) == (17220, 20910, 0)
    assert (week.low, week.high, week.is_beyond) == (15498, 18942, True)
    assert week.difference == 2142


def test_what_was_paid_is_what_runs_sealed(pages):
    run_through()
    week = weeks("LN-204417", "4000217735")[date(2026, 5, 25)]
    assert (week.planned_pence, week.claimed_pence, week.paid_pence, week.is_beyond) == (38745, 38745, 38745, False)


def test_the_page_says_what_is_odd_and_draws_from_three_weeks_on(signed_in):
    client = signed_in("payments_officer")
    page = client.get("/console/lines/LN-204710")
    told = text_of(page)
    assert "In 1 of 1 week more or less was claimed than the contract allows, last in the week of 1 June 2026: 21.4% more" in told
    assert "1 June 2026 £172.20 £209.10 £0.00 21.4% more" in told and "almoner-steps-drawn" not in page.content.decode()
    for back in (1, 2):
        record("actuals", *delivered("LN-204710", WEEK - timedelta(weeks=back), (9, 0, 30), (18, 0, 30)), at=NOW - DAY)
    page = client.get("/console/lines/LN-204710")
    assert 'class="almoner-bars almoner-steps-drawn"' in page.content.decode() and "Allowed without a check" in text_of(page)
    assert "In 1 of 3 weeks" in text_of(page)
    assert "Week by week" not in text_of(client.get("/console/lines/LN-204710?on=2026-06-01"))
    assert "Week by week" not in text_of(client.get("/console/lines/LN-300001")), "nothing was told"
