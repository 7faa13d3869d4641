"""How queries stand on the pages of both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from almoner.office.enquiries.kinds import KINDS
from almoner.office.enquiries.queries import QueryShown
from almoner.office.furniture.listing import Heading, Listing, Row
from almoner.office.furniture.words import day, span, week_of

ORDER = {"answered": 0, "overdue": 1, "with_team": 2, "accepted": 3, "closed": 4}


def _link(row: Row) -> str:
    return str(row["address"])


LISTED = (
    Heading("reference", "Reference", "id", link=_link),
    Heading("about", "About", "id"),
    Heading("kind", "Type"),
    Heading("person_id", "Person", "id"),
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
            "reference": one.reference, "address": address(one.number), "about": one.about, "kind": one.words, "person_id": one.person_id,
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
    about += [("Payment", found.run_id), ("Amount", found.receipt_id), ("Held payment", found.hold_id), ("Told", _told(found))]
    about += [("With", found.team), ("Assigned to", found.assigned_to), ("Answer due", day(found.due_on) if found.due_on else "")]
    return {"query": found, "about": [(words, said) for words, said in about if said], "file_page": file_page, "kind": KINDS[found.kind]}


def _told(found: QueryShown) -> str:
    if found.kind == "death" and found.from_date:
        return f"died on {day(found.from_date)}"
    if found.kind == "dates" and found.from_date:
        return f"last day {day(found.from_date)}"
    if found.kind == "absence" and found.from_date:
        return f"away {span(found.from_date, found.until_date)}" if found.until_date else f"away since {day(found.from_date)}"
    return f"{found.instalments} instalments" if found.instalments else ""
