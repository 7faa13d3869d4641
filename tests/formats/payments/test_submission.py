"""The same submission through the registry gives the golden files; a pay day on which nothing arrives is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from tests.formats.payments.payment_examples import ALPHA, BETA, COUNCIL, GOLDEN

from almoner.figures.bank_holidays import NotAWorkingDay
from almoner.formats.payments.submission import Submission
from almoner.formats.registry import format_named

SUBMISSION = Submission("PR2026-08-0001", "000001", datetime(2026, 11, 20, 9), date(2026, 11, 25))


def test_bacs_processes_on_the_working_day_before_the_money_arrives():
    written = format_named("bacs").write([ALPHA, BETA], COUNCIL, SUBMISSION)
    assert written == (GOLDEN / "synthetic_standard18_single_day.txt").read_bytes()


def test_pain001():
    written = format_named("pain001").write([ALPHA, BETA], COUNCIL, SUBMISSION)
    assert written == (GOLDEN / "synthetic_uk_gbdsc_pain.001.001.09.xml").read_bytes()


def test_nothing_arrives_on_a_sunday():
    with pytest.raises(NotAWorkingDay):
        format_named("bacs").write([ALPHA], COUNCIL, replace(SUBMISSION, pay_on=date(2026, 11, 29)))
