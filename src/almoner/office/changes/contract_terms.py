"""A term of contracts from a day on: what tolerance is allowed, how minutes are rounded and the like, for all contracts of a service or for
one. Dated rows of each contract (CAL-5), so that the past stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import CONTRACT_DATED_COLUMNS, TABLES, Column
from almoner.office.care.history import value_text
from almoner.office.care.terms import term
from almoner.office.changes.kinds import Terms
from almoner.office.changes.proposal import WEEK, Proposed, Row, as_table
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.furniture.words import day
from almoner.office.records.queries import Known, known_at, rows_known, table_known

COLUMNS: Mapping[str, Column] = {column.name: column for column in CONTRACT_DATED_COLUMNS}
"""The terms there are, by name."""
TERM_WORDS = {
    "tolerance_percent": "Tolerance",
    "hold": "What a difference holds",
    "rounding_minutes": "Rounding of minutes",
    "rounding_mode": "How minutes are rounded",
    "cap_at_planned": "Paid at most as planned",
    "money_rounding": "What is rounded to the penny",
    "pays_last_day": "A placement's last day is paid",
    "days_paid_after_death": "Days paid after a death",
    "days_charged_after_death": "Days charged after a death",
    "needs_agreement": "The provider agrees lines",
    "release_reasons": "Reasons that release a hold",
}


def term_text(name: str, value: Any) -> str:
    """A term's value in words: `10%`, `to the minute`, `yes`, `3 days`."""
    if name.startswith("days_") and value is not None:
        return f"{value} day{'' if value == 1 else 's'}"
    return value_text(name, value)


def terms_facts(change: Terms, at: datetime) -> Proposed:
    """The rows that the change would record, one a contract. Raises NothingChanges or ChangeRefused."""
    if change.value == "":
        raise ChangeRefused("The new value is missing.", "Enter it.")
    known = known_at(at)
    contracts = _contracts(change, known)
    dated: dict[str, list[Row]] = {row["contract_id"]: [] for row in contracts}
    for row in rows_known("contract_terms", known, {"contract_id": sorted(dated)}).to_pylist():
        dated[row["contract_id"]].append(dict(row))
    rows: list[Row] = []
    befores: dict[str, int] = {}
    later = 0
    for contract in contracts:
        theirs = dated[contract["contract_id"]]
        before = term(contract, theirs, change.term, change.on)
        later += any(row["valid_from"] > change.on and row[change.term] is not None for row in theirs)
        if before == change.value:
            continue
        rows.append(_row(contract["contract_id"], theirs, change))
        words = term_text(change.term, before)
        befores[words] = befores.get(words, 0) + 1
    if not rows:
        raise NothingChanges("That is what they have then already.", "Choose another value or day.")
    return _proposed(change, rows, befores, later, known)


def _proposed(change: Terms, rows: Sequence[Row], befores: Mapping[str, int], later: int, known: Known) -> Proposed:
    before = "; ".join(f"{words} in {_counted(count)}" for words, count in sorted(befores.items()))
    after = f"{term_text(change.term, change.value)} in {_counted(len(rows))}"
    compared = ((f"{TERM_WORDS[change.term]}, from {day(change.on)}", before, after),)
    remarks = (f"{_counted(later)} had another value entered from a later day, which stays.",) if later else ()
    people = _people([row["contract_id"] for row in rows], change.on, known)
    return Proposed(people, {"contract_terms": as_table("contract_terms", rows)}, change.on - WEEK, compared, remarks)


def _contracts(change: Terms, known: Known) -> list[Row]:
    if change.contract_id:
        found = rows_known("contracts", known, {"contract_id": [change.contract_id]})
    else:
        every = table_known("contracts", known)
        found = every.filter(pc.equal(every.column("service_type"), change.service))
    if not found.num_rows:
        raise ChangeRefused("No contract is of that kind.", "Choose a service or a contract that there is.")
    return [dict(row) for row in found.sort_by("contract_id").to_pylist()]


def _row(contract: str, theirs: Sequence[Row], change: Terms) -> Row:
    """The row from the day on: what was set from that day stands in it too."""
    same_day = next((row for row in theirs if row["valid_from"] == change.on), {})
    if same_day.get("valid_to") is not None:
        raise ChangeRefused(
            f"Terms of {contract} that begin on {day(change.on)} end on {day(same_day['valid_to'])}.", "Choose another day."
        )
    blank = dict.fromkeys(TABLES["contract_terms"].schema.names)
    return {**blank, **same_day, "contract_id": contract, "valid_from": change.on, change.term: change.value}


def _people(contracts: Sequence[str], on: date, known: Known) -> tuple[str, ...]:
    """Whose weeks may move: those with a line under the contracts on the day or later."""
    every = table_known("lines", known)
    lines = every.filter(pc.is_in(every.column("contract_id"), value_set=pa.array(contracts, pa.string())))
    end = pc.fill_null(lines.column("end_date"), pa.scalar(date.max, pa.date32()))
    serving = lines.filter(pc.greater_equal(end, pa.scalar(on - WEEK, pa.date32())))
    return tuple(sorted(set(serving.column("person_id").to_pylist())))


def _counted(count: int) -> str:
    return f"{count:,} contract{'' if count == 1 else 's'}"
