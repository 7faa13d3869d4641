"""An uplift: new rates from a day for many lines at once, before and after for each of them, in one set of facts.

A contract's own prices change for all its lines; a line's own rate changes for it alone. Prices that begin later stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.money import changed_by, percent_text, raised_rate
from almoner.office.care.terms import UNITS, day_type_text, in_force, rates_on
from almoner.office.changes.kinds import Uplift
from almoner.office.changes.proposal import ONE_DAY, WEEK, LineRise, Proposed, Row, as_table
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.furniture.words import day, local, rate_text
from almoner.office.records.queries import Known, known_at, rows_known, table_known

SERIES = ("contract_id", "element", "unit", "day_type", "band_minutes_up_to")
NAMED = 5
"""Lines that are named in a refusal."""


def price_key(row: Mapping[str, Any]) -> str:
    """What names a price within its contract."""
    return "|".join(str(row.get(name) or "") for name in SERIES[1:])


def contract_prices(contract_id: str, at: datetime) -> list[dict[str, Any]]:
    """A contract's prices as they stand today, or begin later, each with its `key` and what it is for in words."""
    today = local(at).date()
    rows = rows_known("rates", known_at(at), {"contract_id": [contract_id]}).to_pylist()
    latest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["valid_from"], row["row"])):
        if row["valid_to"] is None or row["valid_to"] >= today:
            latest.setdefault(price_key(row), row)
    return [
        {
            "key": key, "rate": rate_text(row["rate"]),
            "words": f"{row['element'].replace('_', ' ').capitalize()}: {day_type_text(row)}",
            "unit": UNITS["visit" if row["band_minutes_up_to"] else row["unit"]],
        }
        for key, row in latest.items()
    ]  # fmt: skip


def said(change: Uplift) -> str:
    """`3.1% more, rounded to the nearest penny`."""
    if change.basis_points is None:
        return "as entered for each price" if change.prices else "as entered for each line"
    much = f"{percent_text(abs(change.basis_points))} {'less' if change.basis_points < 0 else 'more'}"
    return f"{much}, rounded to {STEPS[change.step]}, halves up"


STEPS = {100: "the nearest penny", 1: "the nearest hundredth of a penny", 500: "the nearest 5 pence", 1000: "the nearest 10 pence"}
"""What new rates are rounded to, by hundredths of a penny."""


def uplift_facts(change: Uplift, at: datetime) -> Proposed:
    """The facts of an uplift as things are known at a moment. Raises NothingChanges or ChangeRefused."""
    known, on = known_at(at), change.on
    contracts, lines = _in_scope(change, known)
    own = _by("line_id", rows_known("line_rates", known, {"line_id": [line["line_id"] for line in lines]}).to_pylist())
    rates = rows_known("rates", known, {"contract_id": sorted(contracts)}).to_pylist()
    by_contract, given = _by("contract_id", rates), dict(change.lines)
    new_own: list[Row] = []
    rises: list[LineRise] = []
    several: list[str] = []
    for line in lines:
        contract, theirs = contracts[line["contract_id"]], own.get(line["line_id"], [])
        standing = rates_on({**line, "basis": contract["basis"]}, theirs, by_contract.get(line["contract_id"], []), on)
        if change.lines and not _is_one_price(standing):
            several.append(line["line_id"])
            continue
        after = [_after(change, price, given.get(line["line_id"])) for price in standing]
        if standing and (change.lines or line["rate"] is not None or in_force(theirs, on)):
            new_own += _own_raised(line, theirs, standing[0], after[0], on)
        rises += _rise(line, contract, standing, after)
    _refuse_several(several)
    prices = [] if change.lines else _prices_raised(change, rates)
    tables = {name: as_table(name, rows) for name, rows in (("rates", prices), ("line_rates", new_own)) if rows}
    if not tables:
        raise NothingChanges("No rate changes.", "Choose another day, service or contract.")
    people = tuple(sorted({rise.person_id for rise in rises}))
    compared = ((f"Rates from {day(on)}, {len(rises):,} lines", "as they stand", said(change)),)
    return Proposed(people, tables, on - WEEK, compared, tuple(_remarks(change, rates, own, rises)), tuple(rises))


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _is_one_price(standing: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a rate of the line's own can stand in the place of these prices: it holds on every day and for every length."""
    return len(standing) == 1 and not standing[0].get("band_minutes_up_to") and standing[0].get("day_type", "any") == "any"


def _refuse_several(lines: Sequence[str]) -> None:
    if lines:
        named = ", ".join(lines[:NAMED]) + ("" if len(lines) <= NAMED else f" and {len(lines) - NAMED} more")
        raise ChangeRefused(f"Paid by several prices or none: {named}.", "Raise the rates of their contract instead.")


def _in_scope(change: Uplift, known: Known) -> tuple[dict[str, Row], list[Row]]:
    """Contracts by number, and the lines in service on the day or later. Raises ChangeRefused where there are none."""
    if change.lines:
        lines = rows_known("lines", known, {"line_id": [line for line, _ in change.lines]})
        missing = sorted({line for line, _ in change.lines} - set(lines.column("line_id").to_pylist()))
        if missing:
            raise ChangeRefused(f"There is no line {missing[0]}.", f"Check the numbers: {len(missing)} of them are not known.")
        contracts = rows_known("contracts", known, {"contract_id": pc.unique(lines.column("contract_id"))})
    else:
        contracts, lines = table_known("contracts", known), table_known("lines", known)
        asked = {"service_type": change.service, "provider_id": change.provider_id, "contract_id": change.contract_id}
        for column, wanted in asked.items():
            contracts = contracts.filter(pc.equal(contracts.column(column), wanted)) if wanted else contracts
    found = {row["contract_id"]: dict(row) for row in contracts.to_pylist() if row["basis"] != "one_off"}
    if not found:
        raise ChangeRefused("No contract is of that kind.", "Choose a service, a contract or lines that there are.")
    return found, _serving(lines, sorted(found), change.on)


def _serving(lines: pa.Table, contracts: Sequence[str], on: date) -> list[Row]:
    under = lines.filter(pc.is_in(lines.column("contract_id"), value_set=pa.array(contracts, pa.string())))
    first = pa.scalar(on, pa.date32())
    end = pc.fill_null(under.column("end_date"), pa.scalar(date.max, pa.date32()))
    serving = pc.and_(pc.greater_equal(end, first), pc.greater_equal(end, under.column("start_date")))
    return [dict(row) for row in under.filter(serving).to_pylist()]


def _prices_raised(change: Uplift, rates: Sequence[Row]) -> list[Row]:
    """The rows that the contracts' prices of the day give way to: each standing one ended, the new one begun."""
    latest: dict[tuple[object, ...], Row] = {}
    for row in sorted(in_force(rates, change.on), key=lambda row: (row["valid_from"], row["row"])):
        latest[tuple(row[name] for name in SERIES)] = dict(row)
    raised = [(row, _after(change, row, None)) for row in latest.values()]
    return [new for row, after in raised if after != row["rate"] for new in _changed_over(row, {**row, "rate": after}, change.on)]


def _own_raised(line: Row, own: Sequence[Row], price: Mapping[str, Any], after: int, on: date) -> list[Row]:
    if after == price["rate"]:
        return []
    later = min((row["valid_from"] for row in own if row["valid_from"] > on), default=None)
    until = later - ONE_DAY if later else None
    standing = max(in_force(own, on), key=lambda row: (row["valid_from"], row["row"]), default=None)
    new = {"line_id": line["line_id"], "rate": after, "unit": price["unit"], "valid_from": on, "valid_to": until}
    return _changed_over(dict(standing), {**new, "valid_to": standing["valid_to"] or until}, on) if standing else [new]


def _changed_over(standing: Row, new: Row, on: date) -> list[Row]:
    ended = [{**standing, "valid_to": on - ONE_DAY}] if standing["valid_from"] < on else []
    return [*ended, {**new, "valid_from": on}]


def _after(change: Uplift, price: Mapping[str, Any], given: int | None) -> int:
    if given is not None:
        return given
    new = dict(change.prices).get(price_key(price)) if "element" in price else None
    if new is not None:
        return new
    before: int = price["rate"]
    return raised_rate(before, change.basis_points or 0, change.step) if before >= 0 else before


def _rise(line: Row, contract: Row, before: Sequence[Mapping[str, Any]], after: Sequence[int]) -> Iterable[LineRise]:
    """Nothing for a line without a price on the day: it has none afterwards either."""
    both = [
        (price["rate"], new, "visit" if price.get("band_minutes_up_to") else price["unit"])
        for price, new in zip(before, after, strict=True)
    ]
    if both:
        was, new, unit = max(both, key=lambda pair: abs(changed_by(pair[0], pair[1])))
        yield LineRise(line["line_id"], line["person_id"], contract["provider_id"], was, new, unit)


def _remarks(change: Uplift, rates: Sequence[Row], own: Mapping[str, Sequence[Row]], rises: Sequence[LineRise]) -> Iterable[str]:
    later = [*(row for row in rates if not change.lines), *(row for rows in own.values() for row in rows)]
    stay = sum(row["valid_from"] > change.on for row in later)
    if stay:
        yield f"{stay:,} rate{'s' if stay != 1 else ''} already entered from a later day stay{'' if stay != 1 else 's'} as they are."
    if change.basis_points is not None and rises:
        example = f"{rate_text(rises[0].before)} becomes {rate_text(rises[0].after)}"
        yield f"New rates are rounded to {STEPS[change.step]}, halves up: {example}."
