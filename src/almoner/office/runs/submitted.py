"""Submissions as a reader sees them: what was said then, what has been paid since, and the copy to keep."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from almoner.core.tables import ACTUALS, DECIMALS, SCALES
from almoner.formats.cells import safe_text
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.queries import (
    SubmissionShown,
    content_uploaded,
    rows_submitted,
    submission_open_to,
    submission_reference,
    submissions_open_to,
)
from almoner.office.care.queries import lines_open_to
from almoner.office.runs.line_worth import LineKey
from almoner.office.runs.provider_weeks import sealed_weeks
from almoner.office.runs.queries import total_pence

EARLIEST = date(1, 1, 1)


@dataclass(frozen=True)
class Submitted:
    """A submission, and what of its weeks has been sealed for payment since."""

    submission: SubmissionShown
    paid_pence: int


def all_submitted(reader: Reader, at: datetime) -> list[tuple[SubmissionShown, int]]:
    """Every submission open to a reader, newest first, with what has been sealed for payment of its weeks."""
    found = submissions_open_to(reader, _lines(reader, at) if reader.is_limited else ())
    weeks = [week.week for one in found for week in one.weeks]
    sealed = sealed_weeks(reader.organisation_id, min(weeks, default=EARLIEST)) if found else {}
    return [(one, _paid(one, sealed)) for one in found]


def submitted(reader: Reader, reference: str, at: datetime) -> Submitted | None:
    """One submission by its reference; None when there is none or when it is not open to the reader."""
    number = reference.removeprefix("S-")
    if not number.isdecimal() or len(number) > 12 or reference != submission_reference(int(number)):
        return None
    one = submission_open_to(reader, int(number), _lines(reader, at) if reader.is_limited else ())
    if one is None:
        return None
    first = min((week.week for week in one.weeks), default=EARLIEST)
    return Submitted(one, _paid(one, sealed_weeks(reader.organisation_id, first)))


def file_sent(one: SubmissionShown) -> tuple[str, bytes]:
    """The name and the bytes of what was sent; from the screen the rows as they were written, as CSV."""
    if one.upload is not None:
        return one.file_name, content_uploaded(one.upload)
    return f"{one.reference}.csv", as_csv(rows_submitted(one.number))


def as_csv(rows: pa.Table) -> bytes:
    """Rows of actuals as CSV, as the table is spelled in a folder of tables."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in ACTUALS.columns])
    for row in rows.to_pylist():
        writer.writerow(
            [_spelled(row[column.name], DECIMALS.get(column.kind, 0), SCALES.get(column.kind, 1)) for column in ACTUALS.columns]
        )
    return text.getvalue().encode()


def _spelled(value: Any, decimals: int, scale: int) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return f"{value:%H:%M}" if not value.second else value.isoformat()
    if isinstance(value, int) and decimals:
        return f"{value // scale}.{value % scale:0{decimals}}"
    return safe_text(value) if isinstance(value, str) else str(value)


def _lines(reader: Reader, at: datetime) -> list[str]:
    found: list[str] = lines_open_to(reader, at).column("line_id").to_pylist()
    return found


def _paid(one: SubmissionShown, sealed: dict[LineKey, dict[str, Any]]) -> int:
    amounts = [sealed[week.line_id, week.week]["amount_pence"] for week in one.weeks if (week.line_id, week.week) in sealed]
    return total_pence(pa.table({"amount_pence": pa.array(amounts, pa.int64())}))
