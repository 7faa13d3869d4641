"""The database engine in memory that reads spellings and compares rows: nothing is opened before the first question."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import duckdb
import pyarrow as pa

from almoner.core.memory import in_memory

# Arrow's own pool keeps what it frees: reading a council takes half as much memory, and less time, with the system's.
pa.set_memory_pool(pa.system_memory_pool())


class Engine:
    """A connection of its own, on which nothing is registered yet. `with` closes it, if it was ever opened."""

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return in_memory()

    def __enter__(self) -> Self:
        """Nothing is opened before the first question."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was registered."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def register(self, name: str, rows: pa.Table) -> None:
        """Let questions find these rows under this name."""
        self._connection.register(name, rows)

    def rows(self, question: str) -> pa.Table:
        """The answer as an Arrow table."""
        return self._connection.sql(question).to_arrow_table()

    def tuples(self, question: str) -> list[tuple[Any, ...]]:
        """The answer row by row."""
        answer: list[tuple[Any, ...]] = self._connection.execute(question).fetchall()
        return answer
