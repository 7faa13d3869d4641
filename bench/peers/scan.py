"""The limit: a bare scan of the columns a pay run reads."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from bench.clock import timed


def rows(folder: str, name: str) -> str:
    """The table, be it one file or a folder of them."""
    return f"read_parquet('{folder}/{name}{'/*' if Path(folder, name).is_dir() else ''}.parquet')"


def scan(folder: str) -> str:
    connection = duckdb.connect()
    visits = connection.execute(
        f"SELECT count(*), sum(delivered_minutes), sum(carers), max(date), max(start_time), max(line_id) FROM {rows(folder, 'actuals')}"
    ).fetchall()
    sealed = connection.execute(f"SELECT count(*), sum(amount), max(week), max(line_id) FROM {rows(folder, 'prior_receipts')}").fetchall()
    return f"{visits[0][0]:,} visits, {sealed[0][0]:,} receipts"


if __name__ == "__main__":
    timed(lambda: scan(sys.argv[1]))
