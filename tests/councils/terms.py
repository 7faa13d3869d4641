"""Invented contracts: terms, rates, policies, and how they change in the middle of a week."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.councils.rows import Row, Tables, add
from tests.councils.when import Window

VISIT_UNITS = ("hour",) * 6 + ("visit", "visit", "each", "day", "night", "week")
STAY_UNITS = ("week",) * 5 + ("day", "day", "night", "night", "hour")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def some_rate(rng: Random, unit: str) -> int:
    """Hundredths of a penny; now and then not a whole penny."""
    low, high = {"hour": (9, 30), "visit": (4, 40), "day": (40, 150), "night": (40, 150), "week": (300, 1500), "each": (5, 300)}[unit]
    return rng.randint(low * 100, high * 100) * 100 + rng.choice([0, 0, 0, 33, 50])


def add_contract(rng: Random, tables: Tables, window: Window, provider_id: str, basis: str) -> Row:
    contract_id = f"C{len(tables.get('contracts', [])) + 1}"
    row = add(
        tables, "contracts", contract_id=contract_id, provider_id=provider_id, service_type=basis, basis=basis,
        nation=rng.choice(["england"] * 4 + ["scotland", "wales", "northern_ireland"]),
        week_start=rng.choice(["monday"] * 5 + ["saturday"] * 3 + ["wednesday", "sunday"]), **_terms(rng),
    )  # fmt: skip
    for _ in range(rng.choice([0, 0, 1, 2])):
        changed = {name: cell for name, cell in _terms(rng).items() if rng.random() < 0.4}
        first = window.day(rng)
        if first not in [r["valid_from"] for r in tables.get("contract_terms", []) if r["contract_id"] == contract_id]:
            add(tables, "contract_terms", contract_id=contract_id, valid_from=first, valid_to=window.later(rng, first), **changed)
    for element in ("care", "extra care")[: rng.choice([1, 1, 2])]:
        _add_rates(rng, tables, window, contract_id, element, basis)
    if basis == "placement":
        _add_absence_policy(rng, tables, window, contract_id)
    else:
        _add_frustration_policy(rng, tables, window, contract_id)
    return row


def _terms(rng: Random) -> dict[str, Any]:
    return {
        "tolerance_percent": rng.choice([0, 500, 1000, 1000, 2500, 10_000, 30_000]),
        "hold": rng.choice(["person_week", "person_week", "excess"]),
        "rounding_minutes": rng.choice([0, 0, 5, 15, 15]),
        "rounding_mode": rng.choice(["nearest", "nearest", "up", "down"]),
        "cap_at_planned": rng.random() < 0.35,
        "money_rounding": rng.choice(["week", "week", "visit"]),
        "pays_last_day": rng.random() < 0.6,
        "days_paid_after_death": rng.choice([0, 0, 1, 3, 7]),
        "days_charged_after_death": rng.choice([0, 0, 1, 3, 7]),
        "needs_agreement": rng.random() < 0.2,
        "release_reasons": rng.choice(["", "", "illness", "weather; illness"]) or None,
    }


def _add_rates(rng: Random, tables: Tables, window: Window, contract_id: str, element: str, basis: str) -> None:
    """A price for any day nearly always; dearer days, bands, a change in the middle, a gap, a second row for the same days."""
    units = STAY_UNITS if basis == "placement" else ("each",) if basis == "one_off" else VISIT_UNITS
    unit = rng.choice(units)
    if rng.random() < 0.93:
        _price(rng, tables, window, contract_id, element, unit, "any", None)
    for day_type in ("weekday", "weekend", "bank_holiday", rng.choice(WEEKDAYS)):
        if rng.random() < 0.25:
            _price(rng, tables, window, contract_id, element, rng.choice([unit, unit, rng.choice(units)]), day_type, None)
    if basis in ("actuals", "planned") and rng.random() < 0.35:
        for minutes in sorted(rng.sample([15, 20, 30, 45, 60], rng.choice([1, 2, 3]))):
            _price(rng, tables, window, contract_id, element, "visit", rng.choice(["any", "any", "any", "weekend"]), minutes)


def _price(rng: Random, tables: Tables, window: Window, contract_id: str, element: str, unit: str, day_type: str, band: int | None) -> None:
    common = {"contract_id": contract_id, "element": element, "day_type": day_type, "band_minutes_up_to": band}
    changes, long_ago = window.day(rng), window.first - timedelta(days=400)
    story = rng.random()
    if story < 0.5:
        add(tables, "rates", unit=unit, rate=some_rate(rng, unit), valid_from=long_ago, **common)
        return
    gap = timedelta(days=rng.choice([0, 0, 0, 2]))
    until = None if story > 0.85 else changes - timedelta(days=1)
    add(tables, "rates", unit=unit, rate=some_rate(rng, unit), valid_from=long_ago, valid_to=until, **common)
    add(tables, "rates", unit=unit, rate=some_rate(rng, unit), valid_from=changes + gap, **common)
    if rng.random() < 0.15:
        other = "visit" if unit != "visit" else "each"
        add(tables, "rates", unit=other, rate=some_rate(rng, other), valid_from=changes + gap, **common)


def _add_absence_policy(rng: Random, tables: Tables, window: Window, contract_id: str) -> None:
    for kind in ("hospital", "holiday"):
        for from_day in sorted(rng.sample([1, 2, 4, 8], rng.choice([0, 1, 2, 3]))):
            first = window.first - timedelta(days=rng.choice([400, 400, 0, -10]))
            percent = rng.choice([0, 5000, 8000, 9050, 10_000])
            cells = {"contract_id": contract_id, "kind": kind, "from_day": from_day, "percent": percent}
            add(tables, "absence_policy", valid_from=first, valid_to=window.later(rng, first, often_open=0.8), **cells)


def _add_frustration_policy(rng: Random, tables: Tables, window: Window, contract_id: str) -> None:
    for reason in (None, "refused", "hospital"):
        if rng.random() < 0.5:
            first: date = window.first - timedelta(days=rng.choice([400, 400, 400, -12]))
            percent, most = rng.choice([0, 5000, 7500, 10_000]), rng.choice([None, 1, 1, 2, 5])
            add(tables, "frustration_policy", contract_id=contract_id, reason=reason, percent=percent, max_days=most, valid_from=first)
