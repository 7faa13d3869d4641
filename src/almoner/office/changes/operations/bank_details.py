"""Bank details: entered by one person, verified by another who types them again. The old account holds until the new one's first day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction

from almoner.core.second_person import is_same_person
from almoner.core.tables import BANK_ACCOUNTS
from almoner.formats.payments.modulus import ModulusTable
from almoner.formats.payments.payment import ACCOUNT_NUMBER, SORT_CODE
from almoner.office.accounts.emails import Email
from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.changes.refusals import (
    AccountRefused,
    AccountsDiffer,
    NothingChanges,
    NotWaiting,
    OwnChange,
)
from almoner.office.exchange.impossible import is_possible
from almoner.office.journal.operations import write
from almoner.office.letters.operations import Written, write_letters
from almoner.office.letters.recipients import Wanted
from almoner.office.letters.wording import tell_bank
from almoner.office.parties.queries import accounts_of, provider_names
from almoner.office.records.operations import append_versions, hold_facts

LOCAL = ZoneInfo("Europe/London")


def enter_account(
    *,
    party_id: str,
    sort_code: str,
    account_number: str,
    account_name: str,
    valid_from: date,
    evidence: str,
    modulus: ModulusTable | None,
    by: str,
    at: datetime,
) -> None:
    """Enter new details from a day on; from then payments wait (BNK) until somebody else has verified them.

    The same entry again changes nothing. Raises AccountRefused, NothingChanges or OwnOrganisation.
    """
    account: dict[str, Any] = {
        "party_id": party_id, "sort_code": _digits(sort_code), "account_number": _digits(account_number),
        "account_name": account_name.strip(), "valid_from": valid_from, "entered_by": by, "verified_by": None, "verified_on": None,
    }  # fmt: skip
    _check(account, evidence, modulus, at)
    refuse_own(by, [party_id])
    with transaction.atomic():
        hold_facts()
        standing = next((row for row in accounts_of(party_id, at) if row.valid_from == valid_from), None)
        if standing is not None and standing.verified_by:
            raise NothingChanges("Details from that day are verified already.", "Enter them from a later day.")
        if standing is not None and standing.row() == account:
            return
        _append(account, by=by, at=at)
        letters = _tell(party_id, valid_from, at=at)
        summary: dict[str, Any] = {"from": valid_from.isoformat(), "evidence": evidence.strip()}
        write(act="enter_bank_details", by=by, at=at, subject=party_id, summary=summary, rows=letters)


def verify_account(*, party_id: str, valid_from: date, sort_code: str, account_number: str, how: str, by: str, at: datetime) -> None:
    """Verify details by typing them from the evidence, without seeing those entered; says how it was checked.

    Raises NotWaiting, OwnChange, OwnOrganisation, AccountsDiffer or AccountRefused.
    """
    if not how.strip():
        raise AccountRefused("How it was checked is missing.", "Say whom you called, on the number you already held.")
    refuse_own(by, [party_id])
    with transaction.atomic():
        hold_facts()
        standing = next((row for row in accounts_of(party_id, at) if row.valid_from == valid_from and not row.verified_by), None)
        if standing is None:
            raise NotWaiting("These details do not wait for anybody.", "Look at the list of bank details.")
        if is_same_person(standing.entered_by, by):
            raise OwnChange("You entered these details, so someone else verifies them.", "Ask a payments approver or finance.")
        if not standing.same_as(_digits(sort_code), _digits(account_number)):
            raise AccountsDiffer("The two entries are not the same. Nothing has changed.", "Call the provider again.")
        verified = {**standing.row(), "verified_by": by, "verified_on": at.astimezone(LOCAL).date()}
        _append(verified, by=by, at=at)
        letters = _tell(party_id, valid_from, at=at, checked=True)
        summary: dict[str, Any] = {"from": valid_from.isoformat(), "how": how.strip()}
        write(act="verify_bank_details", by=by, at=at, subject=party_id, summary=summary, rows=letters)


def send_account_back(*, party_id: str, valid_from: date, reason: str, by: str, at: datetime) -> None:
    """Take back details that were entered and not verified: the account before goes on. Raises NotWaiting, OwnOrganisation or
    AccountRefused."""
    if not reason.strip():
        raise AccountRefused("The reason is missing.", "Say why the details are sent back.")
    refuse_own(by, [party_id])
    with transaction.atomic():
        hold_facts()
        standing = next((row for row in accounts_of(party_id, at) if row.valid_from == valid_from and not row.verified_by), None)
        if standing is None:
            raise NotWaiting("These details do not wait for anybody.", "Look at the list of bank details.")
        _append(standing.row(), by=by, at=at, withdrawn=True)
        summary: dict[str, Any] = {"from": valid_from.isoformat(), "reason": reason.strip()}
        write(act="send_back_bank_details", by=by, at=at, subject=party_id, summary=summary)


def _tell(party_id: str, valid_from: date, *, at: datetime, checked: bool = False) -> Written:
    """An email to every administrator of the provider, and to the address held and the one it replaced. No digits."""
    today = at.astimezone(LOCAL).date()
    has_old = any(one.valid_from < valid_from for one in accounts_of(party_id, at))
    told = tell_bank(
        entered_on=today, first=valid_from, last_of_old=valid_from - timedelta(days=1) if has_old else None,
        checked_on=today if checked else None,
    )  # fmt: skip
    about = f"{valid_from.isoformat()} {'checked' if checked else 'entered'} {at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    return write_letters(kind=Email.BANK, wanted=[Wanted(party_id, about, told)], at=at)


def _append(row: dict[str, Any], *, by: str, at: datetime, withdrawn: bool = False) -> None:
    rows = pa.Table.from_pylist([{"row": 0, **row}], schema=BANK_ACCOUNTS.schema)
    append_versions("bank_accounts", rows, by=by, at=at, withdrawn=withdrawn)


def _digits(typed: str) -> str:
    return typed.replace("-", "").replace(" ", "")


def _check(account: dict[str, Any], evidence: str, modulus: ModulusTable | None, at: datetime) -> None:
    party_id, sort_code, account_number = account["party_id"], account["sort_code"], account["account_number"]
    if party_id not in provider_names(at, [party_id]):
        raise AccountRefused(f"There is no provider {party_id}.", "Check the number.")
    if not SORT_CODE.fullmatch(sort_code) or not ACCOUNT_NUMBER.fullmatch(account_number):
        raise AccountRefused("A sort code has six digits and an account number eight.", "Enter both as they stand on the evidence.")
    if modulus is not None and not is_possible(modulus, sort_code, account_number):
        raise AccountRefused("This account number cannot exist at this sort code.", "Compare both with the evidence, or ask the provider.")
    if not account["account_name"] or not evidence.strip():
        raise AccountRefused("The account's name or the evidence is missing.", "Enter the name on it, and what the details come from.")
    if account["valid_from"] <= at.astimezone(LOCAL).date():
        raise AccountRefused("The first day is not ahead.", "Choose a day from tomorrow on: until then the account before holds.")
