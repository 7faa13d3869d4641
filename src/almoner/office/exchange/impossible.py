"""Bank accounts that cannot exist, by Pay.UK's modulus check: found before money is sent where nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from almoner.core.findings import Finding, Severity
from almoner.formats.payments.modulus import ModulusTable, Verdict, check_account

CODE = "account_not_possible"


def impossible_accounts(accounts: pa.Table, modulus: ModulusTable) -> list[Finding]:
    """A finding for each row of `bank_accounts` whose number cannot exist at its sort code."""
    rows = accounts.select(["row", "sort_code", "account_number"]).to_pylist()
    return [_finding(row) for row in rows if not is_possible(modulus, row["sort_code"], row["account_number"])]


def payees_not_possible(accounts: Mapping[str, Mapping[str, Any]], payees: Iterable[str], modulus: ModulusTable | None) -> tuple[str, ...]:
    """The payees of these whose account (by payee) cannot exist; none without the table."""
    if modulus is None:
        return ()
    held = ((payee, accounts[payee]) for payee in sorted(payees) if payee in accounts)
    return tuple(payee for payee, row in held if not is_possible(modulus, row["sort_code"], row["account_number"]))


def is_possible(modulus: ModulusTable, sort_code: str, account_number: str) -> bool:
    """Whether the account can exist, as far as the table says."""
    return check_account(modulus, sort_code, account_number) is not Verdict.INVALID


def _finding(row: Mapping[str, Any]) -> Finding:
    # The account's digits are not repeated: findings are kept and shown to more people than accounts are.
    return Finding(
        Severity.ERROR, "bank_accounts", row["row"], "account_number", "", CODE,
        "This account number cannot exist at this sort code (modulus check).",
        "Ask the payee for both again, by the number you already hold, and correct the row.",
    )  # fmt: skip
