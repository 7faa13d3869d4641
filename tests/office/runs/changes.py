"""Invented changes to invented councils: of every kind of fact, a row altered, withdrawn, or entered anew."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from almoner.core.tables import TABLES

Row = dict[str, Any]
CHANGED = tuple(name for name in TABLES if name not in ("prior_receipts", "sites"))
NEVER = {"contracts": ("basis", "cycle", "week_start", "cycle_anchor")}
"""What never changes: another contract begins (CAL-5)."""


def change(rng: Random, known: dict[str, list[Row]], name: str, mark: str) -> tuple[str, Row, bool] | None:
    """A row of the table `name` as it will be recorded, and whether it is withdrawn; None when the council has nothing to change there."""
    own = [row for row in known.get(name, ()) if mark in str(row)]
    if not own:
        return None
    row = dict(rng.choice(own))
    table = TABLES[name]
    if name not in ("people", "providers", "funders", "contracts", "lines") and rng.random() < 0.2:
        return name, row, True
    fixed = () if rng.random() < 0.3 and name not in ("people", "providers", "funders", "contracts", "lines") else table.key
    free = [column for column in table.columns if column.name not in (*fixed, *NEVER.get(name, ())) and column.name != "row"]
    for column in rng.sample(free, k=min(len(free), rng.choice([1, 1, 2]))):
        cell = _another(rng, own, row, column.name, required=column.required)
        row[column.name] = min(cell, column.most) if column.most is not None and isinstance(cell, int) else cell
    return name, row, False


def _another(rng: Random, own: list[Row], row: Row, name: str, *, required: bool) -> Any:
    """A cell that another row of the council has there, or the one it has, moved a little."""
    cell = row[name]
    if isinstance(cell, date) and rng.random() < 0.7:
        return cell + timedelta(days=rng.choice([-9, -3, -1, 1, 2, 7]))
    if isinstance(cell, bool):
        return not cell
    if isinstance(cell, int) and rng.random() < 0.7:
        return max(1, cell + rng.choice([-1, 1]) * max(1, cell // 7))
    if not required and cell is not None and rng.random() < 0.2 and TABLES_DEFAULT.get(name) is None:
        return None
    return rng.choice(own)[name]


TABLES_DEFAULT = {column.name: column.default for table in TABLES.values() for column in table.columns if column.default is not None}


def ids_of(counter: Counter[str]) -> str:
    """The tables changed, for a failure's message."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))
