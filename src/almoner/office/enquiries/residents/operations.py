"""The only writer of what homes say of their residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from almoner.office.accounts.readers import Reader
from almoner.office.enquiries.models import ResidentTold
from almoner.office.enquiries.operations import About, Told, open_query
from almoner.office.enquiries.refusals import NotAResident
from almoner.office.enquiries.residents.queries import Resident, residents_to_confirm
from almoner.office.furniture.words import day
from almoner.office.journal.operations import write
from almoner.office.records.operations import hold_facts

HERE, LEFT, HOSPITAL, DIED = "here", "left", "hospital", "died"
KIND_OF = {LEFT: "dates", HOSPITAL: "absence", DIED: "death"}
"""The query that an answer becomes."""


@dataclass(frozen=True)
class Said:
    """What a home says of a resident: still here, left on, in hospital from and (where it is over) to, or died on a day."""

    line_id: str
    said: str
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True)
class Confirmed:
    """How many residents were told of, and the references of the queries that came of it."""

    count: int
    queries: tuple[str, ...]


def confirm_residents(*, month: date, said: Sequence[Said], reader: Reader, at: datetime) -> Confirmed:
    """Keep what a home says of its residents for the month that is asked about. Who left, was in hospital or died becomes a query, which
    counts once the council accepts it; nothing else changes.

    Whoever was told of already is left as told, so that a second press does nothing. Raises DateMissing, and NotAResident for a line
    that is not asked about, or once another month is.
    """
    with transaction.atomic():
        hold_facts()
        asked = residents_to_confirm(reader, at)
        by_line = {one.line_id: one for one in asked.residents}
        if month != asked.month or any(one.line_id not in by_line for one in said):
            raise NotAResident("This list is of another month, or of somebody who is not asked about any more.", "Open the list again.")
        fresh = [one for one in said if not by_line[one.line_id].said]
        press = (ResidentTold.objects.aggregate(last=Max("press"))["last"] or 0) + 1
        queries = [_tell(by_line[one.line_id], one, month, press, reader, at) for one in fresh]
        if fresh:
            write(
                act="confirm_residents", by=reader.by, at=at, subject=f"residents {press}",
                summary={
                    "provider": reader.organisation_id, "month": f"{month:%Y-%m}", "residents": len(fresh),
                    "queries": sum(reference is not None for reference in queries),
                },
            )  # fmt: skip
    return Confirmed(len(fresh), tuple(reference for reference in queries if reference))


def _tell(resident: Resident, said: Said, month: date, press: int, reader: Reader, at: datetime) -> str | None:
    opened = None
    if said.said != HERE:
        opened = open_query(
            kind=KIND_OF[said.said], side=reader.side, organisation_id=reader.organisation_id,
            about=About(person_id=resident.person_id, line_id=resident.line_id),
            told=Told(said.from_date, said.until_date if said.said == HOSPITAL else None), text=_words(said, month), by=reader.by,
            by_name=reader.name, at=at,
        )  # fmt: skip
    ResidentTold.objects.create(
        provider_id=reader.organisation_id, line_id=resident.line_id, month=month, said=said.said,
        query_id=opened.number if opened else None, press=press, by=reader.by, at=at,
    )  # fmt: skip
    return opened.reference if opened else None


def _words(said: Said, month: date) -> str:
    told = {
        LEFT: f"Left the home on {day(said.from_date)}.",
        HOSPITAL: f"In hospital from {day(said.from_date)}{f' to {day(said.until_date)}' if said.until_date else ', still there'}.",
        DIED: f"Died on {day(said.from_date)}.",
    }
    return f"{told[said.said]} Told with the residents of {month:%B %Y}."
