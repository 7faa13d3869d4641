"""A provider's answer to a line: agreed, which is a fact of the line, or not, which is kept with its reason."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
from django.db import transaction

from almoner.core.tables import TABLES
from almoner.figures.bank_holidays import working_day_after
from almoner.office.accounts.readers import Reader
from almoner.office.care.models import LineRejected
from almoner.office.care.packages import Package, answered, packages_of, today_at
from almoner.office.care.queries import lines_open_to
from almoner.office.care.refusals import LineChanged, NothingToAgree, WhyNot
from almoner.office.journal.operations import write
from almoner.office.records.operations import append_versions, hold_facts
from almoner.office.records.queries import known_at, table_known

WHY_NOT = {
    "rate": "The rate is not what we agreed",
    "timetable": "The visits or hours are not what we agreed",
    "dates": "The dates are wrong",
    "person": "We do not care for this person",
    "capacity": "We cannot give this care",
    "other": "Something else",
}
"""Reasons for not agreeing a line, by what is stored."""
WORKING_DAYS_TO_ANSWER = 5


def brokerage_answers_by(at: datetime) -> date:
    """By which day a line that is not agreed now is answered: five working days."""
    day = today_at(at)
    for _ in range(WORKING_DAYS_TO_ANSWER):
        day = working_day_after(day)
    return day


def agree_line(*, line_id: str, version: int, reader: Reader, by: str, at: datetime) -> bool:
    """Agree a line as it stands in a version; from now on it may be paid. False when it had been agreed already, as by a double press.

    Raises NothingToAgree, or LineChanged when it is no longer that version.
    """
    with transaction.atomic():
        hold_facts()
        package = _waiting(line_id, reader, at)
        if package is None:
            return False
        if package.version != version:
            raise LineChanged(f"Line {line_id} was changed while you were looking.", "Check what is new, then answer again.")
        fact = {column.name: row[column.name] for row in [_row(line_id, at)] for column in TABLES["lines"].columns}
        agreed = {"row": 0, **fact, "agreed_on": today_at(at)}
        append_versions("lines", pa.Table.from_pylist([agreed], schema=TABLES["lines"].schema), by=by, at=at)
        write(act="agree_line", by=by, at=at, subject=f"line {line_id}", summary={"version": version})
    return True


def reject_line(*, line_id: str, version: int, reason: str, comment: str, reader: Reader, by: str, at: datetime) -> bool:
    """Keep that a provider does not agree a line, and why. False when the same was said already.

    Raises NothingToAgree, LineChanged or WhyNot.
    """
    if reason not in WHY_NOT or (reason == "other" and not comment.strip()):
        raise WhyNot("A line is not agreed without a reason.", "Choose a reason, and say in a comment what is wrong.")
    with transaction.atomic():
        hold_facts()
        package = _waiting(line_id, reader, at)
        if package is None:
            raise NothingToAgree(f"Line {line_id} is agreed.", "To change it, ask with a query.")
        if package.version != version:
            raise LineChanged(f"Line {line_id} was changed while you were looking.", "Check what is new, then answer again.")
        said = {"reason": reason, "comment": comment.strip()}
        if package.rejection is not None and {name: package.rejection[name] for name in said} == said:
            return False
        LineRejected.objects.create(
            line_id=line_id, line_version=version, provider_id=package.line["provider_id"], by=by, at=at, **said
        )  # fmt: skip
        write(act="reject_line", by=by, at=at, subject=f"line {line_id}", summary={"version": version, "reason": reason})
    return True


def _waiting(line_id: str, reader: Reader, at: datetime) -> Package | None:
    """The line, if it waits for this reader's answer; None when it is agreed already. Raises NothingToAgree for any other."""
    lines = lines_open_to(reader, at)
    found = {row["line_id"]: n for n, row in enumerate(lines.select(["line_id"]).to_pylist())}
    if line_id not in found:
        raise NothingToAgree(f"There is no line {line_id} for your organisation.", "Look at your care packages.")
    package = answered(packages_of(lines.slice(found[line_id], 1), at, today_at(at)))[0]
    if package.state in ("to_agree", "not_agreed"):
        return package
    if package.line["agreed_on"] is not None:
        return None
    raise NothingToAgree(f"Line {line_id} does not wait for your agreement.", "To change it, ask with a query.")


def _row(line_id: str, at: datetime) -> dict[str, object]:
    row: dict[str, object] = table_known("lines", known_at(at), lines=[line_id]).to_pylist()[0]
    return row
