"""The modulus check, on two examples published with the specification and on a small table made up here.

Pay.UK's own table may not be shipped, so the ranges and weights below are invented; each expected answer is worked out beside it.
"""

from __future__ import annotations

import random
from datetime import date

import pytest

from almoner.formats.payments.modulus import ModulusTableUnreadable, check_account, read_scsubtab, read_valacdos
from almoner.formats.payments.payment import AccountMisspelled

ONES_AND_TWOS = "2 1 2 1 2 1 2 1 2 1 2 1 2 1"


def table(*lines: str, substitutes=None):
    content = "\r\n".join(lines).encode()
    return read_valacdos(content, version="made up", published_on=date(2026, 1, 5), substitutes=substitutes)


def test_the_published_example_of_modulus_eleven():
    # 5x7 + 8x5 + 1x8 + 7x3 + 7x4 + 6x6 + 3x2 + 2x1 = 176 = 16 x 11
    weights = table("000000 000100 MOD11 0 0 0 0 0 0 7 5 8 3 4 6 2 1")
    assert check_account(weights, "000000", "58177632") == "valid"
    assert check_account(weights, "000000", "58177633") == "invalid"


def test_the_published_example_of_double_alternate():
    # The digits of 8 9 18 2 14 3 2 2 6 4 10 6 14 8 add up to 70.
    weights = table(f"499272 499273 DBLAL {ONES_AND_TWOS}")
    assert check_account(weights, "499273", "12345678") == "valid"
    assert check_account(weights, "499273", "12345687") == "invalid"


def test_modulus_ten():
    weights = table("990000 990009 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1")
    assert check_account(weights, "990005", "66374958") == "valid"  # 42+6+9+49+4+27+35+8 = 180
    assert check_account(weights, "990005", "66374959") == "invalid"


def test_a_sort_code_in_no_range_cannot_be_checked():
    weights = table("990002 990004 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1", "990006 990006 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 0 1")
    assert check_account(weights, "990001", "12345678") == "cannot check"
    assert check_account(weights, "990005", "12345678") == "cannot check"
    assert check_account(weights, "990007", "12345678") == "cannot check"
    assert check_account(weights, "990002", "12345678") == "invalid"
    assert check_account(weights, "990004", "12345678") == "invalid"
    assert check_account(weights, "990006", "12345670") == "valid"


def test_both_of_two_checks_must_pass():
    weights = table("990000 990000 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1", "990000 990000 MOD10 0 0 0 0 0 0 0 0 0 0 0 0 1 0")
    assert check_account(weights, "990000", "12345600") == "valid"
    assert check_account(weights, "990000", "12345610") == "invalid"
    assert check_account(weights, "990000", "12345601") == "invalid"


def test_exception_1_adds_twenty_seven():
    weights = table("990000 990000 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 2 1 1")
    assert check_account(weights, "990000", "00000075") == "invalid"  # 1+4+5 = 10, +27 = 37
    assert check_account(weights, "990000", "00000078") == "valid"  # 1+4+8 = 13, +27 = 40


def test_exceptions_2_and_9_change_weights_and_try_another_sort_code():
    own = "0 0 0 0 0 0 0 0 0 0 0 0 0 1"
    weights = table(f"990000 990000 MOD11 {own} 2", "990000 990000 MOD11 0 0 1 0 0 0 0 0 0 0 0 0 0 1 9")
    # a = 0: the line's own weights; h = 0 passes. Second try reads 309634, of which the third digit is 9: 9 + 2 = 11.
    assert check_account(weights, "990000", "01234560") == "valid"
    assert check_account(weights, "990000", "01234562") == "valid"
    assert check_account(weights, "990000", "01234561") == "invalid"
    # a not 0 and g not 9: 1 2 5 3 on 0000, then 6x1 + 4x0 ... + 3x1 + 1x2 = 11.
    assert check_account(weights, "990000", "10000012") == "valid"
    # a not 0 and g 9: the account's first two digits do not count: 3x9 + 1x6 = 33, the same with a = 5.
    assert check_account(weights, "990000", "10000096") == "valid"
    assert check_account(weights, "990000", "57000096") == "valid"
    assert check_account(weights, "990000", "57000097") == "invalid"


@pytest.mark.parametrize(
    ("g", "weights"), [(5, (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)), (9, (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1))]
)
def test_exception_2_has_the_weights_of_the_specification(g, weights):
    """The weights as the specification prints them, added up here one by one, for accounts that try every place."""
    lines = table("000000 999999 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1 2")
    chance = random.Random(309634)
    verdicts = set()
    for _ in range(2_000):
        digits = [chance.randrange(10) for _ in range(14)]
        digits[6], digits[12] = chance.randrange(1, 10), g
        total = 0
        for digit, weight in zip(digits, weights, strict=True):
            total += digit * weight
        text = "".join(map(str, digits))
        verdict = check_account(lines, text[:6], text[6:])
        assert verdict == ("valid" if total % 11 == 0 else "invalid")
        verdicts.add(verdict)
    assert verdicts == {"valid", "invalid"}


def test_exception_3_skips_the_second_check_for_six_and_nine():
    lines = ("990000 990000 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1", "990000 990000 DBLAL 0 0 0 0 0 0 0 0 0 0 0 0 1 0 3")
    assert check_account(table(*lines), "990000", "00600010") == "valid"
    assert check_account(table(*lines), "990000", "00900010") == "valid"
    assert check_account(table(*lines), "990000", "00500010") == "invalid"
    assert check_account(table(*lines), "990000", "00600011") == "invalid"


def test_exception_4_compares_the_remainder_with_the_last_two_digits():
    weights = table("990000 990000 MOD11 0 0 0 0 0 0 1 0 0 0 0 2 0 0 4")
    assert check_account(weights, "990000", "80000110") == "valid"  # 8 + 2 = 10, gh = 10
    assert check_account(weights, "990000", "80000101") == "invalid"  # g + h would be 1
    assert check_account(weights, "990000", "10000003") == "invalid"
    assert check_account(weights, "990000", "30000003") == "valid"


def test_exception_5_substitutes_the_sort_code_and_checks_two_digits():
    lines = ("990000 990009 MOD11 0 0 0 0 0 1 1 0 0 0 0 0 0 0 5", "990000 990009 DBLAL 0 0 0 0 0 1 0 2 0 0 0 0 0 0 5")
    weights = table(*lines, substitutes=read_scsubtab(b"990001 990003\r\n"))
    # 990003: mod 11 of 3 + 2 = 5 -> g = 6; double alternate of 3 and 2x1 = 5 -> h = 5.
    assert check_account(weights, "990003", "21000065") == "valid"
    assert check_account(weights, "990001", "21000065") == "valid"  # checked as 990003
    assert check_account(weights, "990001", "21000066") == "invalid"
    assert check_account(weights, "990001", "21000055") == "invalid"
    assert check_account(weights, "990002", "21000065") == "invalid"  # 4 -> g would be 7
    assert check_account(weights, "990003", "81000005") == "valid"  # remainder 0 -> g = 0
    assert check_account(weights, "990003", "87000000") == "invalid"  # 3 + (1 + 4) = 8 -> h would be 2
    assert check_account(weights, "990003", "88000000") == "valid"  # 3 + 1 + 6 = 10 -> h = 0


def test_exception_5_has_no_digit_for_a_remainder_of_one():
    weights = table("990000 990009 MOD11 0 0 0 0 0 0 1 0 0 0 0 0 0 0 5")
    assert not any(check_account(weights, "990000", f"100000{g}0") == "valid" for g in range(10))


def test_exception_6_lets_foreign_currency_accounts_pass():
    weights = table("990000 990000 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1 6")
    for a in "45678":
        assert check_account(weights, "990000", f"{a}0000055") == "valid"
        assert check_account(weights, "990000", f"{a}0000045") == "invalid"
    for a in "01239":
        assert check_account(weights, "990000", f"{a}0000055") == "invalid"


def test_exception_7_leaves_out_u_to_b_when_g_is_nine():
    weights = table("990000 990000 MOD11 1 0 0 0 0 0 0 1 1 0 0 0 0 0 7")
    assert check_account(weights, "990000", "05000090") == "valid"
    assert check_account(weights, "990000", "05000080") == "invalid"  # 9 + 5
    assert check_account(weights, "990000", "00200080") == "valid"  # 9 + 2
    assert check_account(weights, "990000", "00200090") == "invalid"


def test_exception_8_is_checked_as_090126():
    weights = table("990000 990000 MOD10 1 1 1 1 1 1 0 0 0 0 0 0 0 1 8")
    assert check_account(weights, "990000", "00000002") == "valid"  # 0+9+0+1+2+6 = 18
    assert check_account(weights, "990000", "00000001") == "invalid"


def test_exceptions_10_and_11_let_either_pass():
    lines = ("990000 990000 MOD11 1 0 0 0 0 0 0 0 0 0 0 0 0 1 10", "990000 990000 MOD11 0 0 0 0 0 0 0 0 0 0 0 1 0 0 11")
    weights = table(*lines)
    assert check_account(weights, "990000", "12345302") == "valid"  # 9 + 2
    assert check_account(weights, "990000", "12345003") == "valid"  # f = 0
    assert check_account(weights, "990000", "12345303") == "invalid"
    for ab in ("09", "99"):
        assert check_account(weights, "990000", f"{ab}345390") == "valid"  # u left out
        assert check_account(weights, "990000", f"{ab}345380") == "invalid"  # g is not 9
        assert check_account(weights, "990000", f"{ab}345392") == "invalid"
    assert check_account(weights, "990000", "19345390") == "invalid"


def test_exceptions_12_and_13_let_either_pass():
    lines = ("990000 990000 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1 12", "990000 990000 MOD10 0 0 0 0 0 0 1 0 0 0 0 0 0 0 13")
    weights = table(*lines)
    assert check_account(weights, "990000", "12345670") == "valid"
    assert check_account(weights, "990000", "02345671") == "valid"
    assert check_account(weights, "990000", "12345671") == "invalid"


def test_exception_14_tries_again_without_the_last_digit():
    weights = table("990000 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 14")
    assert check_account(weights, "990000", "00000190") == "valid"  # 3 + 18 = 21; shifted 00000019: 2 + 9 = 11
    assert check_account(weights, "990000", "00000191") == "valid"
    assert check_account(weights, "990000", "00000199") == "valid"
    assert check_account(weights, "990000", "00000192") == "invalid"
    assert check_account(weights, "990000", "00000019") == "valid"  # passes as it stands
    assert check_account(weights, "990000", "00000180") == "invalid"


def test_the_table_keeps_its_version_and_date():
    weights = table(f"499272 499273 DBLAL {ONES_AND_TWOS}", "", "   ")
    assert (weights.version, weights.published_on, len(weights.checks)) == ("made up", date(2026, 1, 5), 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n",
        b"\xff\xfe1\x00",
        b"hello",
        b"990000 990000 MOD11 1 2 3",
        b"990000 990000 MOD97 0 0 0 0 0 0 8 7 6 5 4 3 2 1",
        b"990001 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1",
        b"99000 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1",
        b"990000 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 x",
        b"990000 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 15",
        b"990000 990000 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 1 1",
    ],
)
def test_a_file_that_is_not_the_table_is_refused(content):
    with pytest.raises(ModulusTableUnreadable) as refused:
        read_valacdos(content, version="x", published_on=date(2026, 1, 1))
    assert refused.value.code == "MODULUS-TABLE-UNREADABLE"


def test_a_broken_line_is_named():
    good = f"499272 499273 DBLAL {ONES_AND_TWOS}\n"
    with pytest.raises(ModulusTableUnreadable, match=r"Line 3 of valacdos\.txt"):
        read_valacdos((good + "\nbad\n").encode(), version="x", published_on=date(2026, 1, 1))
    with pytest.raises(ModulusTableUnreadable, match=r"Line 2 of scsubtab\.txt"):
        read_scsubtab(b"938600 938611\n938600\n")


def test_a_misspelled_account_is_refused_not_judged():
    with pytest.raises(AccountMisspelled):
        check_account(table(f"499272 499273 DBLAL {ONES_AND_TWOS}"), "49-92-73", "12345678")
