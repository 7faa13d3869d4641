"""One giving of a payment file to the bank: what every payment format is told, whatever it calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from almoner.figures.bank_holidays import processing_day
from almoner.formats.payments.bacs import write_bacs
from almoner.formats.payments.pain001 import write_pain001
from almoner.formats.payments.payment import Payer, Payment


@dataclass(frozen=True)
class Submission:
    """`reference` names it to the bank and is never used twice; `serial` is six capitals or digits, unique for the payer that day.

    `created_at` is the council's local time in whole seconds; `pay_on` the working day the money arrives.
    """

    reference: str
    serial: str
    created_at: datetime
    pay_on: date


def write_bacs_submission(payments: Sequence[Payment], payer: Payer, submission: Submission) -> bytes:
    """`write_bacs`, processed on the working day before `pay_on`. NotAWorkingDay or DayNotKnown beside its refusals."""
    return write_bacs(
        payments,
        payer,
        processing_on=processing_day(submission.pay_on),
        created_on=submission.created_at.date(),
        serial=submission.serial,
    )


def write_pain001_submission(payments: Sequence[Payment], payer: Payer, submission: Submission) -> bytes:
    """`write_pain001` with the submission's reference as its message number."""
    return write_pain001(payments, payer, message_id=submission.reference, created_at=submission.created_at, pay_on=submission.pay_on)
