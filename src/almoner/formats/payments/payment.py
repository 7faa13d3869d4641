"""One payment to one payee, and who pays: what every bank file is written from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from almoner.formats.payments.letters import plain
from almoner.formats.refusals import FormatRefusal

SORT_CODE = re.compile(r"[0-9]{6}")
ACCOUNT_NUMBER = re.compile(r"[0-9]{8}")
MOST_REFERENCE = 18


class NothingToPay(FormatRefusal):
    """A payment file with no payment in it."""

    code = "NOTHING-TO-PAY"


class AmountNotPayable(FormatRefusal):
    """A payment of nothing or of less than nothing."""

    code = "AMOUNT-NOT-PAYABLE"


class AccountMisspelled(FormatRefusal):
    """A sort code or an account number that is not six and eight digits."""

    code = "ACCOUNT-MISSPELLED"


class NameMissing(FormatRefusal):
    """A name or reference of which nothing is left in the letters a bank takes."""

    code = "NAME-MISSING"


class ReferenceTooLong(FormatRefusal):
    """A payment reference of more than the 18 characters that reach the payee's statement."""

    code = "REFERENCE-TOO-LONG"


class ReferenceUsedTwice(FormatRefusal):
    """Two payments of one file under one reference: nobody could tell them apart when one bounces."""

    code = "REFERENCE-USED-TWICE"


@dataclass(frozen=True)
class Payment:
    """One amount to one account. `amount_pence` is above nothing; sort code six digits, account number eight, as text."""

    reference: str
    payee_id: str
    account_name: str
    sort_code: str
    account_number: str
    amount_pence: int


@dataclass(frozen=True)
class Payer:
    """Who pays, and from which account. `service_user_number` is the six digits Bacs gave; only Bacs needs it."""

    name: str
    sort_code: str
    account_number: str
    service_user_number: str = ""


def total_pence(payments: Sequence[Payment]) -> int:
    """What the payments come to, in pence."""
    return sum(payment.amount_pence for payment in payments)


def check_payments(payments: Sequence[Payment], payer: Payer) -> None:
    """Refuse what no bank file may hold; the first trouble found is named.

    Raises NothingToPay, AmountNotPayable, AccountMisspelled, NameMissing, ReferenceTooLong or ReferenceUsedTwice.
    """
    if not payments:
        raise NothingToPay("There is no payment to put in the file.", "Issue a payment file only for a run that pays someone.")
    _check_account(f"The payer {payer.name}", payer.sort_code, payer.account_number)
    _check_named("The payer's name", payer.name)
    seen: set[str] = set()
    for payment in payments:
        who = f"Payment {payment.reference} to {payment.payee_id}"
        if payment.amount_pence <= 0:
            raise AmountNotPayable(
                f"{who} is for {payment.amount_pence} pence.", "Carry what is not above nothing to the payee's next payment (DIF-3)."
            )
        _check_account(who, payment.sort_code, payment.account_number)
        _check_named(f"The account name of {who}", payment.account_name)
        _check_named(f"The reference of the payment to {payment.payee_id}", payment.reference)
        reference = plain(payment.reference)
        if len(reference) > MOST_REFERENCE:
            raise ReferenceTooLong(f"{who} has a reference of {len(reference)} characters.", "Use at most 18 letters and digits.")
        if reference in seen:
            raise ReferenceUsedTwice(f"{who} has the reference of another payment in the file.", "Give each payment its own reference.")
        seen.add(reference)


def _check_account(who: str, sort_code: str, account_number: str) -> None:
    if not SORT_CODE.fullmatch(sort_code):
        raise AccountMisspelled(
            f"{who} has the sort code '{sort_code}', which is not six digits.", "Correct the bank account and verify it."
        )
    if not ACCOUNT_NUMBER.fullmatch(account_number):
        raise AccountMisspelled(
            f"{who} has an account number of {len(account_number)} characters that is not eight digits.",
            "Correct the bank account and verify it; a seven-digit number takes a 0 in front.",
        )


def _check_named(what: str, text: str) -> None:
    if not plain(text).strip():
        raise NameMissing(f"{what} has no letter or digit that a bank takes: '{text}'.", "Enter it in plain letters A to Z.")
