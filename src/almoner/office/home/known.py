"""Everything known of a person, a provider or a line: since when, by whom, what it was before, and what runs did about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.core.tables import TABLES, Kind
from almoner.office.furniture import words
from almoner.office.records.queries import Known, known_at, rows_known, table_known, versions_known
from almoner.office.runs.queries import receipts_like

Row = dict[str, Any]
WITHOUT = {"row", "version", "recorded_at", "recorded_by", "batch", "withdrawn"}
OF_PERSON = ("people", "absences", "contributions", "top_ups", "lines")
OF_LINE = ("lines", "line_terms", "line_rates", "schedule", "shares")
OF_PROVIDER = ("providers", "sites", "contracts")
NOT_SHOWN = {"sort_code", "account_number"}
"""Columns whose values are shown to nobody."""


@dataclass(frozen=True)
class Moment:
    """One thing that became known: when, from which day it is true, what it is, what was said before and is now, and who recorded it."""

    known_at: datetime
    true_from: date | None
    what: str
    was: str
    now: str
    by: str


@dataclass(frozen=True)
class KnownOf:
    """All that is known of one person, provider or line at a moment. `facts` is the thing itself as `core.tables` has it; `lines` those
    of the person or provider, with the provider's number and name; `receipts` what was sealed of it, newest first."""

    facts: Row
    lines: list[Row]
    receipts: list[Row]
    timeline: list[Moment]


def person_known(person_id: str, at: datetime) -> KnownOf | None:
    """A person as known at a moment; None when nobody has that number."""
    known = known_at(at)
    found = rows_known("people", known, {"person_id": [person_id]}).to_pylist()
    if not found:
        return None
    lines = table_known("lines", known, people=[person_id]).to_pylist()
    versions = [(name, versions_known(name, known, person_id=person_id)) for name in OF_PERSON]
    return KnownOf(found[0], with_providers(lines, known), _receipts(person=person_id), timeline(versions))


def line_known(line_id: str, at: datetime) -> KnownOf | None:
    """A line as known at a moment; None when there is none."""
    known = known_at(at)
    found = rows_known("lines", known, {"line_id": [line_id]}).to_pylist()
    if not found:
        return None
    versions = [(name, versions_known(name, known, line_id=line_id)) for name in OF_LINE]
    return KnownOf(found[0], with_providers(found, known), _receipts(line=line_id), timeline(versions))


def provider_known(provider_id: str, at: datetime) -> KnownOf | None:
    """A provider as known at a moment; None when there is none."""
    known = known_at(at)
    found = rows_known("providers", known, {"provider_id": [provider_id]}).to_pylist()
    if not found:
        return None
    contracts = versions_known("contracts", known, provider_id=provider_id)
    under = sorted({row["contract_id"] for row in contracts})
    lines = [row for contract in under for row in _latest(versions_known("lines", known, contract_id=contract), "line_id")]
    versions = [(name, versions_known(name, known, provider_id=provider_id)) for name in OF_PROVIDER]
    standing = [row for row in with_providers(lines, known) if row["provider_id"] == provider_id]
    return KnownOf(found[0], standing, [], timeline(versions))


def with_providers(lines: Sequence[Row], known: Known) -> list[Row]:
    """Lines with the number and name of their provider and their service."""
    if not lines:
        return []
    contracts = rows_known("contracts", known, {"contract_id": sorted({line["contract_id"] for line in lines})}).to_pylist()
    by_id = {contract["contract_id"]: contract for contract in contracts}
    providers = rows_known("providers", known, {"provider_id": sorted({contract["provider_id"] for contract in contracts})}).to_pylist()
    names = {provider["provider_id"]: provider["name"] for provider in providers}
    found = []
    for line in lines:
        contract = by_id.get(line["contract_id"], {})
        provider = contract.get("provider_id", "")
        service = contract.get("service_type", "")
        found.append({**line, "provider_id": provider, "provider_name": names.get(provider, provider), "service_type": service})
    return found


def timeline(versions: Iterable[tuple[str, Sequence[Row]]]) -> list[Moment]:
    """What became known, the latest first: every version beside the one before it with the same natural key."""
    found: list[Moment] = []
    for name, rows in versions:
        before: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            key = tuple(row[column] for column in TABLES[name].key)
            found.append(_moment(name, before.get(key), row))
            before[key] = row
    return sorted(found, key=lambda moment: moment.known_at, reverse=True)


def _moment(name: str, before: Row | None, row: Row) -> Moment:
    what = name.replace("_", " ").removesuffix("s") if name != "people" else "person"
    true_from = next((row[column] for column in ("valid_from", "first_day", "start_date") if row.get(column)), None)
    by = row["recorded_by"] + (f" (import {row['batch']})" if row["batch"] else "")
    if row["withdrawn"]:
        return Moment(row["recorded_at"], true_from, f"{what} taken out", _told(name, row), "", by)
    if before is None or before["withdrawn"]:
        return Moment(row["recorded_at"], true_from, what, "", _told(name, row), by)
    changed = [column.name for column in TABLES[name].columns if before[column.name] != row[column.name]]
    return Moment(row["recorded_at"], true_from, what, _told(name, before, changed), _told(name, row, changed), by)


def _told(name: str, row: Row, columns: Sequence[str] | None = None) -> str:
    shown = [column for column in TABLES[name].columns if column.name not in NOT_SHOWN and (columns is None or column.name in columns)]
    told = [f"{column.name.replace('_', ' ')} {_value(column.kind, row[column.name])}" for column in shown if row[column.name] is not None]
    return "; ".join(told)


def _value(kind: Kind, value: Any) -> str:
    match kind:
        case Kind.MONEY:
            return words.pounds(value)
        case Kind.RATE:
            return words.rate_text(value)
        case Kind.PERCENT:
            return words.percent_text(value)
        case Kind.QUANTITY:
            return f"{value // 100}.{value % 100:02}".rstrip("0").rstrip(".")
        case Kind.DATE:
            return words.day(value)
        case Kind.TIME:
            return words.clock(value)
        case Kind.YES_NO:
            return "yes" if value else "no"
    return str(value)


def _latest(rows: Sequence[Row], column: str) -> list[Row]:
    return [row for row in {row[column]: row for row in rows}.values() if not row["withdrawn"]]


def _receipts(**wanted: str) -> list[Row]:
    rows = receipts_like(**wanted).to_pylist()
    return sorted(rows, key=lambda row: (row["run_id"], row["number"]), reverse=True)
