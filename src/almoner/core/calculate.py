"""The calculation: tables of facts in, receipts, holds and workings out. The rules themselves are in `rules/*.sql`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.desks import Facts, connect, lay_out, make_ready, work_out
from almoner.core.findings import Finding
from almoner.core.invariants import CHECKS, prove
from almoner.core.rulebook import Step, rule_text, steps
from almoner.core.tables import BOOKS


@dataclass(frozen=True)
class Outcome:
    """What a calculation says.

    `receipts` (core.tables.RECEIPTS) and `holds` (HOLDS) as a run posts them; `shares`: line_id, week, share_order, funder_id
    (empty = the council), settlement, amount_pence of gross with held money in; `charges`: person_id, week, contribution_pence,
    cost_pence, amount_pence with held money out, council_pence and provider_pence by collector; `entitlement`: every key with lo_pence,
    hi_pence, sealed_pence and posted_pence; `workings`: line × day, and `weeks`: line × week, with all an explanation needs (these three
    without rows and columns unless workings are asked for); `findings` made on the way.
    """

    receipts: pa.Table
    holds: pa.Table
    shares: pa.Table
    charges: pa.Table
    entitlement: pa.Table
    workings: pa.Table
    weeks: pa.Table
    findings: list[Finding]


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
    `workings`: also gather the entitlement and what explanations read. `connection`: one of `connect()`, best one that has calculated
    before.
    `part`: only the people in its column person_id (core.parts); `strangers`: also say which rows name nobody known.
    Raises InvariantBroken when the result contradicts itself: then nothing may be posted.
    """
    connection = connection or connect()
    lay_out(connection, tables, figures, through=through, as_of=as_of, scope=scope, since=since, part=part, strangers=strangers)
    answers = work_out(connection, _steps(workings))
    prove(answers)
    return Outcome(
        receipts=_of_books(answers["receipts"], books),
        holds=answers["holds"],
        shares=answers["shares"],
        charges=answers["charges"],
        entitlement=_of_books(answers["entitlement"], books) if workings else NOT_ASKED,
        workings=answers.get("workings", NOT_ASKED),
        weeks=answers.get("week_workings", NOT_ASKED),
        findings=[Finding(*row.values()) for row in answers["findings"].to_pylist()],
    )


def begin_ahead() -> None:
    """Begin what a whole calculation in this process needs before any facts, beside the caller, who reads them."""
    make_ready(_steps(False))


NOT_ASKED = pa.table({})
ENTITLEMENT = "SELECT * FROM positions ORDER BY book, payee_id, person_id, line_id, funder_id, week"
# What a calculation is asked. A line belongs to one person and one provider, so that these columns put every row in its place.
QUESTIONS = {
    "receipts": "SELECT * FROM receipts ORDER BY book, payee_id, person_id, line_id, funder_id, week",
    "shares": "SELECT l.line_id, f.week, f.share_order, f.funder_id, f.settlement, f.amount_pence FROM funder_shares f"
    " JOIN package_lines l USING (line_no) WHERE f.state <> 'lo' ORDER BY ALL",
    "charges": "SELECT person_id, week, contribution_pence, cost_pence, charge_pence AS amount_pence, council_pence, provider_pence"
    " FROM person_charges WHERE state <> 'hi' ORDER BY ALL",
}


@cache
def _steps(workings: bool) -> tuple[Step, ...]:
    """The rules, then what is asked: the answers an outcome is made of, and whether the result contradicts itself."""
    questions = {**QUESTIONS, "holds": rule_text("hold_sentences"), "findings": rule_text("calculation_findings"), **CHECKS}
    if workings:
        questions |= {"entitlement": ENTITLEMENT, **{name: rule_text(name) for name in ("workings", "week_workings")}}
    return steps(questions, workings=workings)


def _of_books(table: pa.Table, books: Collection[str]) -> pa.Table:
    return table if set(BOOKS) <= set(books) else table.filter(pc.is_in(table.column("book"), pa.array(sorted(books), pa.string())))
