"""The one door to the database engine in memory: nobody else opens one, so that what holds for all of them is said here."""

from __future__ import annotations

from functools import cache
from multiprocessing import current_process

import duckdb


def in_memory() -> duckdb.DuckDBPyConnection:
    """A connection to the engine that this process keeps, on which nothing is registered yet; `with` closes it and lets go of all.

    To open an engine takes 15 ms, more than most of what is asked of it. What is made on a connection must be temporary, for only that is
    its own, and its settings are left alone.
    """
    return _engine(current_process().ident).cursor()


def own_engine(**config: str) -> duckdb.DuckDBPyConnection:
    """A fresh connection to an engine of its own: for lasting tables, or settings. `config` as DuckDB takes it; `with` closes it.

    It never draws a bar of its own, as it else would where Python is given its program as text: what a user sees is for us to say.
    """
    connection = duckdb.connect(config={**config})
    connection.execute("SET enable_progress_bar = false")
    return connection


@cache
def _engine(process: int | None) -> duckdb.DuckDBPyConnection:
    """The engine of a process: one that was forked must not go on with its parent's. A question that fails in DuckDB itself must not take
    the next one with it."""
    return own_engine(disable_database_invalidation="true")
