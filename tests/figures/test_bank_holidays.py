"""The frozen bank holidays against another calendar, and the working days that follow from them."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from almoner.core.tables import BANK_HOLIDAYS
from almoner.figures.bank_holidays import (
    NATIONS,
    DayNotKnown,
    NotAWorkingDay,
    bank_holiday_figures,
    bank_holidays,
    holidays_of,
    is_working_day,
    processing_day,
    working_day_after,
    working_day_before,
    working_day_on_or_after,
    working_day_on_or_before,
)

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}


@pytest.mark.parametrize("nation", NATIONS)
def test_every_year_equals_the_holidays_package_less_weekends(nation):
    other = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=range(2014, 2033))
    assert holidays_of(nation) == {day for day in other if day.weekday() < 5}


def test_days_published_by_government_that_are_hard_to_guess():
    england = holidays_of("england")
    assert date(2020, 5, 8) in england  # moved for the anniversary of the end of the war
    assert date(2020, 5, 4) not in england
    assert {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)} <= england
    assert date(2022, 5, 30) not in england
    assert date(2026, 12, 26) not in england  # a Saturday: it counts on Monday the 28th only (CAL-4)
    assert date(2026, 12, 28) in england
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= england
    assert date(2026, 11, 30) in holidays_of("scotland") - england
    assert date(2026, 4, 6) in england - holidays_of("scotland")  # Easter Monday
    assert date(2026, 7, 13) in holidays_of("northern_ireland") - england


def test_table_has_the_schema_of_core_and_no_weekend():
    table = bank_holidays()
    assert table.schema == BANK_HOLIDAYS
    assert set(table["nation"].to_pylist()) == set(NATIONS)
    rows = list(zip(table["nation"].to_pylist(), table["date"].to_pylist(), strict=True))
    assert rows == sorted(set(rows))
    assert all(day.weekday() < 5 for _, day in rows)


def test_every_day_says_its_source_and_how_sure_it_is():
    figures = bank_holiday_figures()
    for day in figures.days:
        assert day.source
        assert day.sure == ("V" if day.date <= figures.published_until else "X")
        assert figures.known_from <= day.date <= figures.known_until
        assert set(day.nations) <= set(NATIONS)


def test_processing_day_examples_published_for_bacs():
    # August bank holiday Monday 29 August 2016: paid on Tuesday 30 is processed on Friday 26, paid on Wednesday 31 on Tuesday 30.
    assert processing_day(date(2016, 8, 30)) == date(2016, 8, 26)
    assert processing_day(date(2016, 8, 31)) == date(2016, 8, 30)
    assert processing_day(date(2026, 11, 25)) == date(2026, 11, 24)
    assert processing_day(date(2026, 12, 29)) == date(2026, 12, 24)


def test_nothing_arrives_on_a_day_banks_are_shut():
    with pytest.raises(NotAWorkingDay, match="Tuesday 29 December 2026"):
        processing_day(date(2026, 12, 26))
    with pytest.raises(NotAWorkingDay) as refused:
        processing_day(date(2026, 12, 25))
    assert refused.value.code == "NOT-A-WORKING-DAY"


def test_a_day_past_the_figures_is_refused_not_guessed():
    for ask in (working_day_before, working_day_after, working_day_on_or_after, is_working_day, processing_day):
        with pytest.raises(DayNotKnown, match="31 December 2032"):
            ask(date(2033, 1, 4))
    with pytest.raises(DayNotKnown):
        working_day_after(date(2032, 12, 31))
    with pytest.raises(DayNotKnown):
        working_day_before(date(2014, 1, 1))
    assert not is_working_day(date(2014, 1, 1))
    assert is_working_day(date(2032, 12, 31))


def test_cut_offs_move_earlier_and_pay_dates_later():
    assert working_day_on_or_before(date(2026, 5, 25)) == date(2026, 5, 22)
    assert working_day_on_or_after(date(2026, 5, 25)) == date(2026, 5, 26)
    assert working_day_on_or_before(date(2026, 5, 26)) == working_day_on_or_after(date(2026, 5, 26)) == date(2026, 5, 26)
    assert working_day_on_or_after(date(2026, 4, 6), "scotland") == date(2026, 4, 6)


def test_before_and_after_are_each_other_undone_on_working_days():
    day = date(2014, 1, 6)
    while day < date(2032, 12, 20):
        following = working_day_after(day)
        assert working_day_before(following) == day
        between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
        assert not any(is_working_day(shut) for shut in between)
        day = following


def test_an_unknown_nation_is_a_mistake():
    with pytest.raises(KeyError):
        holidays_of("france")
