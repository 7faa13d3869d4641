"""What a run tells providers by email: what it paid, and what it newly held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.office.letters.recipients import Wanted
from almoner.office.letters.wording import tell_held, tell_paid
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import Known, known_at, rows_known, table_known
from almoner.office.runs.payments import pay_dates
from almoner.office.runs.queries import holds_of, payments_of, run_shown
from almoner.office.runs.run_register import run_before

Row = dict[str, Any]
COVERED = pa.schema([("payee_id", pa.string()), ("first", pa.date32()), ("last", pa.date32()), ("adjustments", pa.int64())])


def paid_letters(run: str, bounced: Collection[str]) -> list[Wanted]:
    """A letter for each payment of a settled run that arrived; `bounced` are the references of those that did not."""
    shown, payments = run_shown(run), [row for row in payments_of(run).to_pylist() if row["amount_pence"] > 0]
    day = pay_dates([run]).get(run)
    if shown is None or shown.book != "payments" or day is None:
        return []
    covered = {row["payee_id"]: row for row in _covered(run)}
    return [
        Wanted(
            row["payee_id"], row["reference"],
            tell_paid(
                run=run, reference=row["reference"], pence=row["amount_pence"], pay_date=day, first=weeks.get("first"),
                last=_week_end(weeks.get("last")), adjustments=weeks.get("adjustments", 0),
            ),
        )
        for row in payments
        for weeks in [covered.get(row["payee_id"], {})]
        if row["reference"] not in bounced
    ]  # fmt: skip


def _week_end(first: date | None) -> date | None:
    return first + timedelta(days=6) if first else None


def _covered(run: str) -> list[Row]:
    """By payee the first and last week of what is regular, and how many receipts are adjustments."""
    select = (
        "SELECT payee_id, min(CASE WHEN kind = 'regular' THEN week END) AS first, max(CASE WHEN kind = 'regular' THEN week END) AS last,"
        " count(CASE WHEN kind <> 'regular' THEN 1 END) AS adjustments FROM almoner_receipts WHERE run_id = %s AND book = 'payments'"
        " GROUP BY payee_id"
    )
    rows: list[Row] = read_rows(select, COVERED, [run], order=("payee_id",)).to_pylist()
    return rows


def held_letters(run: str, at: datetime) -> list[Wanted]:
    """A letter for each hold of a sealed run that the run before it had not found."""
    shown = run_shown(run)
    if shown is None or shown.book != "payments":
        return []
    before = run_before(shown)
    standing = set(holds_of(before).column("hold_id").to_pylist()) if before else set()
    new = [row for row in holds_of(run).to_pylist() if row["hold_id"] not in standing and row["provider_id"]]
    if not new:
        return []
    day, places = pay_dates([run]).get(run), _places(new, known_at(at))
    return [
        Wanted(
            row["provider_id"], f"{row['hold_id']} {run}",
            tell_held(hold=row["hold_id"], code=row["code"], line=row["line_id"] or "", pay_date=day),
            places=places.get((row["provider_id"], row["person_id"], row["line_id"] or ""), frozenset()),
        )
        for row in new
    ]  # fmt: skip


def _places(holds: list[Row], known: Known) -> dict[tuple[str, str, str], frozenset[tuple[str, str]]]:
    """By provider, person and line of a hold the contracts and sites it concerns: those of its line, else of the person's lines there."""
    people = sorted({row["person_id"] for row in holds if row["person_id"]})
    if not people:
        return {}
    lines = table_known("lines", known, people=people).select(["line_id", "person_id", "contract_id"]).to_pylist()
    named = sorted({row["contract_id"] for row in lines})
    contracts = rows_known("contracts", known, {"contract_id": named}).select(["contract_id", "provider_id", "site_id"]).to_pylist()
    of = {row["contract_id"]: row for row in contracts}
    found: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for line in lines:
        contract = of.get(line["contract_id"])
        if contract is None:
            continue
        theirs = {("contract", line["contract_id"])} | ({("site", contract["site_id"])} if contract["site_id"] else set())
        for about in ("", line["line_id"]):
            found[contract["provider_id"], line["person_id"], about] |= theirs
    return {key: frozenset(places) for key, places in found.items()}
