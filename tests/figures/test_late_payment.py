"""Interest on what is paid late: the Bank's rate of the half-year before, and eight percent."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

from almoner.figures.late_payment import DAYS_TO_PAY, known_until, late_rates, late_rates_table


def test_the_rate_of_each_half_year_follows_the_one_before_it():
    days = [rate.from_date for rate in late_rates()]
    assert all((day.month, day.day) in ((1, 1), (7, 1)) for day in days) and days == sorted(set(days))
    assert all(181 <= (after - before).days <= 184 for before, after in pairwise(days)), "no half-year is missing"
    assert (known_until() + timedelta(days=1)).month in (1, 7) and known_until() > days[-1]
    assert DAYS_TO_PAY == 30


def test_known_rates():
    rates = {rate.from_date: rate.basis_points for rate in late_rates()}
    assert rates[date(2024, 7, 1)] == 1325 and rates[date(2026, 1, 1)] == 1175
    assert late_rates_table().num_rows == len(rates)


def test_each_rate_says_how_sure_it_is():
    told = tomllib.loads(files("almoner.figures").joinpath("late_payment.toml").read_text(encoding="utf-8"))
    sure = {row["from"]: row["sure"] for row in told["rates"]["bank_rate"]}
    assert {sure[day] for day in sure if day < date(2024, 7, 1)} == {"V"}
    assert {sure[day] for day in sure if day >= date(2024, 7, 1)} == {"M"}
    assert all(row["source"] in told["sources"] for row in told["rates"]["bank_rate"])
