"""The one door to the database engine in memory: nobody else opens one, so that what holds for all of them is said here."""

from __future__ import annotations

import duckdb


def in_memory(**config: str) -> duckdb.DuckDBPyConnection:
    """A fresh connection to an engine of its own, in memory; `with` closes it. `config` as DuckDB takes it.

    It never draws a bar of its own, as it else would where Python is given its program as text: what a user sees is for us to say.
    """
    connection = duckdb.connect(config={**config})
    connection.execute("SET enable_progress_bar = false")
    return connection
