"""The page of an effect: the same for one line and for many, when it is proposed and when it is authorised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpRequest
from django.urls import reverse

from almoner.core.memory import in_memory
from almoner.office.changes.consequences import Consequence, differences_after, payments_after
from almoner.office.changes.kinds import Change, Order, Uplift
from almoner.office.changes.sentences import SIX_DAYS, sentences
from almoner.office.changes.uplift_lines import over_the_limit, uplift_lines
from almoner.office.furniture.listing import Heading, Listed, Listing, listed
from almoner.office.furniture.words import week_of
from almoner.office.parties.queries import provider_names
from almoner.office.runs.next_payment import NextDifference

BOOKS = {"payments": "Payments to providers", "claims": "Claims on funders", "charges": "Charges to people"}
WEEK = Heading("week_words", "Week", sortable=False)
PAID = Heading("paid_pence", "Paid so far", "pounds", total=True)
NOW = Heading("now_pence", "As known now", "pounds", total=True)
THEN = Heading("then_pence", "Would have been", "pounds", total=True)
DIFFERENCE = Heading("difference_pence", "Difference", "pounds", total=True)
VISITS = Heading("visits", "Visits reported", "number", total=True)
LINES = (
    Heading("line_id", "Line", "id", link=lambda row: reverse("console-line", args=[row["line_id"]])),
    Heading("person_id", "Person", "id"),
    Heading("provider", "Provider"),
    Heading("before", "Rate before"),
    Heading("after", "Rate after"),
    Heading("percent", "Changes by"),
    Heading("week_before", "A week before", "pounds", total=True),
    Heading("week_after", "A week after", "pounds", total=True),
    Heading("past", "Past weeks", "pounds", total=True),
    Heading("outlier", "Look at"),
)


NEXT = (
    Heading("provider", "Provider", sortable=False), Heading("pay_date", "Paid on", "date", sortable=False),
    Heading("lines", "Lines", "number", sortable=False), Heading("pence", "Difference", "pounds", total=True, sortable=False),
)  # fmt: skip
FEW_PROVIDERS = 5
"""For so many providers all of the next payment is worked out; for more, by how much it differs."""


def main_listing(change: Order, found: Consequence, at: datetime) -> Listing:
    """The table that is sorted, paged and downloaded: lines of an uplift, else the weeks that change."""
    if isinstance(change, Uplift):
        rows = uplift_lines(found, at)
        return Listing(
            "lines", "Before and after, line by line", LINES, rows, "", "No line changes.", "line_id", "lines",
            order_words="outliers first, then the largest change",
        )  # fmt: skip
    return _weeks_of_line(found, at) if isinstance(change, Change) else _weeks_in_all(found)


def effect_shown(request: HttpRequest, change: Order, found: Consequence) -> dict[str, Any]:
    """What the template of an effect shows beside its main table."""
    at, council = request.at, getattr(request, "council", None)  # type: ignore[attr-defined]
    rules = council.calendar if council else ()
    few = isinstance(change, Change) or len(found.payees) <= FEW_PROVIDERS
    coming = payments_after(found, at, rules) if few else []
    differences = [] if few else differences_after(found, at, rules)
    holds = found.effect.holds.to_pylist()
    named = {one.provider_id for one in coming} | {one.provider_id for one in differences}
    names = provider_names(at, named) if named else {}
    return {
        "change": change,
        "facts": found.facts,
        "told": sentences(change, found, coming, at),
        "books": [{**row, "words": BOOKS[str(row["book"])]} for row in found.books()],
        "from_day": found.from_day,
        "differences": _differences(request, differences, names),
        "coming": [(names.get(one.provider_id, one.provider_id), one) for one in coming],
        "new_holds": holds if isinstance(change, Change) else [],
        "holds_by_code": _by_code(found.effect.holds) if not isinstance(change, Change) else [],
        "over_limit": over_the_limit(found, at) if isinstance(change, Uplift) else "",
        "weeks": listed(request, _weeks_in_all(found, downloads=False)) if isinstance(change, Uplift) else None,
        "ask": _ask(change, found),
        "shown": json.dumps(found.told, sort_keys=True),
    }


def _ask(change: Order, found: Consequence) -> str:
    """Where the provider is asked about the weeks of which something is taken back; empty where nothing is."""
    back = found.effect.weeks.filter(pc.greater(found.effect.weeks.column("taken_back_pence"), 0))
    if not isinstance(change, Change) or not back.num_rows:
        return ""
    first, last = pc.min(back.column("week")).as_py(), pc.max(back.column("week")).as_py() + SIX_DAYS
    return f"{reverse('console-query-new')}?{urlencode({'line': change.line_id, 'first': first, 'last': last})}"


def _differences(request: HttpRequest, differences: Sequence[NextDifference], names: Mapping[str, str]) -> Listed | None:
    """By how much the next payment of each of many providers differs."""
    rows = [
        {
            "provider": names.get(one.provider_id, one.provider_id),
            "pay_date": one.pay_date,
            "lines": one.lines,
            "pence": one.difference_pence,
        }
        for one in differences
    ]
    table = Listing(
        "next", "The next payments", NEXT, rows, "", "", "provider", "payments", "the largest difference first", downloads=False
    )
    return listed(request, table) if rows else None


def told_before(shown: str) -> dict[str, int]:
    """What a page showed of an effect, out of its hidden field; nothing for anything else."""
    try:
        told = json.loads(shown)
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in told.items() if isinstance(value, int)} if isinstance(told, dict) else {}


def _weeks_of_line(found: Consequence, at: datetime) -> Listing:
    """The weeks of a line that change; books, lines and what is not paid yet only where they say something."""
    rows: list[Mapping[str, Any]] = [
        {**row, "week_words": week_of(row["week"]), "book": BOOKS[row["book"]], "payee": row["payee_id"]}
        for row in found.effect.weeks.to_pylist()
    ]
    names = provider_names(at, {str(row["payee_id"]) for row in rows}) if rows else {}
    rows = [{**row, "payee": names.get(row["payee_id"], row["payee_id"])} for row in rows]
    several = [
        heading
        for heading in (Heading("book", "Book"), Heading("payee", "Who"), Heading("line_id", "Line", "id"))
        if len({row[heading.name] for row in rows}) > 1
    ]
    unpaid = [NOW] if any(row["now_pence"] != row["paid_pence"] for row in rows) else []
    headings = (WEEK, *several, PAID, *unpaid, THEN, DIFFERENCE, VISITS)
    if any(heading.name == "book" for heading in several):
        headings = tuple(_without_total(heading) for heading in headings)
    return Listing("effect", "Weeks that change", headings, rows, "week", "No past week changes.", "week_words", "weeks")


def _without_total(heading: Heading) -> Heading:
    """Pounds paid and pounds charged are not added up."""
    return Heading(heading.name, heading.words, heading.kind, heading.link, heading.status, False, heading.sortable)


def _weeks_in_all(found: Consequence, *, downloads: bool = True) -> Listing:
    """By week and book what all lines together differ by: without whose they are."""
    with in_memory() as memory:
        memory.register("weeks", found.effect.weeks)
        rows = (
            memory.sql(
                """
            SELECT week, book, count(DISTINCT nullif(line_id, ''))::BIGINT AS lines, sum(paid_pence)::BIGINT AS paid_pence,
                sum(now_pence)::BIGINT AS now_pence, sum(then_pence)::BIGINT AS then_pence,
                sum(difference_pence)::BIGINT AS difference_pence, sum(visits)::BIGINT AS visits
            FROM weeks GROUP BY ALL ORDER BY ALL
            """
            )
            .to_arrow_table()
            .to_pylist()
        )
    shown = [{**row, "week_words": week_of(row["week"]), "book": BOOKS[row["book"]]} for row in rows]
    headings = (WEEK, Heading("book", "Book"), Heading("lines", "Lines", "number"), *map(_without_total, (PAID, THEN, DIFFERENCE, VISITS)))
    return Listing(
        "weeks", "Weeks that change", headings, shown, "week", "No past week changes.", "week_words", "weeks", downloads=downloads
    )


def _by_code(holds: pa.Table) -> list[dict[str, Any]]:
    with in_memory() as memory:
        memory.register("holds", holds)
        found: list[dict[str, Any]] = (
            memory.sql(
                "SELECT code, count(*)::BIGINT AS count, sum(amount_pence)::BIGINT AS amount_pence FROM holds GROUP BY code ORDER BY code"
            )
            .to_arrow_table()
            .to_pylist()
        )
    return found
