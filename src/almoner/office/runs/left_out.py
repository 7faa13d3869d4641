"""A row of an uploaded file that was left out: what it says, and which lines it may be an extra visit of. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from almoner.formats.actuals.reading import ActualsRead, read_actuals
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.line_weeks import REPORTABLE
from almoner.office.actuals.plan import week_holding
from almoner.office.actuals.queries import content_uploaded, upload_open_to
from almoner.office.records.queries import known_at
from almoner.office.runs.provider_weeks import lines_of

PERSON_COLUMNS = ("person", "person_id")


@dataclass(frozen=True)
class RowLeftOut:
    """What a row says that names a line of nobody: `line_id` and `person_id` as the file has them (`person_id` only of a person the
    reader cares for, else empty). `lines`: those that reported visits may be added to on that day, the person's own first."""

    upload: int
    file: str
    row: int
    line_id: str
    person_id: str
    day: date
    start: time | None
    minutes: int | None
    lines: tuple[Mapping[str, Any], ...]

    def week_of(self, line: Mapping[str, Any]) -> date:
        """The first day of the week of a line that holds the row's day."""
        return week_holding(self.day, line["week_start"])


def row_left_out(reader: Reader, upload: int, row: int, at: datetime) -> RowLeftOut | None:
    """A row of an upload by its number in the file; None where the upload is not open to the reader, or the row could not be read."""
    shown = upload_open_to(reader, upload)
    if shown is None:
        return None
    read = read_actuals(shown.name, content_uploaded(upload))
    said = next((one for one in read.rows.to_pylist() if one["row"] == row), None)
    if said is None:
        return None
    named: dict[str, Any] = next((one for one in read.named.to_pylist() if one["row"] == row), {})
    lines = lines_of(reader, known_at(at))
    person = _person(read, row, named, lines)
    fitting = [line for line in lines if _takes(line, said["date"])]
    ordered = sorted(fitting, key=lambda line: (line["person_id"] != person, line["family_name"] or "", line["line_id"]))
    return RowLeftOut(
        upload, shown.name, row, said["line_id"] or named.get("contract_id") or "", person, said["date"], said["start_time"],
        said["delivered_minutes"], tuple(ordered),
    )  # fmt: skip


def _person(read: ActualsRead, row: int, named: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """The person a row names, by number, if the reader cares for them."""
    heading = [cell.strip().lower() for cell in read.records[0]]
    record = read.records[row - 1] if row <= len(read.records) else []
    beside = [record[place] for place, name in enumerate(heading) if name in PERSON_COLUMNS and place < len(record)]
    told = [named.get("person_id") or "", *(cell.split(" ")[0] for cell in beside)]
    people = {line["person_id"] for line in lines}
    return next((person for person in told if person in people), "")


def _takes(line: Mapping[str, Any], day: date) -> bool:
    """Whether a visit of that day can be reported on a line."""
    last = min((end for end in (line["end_date"], line["date_of_death"]) if end), default=day)
    return line["basis"] in REPORTABLE and line["start_date"] <= day <= last
