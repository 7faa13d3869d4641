"""The database engine in memory that reads spellings and compares rows: opened once a process, because opening takes 20 ms."""

from __future__ import annotations

import os
from functools import cache

import duckdb


@cache
def _warm(process: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def connection() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on which nothing is registered yet."""
    return _warm(os.getpid()).cursor()  # a forked process must not go on with its parent's engine
