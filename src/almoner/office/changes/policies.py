"""What frustrated visits and absences pay from a day, for all contracts of a service or for one: dated rows of each contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.money import percent_text
from almoner.office.care.terms import in_force
from almoner.office.changes.kinds import Policy
from almoner.office.changes.proposal import ONE_DAY, WEEK, Proposed, Row, as_table
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.furniture.words import day
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import Known, known_at, rows_known, table_known
from almoner.office.records.versions import database_table

TABLE = {"frustrated": "frustration_policy", "absence": "absence_policy"}
PEOPLE = pa.schema([("person_id", pa.string())])
AT_MOST = 20_000
"""Basis points: nothing pays more than twice over."""


def policy_facts(change: Policy, at: datetime) -> Proposed:
    """The facts of a policy from a day on. Raises NothingChanges or ChangeRefused."""
    if not 0 <= change.basis_points <= AT_MOST:
        raise ChangeRefused("That is no percentage.", "Enter a percentage from 0 to 200.")
    known = known_at(at)
    contracts = _contracts(change, known)
    table = TABLE[change.kind]
    by_contract: dict[str, list[Row]] = {contract: [] for contract in contracts}
    for row in rows_known(table, known, {"contract_id": contracts}).to_pylist():
        if _same_series(row, change):
            by_contract[row["contract_id"]].append(dict(row))
    rows: list[Row] = []
    befores: dict[str, int] = {}
    for contract, series in by_contract.items():
        standing = max(in_force(series, change.on), key=lambda row: (row["valid_from"], row["row"]), default=None)
        rows += _changed(contract, change, series, dict(standing) if standing else None)
        said = paid_words(change.kind, dict(standing)) if standing else "100%"
        befores[said] = befores.get(said, 0) + 1
    if not rows:
        raise NothingChanges("That is what they pay then already.", "Choose another percentage or day.")
    before = "; ".join(f"{words} in {count:,} contract{'s' if count != 1 else ''}" for words, count in sorted(befores.items()))
    after = f"{percent_text(change.basis_points)}{_days(change.kind, change.days)}, in {len(contracts):,} contracts"
    compared = ((f"{_what(change)}, from {day(change.on)}", before, after),)
    return Proposed(tuple(_people(change, contracts)), {table: as_table(table, rows)}, change.on - WEEK, compared)


def services_bought(at: datetime) -> list[str]:
    """What is bought under some contract, by name."""
    return sorted(set(table_known("contracts", known_at(at)).column("service_type").to_pylist()))


def paid_words(kind: str, row: Row) -> str:
    """`50% for at most 3 days`."""
    return f"{percent_text(row['percent'])}{_days(kind, row['max_days'] if kind == 'frustrated' else None)}"


def _days(kind: str, days: int | None) -> str:
    return f" for at most {days} day{'s' if days != 1 else ''}" if kind == "frustrated" and days is not None else ""


def _what(change: Policy) -> str:
    if change.kind == "frustrated":
        return f"Frustrated, {change.reason or 'any reason'}"
    return f"{change.reason.capitalize()}, from day {change.days or 1} away"


def _contracts(change: Policy, known: Known) -> list[str]:
    if change.contract_id:
        found = rows_known("contracts", known, {"contract_id": [change.contract_id]})
    else:
        every = table_known("contracts", known)
        found = every.filter(pc.equal(every.column("service_type"), change.service))
    bases = ("actuals", "planned") if change.kind == "frustrated" else ("placement",)
    wanted = found.filter(pc.is_in(found.column("basis"), value_set=pa.array(bases)))
    if not wanted.num_rows:
        raise ChangeRefused("No contract is of that kind.", "Choose a service or a contract that has such visits or absences.")
    return sorted(wanted.column("contract_id").to_pylist())


def _same_series(row: Row, change: Policy) -> bool:
    if change.kind == "frustrated":
        return (row["reason"] or "") == change.reason
    return (row["kind"], row["from_day"]) == (change.reason, change.days or 1)


def _changed(contract: str, change: Policy, series: Sequence[Row], standing: Row | None) -> list[Row]:
    later = min((row["valid_from"] for row in series if row["valid_from"] > change.on), default=None)
    until: date | None = later - ONE_DAY if later else None
    new: Row = {"contract_id": contract, "percent": change.basis_points, "valid_from": change.on, "valid_to": until}
    if change.kind == "frustrated":
        new |= {"reason": change.reason or None, "max_days": change.days}
    else:
        new |= {"kind": change.reason, "from_day": change.days or 1}
    if standing and all(standing[name] == new[name] for name in new if name not in ("valid_from", "valid_to")):
        return []
    ended = [{**standing, "valid_to": change.on - ONE_DAY}] if standing and standing["valid_from"] < change.on else []
    return [*ended, new]


def _people(change: Policy, contracts: Sequence[str]) -> Iterable[str]:
    """Whose weeks may move: those with a frustrated visit, or an absence, from the day on."""
    term, parameter = any_of("l.contract_id", contracts)
    if change.kind == "frustrated":
        beside = f"{database_table('actuals')} a ON a.line_id = l.line_id AND a.outcome = 'frustrated' AND a.date >= %s"
        days = [change.on]
    else:
        beside = f"{database_table('absences')} a ON a.person_id = l.person_id AND (a.last_day IS NULL OR a.last_day >= %s)"
        days = [change.on]
    select = f"SELECT DISTINCT l.person_id FROM {database_table('lines')} l JOIN {beside} WHERE {term}"
    people: list[str] = read_rows(select, PEOPLE, [*days, parameter], order=("person_id",)).column(0).to_pylist()
    return people
