"""The peer pandas: reading CSV, or the bare arithmetic of a pay run (visits × rate by line and week, less what was sealed; no rules)."""

# mypy: disable-error-code="import-untyped, no-untyped-call"
from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from bench.clock import timed


def read(folder: Path) -> str:
    return f"{sum(len(pd.read_csv(file)) for file in sorted(folder.glob('*.csv'))):,} rows"


def pay(folder: Path) -> str:
    table = lambda name: pd.read_parquet(folder / name if (folder / name).is_dir() else folder / f"{name}.parquet")  # noqa: E731
    actuals = table("actuals")[["line_id", "date", "delivered_minutes", "carers"]].dropna(subset=["delivered_minutes"])
    lines = table("lines")[["line_id", "contract_id", "element"]]
    rates = table("rates").query("unit == 'hour' and day_type == 'any' and band_minutes_up_to.isna()")[["contract_id", "element", "rate"]]
    rates = rates.drop_duplicates(["contract_id", "element"])
    visits = actuals.merge(lines, on="line_id").merge(rates, on=["contract_id", "element"])
    day = pd.to_datetime(visits["date"])
    visits["week"] = day - pd.to_timedelta(day.dt.weekday, unit="D")
    visits["parts"] = visits["rate"] * visits["delivered_minutes"].astype("int64") * visits["carers"].fillna(1).astype("int64")
    weeks = visits.groupby(["line_id", "week"])["parts"].sum()
    pence = (2 * weeks + 6000) // 12000
    sealed = table("prior_receipts")
    sealed["week"] = pd.to_datetime(sealed["week"])
    pence = pence.sub(sealed.groupby(["line_id", "week"])["amount"].sum(), fill_value=0)
    return f"{len(pence):,} line weeks"


if __name__ == "__main__":
    timed(lambda: {"read": read, "pay": pay}[sys.argv[1]](Path(sys.argv[2])))
