"""Invented people and their lines: dates, timetables, quantities, own rates, authorisation, and how they change."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Any

from tests.councils.rows import Row, Tables, add
from tests.councils.terms import WEEKDAYS, some_rate
from tests.councils.when import Window


def add_person(rng: Random, tables: Tables, window: Window) -> Row:
    died = min(window.day(rng), window.day(rng)) if rng.random() < 0.25 else None
    person_id = f"P{len(tables.get('people', [])) + 1}"
    for kind in ("hospital", "holiday", "other", "hospital"):
        if rng.random() < 0.2:
            first = window.day(rng) - timedelta(days=rng.choice([0, 0, 5, 20]))
            last = None if rng.random() < 0.15 else first + timedelta(days=rng.randrange(12))
            if not any(r["kind"] == kind and r["first_day"] == first for r in tables.get("absences", []) if r["person_id"] == person_id):
                add(tables, "absences", person_id=person_id, kind=kind, first_day=first, last_day=last)
    return add(tables, "people", person_id=person_id, date_of_death=died)


def add_provider(rng: Random, tables: Tables, window: Window) -> Row:
    provider_id = f"V{len(tables.get('providers', [])) + 1}"
    if rng.random() < 0.5:
        for first in sorted({window.first - timedelta(days=200), window.day(rng)}):
            entered, verified = rng.choice([("ann", "bob")] * 4 + [("ann", "ann"), ("ann", None), (None, "bob")])
            on = rng.choice([None, first, window.through + timedelta(days=1) if rng.random() < 0.3 else first])
            cells = {"sort_code": "000000", "account_number": "00000000", "account_name": "A", "entered_by": entered}
            add(tables, "bank_accounts", party_id=provider_id, valid_from=first, verified_by=verified, verified_on=on, **cells)
    return add(tables, "providers", provider_id=provider_id, name="A", creditor_reference=rng.choice(["100"] * 7 + [None]))


def add_line(rng: Random, tables: Tables, window: Window, person: Row, contract: Row) -> Row:
    line_id, basis = f"L{len(tables.get('lines', [])) + 1}", contract["basis"]
    start = rng.choice(
        [window.first - timedelta(days=rng.choice([7, 30, 60])), window.first, window.first + timedelta(days=rng.randrange(14))]
    )
    if basis == "one_off":
        start = min(window.day(rng), window.day(rng))
        if person["date_of_death"] and rng.random() < 0.9:
            start = person["date_of_death"] + timedelta(days=rng.choice([0, 1, 2, 3]))
    end = rng.choice([None, None, None, start + timedelta(days=rng.randrange(30)), window.day(rng)])
    if end is not None and (end < start or rng.random() < 0.06):
        end = start - timedelta(days=1)
    rate, rate_unit = _own_rate(rng, basis)
    line = add(
        tables, "lines", line_id=line_id, person_id=person["person_id"], contract_id=contract["contract_id"],
        element=rng.choice(["care"] * 5 + ["extra care"]), start_date=start, end_date=end, rate=rate, rate_unit=rate_unit,
        **_terms(rng, window, start, basis),
    )  # fmt: skip
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        first = window.day(rng)
        if first not in [r["valid_from"] for r in tables.get("line_terms", []) if r["line_id"] == line_id]:
            changed = {name: cell for name, cell in _terms(rng, window, start, basis).items() if rng.random() < 0.4}
            add(tables, "line_terms", line_id=line_id, valid_from=first, valid_to=window.later(rng, first), **changed)
    _add_line_rates(rng, tables, window, line_id, basis)
    if basis in ("actuals", "planned") and rng.random() < 0.75:
        _add_timetable(rng, tables, window, line_id)
    return line


def _own_rate(rng: Random, basis: str) -> tuple[int | None, str | None]:
    if basis == "one_off":
        amount = rng.randint(1, 40_000) * 100 + rng.choice([0, 50])
        return rng.choice([(amount, None), (amount, "each"), (-amount, None), (None, None)])
    if rng.random() < 0.75:
        return None, None
    if basis in ("actuals", "planned") and rng.random() < 0.08:
        return 100_000 * 10_000 + rng.choice([0, 1]), "hour"
    unit = rng.choice(["week", "day", "night"] if basis == "placement" else ["hour", "hour", "hour", "visit", "each", "day"])
    usual = "week" if basis == "placement" else "hour"
    return some_rate(rng, unit), None if unit == usual and rng.random() < 0.5 else unit


def _terms(rng: Random, window: Window, start: date, basis: str) -> dict[str, Any]:
    soon = [start - timedelta(days=3), start, window.day(rng), window.through + timedelta(days=2)]
    quantity = rng.choice([None, 50, 150, 300]) if basis == "one_off" else rng.choice([None, None, 1400, 700, 1050, 0])
    return {
        "quantity_per_week": quantity,
        "authorised_on": rng.choice([*soon[:2] * 6, *soon, None]),
        "agreed_on": rng.choice([*soon[:2] * 3, *soon, None]),
        "chargeable": rng.random() < 0.85,
        "exempt_reason": rng.choice([None] * 8 + ["s117", "reablement", "reablement", "chc"]),
    }


def _add_line_rates(rng: Random, tables: Tables, window: Window, line_id: str, basis: str) -> None:
    if rng.random() < 0.85:
        return
    unit = rng.choice({"placement": ["week", "day", "night", "hour"], "one_off": ["each"]}.get(basis, ["hour", "hour", "visit", "week"]))
    first = window.day(rng) - timedelta(days=rng.choice([0, 40]))
    add(tables, "line_rates", line_id=line_id, rate=some_rate(rng, unit), unit=unit, valid_from=first, valid_to=window.later(rng, first))
    if rng.random() < 0.3:
        add(
            tables,
            "line_rates",
            line_id=line_id,
            rate=some_rate(rng, unit),
            unit=unit,
            valid_from=first + timedelta(days=rng.randint(1, 9)),
        )


def _add_timetable(rng: Random, tables: Tables, window: Window, line_id: str) -> None:
    """Up to five visits a week, some on the same day, some for two carers, some that change on a day."""
    long_ago, changes = window.first - timedelta(days=100), window.day(rng)
    for _ in range(rng.randint(1, 5)):
        weekday, start = rng.choice(WEEKDAYS), time(rng.choice([7, 8, 12, 18, 23]), rng.choice([0, 30]))
        if any(r["line_id"] == line_id and r["weekday"] == weekday and r["start_time"] == start for r in tables.get("schedule", [])):
            continue
        cells = {"line_id": line_id, "weekday": weekday, "start_time": start, "carers": rng.choice([1, 1, 1, 2])}
        minutes = rng.choice([15, 20, 30, 30, 40, 45, 60, 7, 0])
        story = rng.random()
        if story < 0.75:
            add(tables, "schedule", minutes=minutes, valid_from=long_ago, **cells)
            if story < 0.07:  # the same visit planned once more: the later row stands
                add(tables, "schedule", minutes=rng.choice([15, 45]), valid_from=changes, **cells)
            continue
        add(tables, "schedule", minutes=minutes, valid_from=long_ago, valid_to=changes - timedelta(days=1), **cells)
        if rng.random() < 0.7:
            add(tables, "schedule", minutes=rng.choice([20, 45, 60]), valid_from=changes, **cells)
