"""The database engine in memory that reads spellings and compares rows: opened once a process, because opening takes 20 ms."""

from __future__ import annotations

from functools import cache

import duckdb


@cache
def _warm() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def connection() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on which nothing is registered yet."""
    return _warm().cursor()
