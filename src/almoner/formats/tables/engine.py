"""The database engine in memory that reads spellings and compares rows: opened once a process, because opening takes 20 ms."""

from __future__ import annotations

import os
from functools import cache

import duckdb
import pyarrow as pa

# Arrow's own pool keeps what it frees: reading a council takes half as much memory, and less time, with the system's.
pa.set_memory_pool(pa.system_memory_pool())


@cache
def _warm(process: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def connection() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on which nothing is registered yet."""
    return _warm(os.getpid()).cursor()  # a forked process must not go on with its parent's engine
