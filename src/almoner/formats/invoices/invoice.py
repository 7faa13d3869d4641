"""An invoice to a funder as PDF (A4, tagged, PDF/UA-1, its bytes never change) and as CSV of its receipts. No names stand in either."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import typst

from almoner.formats.cells import safe_text
from almoner.formats.days import long_day
from almoner.formats.pounds import pounds, pounds_to_read
from almoner.formats.refusals import FormatRefusal
from almoner.formats.typeset_letters import known_letters

# Letters the typesetter's own fonts always have: Latin with its extensions, Greek, Cyrillic, and common marks.
HEADINGS = ("invoice", "receipt", "line_id", "your_reference", "scheme", "week", "month", "kind", "amount")


class InvoiceDoesNotAddUp(FormatRefusal):
    """An invoice whose receipts are not its total."""

    code = "INVOICE-DOES-NOT-ADD-UP"


@dataclass(frozen=True)
class InvoiceLine:
    """One receipt. `week` is its first day, `month` the first of the month it belongs to, `called` the funder's own reference."""

    receipt: str
    line_id: str
    called: str
    scheme: str
    week: date
    month: date
    kind: str
    amount_pence: int


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice or credit note to one funder, its receipts ordered by line and week. Pence; `month` is the last it reaches."""

    kind: str
    reference: str
    council: str
    enquiries: str
    funder_id: str
    funder: str
    day: date
    month: date
    lines: Sequence[InvoiceLine]
    total_pence: int


def invoice_csv(told: InvoiceDocument) -> bytes:
    """Every receipt of the invoice: UTF-8 with its mark and headings, days as 2026-04-06, pounds with two decimals.

    Raises InvoiceDoesNotAddUp.
    """
    _check(told)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for line in told.lines:
        texts = [safe_text(cell) for cell in (line.receipt, line.line_id, line.called, line.scheme)]
        writer.writerow([told.reference, *texts, line.week.isoformat(), f"{line.month:%Y-%m}", line.kind, pounds(line.amount_pence)])
    return text.getvalue().encode("utf-8-sig")


def write_invoice_pdf(told: InvoiceDocument) -> bytes:
    """The invoice as PDF: a row for every line of care, with its weeks and what they come to. Raises InvoiceDoesNotAddUp.

    Letters no font of the typesetter has are shown as a square.
    """
    _check(told)
    content = _compiler().compile(
        (files("almoner.formats.invoices") / "invoice.typ").read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(_spelled(told))},
        pdf_standards=["ua-1"],
        timestamp=datetime(told.day.year, told.day.month, told.day.day, tzinfo=UTC),
    )
    assert isinstance(content, bytes)
    return content


def _check(told: InvoiceDocument) -> None:
    come_to = sum(line.amount_pence for line in told.lines)
    if come_to != told.total_pence:
        raise InvoiceDoesNotAddUp(
            f"The receipts of {told.reference} come to {come_to} pence and its total is {told.total_pence}.", "Stop, and verify the runs."
        )


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process, with the fonts it brings: the machine's own fonts would change the bytes."""
    return typst.Compiler(ignore_system_fonts=True)


def _spelled(told: InvoiceDocument) -> dict[str, Any]:
    facts = [
        ["Number", told.reference], ["Date", long_day(told.day)], ["To", told.funder], ["Your number with us", told.funder_id],
        ["Care up to the end of", f"{told.month:%B %Y}"], ["Receipts", f"{len(told.lines):,}"],
    ]  # fmt: skip
    credit = told.total_pence < 0
    asked = f"Questions about it: {told.enquiries}. " if told.enquiries else ""
    return {
        "title": f"{told.kind} {told.reference}", "kind": told.kind,
        "council": known_letters(told.council), "funder": known_letters(told.funder),
        "reference": told.reference, "date": [told.day.year, told.day.month, told.day.day],
        "facts": [[name, known_letters(value)] for name, value in facts],
        "total": ["Credited to you" if credit else "To pay", pounds_to_read(abs(told.total_pence))],
        "note": known_letters(
            f"{asked}Every receipt stands in the file {told.reference}.csv, and with its reasons on the pages for funders. "
            + ("It is set against what you pay next." if credit else f"Quote {told.reference} when you pay.")
        ),
        "months": [
            {"title": f"{month:%B %Y}", "rows": _rows(list(lines))}
            for month, lines in groupby(sorted(told.lines, key=lambda line: (line.month, line.line_id)), key=lambda line: line.month)
        ],
    }  # fmt: skip


def _rows(lines: Sequence[InvoiceLine]) -> list[list[str]]:
    rows = []
    for line_id, its in groupby(lines, key=lambda line: line.line_id):
        theirs = list(its)
        corrections = sum(one.kind != "regular" for one in theirs)
        counted = f"{len(theirs):,}" + (f", {corrections:,} of them corrections" if corrections else "")
        come_to = pounds_to_read(sum(one.amount_pence for one in theirs))
        schemes = ", ".join(dict.fromkeys(one.scheme for one in theirs if one.scheme))
        rows.append([known_letters(line_id), known_letters(theirs[0].called), known_letters(schemes), counted, come_to])
    return rows
