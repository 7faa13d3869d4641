"""The calendar: periods, cut-offs and pay dates moved by holidays; what is due is drafted and reminded of once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.office.runs.little import found_council, later, record, visit


def when(text):
    from almoner.office.runs.calendar import LOCAL

    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def due(at, *rules):
    from almoner.office.runs.calendar import CalendarRule
    from almoner.office.runs.operations import do_what_is_due

    return do_what_is_due(by="cron", at=when(at), rules=rules or (CalendarRule("payments", "four_weekly"),))


def period(rule, day):
    from almoner.office.runs.calendar import periods

    return next(iter(periods(rule, day, day)))


def test_a_week_ends_on_its_last_day_is_cut_off_on_tuesday_and_paid_a_week_later(office):
    from almoner.office.runs.calendar import CalendarRule

    found = period(CalendarRule("payments", "weekly"), date(2026, 6, 3))
    assert (found.from_date, found.last_day) == (date(2026, 6, 1), date(2026, 6, 7))
    assert (found.cut_off_at, found.pay_date, found.moved_because) == (when("2026-06-09T18:00"), date(2026, 6, 16), "")


def test_holidays_move_cut_offs_earlier_and_pay_dates_later(office):
    from almoner.office.runs.calendar import CalendarRule

    rule = CalendarRule("payments", "weekly", cut_off_days=1, pay_days=8)
    found = period(rule, date(2026, 5, 20))
    assert found.cut_off_at == when("2026-05-22T18:00"), "Monday 25 May is a holiday; the Friday before"
    found = period(rule, date(2026, 5, 12))
    assert found.pay_date == date(2026, 5, 26) and "25 May" in found.moved_because


def test_months_are_calendar_months_and_four_weeks_follow_their_anchor(office):
    from almoner.office.runs.calendar import CalendarRule, periods

    months = list(periods(CalendarRule("claims", "monthly"), date(2025, 12, 31), date(2026, 2, 1)))
    assert [found.from_date for found in months] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    before = period(CalendarRule("payments", "four_weekly"), date(2026, 4, 5))
    assert (before.from_date, before.last_day) == (date(2026, 3, 9), date(2026, 4, 5))


def test_a_run_is_drafted_once_its_cut_off_has_passed_and_not_twice(office):
    found_council()
    assert due("2026-06-02T17:59").drafted == (), "care began after the last period whose cut-off has passed"
    (drafted,) = due("2026-06-02T18:00").drafted
    assert (drafted.book, drafted.through, drafted.cycle) == ("payments", date(2026, 5, 31), "four_weekly")
    assert due("2026-06-03T09:00").drafted == ()
    from almoner.office.runs.operations import seal_run

    seal_run(run=drafted.run, by="ann", at=when("2026-06-03T10:00"))
    assert due("2026-06-04T09:00").drafted == ()
    assert due("2026-07-01T09:00").drafted[0].through == date(2026, 6, 28)


def test_a_run_in_which_nothing_would_be_posted_is_drafted_only_for_those_who_are_owed(office):
    from almoner.office.runs.operations import bring_balances, draft_run
    from almoner.office.runs.queries import runs_shown

    found_council()
    before_care = {"through": date(2026, 5, 3), "cycle": "four_weekly"}
    empty = draft_run(book="payments", by="ann", at=when("2026-06-02T09:00"), **{**before_care, "through": date(2026, 4, 5)})
    assert (empty.run, empty.receipts, empty.holds) == ("R-0001", 0, 0)
    assert empty.reason_for_scope.endswith("There is nothing to post and nothing is held.")
    assert due("2026-06-02T10:00").drafted == () and [run.run for run in runs_shown()] == [empty.run]
    bring_balances(owed_pence={"V1": -5_00}, reason="the earlier system", by="ann", at=when("2026-06-02T11:00"))
    assert due("2026-06-02T11:30").drafted == (), "a debt alone is not paid"
    bring_balances(owed_pence={"V2": 5_00}, reason="a payment that bounced", by="ann", at=when("2026-06-02T12:00"))
    (drafted,) = due("2026-06-02T12:30").drafted
    assert (drafted.run, drafted.through) == ("R-0002", before_care["through"])


def test_the_calendar_reaches_three_months_ahead_and_is_extended_once(office):
    found_council()
    first = due("2026-06-01T09:00")
    assert first.periods == 6 and due("2026-06-01T09:05").periods == 0
    assert due("2026-06-29T09:05").periods == 1


def test_a_period_moved_by_hand_holds_over_the_rule(office):
    from almoner.office.runs.calendar import CalendarRule, calendar_periods
    from almoner.office.runs.operations import plan_period

    found_council()
    due("2026-06-01T09:00")
    rule = CalendarRule("payments", "four_weekly")
    moved = next(found for found in calendar_periods("payments", "four_weekly") if found.from_date == date(2026, 5, 4))
    from dataclasses import replace

    plan_period(period=replace(moved, cut_off_at=when("2026-06-05T12:00")), reason="system upgrade", by="ann", at=when("2026-06-01T10:00"))
    assert due("2026-06-02T18:00", rule).drafted == ()
    assert due("2026-06-05T12:00", rule).drafted[0].through == date(2026, 5, 31)


def test_a_provider_is_reminded_once_of_the_weeks_it_has_not_submitted(office):
    found_council()
    assert due("2026-05-30T09:00").reminders == (), "too early"
    (reminder,) = due("2026-06-01T11:00").reminders
    assert (reminder.provider_id, reminder.week_count) == ("V1", 4), "two lines, two weeks each"
    assert due("2026-06-01T12:00").reminders == ()
    assert due("2026-06-02T18:00").reminders == ()


def test_nobody_is_reminded_who_has_submitted_everything(office):
    found_council()
    days = (date(2026, 5, 18), date(2026, 5, 25))
    record("actuals", *(visit(line, day) for line in ("L1", "L2") for day in days), at=later(0))
    assert due("2026-06-01T11:00").reminders == ()


@pytest.mark.parametrize("book", ["claims", "charges"])
def test_other_books_are_drafted_whole(office, book):
    from almoner.office.runs.calendar import CalendarRule

    found_council()
    rule = CalendarRule(book, "monthly" if book == "claims" else "four_weekly", pay_days=30)
    (drafted,) = due("2026-06-10T09:00", rule).drafted
    assert (drafted.book, drafted.cycle) == (book, "") and drafted.receipts > 0
    assert drafted.through == date(2026, 5, 31) and timedelta(0) < drafted.as_of - when("2026-06-10T08:59")
