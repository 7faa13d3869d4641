"""One field that finds people, providers, lines, runs, holds, receipts, queries and change orders: by number, name or amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse

from almoner.core.money import pence_typed, pounds
from almoner.office.furniture.words import week_of
from almoner.office.records.queries import table_known
from almoner.office.runs.queries import receipts_of_amount, run_shown

BEST = 10
RUN, RECEIPT = re.compile(r"R-\d{4,}", re.I), re.compile(r"(R-\d{4,})\.\d+", re.I)
HOLD, QUERY, CHANGE = re.compile(r"H-[0-9A-F]{10}", re.I), re.compile(r"Q-0*(\d+)", re.I), re.compile(r"CO-0*(\d+)", re.I)


@dataclass(frozen=True)
class Found:
    """One thing found: what kind it is, its number, its name or what it says, and where its page is."""

    kind: str
    id: str
    words: str
    address: str


def search(typed: str, at: datetime) -> list[Found]:
    """What fits, best kinds first, at most ten of a kind; an exact number alone is one result."""
    text = typed.strip()
    if not text:
        return []
    exact = _by_reference(text) or _by_number(text, at)
    if exact:
        return exact
    return [*_people(text, at), *_providers(text, at), *_amounts(text)]


def is_by_name(typed: str) -> bool:
    """Whether somebody searched for a person's name: such a search stands in the journal."""
    return bool(re.search(r"[^\W\d_]{2,}", typed)) and not any(
        shape.fullmatch(typed.strip()) for shape in (RUN, RECEIPT, HOLD, QUERY, CHANGE)
    )


def _by_reference(text: str) -> list[Found]:
    if RECEIPT.fullmatch(text):
        return [Found("Receipt", text.upper(), "", reverse("console-receipt", args=[text.upper()]))]
    if RUN.fullmatch(text) and run_shown(text.upper()):
        return [Found("Run", text.upper(), "", reverse("console-run", args=[text.upper()]))]
    if HOLD.fullmatch(text):
        return [Found("Hold", text.upper(), "", reverse("console-hold", args=[text.upper()]))]
    for shape, kind, name in ((QUERY, "Query", "console-query"), (CHANGE, "Change order", "console-change")):
        if found := shape.fullmatch(text):
            return [Found(kind, text.upper(), "", reverse(name, args=[int(found[1])]))]
    return []


def _by_number(text: str, at: datetime) -> list[Found]:
    found = []
    for name, column, kind, page in (
        ("people", "person_id", "Person", "console-person"),
        ("lines", "line_id", "Line", "console-line"),
        ("providers", "provider_id", "Provider", "console-provider"),
    ):
        table = table_known(name, at)
        rows = table.filter(pc.equal(pc.utf8_lower(table.column(column)), text.lower())).to_pylist()
        found += [Found(kind, row[column], _named(row), reverse(page, args=[row[column]])) for row in rows]
    return found


def _people(text: str, at: datetime) -> list[Found]:
    people = table_known("people", at)
    whole = pc.binary_join_element_wise(
        *(pc.fill_null(people.column(name), "") for name in ("given_names", "family_name", "given_names")), " "
    )
    rows = _fitting(people, whole, text)
    return [Found("Person", row["person_id"], _named(row), reverse("console-person", args=[row["person_id"]])) for row in rows]


def _providers(text: str, at: datetime) -> list[Found]:
    providers = table_known("providers", at)
    rows = _fitting(providers, providers.column("name"), text)
    return [Found("Provider", row["provider_id"], row["name"], reverse("console-provider", args=[row["provider_id"]])) for row in rows]


def _fitting(table: pa.Table, names: pa.ChunkedArray, text: str) -> list[dict[str, str]]:
    fits = pc.match_substring(names, text, ignore_case=True)
    rows: list[dict[str, str]] = table.filter(pc.fill_null(fits, False)).slice(0, BEST).to_pylist()
    return rows


def _amounts(text: str) -> list[Found]:
    pence = pence_typed(text) if "." in text or text.startswith("£") else None
    return [] if pence is None else [_receipt(row) for row in receipts_of_amount(pence, BEST).to_pylist()]


def _receipt(row: dict[str, Any]) -> Found:
    receipt = f"{row['run_id']}.{row['number']}"
    words = f"{pounds(row['amount_pence'])}, {row['book']}, {row['line_id']} {week_of(row['week'])}"
    return Found("Receipt", receipt, words, reverse("console-receipt", args=[receipt]))


def _named(row: dict[str, str]) -> str:
    return row.get("name") or " ".join(filter(None, (row.get("given_names"), row.get("family_name")))) or row.get("element") or ""
