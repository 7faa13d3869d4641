"""How queries stand on the pages of both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.office.enquiries.kinds import KINDS
from almoner.office.enquiries.queries import QueryShown
from almoner.office.furniture.listing import Heading, Listing, Row
from almoner.office.furniture.words import day, span, week_of
from almoner.office.records.queries import known_at, rows_known

ORDER = {"with_provider": 0, "answered": 1, "overdue": 2, "with_team": 3, "accepted": 4, "closed": 5}


def _link(row: Row) -> str:
    return str(row["address"])


LISTED = (
    Heading("reference", "Reference", "id", link=_link),
    Heading("about", "About", "id"),
    Heading("kind", "Type"),
    Heading("person_id", "Person or payment", "id"),
    Heading("team", "With"),
    Heading("since", "Since", "moment"),
    Heading("due_on", "Answer due", "date"),
    Heading("state", "State", "status", status="query"),
)


def query_rows(found: Sequence[QueryShown], address: Callable[[int], str]) -> list[dict[str, Any]]:
    """Queries as rows of a table, those to be read or answered first, then by the day an answer is due."""
    ordered = sorted(found, key=lambda one: (ORDER[one.state], one.due_on or one.opened_at.date(), one.number))
    return [
        {
            "reference": one.reference, "address": address(one.number), "about": one.about, "kind": one.words,
            "person_id": one.person_id or one.run_id,
            "team": one.team, "since": one.opened_at, "due_on": one.due_on, "state": one.state, "order": number,
            "assigned": one.assigned_to, "organisation_id": one.organisation_id,
        }
        for number, one in enumerate(ordered)
    ]  # fmt: skip


def listing(name: str, caption: str, headings: tuple[Heading, ...], rows: Sequence[Row], empty: str) -> Listing:
    """A table of queries."""
    return Listing(name, caption, headings, rows, "order", empty, row_heading="reference", noun="queries")


def thread(found: QueryShown, file_page: str) -> dict[str, Any]:
    """The context of one query's page."""
    about = [("Person", found.person_id), ("Line", found.line_id), ("Week", week_of(found.week) if found.week else "")]
    about += [("Payment", found.run_id), ("Invoice" if found.side == "partner" else "Amount", found.receipt_id)]
    about += [("Held payment", found.hold_id), ("Told", _told(found))]
    about += [("With", found.team), ("Assigned to", found.assigned_to), ("Answer due", day(found.due_on) if found.due_on else "")]
    return {"query": found, "about": [(words, said) for words, said in about if said], "file_page": file_page, "kind": KINDS[found.kind]}


def _told(found: QueryShown) -> str:
    if found.kind == "death" and found.from_date:
        return f"died on {day(found.from_date)}"
    if found.kind == "dates" and found.from_date:
        return f"last day {day(found.from_date)}"
    if found.kind == "absence" and found.from_date:
        return f"away {span(found.from_date, found.until_date)}" if found.until_date else f"away since {day(found.from_date)}"
    if found.from_date and found.until_date:
        return f"weeks of {span(found.from_date, found.until_date)}"
    return f"{found.instalments} instalments" if found.instalments else ""


@dataclass(frozen=True)
class Whose:
    """Whose a line is: the provider who is paid for it, and the person."""

    provider_id: str
    person_id: str


def line_of_provider(line_id: str, at: datetime) -> Whose | None:
    """Whose a line is; None where there is none of that number."""
    known = known_at(at)
    lines = rows_known("lines", known, {"line_id": [line_id]}).to_pylist()
    if not lines:
        return None
    contracts = rows_known("contracts", known, {"contract_id": [lines[0]["contract_id"]]}).to_pylist()
    return Whose(contracts[0]["provider_id"], lines[0]["person_id"]) if contracts else None


def question_about(line_id: str, first: date, last: date) -> str:
    """What the council asks at first about the weeks of a line; whoever asks changes it."""
    return (
        f"You told us of visits on line {line_id} from {span(first, last)}. Were they given, and when was the last one?"
        " We are looking at the dates of this line, and change nothing before you answer."
    )
