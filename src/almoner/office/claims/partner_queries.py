"""What a funder's people may ask about: its own invoices, receipts and packages, by their numbers. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from almoner.office.claims.invoices import invoice_shown
from almoner.office.claims.queries import book_of, claim_row, of_book
from almoner.office.enquiries.operations import About

NAMED = """
SELECT DISTINCT line_id, called FROM book WHERE lower(line_id) = lower(?) OR lower(called) = lower(?) ORDER BY line_id
"""


@dataclass(frozen=True)
class Thing:
    """Something of a funder's that a query can be about: in words, the page it leads to, and what is carried there."""

    words: str
    page: str
    named: str
    carried: Mapping[str, str]


def is_own(funder_id: str, about: About) -> bool:
    """Whether all that a query is said to be about is claimed of this funder."""
    if about.receipt_id and invoice_shown(about.receipt_id, funder_id) is None:
        return False
    return not about.line_id or bool(of_book(book_of(funder_id), "SELECT 1 AS one FROM book WHERE line_id = ? LIMIT 1", [about.line_id]))


def things_numbered(funder_id: str, number: str) -> list[Thing]:
    """The funder's invoice, receipt or packages of a number, or of its own reference for a line. Empty where nothing has it."""
    found: list[Thing] = []
    if (invoice := invoice_shown(number.upper(), funder_id)) is not None:
        found += [
            Thing(f"{invoice.kind} {invoice.reference}", "partner-query-new", "", {"invoice": invoice.reference}),
            Thing(
                f"Payment of {invoice.kind.lower()} {invoice.reference}", "partner-query-new", "",
                {"invoice": invoice.reference, "kind": "invoice_payment"},
            ),
        ]  # fmt: skip
    if (receipt := claim_row(number.upper(), funder_id)) is not None:
        found.append(Thing(f"Receipt {receipt['receipt']}, on its own page", "partner-receipt", receipt["receipt"], {}))
    for row in of_book(book_of(funder_id), NAMED, [number, number]):
        called = f", your reference {row['called']}" if row["called"] else ""
        found.append(Thing(f"Package {row['line_id']}{called}", "partner-query-new", "", {"line": row["line_id"]}))
    return found
