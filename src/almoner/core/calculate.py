"""The calculation: tables of facts in, receipts, holds and workings out. The rules themselves are in `rules/*.sql`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import TypeAlias
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from almoner.core.findings import Finding
from almoner.core.invariants import CHECKS, prove
from almoner.core.tables import BANK_HOLIDAYS, BOOKS, SCOPE, TABLES

Facts: TypeAlias = pa.Table | str
"""A table of facts: an Arrow table, or a query the connection answers with its columns, so that what is on a disk is not held whole."""

# The rules put the smaller side of a join last; DuckDB's guess, without statistics of dates, would often turn them round.
UNNEEDED = "build_side_probe_side"
# For one person's facts the search for a good plan costs more than any plan: only what makes plans simpler.
ENOUGH_WHEN_SMALL = ("cte_inlining", "deliminator", "expression_rewriter", "filter_pushdown", "unnest_rewriter", "unused_columns")

# Top to bottom: each rule reads tables of facts and the rules above it.
RULES = (
    "person_windows", "contract_periods", "package_lines", "line_periods", "line_rate_periods", "bank_holidays_kept",
    "releases_in_force", "spoken", "replaced", "reported", "reported_weeks", "slots", "rates_on", "named", "frustrated_days",
    "doubled_visits", "carer_clashes", "totals", "hospital_days", "line_spans", "line_weeks", "planned_visits", "priced_visits", "visits",
    "quantity_days", "visit_flags", "freed", "held_visits", "placement_days", "one_offs", "unready_weeks", "uncompared_days",
    "stretches", "chargeable_lines", "week_pieces", "cost_pieces", "plan_weeks", "compared_weeks", "breaches", "held_weeks",
    "stated_pieces", "stated_weeks", "stretch_costs", "share_parts", "council_parts", "funder_shares", "service_weeks",
    "contribution_weeks", "charge_pieces", "person_charges", "netted_weeks", "top_up_weeks", "entitlement", "sealed", "payee_holds",
    "positions", "receipts", "unplaced", "holds", "unknown_sealed",
)  # fmt: skip

# Read once, or so cheap that keeping their rows would cost more than finding them again.
VIEWS = frozenset(("bank_holidays_kept", "reported", "priced_visits", "stated_pieces", "payee_holds", "unplaced", "receipts"))
# Read again by the workings.
KEPT_FOR_WORKINGS = frozenset(("priced_visits",))

# A rule has nothing to say when any of these is empty, and is then not asked at all; a condition narrows a table's rows.
SILENT_WITHOUT = {
    "releases_in_force": ("releases",),
    "spoken": ("actuals",),
    "replaced": ("spoken",),
    "reported_weeks": ("spoken",),
    "hospital_days": ("absences",),
    "slots": ("schedule",),
    "rates_on": ("rates",),
    "named": ("spoken",),
    "frustrated_days": ("named WHERE outcome = 'frustrated'",),
    "planned_visits": ("slots",),
    "quantity_days": ("line_periods WHERE quantity_hundredths IS NOT NULL",),
    "totals": ("reported WHERE is_total",),
    "freed": ("visit_flags", "releases_in_force"),
    "held_visits": ("visit_flags",),
    "placement_days": ("package_lines WHERE basis = 'placement'",),
    "one_offs": ("package_lines WHERE basis = 'one_off'",),
    "breaches": ("compared_weeks",),
    "stretches": ("shares",),
    "stretch_costs": ("stretches",),
    "share_parts": ("stretch_costs",),
    "council_parts": ("stretch_costs",),
    "chargeable_lines": ("contributions",),
    "contribution_weeks": ("chargeable_lines",),
    "charge_pieces": ("chargeable_lines",),
    "person_charges": ("contribution_weeks",),
    "netted_weeks": ("person_charges WHERE provider_pence > 0",),
    "top_up_weeks": ("top_ups",),
    "sealed": ("prior_receipts",),
    "unknown_sealed": ("prior_receipts",),
}


@dataclass(frozen=True)
class Outcome:
    """What a calculation says.

    `receipts` (core.tables.RECEIPTS) and `holds` (HOLDS) as a run posts them; `shares`: line_id, week, share_order, funder_id
    (empty = the council), settlement, amount_pence of gross with held money in; `charges`: person_id, week, contribution_pence,
    cost_pence, amount_pence with held money out, council_pence and provider_pence by collector; `entitlement`: every key with lo_pence,
    hi_pence, sealed_pence and posted_pence; `workings`: line × day, and `weeks`: line × week, with all an explanation needs (empty
    unless asked for); `findings` made on the way.
    """

    receipts: pa.Table
    holds: pa.Table
    shares: pa.Table
    charges: pa.Table
    entitlement: pa.Table
    workings: pa.Table
    weeks: pa.Table
    findings: list[Finding]


@dataclass
class Standing:
    """What stands on a connection: how many rows each table and rule has (None: not known), and how each rule was made."""

    rows: dict[str, int | None]
    made: dict[str, str]


_STATEMENTS: dict[str, duckdb.Statement] = {}
_STANDING: WeakKeyDictionary[duckdb.DuckDBPyConnection, Standing] = WeakKeyDictionary()
ROOMY = 20_000
"""A rule with more rows than this gives its memory back after its last reader."""


@cache
def rule_text(name: str) -> str:
    """The SQL of one rule."""
    return (resources.files("almoner.core") / "rules" / f"{name}.sql").read_text(encoding="utf-8")


def connect(threads: int | None = None, *, small: bool = False, most_mebibytes: int | None = None) -> duckdb.DuckDBPyConnection:
    """A fresh in-memory connection with the units and macros the rules use.

    Keep it for the next calculation: rules that have nothing to say are then passed over, which is most of the time of a preview.
    `small`: for one person's facts, where finding the best plan costs more than any plan; one thread unless said otherwise.
    `most_mebibytes`: what the tables of a calculation may hold in memory; DuckDB puts the rest aside on disk.
    """
    connection = duckdb.connect()
    if threads or small:
        connection.execute(f"SET threads = {int(threads or 1)}")
    if most_mebibytes:
        connection.execute(f"SET memory_limit = '{int(most_mebibytes)}MiB'")
    connection.execute("SET preserve_insertion_order = false")
    searches = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall() if small else [(UNNEEDED,)]
    connection.execute(f"SET disabled_optimizers = '{','.join(name for (name,) in searches if name not in ENOUGH_WHEN_SMALL)}'")
    connection.execute(rule_text("units"))
    return connection


def calculate(
    tables: Mapping[str, Facts],
    figures: Mapping[str, pa.Table],
    *,
    through: date,
    as_of: datetime | None = None,
    books: Collection[str] = BOOKS,
    scope: pa.Table | None = None,
    since: date | None = None,
    workings: bool = True,
    connection: duckdb.DuckDBPyConnection | None = None,
    part: Facts | None = None,
    strangers: bool = True,
) -> Outcome:
    """Work out every receipt, hold, share and charge up to and including `through`.

    `tables`: name -> facts with `core.tables` schema; absent tables are empty. `figures`: `bank_holidays`.
    `as_of`: only what was submitted or decided by then. `scope` (core.tables.SCOPE): only these people's weeks.
    `since`: only weeks that begin on that day or later, for everyone; earlier ones stay as they were sealed.
    `workings`: also gather what explanations read. `connection`: one of `connect()`, best one that has calculated before.
    `part`: only the people in its column person_id (core.parts); `strangers`: also say which rows name nobody known.
    Raises InvariantBroken when the result contradicts itself: then nothing may be posted.
    """
    connection = connection or connect()
    standing = _STANDING.setdefault(connection, Standing({}, {}))
    lay_out(connection, tables, figures, through=through, as_of=as_of, scope=scope, since=since, part=part, strangers=strangers)
    views = VIEWS - KEPT_FOR_WORKINGS if workings else VIEWS
    last_reader = _last_reader(workings)
    for name in RULES:
        _work_out(connection, name, standing, name in views)
        for done in last_reader.get(name, ()):
            _give_back(connection, done, standing)
    prove(connection)
    return _outcome(connection, books, workings=workings)


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
    rows = _STANDING.setdefault(connection, Standing({}, {})).rows
    given: dict[str, Facts] = {name: tables.get(name, table.empty()) for name, table in TABLES.items()}
    given["bank_holidays"] = figures.get("bank_holidays", _no_rows(BANK_HOLIDAYS))
    given["scope"] = _no_rows(SCOPE) if scope is None else scope
    given["part"] = "SELECT person_id FROM people" if part is None else part
    for name, facts in given.items():
        count = None if isinstance(facts, str) else facts.num_rows
        if count == 0 == rows.get(name):
            continue
        if isinstance(facts, str):
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {facts}")
        else:
            connection.register(name, facts)
        rows[name] = count
    instant = "NULL::TIMESTAMP" if as_of is None else f"TIMESTAMP '{as_of.replace(tzinfo=None).isoformat(sep=' ')}'"
    first_week = "NULL::DATE" if since is None else f"DATE '{since.isoformat()}'"
    connection.execute(
        f"SET VARIABLE through = DATE '{through.isoformat()}'; SET VARIABLE as_of = {instant}; SET VARIABLE scoped = {scope is not None};"
        f" SET VARIABLE since = {first_week}; SET VARIABLE strangers = {strangers}"
    )


def _work_out(connection: duckdb.DuckDBPyConnection, name: str, standing: Standing, as_view: bool) -> None:
    """One rule: its rows in a table of its name, or a view of them."""
    kind = "VIEW" if as_view else "TABLE"
    sql = f"CREATE OR REPLACE TEMP {kind} {name} AS {rule_text(name)}"
    before = standing.made.get(name, sql)
    if as_view and before.startswith("CREATE OR REPLACE TEMP TABLE"):
        connection.execute(f"DROP TABLE {name}")
    elif not as_view and before.startswith("CREATE OR REPLACE TEMP VIEW"):
        connection.execute(f"DROP VIEW {name}")
    known = standing.made.get(name) == sql
    standing.made[name] = sql
    if as_view:
        if not known:
            connection.execute(sql)
            standing.rows.pop(name, None)
    elif known and any(_is_empty(connection, needed, standing) for needed in SILENT_WITHOUT.get(name, ())):
        _empty(connection, name, standing)
    else:
        made = connection.execute(_statement(connection, sql)).fetchone()
        standing.rows[name] = made[0] if made else None


def _is_empty(connection: duckdb.DuckDBPyConnection, needed: str, standing: Standing) -> bool:
    if needed in standing.rows:
        return standing.rows[needed] == 0
    table = needed.split(" ", 1)[0]
    if standing.rows.get(table) == 0:
        return True
    return connection.execute(_statement(connection, f"SELECT 1 FROM {needed} LIMIT 1")).fetchone() is None


def _empty(connection: duckdb.DuckDBPyConnection, name: str, standing: Standing) -> None:
    if standing.rows.get(name) != 0:
        connection.execute(_statement(connection, f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name} LIMIT 0"))
        standing.rows[name] = 0


def _give_back(connection: duckdb.DuckDBPyConnection, name: str, standing: Standing) -> None:
    if (standing.rows.get(name) or 0) > ROOMY:
        _empty(connection, name, standing)


def _statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement, taken apart once: reading the text again takes a third of a small calculation."""
    if sql not in _STATEMENTS:
        _STATEMENTS[sql] = connection.extract_statements(sql)[0]
    return _STATEMENTS[sql]


@cache
def _last_reader(workings: bool) -> dict[str, list[str]]:
    """Rule -> the tables nobody reads after it. What a view reads, its readers read."""
    closing = [*CHECKS.values(), *OUTCOME.values(), rule_text("calculation_findings"), rule_text("hold_sentences")]
    closing += [rule_text("workings"), rule_text("week_workings")] if workings else []
    read_by = {name: set(re.findall(r"\w+", rule_text(name))) & set(RULES) - {name} for name in RULES}
    read_by[""] = set(re.findall(r"\w+", " ".join(closing))) & set(RULES)
    for name in (*RULES, ""):
        for view in read_by[name] & VIEWS:
            read_by[name] |= read_by[view]
    last: dict[str, str] = {table: reader for reader in (*RULES, "") for table in read_by[reader]}
    readers: dict[str, list[str]] = {}
    for table, reader in last.items():
        if table not in VIEWS:
            readers.setdefault(reader, []).append(table)
    return readers


OUTCOME = {
    "receipts": "SELECT * FROM receipts ORDER BY ALL",
    "holds": "SELECT * FROM holds",
    "shares": "SELECT l.line_id, f.week, f.share_order, f.funder_id, f.settlement, f.amount_pence FROM funder_shares f"
    " JOIN package_lines l USING (line_no) WHERE f.state = 'hi' ORDER BY ALL",
    "charges": "SELECT person_id, week, contribution_pence, cost_pence, charge_pence AS amount_pence, council_pence, provider_pence"
    " FROM person_charges WHERE state = 'lo' ORDER BY ALL",
    "entitlement": "SELECT * FROM positions ORDER BY ALL",
}


def _outcome(connection: duckdb.DuckDBPyConnection, books: Collection[str], *, workings: bool) -> Outcome:
    chosen = ", ".join(f"'{book}'" for book in BOOKS if book in books) or "''"

    def read(sql: str) -> pa.Table:
        return connection.sql(_statement(connection, sql)).to_arrow_table()

    def of_books(sql: str) -> pa.Table:
        return read(sql if set(BOOKS) <= set(books) else sql.replace(" ORDER BY", f" WHERE book IN ({chosen}) ORDER BY"))

    def gathered(name: str) -> pa.Table:
        return read(rule_text(name)) if workings else _no_workings(connection, rule_text(name))

    findings = [Finding(*row) for row in connection.execute(_statement(connection, rule_text("calculation_findings"))).fetchall()]
    return Outcome(
        receipts=of_books(OUTCOME["receipts"]),
        holds=read(rule_text("hold_sentences")),
        shares=read(OUTCOME["shares"]),
        charges=read(OUTCOME["charges"]),
        entitlement=of_books(OUTCOME["entitlement"]),
        workings=gathered("workings"),
        weeks=gathered("week_workings"),
        findings=findings,
    )


_SCHEMAS: dict[str, pa.Schema] = {}


def _no_workings(connection: duckdb.DuckDBPyConnection, text: str) -> pa.Table:
    if text not in _SCHEMAS:
        _SCHEMAS[text] = connection.sql(f"SELECT * FROM ({text}) LIMIT 0").to_arrow_table().schema
    return _no_rows(_SCHEMAS[text])


def _no_rows(schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches([], schema)
