"""Where rules are worked out: connections to DuckDB, what stands on them, and who works on what.

A roomy connection has several desks: rules that do not wait for one another are worked out side by side.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from almoner.core.memory import own_engine
from almoner.core.rulebook import SILENT_WITHOUT, Step, rule_text
from almoner.core.tables import BANK_HOLIDAYS, SCOPE, TABLES

Facts: TypeAlias = pa.Table | str
"""A table of facts: an Arrow table, or a query the connection answers with its columns, so that what is on a disk is not held whole."""

# The rules put the smaller side of a join last; DuckDB's guess, without statistics of dates, would often turn them round.
UNNEEDED = "build_side_probe_side"
# For one person's facts the search for a good plan costs more than any plan: only what makes plans simpler.
ENOUGH_WHEN_SMALL = ("cte_inlining", "deliminator", "expression_rewriter", "filter_pushdown", "unnest_rewriter", "unused_columns")
MOST_DESKS = 2
"""More rules at a time than this wait for one another, and hold more in memory."""
ROOMY = 20_000
"""A rule with more rows than this gives its memory back after its last reader."""


@dataclass
class Standing:
    """What stands on a connection: its further desks, how many rows each table and rule has (None: not known), how each rule was made.

    It does not name the connection itself, which would then never be let go.
    """

    further_desks: tuple[duckdb.DuckDBPyConnection, ...] = ()
    rows: dict[str, int | None] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)


_STATEMENTS: dict[str, duckdb.Statement] = {}
_STANDING: WeakKeyDictionary[duckdb.DuckDBPyConnection, Standing] = WeakKeyDictionary()
_READY: deque[Future[duckdb.DuckDBPyConnection]] = deque()


def make_ready(steps: Sequence[Step]) -> None:
    """Begin what a calculation needs before any facts, while the caller reads them: a roomy connection, which the next `connect()` takes,
    and the statements of these steps taken apart."""

    def made() -> duckdb.DuckDBPyConnection:
        connection = _connected()
        for step in steps:
            if step.kind != "view":
                _statement(connection, _made_by(step))
        return connection

    if not _READY:
        pool = ThreadPoolExecutor(1)
        _READY.append(pool.submit(made))
        pool.shutdown(wait=False)


def connect(threads: int | None = None, *, small: bool = False, most_mebibytes: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the units and macros the rules use, on which nothing has been calculated.

    Keep it for the next calculation: rules that have nothing to say are then passed over, which is most of the time of a preview.
    `small`: for one person's facts, where finding the best plan costs more than any plan; one thread unless said otherwise.
    `most_mebibytes`: what the tables of a calculation may hold in memory; DuckDB puts the rest aside on disk.
    """
    if _READY and not (threads or small or most_mebibytes):
        return _READY.popleft().result()
    return _connected(threads, small=small, most_mebibytes=most_mebibytes)


def _connected(threads: int | None = None, *, small: bool = False, most_mebibytes: int | None = None) -> duckdb.DuckDBPyConnection:
    # A statement that fails in DuckDB itself must not take the next calculation on the same connection with it.
    connection = own_engine(disable_database_invalidation="true")
    if threads or small:
        connection.execute(f"SET threads = {int(threads or 1)}")
    if most_mebibytes:
        connection.execute(f"SET memory_limit = '{int(most_mebibytes)}MiB'")
    connection.execute("SET preserve_insertion_order = false")
    searches = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall() if small else [(UNNEEDED,)]
    connection.execute(f"SET disabled_optimizers = '{','.join(name for (name,) in searches if name not in ENOUGH_WHEN_SMALL)}'")
    connection.execute(rule_text("units"))
    cores = connection.sql("SELECT current_setting('threads')").fetchall()[0][0]
    desks = 1 if threads or small else min(MOST_DESKS, cores)
    # Each desk works on a core of its own, and only cores without a desk help with large rules: else they are in each other's way.
    connection.execute(f"SET threads = {cores - desks + 1}")
    _STANDING[connection] = Standing(tuple(connection.cursor() for _ in range(desks - 1)))
    return connection


def standing_on(connection: duckdb.DuckDBPyConnection) -> Standing:
    """What stands on it."""
    return _STANDING.setdefault(connection, Standing())


def lay_out(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Facts],
    figures: Mapping[str, pa.Table],
    *,
    through: date,
    as_of: datetime | None,
    scope: pa.Table | None = None,
    since: date | None = None,
    part: Facts | None = None,
    strangers: bool = True,
) -> None:
    """Put the facts where the rules find them: one view a table, and the run's own variables."""
    standing = standing_on(connection)
    desks = (connection, *standing.further_desks)
    given: dict[str, Facts] = {name: tables.get(name, table.empty()) for name, table in TABLES.items()}
    given["bank_holidays"] = figures.get("bank_holidays", no_rows(BANK_HOLIDAYS))
    given["scope"] = no_rows(SCOPE) if scope is None else scope
    given["part"] = "SELECT person_id FROM people" if part is None else part
    for name, facts in given.items():
        count = None if isinstance(facts, str) else facts.num_rows
        if count == 0 == standing.rows.get(name):
            continue
        for desk in desks:
            if isinstance(facts, str):
                desk.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {facts}")
            else:
                desk.register(name, facts)
        standing.rows[name] = count
    instant = "NULL::TIMESTAMP" if as_of is None else f"TIMESTAMP '{as_of.replace(tzinfo=None).isoformat(sep=' ')}'"
    first_week = "NULL::DATE" if since is None else f"DATE '{since.isoformat()}'"
    for desk in desks:
        desk.execute(
            f"SET VARIABLE through = DATE '{through.isoformat()}'; SET VARIABLE as_of = {instant};"
            f" SET VARIABLE scoped = {scope is not None}; SET VARIABLE since = {first_week}; SET VARIABLE strangers = {strangers}"
        )


def work_out(connection: duckdb.DuckDBPyConnection, steps: Sequence[Step]) -> dict[str, pa.Table]:
    """Take every step after those it reads, as many at a time as there are desks. Returns the answers by name."""
    work = _Work(standing_on(connection), steps)
    if work.standing.further_desks:
        _side_by_side(work, steps, (connection, *work.standing.further_desks))
    else:
        for step in steps:
            work.take(step, connection)
    return work.answers


def _side_by_side(work: _Work, steps: Sequence[Step], desks: Sequence[duckdb.DuckDBPyConnection]) -> None:
    """Steps in their order, but none waits for one that it does not read."""
    waiting, free = list(steps), list(desks)
    running: dict[Future[None], tuple[Step, duckdb.DuckDBPyConnection]] = {}
    undone = {step.name for step in steps if step.kind != "answer"}
    with ThreadPoolExecutor(len(free)) as pool:
        while waiting or running:
            ready = [step for step in waiting if not step.reads & undone][: len(free)]
            for step in ready:
                waiting.remove(step)
                desk = free.pop()
                running[pool.submit(work.take, step, desk)] = step, desk
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                step, desk = running.pop(future)
                future.result()
                if step.kind != "answer":
                    undone.discard(step.name)
                free.append(desk)


class _Work:
    """One calculation on its way: which answers are there, and who has still to read what."""

    def __init__(self, standing: Standing, steps: Sequence[Step]) -> None:
        self.standing = standing
        self.answers: dict[str, pa.Table] = {}
        self._reading = Lock()
        self._readers = {step.name: {id(reader) for reader in steps if step.name in reader.reads} for step in steps if step.kind == "table"}

    def take(self, step: Step, desk: duckdb.DuckDBPyConnection) -> None:
        """Take one step at one desk, and give back what nobody will read again."""
        if step.kind == "answer":
            self.answers[step.name] = desk.sql(_statement(desk, step.sql)).to_arrow_table()
        elif step.kind == "view":
            _keep_view(desk, step, self.standing)
        else:
            _keep_table(desk, step, self.standing)
        for name in self._read_to_the_end(step):
            if (self.standing.rows.get(name) or 0) > ROOMY:
                _give_back(desk, name, self.standing)

    def _read_to_the_end(self, step: Step) -> list[str]:
        """Tables whose last reader this step was."""
        with self._reading:
            read = [name for name in step.reads if name in self._readers]
            for name in read:
                self._readers[name].discard(id(step))
            return [name for name in read if not self._readers[name]]


def _keep_view(desk: duckdb.DuckDBPyConnection, step: Step, standing: Standing) -> None:
    sql = f"CREATE OR REPLACE VIEW {step.name} AS {step.sql}"
    before = standing.made.get(step.name)
    if before == sql:
        return
    if before and before.startswith("CREATE OR REPLACE TABLE"):
        desk.execute(f"DROP TABLE {step.name}")
    desk.execute(sql)
    standing.made[step.name] = sql
    standing.rows.pop(step.name, None)


def _made_by(step: Step) -> str:
    """The statement that makes a table, or asks a question."""
    return step.sql if step.kind == "answer" else f"CREATE OR REPLACE TABLE {step.name} AS {step.sql}"


def _keep_table(desk: duckdb.DuckDBPyConnection, step: Step, standing: Standing) -> None:
    sql = _made_by(step)
    before = standing.made.get(step.name)
    if before and before.startswith("CREATE OR REPLACE VIEW"):
        desk.execute(f"DROP VIEW {step.name}")
    silent = any(_is_empty(desk, needed, standing) for needed in SILENT_WITHOUT.get(step.name, ()))
    if silent and before == sql:
        _empty(desk, step.name, standing)
        return
    made = desk.execute(_statement(desk, f"{sql} WITH NO DATA" if silent else sql)).fetchone()
    standing.made[step.name] = sql
    standing.rows[step.name] = 0 if silent else made[0] if made else None


def _is_empty(desk: duckdb.DuckDBPyConnection, needed: str, standing: Standing) -> bool:
    if needed in standing.rows:
        return standing.rows[needed] == 0
    table = needed.split(" ", 1)[0]
    if standing.rows.get(table) == 0:
        return True
    return desk.execute(_statement(desk, f"SELECT 1 FROM {needed} LIMIT 1")).fetchone() is None


def _empty(desk: duckdb.DuckDBPyConnection, name: str, standing: Standing) -> None:
    if standing.rows.get(name) != 0:
        desk.execute(_statement(desk, f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name} LIMIT 0"))
        standing.rows[name] = 0


def _give_back(desk: duckdb.DuckDBPyConnection, name: str, standing: Standing) -> None:
    desk.execute(f"DROP TABLE {name}")
    del standing.made[name], standing.rows[name]


def _statement(desk: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement, taken apart once: reading the text again takes a third of a small calculation."""
    if sql not in _STATEMENTS:
        _STATEMENTS[sql] = desk.extract_statements(sql)[0]
    return _STATEMENTS[sql]


def no_rows(schema: pa.Schema) -> pa.Table:
    """A table of that schema without rows."""
    return pa.Table.from_batches([], schema)
