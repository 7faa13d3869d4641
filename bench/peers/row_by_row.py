"""The peer plain Python: the bare arithmetic of a pay run with Decimal, one row after the other."""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from bench.clock import timed


def pay(folder: Path) -> str:
    def rows(name: str, columns: list[str]) -> list[dict[str, Any]]:
        place = folder / name if (folder / name).is_dir() else folder / f"{name}.parquet"
        found: list[dict[str, Any]] = pq.read_table(place, columns=columns).to_pylist()
        return found

    lines = {row["line_id"]: (row["contract_id"], row["element"]) for row in rows("lines", ["line_id", "contract_id", "element"])}
    rates = {
        (row["contract_id"], row["element"]): Decimal(row["rate"]) / 10_000
        for row in rows("rates", ["contract_id", "element", "unit", "day_type", "rate"])
        if row["unit"] == "hour" and row["day_type"] == "any"
    }
    weeks: dict[tuple[str, object], Decimal] = defaultdict(Decimal)
    for row in rows("actuals", ["line_id", "date", "delivered_minutes", "carers"]):
        rate = rates.get(lines[row["line_id"]])
        if rate is None or row["delivered_minutes"] is None:
            continue
        week = row["date"] - timedelta(days=row["date"].weekday())
        weeks[row["line_id"], week] += rate * row["delivered_minutes"] / 60 * (row["carers"] or 1)
    owed = {key: amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for key, amount in weeks.items()}
    for row in rows("prior_receipts", ["line_id", "week", "amount"]):
        key = row["line_id"], row["week"]
        owed[key] = owed.get(key, Decimal(0)) - Decimal(row["amount"]) / 100
    return f"{len(owed):,} line weeks"


if __name__ == "__main__":
    timed(lambda: pay(Path(sys.argv[1])))
