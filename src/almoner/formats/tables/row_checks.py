"""What cannot be seen in one cell: rows that contradict themselves, or the line or contract they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow.compute as pc

from almoner.core.findings import Severity
from almoner.core.tables import TABLES
from almoner.formats.tables.noticed import MOST_NAMED, Noticed
from almoner.formats.tables.settle import LAST_DAYS, Settled
from almoner.formats.tables.wording import CODES


@dataclass(frozen=True)
class RowCheck:
    """Rows of `table` where `wrong` holds. `also` gives the further words of its sentences as SQL; `joined` other tables it looks at."""

    table: str
    column: str
    code: str
    wrong: str
    value: str = ""
    also: tuple[tuple[str, str], ...] = ()
    joined: str = ""


LINE_BASIS = "JOIN lines AS l ON l.line_id = t.line_id JOIN contracts AS c ON c.contract_id = l.contract_id"
WEIGHTS = " + ".join(f"{11 - place} * CAST(digits[{place}] AS INTEGER)" for place in range(1, 10))
NHS = "regexp_replace(t.nhs_number, '[ -]', '', 'g')"
NHS_VALID = f"""(SELECT regexp_full_match(digits, '[0-9]{{10}}')
    AND CASE WHEN regexp_full_match(digits, '[0-9]{{10}}')
        THEN (11 - ({WEIGHTS}) % 11) % 11 = CAST(digits[10] AS INTEGER) ELSE false END FROM (SELECT {NHS} AS digits))"""

CHECKS: tuple[RowCheck, ...] = (
    RowCheck("people", "nhs_number", "nhs_number", f"t.nhs_number IS NOT NULL AND NOT {NHS_VALID}"),
    RowCheck("bank_accounts", "sort_code", "sort_code", "NOT regexp_full_match(t.sort_code, '[0-9]{6}|([0-9]{2}[- ]){2}[0-9]{2}')"),
    RowCheck("bank_accounts", "account_number", "account_number", "NOT regexp_full_match(t.account_number, '[0-9]{8}')"),
    RowCheck("bank_accounts", "verified_by", "self_verified", "lower(t.verified_by) = lower(t.entered_by)"),
    RowCheck("actuals", "delivered_minutes", "long_visit", "t.delivered_minutes > 1440 AND t.kind = 'visit'"),
    RowCheck(
        "actuals",
        "delivered_minutes",
        "nothing_delivered",
        "t.delivered_minutes IS NULL AND t.units IS NULL AND t.outcome IN ('delivered', 'extra')",
        value="''",
    ),
    RowCheck(
        "shares",
        "percent",
        "share_unclear",
        "(t.amount_per_week IS NULL) = (t.percent IS NULL)",
        value="CASE WHEN t.percent IS NULL THEN 'neither' ELSE 'both' END",
    ),
    RowCheck(
        "lines",
        "rate",
        "negative_rate",
        "t.rate < 0 AND c.basis <> 'one_off'",
        value="printf('-%d.%04d', abs(t.rate) // 10000, abs(t.rate) % 10000)",
        also=(("basis", "c.basis"),),
        joined="JOIN contracts AS c ON c.contract_id = t.contract_id",
    ),
    RowCheck(
        "schedule", "line_id", "no_effect", "c.basis IN ('placement', 'one_off')", also=(("basis", "c.basis"),), joined=LINE_BASIS
    ),
    RowCheck("actuals", "line_id", "no_effect", "c.basis IN ('placement', 'one_off')", also=(("basis", "c.basis"),), joined=LINE_BASIS),
    *(
        # A line that ends on the day before it starts was cancelled (LIN-8).
        RowCheck(
            table.name, last.name, "ends_before_start",
            f"t.{last.name} < t.{LAST_DAYS[last.name]}{' - 1' if last.name == 'end_date' else ''}",
            also=(("first", f"CAST(t.{LAST_DAYS[last.name]} AS VARCHAR)"),),
        )
        for table in TABLES.values() for last in table.columns if last.name in LAST_DAYS
    ),
)  # fmt: skip


def check_rows(con: duckdb.DuckDBPyConnection, settled: Settled, noticed: Noticed) -> None:
    """Every check of one table, counted in one pass; only those that found something are asked again, to name rows.

    The table and those it looks at must be registered under their names. Rows with an error are left out.
    """
    name = settled.table.name
    checks = [check for check in CHECKS if check.table == name]
    for joined in dict.fromkeys(check.joined for check in checks):
        if joined == LINE_BASIS and not _without_effect(con, settled):
            continue
        together = [check for check in checks if check.joined == joined]
        counts = ", ".join(f"count_if({check.wrong})" for check in together)
        found = con.execute(f"SELECT {counts} FROM {name} AS t {joined}").fetchall()
        for check, count in zip(together, found[0], strict=True):
            if count:
                _name_rows(con, check, settled, noticed, count)


def _without_effect(con: duckdb.DuckDBPyConnection, settled: Settled) -> bool:
    """Whether any row may name a line that timetables and actuals have no effect on: quickly told from the distinct ids."""
    spoken = settled.spoken.get("line_id")
    lines = con.sql("SELECT line_id FROM lines JOIN contracts USING (contract_id) WHERE basis IN ('placement', 'one_off')")
    ids = lines.to_arrow_table().column("line_id").combine_chunks()
    return bool(len(ids)) and (spoken is None or bool(pc.any(pc.is_in(spoken.values, ids)).as_py()))


def _name_rows(con: duckdb.DuckDBPyConnection, check: RowCheck, settled: Settled, noticed: Noticed, count: int) -> None:
    """Findings for the rows a check found; those with an error are left out."""
    value = check.value or f"CAST(t.{check.column} AS VARCHAR)"
    also = "".join(f", {sql} AS {word}" for word, sql in check.also)
    source = f"FROM {check.table} AS t {check.joined} WHERE {check.wrong}"
    rows = con.execute(f"SELECT t.row, {value}{also} {source} ORDER BY t.row LIMIT {MOST_NAMED}").fetchall()
    for row, shown, *more in rows:
        words: Mapping[str, object] = dict(zip((word for word, _ in check.also), more, strict=True))
        noticed.add(check.table, check.code, row=row, column=check.column, value=shown or "", **words)
    noticed.more(check.table, check.code, count - len(rows))
    if CODES[check.code].severity is Severity.ERROR:
        settled.leave_out(con.sql(f"SELECT t.row {source}").to_arrow_table().column("row").combine_chunks())
        con.register(check.table, settled.rows)
