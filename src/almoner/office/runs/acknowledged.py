"""The acknowledgement of a submission as a document to keep: the same for the portal and for the API."""

from __future__ import annotations

from almoner.formats.acknowledgements.pdf import AcknowledgedWeek, Acknowledgement, write_acknowledgement_pdf
from almoner.office.furniture.words import local, long_day, moment, week_of
from almoner.office.runs.submitted import Submitted

WAYS = {"screen": "On the screen", "workbook": "Workbook", "columns": "File", "delivery": "Service-delivery file", "api": "Your own system"}
"""The way a submission came, in words."""


def acknowledgement_pdf(shown: Submitted, *, council: str, provider: str) -> bytes:
    """The acknowledgement as a tagged PDF, with the names of the council and of the provider. The same submission gives the same words."""
    one = shown.submission
    pay = f" on {long_day(one.pay_date)}" if one.pay_date else ""
    weeks = tuple(
        AcknowledgedWeek(
            week_of(week.week), week.person_id, week.line_id, week.rows, week.would_pay_pence, week.would_hold_pence,
            " ".join(week.hold_codes),
        )
        for week in one.weeks
    )  # fmt: skip
    told = Acknowledgement(
        council, provider, one.reference, moment(one.at), one.by, WAYS[one.way], one.file_name, one.sha256, local(one.at).date(), pay,
        one.new, one.updated, one.would_pay_pence, one.would_hold_pence, weeks,
    )  # fmt: skip
    return write_acknowledgement_pdf(told)
