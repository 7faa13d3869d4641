"""Which queries a reader of the portal sees, and what they may ask about: the same for pages and for the API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from almoner.office.accounts.readers import Reader
from almoner.office.care.packages import full_name
from almoner.office.care.queries import lines_open_to
from almoner.office.enquiries.operations import About
from almoner.office.enquiries.queries import QueryShown, queries_of, query
from almoner.office.furniture.words import day
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.payments import payments_to
from almoner.office.runs.provider_holds import provider_holds
from almoner.office.runs.why import why_receipt

REFERENCE = re.compile(r"Q-([0-9]{6,12})")


def queries_open_to(reader: Reader, at: datetime) -> list[QueryShown]:
    """The queries of the reader's organisation, newest first; of a limited access its own and those of lines and people it reaches."""
    found = queries_of(reader.organisation_id, side=reader.side, at=at)
    if not reader.is_limited:
        return found
    reach = _reach(reader, at)
    return [one for one in found if _is_within(one, reader, reach)]


def query_open_to(reader: Reader, number: int, at: datetime) -> QueryShown | None:
    """One query by its number; None when there is none or when it is not open to the reader."""
    found = query(number, at)
    if found is None or (found.organisation_id, found.side) != (reader.organisation_id, reader.side):
        return None
    return found if not reader.is_limited or _is_within(found, reader, _reach(reader, at)) else None


def query_named(reader: Reader, reference: str, at: datetime) -> QueryShown | None:
    """One query by its reference, `Q-003417`; None as for `query_open_to`."""
    told = REFERENCE.fullmatch(reference)
    found = query_open_to(reader, int(told[1]), at) if told else None
    return found if found is not None and found.reference == reference else None


def is_own(reader: Reader, about: About, at: datetime, rules: Sequence[CalendarRule] = ()) -> bool:
    """Whether all that a query is said to be about is the reader's: an accepted query acts on it."""
    lines = lines_open_to(reader, at)
    return (
        (not about.line_id or about.line_id in lines.column("line_id").to_pylist())
        and (not about.person_id or about.person_id in lines.column("person_id").to_pylist())
        and (not about.hold_id or any(hold.hold == about.hold_id for hold in provider_holds(reader, at, rules)))
        and (not about.receipt_id or why_receipt(reader, about.receipt_id, at, rules) is not None)
        and (not about.run_id or _was_paid(reader, about.run_id, lines, rules))
    )


@dataclass(frozen=True)
class Thing:
    """A line, person or payment that something can be asked about: in words, and the ids a query about it carries."""

    words: str
    ids: Mapping[str, str]


def things_numbered(reader: Reader, number: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[Thing]:
    """What the reader has by a number: lines and people by their own, payments by their reference or run. Empty where nothing has it."""
    wanted, lines = number.casefold(), lines_open_to(reader, at)
    rows = [row for row in lines.to_pylist() if wanted in (row["line_id"].casefold(), row["person_id"].casefold())]
    people = {row["person_id"]: row for row in rows if row["person_id"].casefold() == wanted}
    found = [Thing(f"{full_name(row)} ({row['person_id']})", {"person_id": person}) for person, row in people.items()]
    found += [
        Thing(f"Line {row['line_id']}, {full_name(row)}, {row['service_type']}", {"line_id": row["line_id"], "person_id": row["person_id"]})
        for row in rows
    ]
    paid = payments_to(reader.organisation_id, lines.column("line_id"), rules=rules)
    payments = [
        Thing(f"Payment {one.reference}{f' of {day(one.pay_date)}' if one.pay_date else ''}", {"run_id": one.run})
        for one in paid
        if wanted in (one.reference.casefold(), one.run.casefold()) and (one.lines_pence or not reader.is_limited)
    ]
    return [*found, *payments]


def _was_paid(reader: Reader, run: str, lines: pa.Table, rules: Sequence[CalendarRule]) -> bool:
    paid = payments_to(reader.organisation_id, lines.column("line_id"), rules=rules)
    return any(one.run == run and (one.lines_pence or not reader.is_limited) for one in paid)


def _reach(reader: Reader, at: datetime) -> tuple[set[str], set[str]]:
    """The lines and the people that a limited reader reaches."""
    lines = lines_open_to(reader, at)
    return set(lines.column("line_id").to_pylist()), set(lines.column("person_id").to_pylist())


def _is_within(found: QueryShown, reader: Reader, reach: tuple[set[str], set[str]]) -> bool:
    """Whether a limited reader may see a query: their own, asked under this access, or one about a line or person they reach."""
    lines, people = reach
    if found.opened_by == reader.by and (reader.since is None or found.opened_at >= reader.since):
        return True
    return found.line_id in lines if found.line_id else found.person_id in people
