"""The calculation: tables of facts in, receipts, holds and workings out. The rules themselves are in `rules/*.sql`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

import duckdb
import pyarrow as pa

from almoner.core.findings import Finding
from almoner.core.invariants import prove
from almoner.core.tables import BANK_HOLIDAYS, BOOKS, SCOPE, TABLES

# Top to bottom: each rule reads tables of facts and the rules above it.
RULES = (
    "person_windows", "contract_periods", "package_lines", "line_periods", "line_rate_periods", "bank_holidays_kept", "releases_in_force",
    "reported", "reported_weeks", "hospital_days", "slots", "rates_on", "line_days", "named", "frustrated_days", "planned_visits",
    "visits", "plan_days", "quantity_days", "doubled_visits", "carer_clashes", "totals", "visit_flags", "freed", "held_visits",
    "placement_days", "one_offs", "day_costs", "week_costs", "unready_weeks", "uncompared_days", "compared_weeks", "breaches", "held_weeks",
    "stated_days", "stated_weeks", "stretches", "stretch_costs", "share_parts", "council_parts", "funder_shares",
    "chargeable_lines", "service_days", "contribution_weeks", "charge_pieces", "person_charges", "netted_weeks", "top_up_weeks",
    "entitlement", "sealed", "payee_holds", "positions", "receipts", "unplaced", "holds", "unknown_sealed",
)  # fmt: skip


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


@cache
def rule_text(name: str) -> str:
    """The SQL of one rule."""
    return (resources.files("almoner.core") / "rules" / f"{name}.sql").read_text(encoding="utf-8")


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A fresh in-memory connection with the units and macros the rules use."""
    connection = duckdb.connect()
    if threads:
        connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(rule_text("units"))
    return connection


def calculate(
    tables: Mapping[str, pa.Table],
    figures: Mapping[str, pa.Table],
    *,
    through: date,
    as_of: datetime | None = None,
    books: Collection[str] = BOOKS,
    scope: pa.Table | None = None,
    workings: bool = True,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Outcome:
    """Work out every receipt, hold, share and charge up to and including `through`.

    `tables`: name -> Arrow table with `core.tables` schema; absent tables are empty. `figures`: `bank_holidays`.
    `as_of`: only what was submitted or decided by then. `scope` (core.tables.SCOPE): only these people's weeks.
    `workings`: also gather what explanations read.
    Raises InvariantBroken when the result contradicts itself: then nothing may be posted.
    """
    connection = connection or connect()
    lay_out(connection, tables, figures, through=through, as_of=as_of, scope=scope)
    for name in RULES:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {rule_text(name)}")
    prove(connection)
    return _outcome(connection, books, workings=workings)


def lay_out(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, pa.Table],
    figures: Mapping[str, pa.Table],
    *,
    through: date,
    as_of: datetime | None,
    scope: pa.Table | None,
) -> None:
    """Put the facts where the rules find them: one view a table, and the run's own variables."""
    for name, table in TABLES.items():
        connection.register(name, tables.get(name, table.empty()))
    connection.register("bank_holidays", figures.get("bank_holidays", BANK_HOLIDAYS.empty_table()))
    connection.register("scope", SCOPE.empty_table() if scope is None else scope)
    connection.execute(f"SET VARIABLE through = DATE '{through.isoformat()}'")
    instant = "NULL::TIMESTAMP" if as_of is None else f"TIMESTAMP '{as_of.replace(tzinfo=None).isoformat(sep=' ')}'"
    connection.execute(f"SET VARIABLE as_of = {instant}")
    connection.execute(f"SET VARIABLE scoped = {scope is not None}")


def _outcome(connection: duckdb.DuckDBPyConnection, books: Collection[str], *, workings: bool) -> Outcome:
    chosen = ", ".join(f"'{book}'" for book in BOOKS if book in books) or "''"

    def read(sql: str) -> pa.Table:
        return connection.sql(sql).to_arrow_table()

    findings = [Finding(*row) for row in connection.sql(rule_text("calculation_findings")).fetchall()]
    return Outcome(
        receipts=read(f"SELECT * FROM receipts WHERE book IN ({chosen}) ORDER BY ALL"),
        holds=read(rule_text("hold_sentences")),
        shares=read(
            "SELECT l.line_id, f.week, f.share_order, f.funder_id, f.settlement, f.amount_pence FROM funder_shares f"
            " JOIN package_lines l USING (line_no) WHERE f.state = 'hi' ORDER BY ALL"
        ),
        charges=read(
            "SELECT person_id, week, contribution_pence, cost_pence, charge_pence AS amount_pence, council_pence, provider_pence"
            " FROM person_charges WHERE state = 'lo' ORDER BY ALL"
        ),
        entitlement=read(f"SELECT * FROM positions WHERE book IN ({chosen}) ORDER BY ALL"),
        workings=read(f"SELECT * FROM ({rule_text('workings')}) WHERE {workings}"),
        weeks=read(f"SELECT * FROM ({rule_text('week_workings')}) WHERE {workings}"),
        findings=findings,
    )
