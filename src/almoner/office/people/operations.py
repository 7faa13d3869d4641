"""What becomes known of a person: a death, a time away. Recorded as versions like everything else; nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
from django.db import transaction

from almoner.core.tables import ABSENCES, PEOPLE
from almoner.office.journal.operations import write
from almoner.office.journal.refusals import Refusal
from almoner.office.records.operations import append_versions, hold_facts
from almoner.office.records.queries import table_known


class NoSuchPerson(Refusal):
    """No person has that number."""

    code = "NO-SUCH-PERSON"


class KnownAlready(Refusal):
    """What is told is known already."""

    code = "KNOWN-ALREADY"


def record_death(*, person_id: str, on: date, by: str, at: datetime) -> str:
    """Record the day somebody died: every line ends with it (LIN-7). Returns what was recorded.

    Raises NoSuchPerson, or KnownAlready when that day is known.
    """
    with transaction.atomic():
        hold_facts()
        row = death_row(person_id=person_id, on=on, at=at)
        append_versions("people", row, by=by, at=at)
        write(act="record_death", by=by, at=at, subject=person_id, summary={})
    return f"death on {on}"


def death_row(*, person_id: str, on: date, at: datetime) -> pa.Table:
    """The person as known, with the day of death: what `record_death` would record. Raises NoSuchPerson or KnownAlready."""
    known = table_known("people", at, people=[person_id])
    if not known.num_rows:
        raise NoSuchPerson(f"There is no person {person_id}.", "Check the number.")
    person = known.to_pylist()[-1]
    if person["date_of_death"] == on:
        raise KnownAlready(f"That {person_id} died on {on.day} {on:%B %Y} is known.", "Nothing needs to be recorded.")
    return pa.Table.from_pylist([{**person, "date_of_death": on}], schema=PEOPLE.schema)


def record_absence(*, person_id: str, first: date, last: date | None, by: str, at: datetime, kind: str = "hospital") -> str:
    """Record a time away (`kind`: hospital, holiday or other); without a last day the person is still away. Returns what was recorded.

    Raises NoSuchPerson, or KnownAlready when the same is known.
    """
    with transaction.atomic():
        hold_facts()
        row = absence_row(person_id=person_id, first=first, last=last, kind=kind, at=at)
        append_versions("absences", row, by=by, at=at)
        write(act="record_absence", by=by, at=at, subject=person_id, summary={"kind": kind})
    return f"{kind} from {first}" + (f" to {last}" if last else "")


def absence_row(*, person_id: str, first: date, last: date | None, kind: str, at: datetime) -> pa.Table:
    """What `record_absence` would record. Raises NoSuchPerson or KnownAlready."""
    if not table_known("people", at, people=[person_id]).num_rows:
        raise NoSuchPerson(f"There is no person {person_id}.", "Check the number.")
    absence = {"person_id": person_id, "kind": kind, "first_day": first, "last_day": last}
    known = table_known("absences", at, people=[person_id]).drop(["row"]).to_pylist()
    if absence in known:
        raise KnownAlready("That absence is known.", "Nothing needs to be recorded.")
    return pa.Table.from_pylist([{"row": 0, **absence}], schema=ABSENCES.schema)
