"""Modulus check of UK bank accounts: whether an account number can exist at its sort code (Pay.UK, "Validating account numbers").

The table of weights (`valacdos.txt`) and of substitutes (`scsubtab.txt`) belong to Pay.UK: the council loads them, Almoner ships none.
A pass does not prove who holds the account; that is Confirmation of Payee, a bank's service.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from almoner.formats.payments.payment import ACCOUNT_NUMBER, SORT_CODE, AccountMisspelled
from almoner.formats.refusals import FormatRefusal

# Places in the fourteen digits, named as the specification names them: sort code u to z, account number a to h.
A, B, C, G, H = 6, 7, 8, 12, 13
METHODS = ("MOD10", "MOD11", "DBLAL")
EITHER_CHECK_WILL_DO = frozenset({(2, 9), (10, 11), (12, 13)})
LLOYDS_WEIGHTS = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
LLOYDS_WEIGHTS_WITH_NINE = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)
# Sort codes in whose name the exceptions 8 and 9 are checked.
CHECKED_AS = {8: "090126", 9: "309634"}


class Verdict(StrEnum):
    """What the check found. `CANNOT_CHECK`: the sort code is in no range of the table, so the account may well be right."""

    VALID = "valid"
    INVALID = "invalid"
    CANNOT_CHECK = "cannot check"


class ModulusTableUnreadable(FormatRefusal):
    """A file that is not Pay.UK's table of weights or of substitutes."""

    code = "MODULUS-TABLE-UNREADABLE"


@dataclass(frozen=True)
class Check:
    """One line of the table: sort codes `first` to `last` (both inclusive), how to add up, the fourteen weights, the exception or 0."""

    first: str
    last: str
    method: str
    weights: tuple[int, ...]
    exception: int


@dataclass(frozen=True)
class ModulusTable:
    """Pay.UK's table as the council loaded it, with its version and the day it took effect."""

    checks: tuple[Check, ...]
    version: str
    published_on: date
    substitutes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ranges: dict[tuple[str, str], list[Check]] = {}
        for check in self.checks:
            ranges.setdefault((check.first, check.last), []).append(check)
        object.__setattr__(self, "_ranges", sorted(ranges.items(), key=lambda item: item[0]))
        object.__setattr__(self, "_firsts", [first for (first, _), _ in self._ranges])

    _ranges: list[tuple[tuple[str, str], list[Check]]] = field(init=False, repr=False, compare=False)
    _firsts: list[str] = field(init=False, repr=False, compare=False)

    def checks_for(self, sort_code: str) -> list[Check]:
        """The one or two checks of a sort code, in the order of the table; none when it is in no range."""
        place = bisect_right(self._firsts, sort_code) - 1
        if place < 0:
            return []
        (_, last), checks = self._ranges[place]
        return checks if sort_code <= last else []


def read_valacdos(content: bytes, *, version: str, published_on: date, substitutes: Mapping[str, str] | None = None) -> ModulusTable:
    """Pay.UK's `valacdos.txt`: `first last method u v w x y z a b c d e f g h [exception]` a line.

    `substitutes` is what `read_scsubtab` returned. ModulusTableUnreadable names the first line that is not of that shape.
    """
    checks = []
    for number, words in _lines(content, "valacdos.txt"):
        try:
            first, last, method, *numbers = words
            weights, exception = tuple(int(word) for word in numbers[:14]), int(numbers[14]) if len(numbers) == 15 else 0
        except ValueError:
            raise _unreadable("valacdos.txt", number) from None
        in_shape = SORT_CODE.fullmatch(first) and SORT_CODE.fullmatch(last) and first <= last and method in METHODS
        if not in_shape or len(weights) != 14 or len(numbers) > 15 or not 0 <= exception <= 14:
            raise _unreadable("valacdos.txt", number)
        checks.append(Check(first, last, method, weights, exception))
    return ModulusTable(tuple(checks), version, published_on, substitutes or {})


def read_scsubtab(content: bytes) -> dict[str, str]:
    """Pay.UK's `scsubtab.txt`: sort code to the one it is checked as (exception 5). ModulusTableUnreadable as above."""
    substitutes = {}
    for number, words in _lines(content, "scsubtab.txt"):
        if len(words) != 2 or not all(SORT_CODE.fullmatch(word) for word in words):
            raise _unreadable("scsubtab.txt", number)
        substitutes[words[0]] = words[1]
    return substitutes


def check_account(table: ModulusTable, sort_code: str, account_number: str) -> Verdict:
    """Whether the account number can exist at the sort code. AccountMisspelled unless they are six and eight digits."""
    if not SORT_CODE.fullmatch(sort_code) or not ACCOUNT_NUMBER.fullmatch(account_number):
        raise AccountMisspelled("The account to check is not six digits and eight digits.", "Correct the bank account and verify it.")
    checks = table.checks_for(sort_code)
    if not checks:
        return Verdict.CANNOT_CHECK
    passed = (_passes(check, table, sort_code, account_number) for check in checks)
    either = tuple(check.exception for check in checks) in EITHER_CHECK_WILL_DO
    return Verdict.VALID if (any(passed) if either else all(passed)) else Verdict.INVALID


def _passes(check: Check, table: ModulusTable, sort_code: str, account_number: str) -> bool:
    checked_as = table.substitutes.get(sort_code, sort_code) if check.exception == 5 else CHECKED_AS.get(check.exception, sort_code)
    digits = [int(digit) for digit in checked_as + account_number]
    match check.exception:
        case 3 if digits[C] in (6, 9):
            return True
        case 6 if 4 <= digits[A] <= 8 and digits[G] == digits[H]:
            return True  # a foreign currency account, which the check does not know
        case 4:
            return _remainder(check, digits) == 10 * digits[G] + digits[H]
        case 5 if check.method == "DBLAL":
            return (10 - _remainder(check, digits)) % 10 == digits[H]
        case 5:
            return (11 - _remainder(check, digits)) % 11 == digits[G]
        case 14 if _remainder(check, digits) != 0 and digits[H] in (0, 1, 9):
            return _remainder(check, [*digits[:A], 0, *digits[A:H]]) == 0
    return _remainder(check, digits) == 0


def _weights(check: Check, digits: list[int]) -> tuple[int, ...]:
    """The line's weights, or those its exception puts in their place."""
    nine_at_g = digits[G] == 9
    if check.exception == 2 and digits[A] != 0:
        return LLOYDS_WEIGHTS_WITH_NINE if nine_at_g else LLOYDS_WEIGHTS
    account_alone = check.exception == 7 or (check.exception == 10 and digits[A] in (0, 9) and digits[B] == 9)
    if account_alone and nine_at_g:
        return (0,) * C + check.weights[C:]
    return check.weights


def _remainder(check: Check, digits: list[int]) -> int:
    products = [digit * weight for digit, weight in zip(digits, _weights(check, digits), strict=True)]
    if check.method == "DBLAL":
        total = sum(sum(int(figure) for figure in str(product)) for product in products)
        return (total + (27 if check.exception == 1 else 0)) % 10
    return sum(products) % (11 if check.method == "MOD11" else 10)


def _lines(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Numbered lines that are not blank, as words."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        raise ModulusTableUnreadable(f"{name} is not plain text.", "Load the .txt file from Pay.UK's modulus checking page.") from None
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise ModulusTableUnreadable(f"{name} is empty.", "Load the .txt file from Pay.UK's modulus checking page.")
    return lines


def _unreadable(name: str, line: int) -> ModulusTableUnreadable:
    return ModulusTableUnreadable(
        f"Line {line} of {name} is not of the expected shape.", "Load the .txt file from Pay.UK's modulus checking page."
    )
