"""Another provider from a day: the line ends with the one, and a new line of the same person and plan begins with the other.

A line never changes its contract, so that every week has one payee. The timetable, terms and funders' shares go on; a top-up belongs to the
home it was agreed for and does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow.compute as pc

from almoner.core.tables import LINE_TERMS
from almoner.office.care.terms import in_force, rate_line, rates_on, term
from almoner.office.changes.kinds import Change
from almoner.office.changes.proposal import ONE_DAY, WEEK, Proposed, Row, as_table, needed, rows_of, rows_under
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.furniture.words import day, pounds
from almoner.office.parties.queries import provider_names
from almoner.office.records.queries import known_at, rows_known, table_known

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
SIGNED = ("authorised_on", "authorised_by", "agreed_on")
SAME_PLAN = ({"actuals", "planned"}, {"placement"})
"""Ways of earning between which a plan can go on as it is."""
REABLEMENT = timedelta(days=41)
"""From the first day to the last of those that reablement is not charged for (CHG-2)."""


@dataclass(frozen=True)
class Terms:
    """A contract and an element of it that a line can go on under, its provider, and what it costs on the day, in words."""

    contract_id: str
    element: str
    provider_id: str
    words: str

    @property
    def value(self) -> str:
        """As a form keeps it."""
        return f"{self.contract_id}|{self.element}"


def providers_called(typed: str, at: datetime) -> dict[str, str]:
    """Providers by number whose number is what was typed, or whose name has it in it."""
    names = provider_names(at)
    wanted = typed.strip().casefold()
    if typed.strip() in names:
        return {typed.strip(): names[typed.strip()]}
    return {number: name for number, name in names.items() if wanted and wanted in name.casefold()}


def terms_offered(provider_id: str, line: Row, on: date, at: datetime) -> list[Terms]:
    """The contracts of a provider that a line's plan can go on under from a day, the line's own kind of care first."""
    old = rows_under("contracts", [line["contract_id"]], at)[0]
    everything = table_known("contracts", known_at(at))
    theirs = everything.filter(pc.equal(everything.column("provider_id"), provider_id)).to_pylist()
    fitting = {row["contract_id"]: row for row in theirs if _fits(row, old)}
    offered: dict[str, Terms] = {}
    rates = rows_under("rates", fitting, at)
    for rate in rates:
        contract = fitting[rate["contract_id"]]
        prices = rates_on({**contract, "rate": None, "element": rate["element"]}, [], _of(rates, contract), on)
        kind = f"{contract['service_type']}: {rate['element'].replace('_', ' ')}"
        words = f"{contract['contract_id']}, {kind}, {rate_line(prices) or 'no rate on that day'}"
        found = Terms(contract["contract_id"], rate["element"], provider_id, words)
        offered.setdefault(found.value, found)
    alike = (old["service_type"], line["element"])
    return sorted(
        offered.values(), key=lambda one: ((fitting[one.contract_id]["service_type"], one.element) != alike, one.contract_id, one.element)
    )


def free_number(line_id: str, at: datetime) -> str:
    """A number for the line that goes on, made of the old one, that no line has."""
    tried = [f"{line_id[:36]}-{n}" for n in range(2, 100)]
    taken = set(rows_known("lines", known_at(at), {"line_id": tried}).column("line_id").to_pylist())
    return next((number for number in tried if number not in taken), "")


def another_provider(change: Change, line: Row, at: datetime) -> Proposed:
    """The facts of a line that goes on with another contract. Raises NothingChanges or ChangeRefused."""
    on, new = needed(change, "first day with the new provider"), change.new_line
    old, contract = _contracts(change, line, at)
    if on < line["start_date"] or (line["end_date"] and on > line["end_date"]):
        raise ChangeRefused(
            f"The line runs from {day(line['start_date'])} to {day(line['end_date'])}.", "Choose a day on which it is in service."
        )
    if not NUMBER.fullmatch(new):
        raise ChangeRefused("The new line has no number.", "Enter letters, digits and dashes, like LN-204417-2.")
    if rows_known("lines", known_at(at), {"line_id": [new]}).num_rows:
        raise ChangeRefused(f"There is a line {new} already.", "Choose another number.")
    line_terms, own = rows_of("line_terms", line["line_id"], at), rows_of("line_rates", line["line_id"], at)
    is_authorised = term(line, line_terms, "authorised_on", on) is not None
    exempt = line["exempt_reason"] if line["exempt_reason"] != "reablement" else None
    begun = {
        **line, "line_id": new, "contract_id": contract["contract_id"], "element": change.element, "start_date": on, "rate": None,
        "rate_unit": None, "exempt_reason": exempt, "authorised_on": on if is_authorised else None, "authorised_by": None,
        "agreed_on": None,
    }  # fmt: skip
    tables = {
        "lines": as_table("lines", [{**line, "end_date": on - ONE_DAY}, begun]),
        "schedule": as_table("schedule", _going_on(rows_of("schedule", line["line_id"], at), new, on, ("weekday", "start_time"))),
        "line_terms": as_table("line_terms", _terms_going_on(line, line_terms, new, on)),
        "shares": as_table("shares", _going_on(rows_of("shares", line["line_id"], at), new, on, ("share_order",))),
    }
    names = provider_names(at, [old["provider_id"], contract["provider_id"]])
    prices = _prices(line | {"basis": old["basis"]}, own, old, on, at), _prices(begun | {"basis": contract["basis"]}, [], contract, on, at)
    compared = (
        ("Provider", names.get(old["provider_id"], ""), names.get(contract["provider_id"], "")),
        ("Contract", old["contract_id"], contract["contract_id"]),
        (f"Last day of line {line['line_id']}", day(line["end_date"]), day(on - ONE_DAY)),
        (f"First day of line {new}", "–", day(on)),
        (f"Rate on {day(on)}", *prices),
    )
    wanted = {name: table for name, table in tables.items() if table.num_rows}
    return Proposed((line["person_id"],), wanted, on - WEEK, compared, tuple(_remarks(line, contract, on, at)))


def _contracts(change: Change, line: Row, at: datetime) -> tuple[Row, Row]:
    found = {row["contract_id"]: row for row in rows_under("contracts", [line["contract_id"], change.contract_id], at)}
    if change.contract_id not in found:
        raise ChangeRefused(f"There is no contract {change.contract_id}.", "Choose one of the provider's.")
    if change.contract_id == line["contract_id"]:
        raise NothingChanges("The line is under that contract already.", "Choose another provider, or change its rate.")
    if not _fits(found[change.contract_id], found[line["contract_id"]]):
        raise ChangeRefused("That contract pays for another sort of care.", "Choose one under which the plan can go on.")
    return found[line["contract_id"]], found[change.contract_id]


def _fits(contract: Row, old: Row) -> bool:
    same = contract["contract_id"] != old["contract_id"]
    return same and any({contract["basis"], old["basis"]} <= bases for bases in SAME_PLAN)


def _of(rates: Sequence[Row], contract: Row) -> list[Row]:
    return [rate for rate in rates if rate["contract_id"] == contract["contract_id"]]


def _prices(line: Row, own: Sequence[Row], contract: Row, on: date, at: datetime) -> str:
    return rate_line(rates_on(line, own, rows_under("rates", [contract["contract_id"]], at), on)) or "no rate on that day"


def _going_on(rows: Iterable[Row], new: str, on: date, series: tuple[str, ...]) -> list[Row]:
    """The rows that hold on the day or later, for the new line from the day on; of two that then begin together the later stands."""
    found: dict[tuple[object, ...], Row] = {}
    for row in sorted(rows, key=lambda row: (row["valid_from"], row["row"])):
        if row["valid_to"] is None or row["valid_to"] >= on:
            begins = max(row["valid_from"], on)
            found[(*(row[name] for name in series), begins)] = {**row, "line_id": new, "valid_from": begins}
    return list(found.values())


def _terms_going_on(line: Row, rows: Sequence[Row], new: str, on: date) -> list[Row]:
    """Dated terms of the line, save who signed it; what is left of the weeks that reablement is not charged for."""
    names = [column.name for column in LINE_TERMS.columns if column.name not in ("line_id", "valid_from", "valid_to", *SIGNED)]
    gone = [{**row, **dict.fromkeys(SIGNED)} for row in rows]
    found = [row for row in _going_on(gone, new, on, ()) if any(row[name] is not None for name in names)]
    last = line["start_date"] + REABLEMENT
    if term(line, rows, "exempt_reason", on) == "reablement" and last >= on:
        free = dict.fromkeys(names) | dict.fromkeys(SIGNED)
        same = next((row for row in found if row["valid_from"] == on), None)
        found = [row for row in found if row is not same]
        found.append({**free, **(same or {}), "line_id": new, "valid_from": on, "valid_to": last, "exempt_reason": "reablement"})
    return found


def _remarks(line: Row, contract: Row, on: date, at: datetime) -> Iterable[str]:
    terms = rows_under("contract_terms", [contract["contract_id"]], at)
    if term(contract, terms, "needs_agreement", on):
        yield "The new provider is asked to agree the new line. It is paid once it is agreed, from its first day."
    for row in in_force(rows_of("top_ups", line["line_id"], at), on):
        yield f"A top-up of {pounds(row['amount_per_week'])} a week ends with the line. Enter the new home's, if there is one."
    if rows_of("line_rates", line["line_id"], at) or line["rate"] is not None:
        yield "The line has a rate of its own, which ends with it: the new line is paid at its contract's rate."
