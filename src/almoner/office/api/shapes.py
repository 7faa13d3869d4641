"""What the API is told and tells. Money is whole pence, minutes and counts are whole, days are ISO dates, states are words of pages."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

SHOWN = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: what is told is kept and shown."""
Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=SHOWN)]
Words = Annotated[str, StringConstraints(max_length=1_000, pattern=SHOWN)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
"""A day of the years that care can be in."""


def _by_the_clock(told: time) -> time:
    if told.tzinfo is not None or told.microsecond:
        raise ValueError("a time by the local clock, without a zone or parts of seconds: 08:30")
    return told


Clock = Annotated[time, AfterValidator(_by_the_clock)]
"""A time of day by the clock on the wall. What is finer, or of another zone, is refused rather than changed."""
Number = Annotated[int, Field(ge=1, le=2**53)]
"""A number of ours: of an upload or an attachment."""
Told = Literal["delivered", "frustrated", "missed", "cancelled", "extra"]


class Place(Schema):
    """One place in what was sent, and what is wrong there."""

    where: str
    message: str


class Problem(Schema):
    """Why something was not done. `errors` name the places in what was sent."""

    code: str
    message: str
    remedy: str
    errors: list[Place]


class LineTold(Schema):
    """One line of care."""

    line_id: str
    person_id: str
    person: str
    contract_id: str
    site_id: str | None
    service_type: str | None
    element: str
    basis: str
    start_date: date
    end_date: date | None
    state: str


class Lines(Schema):
    """All lines a token reaches, by id."""

    lines: list[LineTold]


class WeekTold(Schema):
    """One line's week. `pays_pence` is what it would pay now, null where nothing is said of it; `held` are codes."""

    line_id: str
    person_id: str
    week: date
    state: str
    planned_minutes: int
    pays_pence: int | None
    held_pence: int
    held: list[str]
    cut_off_at: datetime | None
    pay_date: date | None


class Weeks(Schema):
    """Weeks that have begun, oldest first."""

    weeks: list[WeekTold]


class Visit(Schema):
    """What happened at one visit (`kind` visit), or one week's total (`kind` week, `date` its first day).

    `start_time` names the planned visit. `units_hundredths`: units given, in hundredths, for what is priced by day, night, visit or each.
    """

    model_config = ConfigDict(extra="forbid")

    line_id: Id
    date: Day
    kind: Literal["visit", "week"] = "visit"
    start_time: Clock | None = None
    actual_start_time: Clock | None = None
    delivered_minutes: Annotated[int, Field(ge=0, le=10_080)] | None = None
    units_hundredths: Annotated[int, Field(ge=0, le=99_999)] | None = None
    carers: Annotated[int, Field(ge=1, le=20)] = 1
    carer_id: Id | None = None
    outcome: Told = "delivered"
    reason: Annotated[str, StringConstraints(max_length=60, pattern=SHOWN)] | None = None
    comment: Words | None = None


class Actuals(Schema):
    """Visits to submit. With `preview` nothing is written, and the answer says what would come of it."""

    model_config = ConfigDict(extra="forbid")

    visits: Annotated[list[Visit], Field(min_length=1, max_length=20_000)]
    preview: bool = False


class Rejected(Schema):
    """One visit that does not count. `index` is its place in what was sent, from 0."""

    index: int
    code: str
    message: str
    remedy: str


class WeekExpected(Schema):
    """What one line's week would pay and hold."""

    line_id: str
    week: date
    visits: int
    would_pay_pence: int
    would_hold_pence: int
    held: list[str]


class Acknowledged(Schema):
    """What became of a submission. `submission` is its reference, null for a preview and when nothing was new."""

    submission: str | None
    at: datetime
    new: int
    updated: int
    unchanged: int
    rejected: list[Rejected]
    would_pay_pence: int
    would_hold_pence: int
    weeks: list[WeekExpected]


class SubmissionTold(Schema):
    """A submission made before. What it would pay and hold is as was known then; `paid_pence` is what was paid of its weeks since."""

    submission: str
    at: datetime
    by: str
    way: str
    new: int
    updated: int
    would_pay_pence: int
    would_hold_pence: int
    pay_date: date | None
    paid_pence: int


class Acknowledgement(SubmissionTold):
    """A submission whole. `sha256` is over what was sent; `file_name` is empty where no file was."""

    file_name: str
    sha256: str
    unchanged: int
    weeks: list[WeekExpected]


class Submissions(Schema):
    """Submissions, newest first."""

    submissions: list[SubmissionTold]


class PaymentTold(Schema):
    """One run's payment. `amount_pence` is what is paid, null with what is carried for a token that reaches a part;
    `lines_pence` is what of it is for the lines the token reaches."""

    run_id: str
    reference: str
    through: date
    pay_date: date | None
    state: str
    lines_pence: int
    regular_pence: int
    adjustment_pence: int
    carried_in_pence: int | None
    carried_out_pence: int | None
    amount_pence: int | None


class Payments(Schema):
    """Payments, newest first."""

    payments: list[PaymentTold]


class ReceiptTold(Schema):
    """One amount for a line's week. `cause` is why it was posted beside the regular one."""

    receipt_id: str
    line_id: str
    week: date
    kind: str
    amount_pence: int
    cause: str | None


class Remittance(PaymentTold):
    """A payment with every amount in it."""

    receipts: list[ReceiptTold]


class ExpectedReceipt(Schema):
    """One amount of a payment to come, for a line's week."""

    line_id: str
    week: date
    kind: str
    amount_pence: int
    cause: str | None


class ExpectedHold(Schema):
    """What is held and not in a payment to come. `line_id` is null where all of the person's lines wait."""

    code: str
    person_id: str
    line_id: str | None
    week: date
    amount_pence: int
    message: str
    remedy: str


class ExpectedPaymentTold(Schema):
    """A payment to come, as it would be if it were made now. `amount_pence` is what would be paid, null for a token that reaches a part;
    `lines_pence` is what of it is for the lines the token reaches."""

    cycle: str
    from_date: date
    through: date
    cut_off_at: datetime
    pay_date: date
    worked_out_at: datetime
    lines_pence: int
    held_pence: int
    carried_in_pence: int | None
    carried_out_pence: int | None
    amount_pence: int | None


class ExpectedPayments(Schema):
    """Payments to come, one for each cycle the organisation is paid by, the soonest first."""

    expected: list[ExpectedPaymentTold]


class ExpectedRemittance(ExpectedPaymentTold):
    """A payment to come with every amount in it, and what is held and not in it."""

    receipts: list[ExpectedReceipt]
    holds: list[ExpectedHold]


class CutOffTold(Schema):
    """A period that is paid: what is submitted by its cut-off is paid on its pay date. `moved_because` is empty where nothing was moved."""

    cycle: str
    services: list[str]
    from_date: date
    through: date
    cut_off_at: datetime
    pay_date: date
    moved_because: str


class Calendar(Schema):
    """Cut-offs: those to come, the next one first, then those of the last year, the latest first."""

    cut_offs: list[CutOffTold]


class ReasonTold(Schema):
    """A reason that may be given, and for what: frustrated, missed, cancelled, or more or less than planned."""

    happened: str
    reason: str


class Reasons(Schema):
    """Reasons, those that a contract names first."""

    reasons: list[ReasonTold]


class SentenceTold(Schema):
    """A sentence, and the rules it rests on."""

    text: str
    rules: list[str]


class ReceiptExplained(Schema):
    """Why an amount is what it is. `receipt_id` is empty for one that is expected and not sealed."""

    receipt_id: str
    line_id: str
    week: date
    kind: str
    amount_pence: int
    pay_date: date | None
    why: list[SentenceTold]


class HoldTold(Schema):
    """What is held, why, and who acts next."""

    hold_id: str
    code: str
    lines: list[str]
    person_id: str
    week: date
    amount_pence: int
    message: str
    remedy: str
    state: str
    acts_next: str


class Holds(Schema):
    """Holds, the largest amount first."""

    holds: list[HoldTold]
