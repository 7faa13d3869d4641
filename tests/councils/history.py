"""What was decided and sealed before: releases aimed at real holds, and receipts of earlier runs on earlier facts."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from tests.councils.rows import Tables, add
from tests.councils.when import BANK_HOLIDAYS, Window
from tests.oracle import oracle

CELLS = ("person_id", "provider_id", "line_id", "week")


def add_releases(rng: Random, tables: Tables, window: Window) -> None:
    """Decide about a third of the holds: broadly or narrowly, in time or not, for or against."""
    if rng.random() < 0.35:
        return
    holds = oracle(tables, BANK_HOLIDAYS, window.through, window.as_of).holds
    lines = [row["line_id"] for row in tables["lines"]]
    for code, person_id, provider_id, line_id, week, _ in holds:
        if rng.random() > (0.8 if code == "TOL" else 0.4):
            continue
        cells: dict[str, Any] = {
            "person_id": person_id or None,
            "provider_id": provider_id or None,
            "line_id": line_id or None,
            "week": week,
        }
        if code == "TOL" and rng.random() < 0.4:
            cells["line_id"] = rng.choice(lines)
        for name in CELLS:
            if rng.random() < 0.3:
                cells[name] = None
        if not any(cells[name] for name in CELLS[:3]):
            cells["person_id"] = person_id or "P1"  # a release of everything would reach into the other councils of the batch
        if any(r["code"] == code and all(r[name] == cells[name] for name in CELLS) for r in tables["releases"]):
            continue
        late = datetime.combine(week + timedelta(days=rng.choice([2, 8, 10, 20, 60])), time(9))
        decision = "uphold" if rng.random() < 0.12 else "release"
        add(tables, "releases", decision=decision, code=code, reason="seen", by="ann", at=rng.choice([late, late, None]), **cells)


def add_sealed(rng: Random, tables: Tables, window: Window) -> None:
    """Receipts of up to two earlier runs, each on facts that were a little different, or amounts out of the blue."""
    story = rng.random()
    if story < 0.3:
        return
    if story < 0.85:
        for days_ago in rng.choice([[0], [7], [14], [14, 3], [20, 7]]):
            earlier = _earlier_facts(rng, tables)
            found = oracle(earlier, BANK_HOLIDAYS, window.through - timedelta(days=days_ago))
            seal(tables, found.receipts)
    if story > 0.7:
        _add_arbitrary(rng, tables, window)


def seal(tables: Tables, receipts: list[Any]) -> None:
    """Append receipts to what is sealed."""
    for book, payee, person, line, provider, funder, week, _, pence in receipts:
        cells = {"payee_id": payee, "person_id": person, "line_id": line, "provider_id": provider, "funder_id": funder}
        add(tables, "prior_receipts", book=book, week=week, amount=pence, **{name: cell or None for name, cell in cells.items()})


def _earlier_facts(rng: Random, tables: Tables) -> Tables:
    """The same council before: some rows not yet there, some figures other, nobody dead, other funders."""
    earlier = deepcopy(tables)
    for name in ("actuals", "contract_terms", "line_terms", "line_rates", "absences", "contributions", "shares", "top_ups", "releases"):
        earlier[name] = [row for row in earlier.get(name, []) if rng.random() < 0.8]
    for person in earlier["people"]:
        person["date_of_death"] = person["date_of_death"] if rng.random() < 0.3 else None
    for row in [*earlier["rates"], *[line for line in earlier["lines"] if line["rate"] is not None]]:
        if rng.random() < 0.2:
            row["rate"] = row["rate"] * 9 // 10
    for line in earlier["lines"]:
        if rng.random() < 0.15:
            line["start_date"] += timedelta(days=rng.choice([-6, -1, 2]))
        line["authorised_on"] = line["start_date"] if rng.random() < 0.5 else line["authorised_on"]
    for provider in earlier["providers"]:
        provider["creditor_reference"] = provider["creditor_reference"] or rng.choice([None, "100"])
    return earlier


def _add_arbitrary(rng: Random, tables: Tables, window: Window) -> None:
    """Amounts nobody can account for: odd weeks, negative sums, funders long gone, unknown lines and people."""
    for _ in range(rng.randint(1, 4)):
        line = rng.choice(tables["lines"])
        contract = next(row for row in tables["contracts"] if row["contract_id"] == line["contract_id"])
        week, amount = window.first + timedelta(days=rng.choice([0, 7, 14, 28, 35, 3])), rng.choice([5_000, -1_234, 1, 99_999])
        person_id, provider_id = line["person_id"], contract["provider_id"]
        cells: dict[str, Any] = {"week": week, "amount": amount, "person_id": person_id}
        book = rng.choice(["payments", "claims", "charges", "top-up"])
        if book == "payments":
            known = rng.choice([line["line_id"]] * 4 + ["L98"])
            cells["person_id"] = "P98" if amount == 1 else person_id
            add(tables, "prior_receipts", book=book, payee_id=provider_id, provider_id=provider_id, line_id=known, **cells)
        elif book == "claims":
            funder = rng.choice(["F1", "F2", "F4"])
            ids = {"payee_id": funder, "funder_id": funder, "provider_id": provider_id, "line_id": line["line_id"]}
            add(tables, "prior_receipts", book=book, **ids, **cells)
        elif book == "charges":
            cells["person_id"] = rng.choice([person_id] * 4 + ["P98"])
            add(tables, "prior_receipts", book="charges", payee_id=cells["person_id"], **cells)
        else:
            add(tables, "prior_receipts", book="charges", payee_id=rng.choice(["T1", "T3"]), line_id=line["line_id"], **cells)
        if rng.random() < 0.3:
            twin = {k: v for k, v in tables["prior_receipts"][-1].items() if k != "row"}
            add(tables, "prior_receipts", **{**twin, "amount": -twin["amount"]})
