"""Bacs Standard 18: a single-day file of direct credits with its contra, as a bank's Bacs channel takes it.

Labels are 80 characters, records 100, each ended by carriage return and line feed. Places in comments count from 1, as Bacs counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from almoner.figures import bank_holidays
from almoner.formats.payments.letters import fitted
from almoner.formats.payments.payment import Payer, Payment, check_payments, total_pence
from almoner.formats.refusals import FormatRefusal

LINE_END = "\r\n"
LABEL, RECORD = 80, 100
CREDIT, CONTRA = "99", "17"
MOST_PENCE = 99_999_999_999
"""What eleven digits hold: £999,999,999.99."""
MOST_DAYS_AHEAD = timedelta(days=31)
SIX_DIGITS = re.compile(r"[0-9]{6}")
SERIAL = re.compile(r"[A-Z0-9]{6}")


class TotalTooLarge(FormatRefusal):
    """More money than the eleven digits of the contra hold."""

    code = "TOTAL-TOO-LARGE"


class ProcessingDayRefused(FormatRefusal):
    """A processing day on which Bacs does not work, or that is past or too far ahead."""

    code = "PROCESSING-DAY"


class ExpiryRefused(FormatRefusal):
    """A file that would expire before it is processed."""

    code = "EXPIRY"


class SubmissionNumberRefused(FormatRefusal):
    """A service user number, serial or file number that is not of Bacs's shape."""

    code = "SUBMISSION-NUMBER"


def write_bacs(
    payments: Sequence[Payment],
    payer: Payer,
    *,
    processing_on: date,
    created_on: date,
    serial: str,
    expires_on: date | None = None,
    file_number: int = 1,
) -> bytes:
    """The file as bytes: one credit for each payment in the order given, then the contra.

    `processing_on` is the working day before the money arrives (`figures.bank_holidays.processing_day`), at most 31 days after
    `created_on`; `serial` six letters or digits, unique for the service user that day; `expires_on` a week after processing unless given.
    Raises the refusals of `check_payments` and of this module. The same arguments give the same bytes.
    """
    expires = expires_on or processing_on + timedelta(days=7)
    check_payments(payments, payer)
    _check_numbers(payer, serial, file_number)
    _check_days(processing_on, created_on, expires)
    pence = total_pence(payments)
    if pence > MOST_PENCE:
        raise TotalTooLarge(
            f"The payments come to {pence} pence, more than the eleven digits of a Bacs file hold.",
            "Issue the run as pain.001, or pay it from two runs.",
        )
    header = _header(payer.service_user_number, serial, created_on, expires)
    records = [_record(payer, CREDIT, p.sort_code, p.account_number, p.amount_pence, p.reference, p.account_name) for p in payments]
    records.append(_record(payer, CONTRA, payer.sort_code, payer.account_number, pence, "CONTRA", payer.name))
    lines = [
        _label(f"VOL1{serial}{'':31}{payer.service_user_number}{'':32}1"),
        _label(f"HDR1{header}"),
        _label(f"HDR2{_lengths()}"),
        _label(f"UHL1{_bacs_day(processing_on)}999999{'':4}00{'0' * 6}1 DAILY  {file_number:03}"),
        *records,
        _label(f"EOF1{header}"),
        _label(f"EOF2{_lengths()}"),
        _label(f"UTL1{pence:013}{pence:013}{1:07}{len(payments):07}{'':8}{0:07}"),
    ]
    return (LINE_END.join(lines) + LINE_END).encode("ascii")


def _header(service_user_number: str, serial: str, created_on: date, expires_on: date) -> str:
    """What HDR1 and EOF1 share: file id 5-21, serial 22-27, section and sequence 28-35, days 42-53, block count 55-60."""
    file_id = f"A{service_user_number}S{'':2}1{service_user_number}"
    return f"{file_id}{serial}00010001{'':6}{_bacs_day(created_on)}{_bacs_day(expires_on)}{'':1}000000"


def _lengths() -> str:
    """What HDR2 and EOF2 share: blocks of 2,000 characters, records of 100."""
    return f"F02000{RECORD:05}{'':35}00"


def _record(payer: Payer, code: str, sort_code: str, account: str, pence: int, reference: str, account_name: str) -> str:
    """Destination 1-15, code 16-17, origin 18-31, free 32-35, pence 36-46, payer 47-64, reference 65-82, account name 83-100."""
    names = fitted(payer.name, 18) + fitted(reference, 18) + fitted(account_name, 18)
    return f"{sort_code}{account}0{code}{payer.sort_code}{payer.account_number}{'':4}{pence:011}{names}"


def _label(text: str) -> str:
    return text.ljust(LABEL)


def _bacs_day(day: date) -> str:
    """A blank, two figures of the year and the day of the year: 24 November 2026 is ` 26328`."""
    return f" {day:%y%j}"


def _check_numbers(payer: Payer, serial: str, file_number: int) -> None:
    if not SIX_DIGITS.fullmatch(payer.service_user_number):
        raise SubmissionNumberRefused(
            f"The service user number '{payer.service_user_number}' is not six digits.", "Enter the number Bacs gave the council."
        )
    if not SERIAL.fullmatch(serial) or not serial.strip("0"):
        raise SubmissionNumberRefused(
            f"The serial '{serial}' is not six capitals or digits, or is all zeros.", "Number the day's files from 000001."
        )
    if not 1 <= file_number <= 999:
        raise SubmissionNumberRefused(
            f"The file number {file_number} is not between 1 and 999.", "Number the files of a submission from 1."
        )


def _check_days(processing_on: date, created_on: date, expires_on: date) -> None:
    if not bank_holidays.is_working_day(processing_on):
        raise ProcessingDayRefused(
            f"Bacs does not process on {processing_on:%A %d %B %Y}.",
            f"Process on {bank_holidays.working_day_before(processing_on):%A %d %B %Y}.",
        )
    if not created_on <= processing_on <= created_on + MOST_DAYS_AHEAD:
        raise ProcessingDayRefused(
            f"The processing day {processing_on:%d %B %Y} is not within 31 days after {created_on:%d %B %Y}, when the file is made.",
            "Issue the run closer to its pay date, or correct the pay date.",
        )
    if expires_on <= processing_on:
        raise ExpiryRefused(
            f"The file would expire on {expires_on:%d %B %Y}, not after it is processed on {processing_on:%d %B %Y}.",
            "Leave the expiry out: it is then a week after processing.",
        )
