"""What the council holds about a provider."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from almoner.core.second_person import is_same_person
from almoner.office.accounts.readers import Reader
from almoner.office.furniture.words import day, local
from almoner.office.parties.queries import account_on
from almoner.office.records.queries import known_at, rows_known


def our_details(reader: Reader, at: datetime) -> list[tuple[str, str]]:
    """What the council holds, in labels and values; of accounts the last three digits only."""
    known = known_at(at)
    found = rows_known("providers", known, {"provider_id": [reader.organisation_id]}).to_pylist()
    provider = found[0] if found else {}
    accounts = rows_known("bank_accounts", known, {"party_id": [reader.organisation_id]}).to_pylist()
    return [
        ("Name", provider.get("name") or reader.organisation_id),
        ("Our number for you", reader.organisation_id),
        ("Creditor reference", provider.get("creditor_reference") or "None yet: finance enters it before anything can be paid"),
        ("CQC provider id", provider.get("cqc_provider_id") or "None"),
        ("Email for notices", provider.get("email") or "None"),
        *_accounts(accounts, at),
    ]


def _accounts(accounts: list[dict[str, Any]], at: datetime) -> list[tuple[str, str]]:
    today = local(at).date()
    rows = sorted(accounts, key=lambda row: str(row["valid_from"]))
    begun = [row for row in rows if str(row["valid_from"]) <= today.isoformat()]
    latest, current = begun[-1:], account_on(accounts, today)
    used = [row for row in latest if row == current]
    told = [(f"ending {str(row['account_number'])[-3:]}", row) for row in [*latest, *(row for row in rows if row not in begun)]]
    if not told:
        return [("Bank account", "None here: your payments go to the account that our finance system holds")]
    return [
        (
            "Bank account" if row in used else "New bank account",
            f"{ending}, {'in use since' if row in used else 'from'} {day(row['valid_from'])}{_waiting(row)}",
        )
        for ending, row in told
    ]


def _waiting(row: dict[str, Any]) -> str:
    by_another = row["verified_by"] and not is_same_person(row["verified_by"], row["entered_by"])
    return "" if by_another else "; waiting for a second person to check it"
