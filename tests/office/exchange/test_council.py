"""What a `council.toml` may say, and what is said when it says something else."""

from __future__ import annotations

from datetime import date, time

import pytest

GOOD = b"""
[council]
name = "Little Council"
enquiries = "01234 567890"

[payer]
sort_code = "200000"
account_number = "12345678"
service_user_number = "123456"

[ledger]
mapping = "hackney_cedar"

[[calendar]]
book = "payments"
cycle = "weekly"
anchor = 2026-04-06
cut_off_days = 3
cut_off_time = 12:00:00
pay_days = 10
"""


def read(content):
    from almoner.office.exchange.council import read_council

    return read_council(content)


def test_everything_it_says_is_read(office):
    council = read(GOOD)
    assert (council.name, council.payer.name, council.payer.service_user_number) == ("Little Council", "Little Council", "123456")
    (rule,) = council.calendar
    assert (rule.anchor, rule.cut_off_days, rule.cut_off_time, rule.pay_days) == (date(2026, 4, 6), 3, time(12), 10)
    assert council.ledger_mapping == "hackney_cedar"


def test_an_empty_one_is_a_council_without_an_account(office):
    assert read(b"").payer is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff", "cannot be read"),
        (b"[council", "cannot be read"),
        (b"[bank]\n", "bank"),
        (b"council = 3", "not a section"),
        (b"[council]\nname = 3", "name"),
        (b"[payer]\nsort_code = 200000\naccount_number = '1'", "sort_code"),
        (b"[payer]\nsort_code = '200000'", "account_number"),
        (b"[calendar]\nbook = 'payments'", "list"),
        (b"[[calendar]]\nbook = 'sweets'\ncycle = 'weekly'", "book"),
        (b"[[calendar]]\nbook = 'charges'\ncycle = 'weekly'", "weekly"),
        (b"[[calendar]]\nbook = 'payments'\ncycle = 'weekly'\nanchor = 'monday'", "anchor"),
        (b"calendar = [3]", "not a table"),
    ],
)
def test_what_it_may_not_say_is_refused_in_a_sentence(office, content, word):
    from almoner.office.exchange.council import CouncilRefused

    with pytest.raises(CouncilRefused, match=word) as refusal:
        read(content)
    assert refusal.value.code == "COUNCIL" and refusal.value.remedy
