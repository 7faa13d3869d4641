"""Claim receipts as both sides read them: with the funder's own reference, the scheme, the whole cost and the share in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from almoner.office.claims.invoices import receipts_named
from almoner.office.claims.queries import Row, Said, book_of, of_book, said_of
from almoner.office.claims.reasons import IN_A_WORD
from almoner.office.furniture.words import local, week_of
from almoner.office.runs.claimed import gross_of, in_week, last_day_of, scheme_of, share_of_week, shares_of
from almoner.office.runs.explanations import explain_claim, without_names
from almoner.office.runs.hold_rows import total_of

STATES = (("", "Any state"), ("to_agree", "To agree"), ("agreed", "Agreed"), ("disputed", "Disputed"), ("invoiced", "Invoiced"))
KINDS = (("", "Regular and adjustments"), ("regular", "Regular"), ("adjustment", "Adjustments"))
OPEN = "open"
ORDER = {"to_agree": 0, "disputed": 1, "agreed": 2, "invoiced": 3}
ASKED = "SELECT * FROM book WHERE {} ORDER BY week, line_id, run_id, number"
OTHERS = """
SELECT count(*) FILTER (receipt <> ? AND state IN ('to_agree', 'agreed')) AS others FROM book WHERE funder_id = ? AND month = ?
"""
ACTIONS = {"to_agree": "Agree or dispute", "agreed": "See", "disputed": "See the dispute", "invoiced": "See"}


@dataclass(frozen=True)
class Wanted:
    """Filters of the list. `month`: the first of one, or None for every month's that is not invoiced yet. Empty texts ask for all."""

    month: date | None = None
    scheme: str = ""
    kind: str = ""
    state: str = ""
    changed: bool = False


@dataclass(frozen=True)
class ToAgree:
    """The regular receipts of a list that wait: how many, what they come to, their ids, and what names exactly them."""

    receipts: int
    pence: int
    ids: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class ReceiptShown:
    """One receipt with why it is what it is, what was said of it, and how many others of its month go in the invoice without it."""

    row: Row
    sentences: tuple[Any, ...]
    said: list[Said]
    others: int


def receipt_rows(funder_id: str, wanted: Wanted, at: datetime, *, book: pa.Table | None = None) -> list[Row]:
    """The receipts of a funder that fit, of every scheme: those not answered yet first, then the largest."""
    terms: list[tuple[str, list[object]]] = [("month = ?", [wanted.month]) if wanted.month else ("state <> 'invoiced'", [])]
    terms += [(f"{name} = ?", [value]) for name, value in (("kind", wanted.kind), ("state", wanted.state)) if value]
    terms += [("changed", [])] if wanted.changed else []
    question = ASKED.format(" AND ".join(term for term, _ in terms))
    found = of_book(book_of(funder_id) if book is None else book, question, [value for _, given in terms for value in given])
    ordered = sorted(
        shown_rows(found, funder_id, at), key=lambda row: (ORDER[row["state"]], -abs(row["amount_pence"]), row["line_id"], row["week"])
    )
    return [{**row, "order": number} for number, row in enumerate(ordered)]


def shown_rows(found: Sequence[Row], funder_id: str, at: datetime, *, shares: Mapping[str, list[Row]] | None = None) -> list[Row]:
    """Rows of `queries.book_of` of one funder with all that both sides read."""
    gross = gross_of(row["run_id"] for row in found)
    held = shares_of([row["line_id"] for row in found], funder_id, at) if shares is None else shares
    rows = []
    for row in found:
        own = in_week(held[row["line_id"]], row["week"], last_day_of(row["week"]))
        rows.append(
            {
                **row, "scheme": scheme_of(own), "share": share_of_week(held[row["line_id"]], row["week"]),
                "gross_pence": gross.get(row["run_id"], {}).get((row["line_id"], row["week"])), "week_words": week_of(row["week"]),
                "kind_words": row["kind"].capitalize(), "why": without_names(row["cause"]) if row["kind"] == "adjustment" else "",
                "state_more": _more(row, at), "action": ACTIONS[row["state"]],
                "choice": row["receipt"] if row["state"] == "to_agree" else "",
                "choice_words": f"receipt {row['receipt']}, line {row['line_id']}, {week_of(row['week'])}",
            }
        )  # fmt: skip
    return rows


def _more(row: Row, at: datetime) -> str:
    """What follows the word of the state: the number of the invoice; the reason and age of a dispute."""
    if row["state"] == "invoiced":
        return f"INV-{row['invoice_id']:06}"
    if row["state"] != "disputed":
        return ""
    days = (local(at).date() - local(row["since"]).date()).days
    because = f"with {row['follows']}" if row["follows"] else IN_A_WORD[row["reason"]]
    return f"{because}, {days} day{'' if days == 1 else 's'}"


def to_agree_among(rows: Sequence[Row], funder_id: str) -> ToAgree:
    """The regular receipts of a list that wait for the funder."""
    waiting = [row for row in rows if row["state"] == "to_agree" and row["kind"] == "regular"]
    total = total_of(row["amount_pence"] for row in waiting)
    return ToAgree(len(waiting), total, tuple(row["receipt"] for row in waiting), receipts_named(waiting, funder_id))


def of_scheme(rows: Sequence[Row], scheme: str) -> list[Row]:
    """Those of one scheme; all when none is named."""
    return [row for row in rows if not scheme or row["scheme"] == scheme]


def schemes_of(rows: Sequence[Row]) -> list[str]:
    """The schemes that receipts belong to."""
    return sorted({row["scheme"] for row in rows if row["scheme"]})


def receipt_shown(receipt: str, at: datetime, *, funder_id: str = "") -> ReceiptShown | None:
    """One claim receipt; None when there is none, or it is another funder's than the one named."""
    book = book_of(funder_id)
    found = next(iter(of_book(book, "SELECT * FROM book WHERE receipt = ?", [receipt])), None)
    if found is None:
        return None
    row = shown_rows([found], found["funder_id"], at)[0]
    others = of_book(book, OTHERS, [receipt, found["funder_id"], found["month"]])[0]["others"]
    sentences = explain_claim(found)
    return ReceiptShown(row, sentences, said_of(found["run_id"], found["number"]), others)
