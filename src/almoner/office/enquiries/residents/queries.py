"""The residents of a provider's homes, to be confirmed once a month: who is still here, who left, was in hospital or died. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from almoner.office.accounts.readers import Reader
from almoner.office.care.packages import full_name, sort_name
from almoner.office.care.queries import lines_open_to
from almoner.office.enquiries.models import ResidentTold
from almoner.office.furniture.words import local

PLACEMENT = "placement"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Resident:
    """Somebody who was in a placement on some day of the month; `said` is what was told of them for it, empty while nothing was."""

    line_id: str
    person_id: str
    name: str
    site: str
    since: date
    said: str


@dataclass(frozen=True)
class Residents:
    """A month, its first and last day, and those who lived in the homes in it, by home and family name."""

    month: date
    last: date
    residents: tuple[Resident, ...]

    @property
    def waiting(self) -> list[Resident]:
        """Those of whom nothing was told yet."""
        return [one for one in self.residents if not one.said]


def month_to_confirm(at: datetime) -> tuple[date, date]:
    """The first and the last day of the last month that has ended."""
    last = local(at).date().replace(day=1) - ONE_DAY
    return last.replace(day=1), last


def residents_to_confirm(reader: Reader, at: datetime) -> Residents:
    """Whom a reader's homes are asked about now: placements of the last month that the council does not know to have ended in it."""
    first, last = month_to_confirm(at)
    return residents_of(lines_open_to(reader, at).to_pylist(), first, last)


def residents_of(lines: Iterable[Mapping[str, Any]], first: date, last: date) -> Residents:
    """The residents among lines (`care.queries.OPEN_LINES`) in a month."""
    there = [line for line in lines if line["basis"] == PLACEMENT and _lived_there(line, last)]
    ids = [line["line_id"] for line in there]
    said = dict(ResidentTold.objects.filter(line_id__in=ids, month=first).values_list("line_id", "said")) if ids else {}
    ordered = sorted(there, key=lambda line: (line["site_name"] or "", sort_name(line).casefold(), line["line_id"]))
    found = (
        Resident(
            line["line_id"], line["person_id"], full_name(line), line["site_name"] or "", line["start_date"], said.get(line["line_id"], "")
        )
        for line in ordered
    )
    return Residents(first, last, tuple(found))


def _lived_there(line: Mapping[str, Any], last: date) -> bool:
    ended = min((end for end in (line["end_date"], line["date_of_death"]) if end), default=None)
    return line["start_date"] <= last and line["authorised_on"] is not None and (ended is None or ended > last)
