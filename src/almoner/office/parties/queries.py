"""Providers, their names and their accounts as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.core.second_person import is_same_person
from almoner.core.tables import BANK_ACCOUNTS
from almoner.office.parties.models import BankAccount, Provider
from almoner.office.records.queries import known_at, rows_known, table_known

AT_ONCE = 500


def provider_names(at: datetime, providers: Iterable[str] | None = None) -> dict[str, str]:
    """Names of providers by number: of these, or of all."""
    found = table_known("providers", at) if providers is None else rows_known("providers", known_at(at), {"provider_id": sorted(providers)})
    return dict(zip(found.column("provider_id").to_pylist(), found.column("name").to_pylist(), strict=True))


def funder_names(at: datetime) -> dict[str, str]:
    """Names of funders by number."""
    found = table_known("funders", at)
    return dict(zip(found.column("funder_id").to_pylist(), found.column("name").to_pylist(), strict=True))


def notice_addresses(at: datetime, providers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The address for notices that is held of each of these providers, after the one it replaced if there was another."""
    wanted = sorted(set(providers))
    found: dict[str, list[str]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        versions = Provider._default_manager.filter(provider_id__in=wanted[start : start + AT_ONCE], recorded_at__lte=at).order_by(
            "version"
        )
        for provider, email in versions.values_list("provider_id", "email"):
            known = found.setdefault(provider, [])
            if email and email not in known[-1:]:
                known.append(email)
    return {provider: tuple(known[-2:]) for provider, known in found.items()}


@dataclass(frozen=True)
class Account:
    """Details of one payee from a day on. Only operations and bank files read the digits; pages show the last three."""

    party_id: str
    sort_code: str
    account_number: str
    account_name: str
    valid_from: date
    entered_by: str
    verified_by: str
    verified_on: date | None
    recorded_at: datetime

    @property
    def ending(self) -> str:
        """`204`: the last three digits, by which people know an account."""
        return self.account_number[-3:]

    def same_as(self, sort_code: str, account_number: str) -> bool:
        """Whether these are the same account's digits."""
        return (self.sort_code, self.account_number) == (sort_code, account_number)

    def row(self) -> dict[str, Any]:
        """As `core.tables` has it, blank where nothing is said."""
        return {column.name: getattr(self, column.name) or None for column in BANK_ACCOUNTS.columns}


def account_on(rows: Iterable[Mapping[str, Any]], on: date) -> Mapping[str, Any] | None:
    """Of the details of one payee (rows of `core.tables.BANK_ACCOUNTS`) those that money may go to on a day: the latest begun, if a second
    person has verified them by then. None while they have not (BNK), and where there are none."""
    begun = [row for row in rows if row["valid_from"] <= on]
    latest = max(begun, key=lambda row: (row["valid_from"], row["row"]), default=None)
    return latest if latest is not None and _is_verified(latest, on) else None


def _is_verified(row: Mapping[str, Any], on: date) -> bool:
    by_another = bool(row["verified_by"]) and not is_same_person(row["verified_by"], row["entered_by"])
    return by_another and (row["verified_on"] is None or row["verified_on"] <= on)


def accounts_of(party_id: str, at: datetime) -> list[Account]:
    """A payee's accounts as known at a moment, by their first day."""
    return [account for account in all_accounts(at) if account.party_id == party_id]


def all_accounts(at: datetime) -> list[Account]:
    """Every payee's accounts as known at a moment, by payee and first day."""
    columns = (*(column.name for column in BANK_ACCOUNTS.columns), "recorded_at", "withdrawn")
    latest: dict[tuple[str, date], dict[str, Any]] = {}
    for version in BankAccount._default_manager.filter(recorded_at__lte=at).order_by("version").values(*columns):
        latest[version["party_id"], version["valid_from"]] = version
    standing = [version for _, version in sorted(latest.items(), key=lambda item: item[0]) if not version.pop("withdrawn")]
    return [
        Account(**{**version, "entered_by": version["entered_by"] or "", "verified_by": version["verified_by"] or ""})
        for version in standing
    ]
