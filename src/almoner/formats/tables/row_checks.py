"""What cannot be seen in one cell: rows that contradict themselves, or the line or contract they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.findings import Severity
from almoner.core.tables import TABLES
from almoner.formats.tables.engine import Engine
from almoner.formats.tables.noticed import MOST_NAMED, Noticed
from almoner.formats.tables.settle import LAST_DAYS, Settled
from almoner.formats.tables.wording import CODES

Possible = Callable[[Settled, Mapping[str, Settled]], bool]


@dataclass(frozen=True)
class RowCheck:
    """Rows of `table` where `wrong` holds.

    `also` gives the further words of its sentences as SQL; `joined` the join with the tables of `beside`; `possible` says,
    from whole columns and cheaply, whether there can be such a row at all.
    """

    table: str
    column: str
    code: str
    wrong: str
    possible: Possible
    value: str = ""
    also: tuple[tuple[str, str], ...] = ()
    joined: str = ""
    beside: tuple[str, ...] = ()


def _by_oneself(table: Settled, _: Mapping[str, Settled]) -> bool:
    """Whether any account was verified by the one who entered it."""
    entered, verified = (pc.utf8_lower(table.rows.column(name)) for name in ("entered_by", "verified_by"))
    return _any(pc.equal(entered, verified))


def _longer_than_a_day(table: Settled, _: Mapping[str, Settled]) -> bool:
    """Whether any visit, as opposed to a week's total, is longer than a day."""
    long = pc.greater(table.rows.column("delivered_minutes"), 1_440)
    return _any(long) and "visit" in table.rows.column("kind").filter(long).to_pylist()


def _without_amount(table: Settled, _: Mapping[str, Settled]) -> bool:
    """Whether any row says that care was given, and not how much."""
    minutes, units = (table.rows.column(name) for name in ("delivered_minutes", "units"))
    if not minutes.null_count or not units.null_count:
        return False
    outcomes = table.rows.column("outcome").filter(pc.and_(pc.is_null(minutes), pc.is_null(units)))
    return bool({"delivered", "extra"} & set(outcomes.unique().to_pylist()))


def _not_one_of_two(table: Settled, _: Mapping[str, Settled]) -> bool:
    """Whether any share is neither or both of an amount and a percentage."""
    return _any(pc.equal(pc.is_null(table.rows.column("amount_per_week")), pc.is_null(table.rows.column("percent"))))


def _corrects(table: Settled, others: Mapping[str, Settled]) -> bool:
    """Whether a line has a rate below nothing, under a contract that is not one-off."""
    negative = table.rows.filter(pc.less(table.rows.column("rate"), 0))
    if not negative.num_rows or "contracts" not in others:
        return bool(negative.num_rows)
    one_off = _contracts(others, "one_off")
    return _any(pc.invert(pc.is_in(negative.column("contract_id"), one_off)))


def _contracts(others: Mapping[str, Settled], *bases: str) -> pa.Array:
    """The ids of the contracts with one of these bases."""
    contracts = others["contracts"].rows
    chosen = contracts.filter(pc.is_in(contracts.column("basis"), pa.array(bases)))
    return chosen.column("contract_id").combine_chunks()


def _any(mask: pa.ChunkedArray) -> bool:
    return bool(pc.any(mask).as_py())


def _backwards(first: str, last: str, before: int) -> Possible:
    """Whether any last day is more than so many days before its first."""

    def look(table: Settled, _: Mapping[str, Settled]) -> bool:
        begins, ends = (table.rows.column(name).cast(pa.int32()) for name in (first, last))
        return _any(pc.less(ends, pc.subtract(begins, before)))

    return look


def _without_effect(table: Settled, others: Mapping[str, Settled]) -> bool:
    """Whether any row may name a line that timetables and actuals have no effect on."""
    if "lines" not in others or "contracts" not in others:
        return False
    lines = others["lines"].rows
    ids = lines.filter(pc.is_in(lines.column("contract_id"), _contracts(others, "placement", "one_off")))
    spoken = table.spoken.get("line_id")
    return bool(ids.num_rows) and (spoken is None or spoken.any_among(ids.column("line_id").combine_chunks()))


LINE_BASIS = "JOIN lines AS l ON l.line_id = t.line_id JOIN contracts AS c ON c.contract_id = l.contract_id"

CHECKS: tuple[RowCheck, ...] = (
    RowCheck("bank_accounts", "verified_by", "self_verified", "lower(t.verified_by) = lower(t.entered_by)", _by_oneself),
    RowCheck(
        "actuals", "delivered_minutes", "long_visit", "t.delivered_minutes > 1440 AND t.kind = 'visit'", _longer_than_a_day,
    ),
    RowCheck(
        "actuals", "delivered_minutes", "nothing_delivered",
        "t.delivered_minutes IS NULL AND t.units IS NULL AND t.outcome IN ('delivered', 'extra')",
        _without_amount, value="''",
    ),
    RowCheck(
        "shares", "percent", "share_unclear", "(t.amount_per_week IS NULL) = (t.percent IS NULL)", _not_one_of_two,
        value="CASE WHEN t.percent IS NULL THEN 'neither' ELSE 'both' END",
    ),
    RowCheck(
        "lines", "rate", "negative_rate", "t.rate < 0 AND c.basis <> 'one_off'", _corrects,
        value="printf('-%d.%04d', abs(t.rate) // 10000, abs(t.rate) % 10000)", also=(("basis", "c.basis"),),
        joined="JOIN contracts AS c ON c.contract_id = t.contract_id", beside=("contracts",),
    ),
    *(
        RowCheck(
            name, "line_id", "no_effect", "c.basis IN ('placement', 'one_off')", _without_effect,
            also=(("basis", "c.basis"),), joined=LINE_BASIS, beside=("lines", "contracts"),
        )
        for name in ("schedule", "actuals")
    ),
    *(
        # A line that ends on the day before it starts was cancelled (LIN-8).
        RowCheck(
            table.name, last.name, "ends_before_start",
            f"t.{last.name} < t.{LAST_DAYS[last.name]} - {before}", _backwards(LAST_DAYS[last.name], last.name, before),
            also=(("first", f"CAST(t.{LAST_DAYS[last.name]} AS VARCHAR)"),),
        )
        for table in TABLES.values() for last in table.columns if last.name in LAST_DAYS for before in (int(last.name == "end_date"),)
    ),
)  # fmt: skip


def check_rows(engine: Engine, settled: Settled, others: Mapping[str, Settled], noticed: Noticed) -> None:
    """Every check of one table; `others` are the tables it may refer to. Rows with an error are left out.

    What can be ruled out by a look at whole columns is; the other checks are counted in one pass, and only those that found
    something are asked again, to name rows.
    """
    name = settled.table.name
    checks = [check for check in CHECKS if check.table == name and check.possible(settled, others)]
    for joined, beside in dict.fromkeys((check.joined, check.beside) for check in checks):
        if not all(other in others for other in beside):
            continue
        for looked_at in (settled, *(others[other] for other in beside)):
            looked_at.at_hand(engine)
        together = [check for check in checks if check.joined == joined]
        counts = ", ".join(f"count_if({check.wrong})" for check in together)
        found = engine.tuples(f"SELECT {counts} FROM {name} AS t {joined}")
        for check, count in zip(together, found[0], strict=True):
            if count:
                _name_rows(engine, check, settled, noticed, count)


def _name_rows(engine: Engine, check: RowCheck, settled: Settled, noticed: Noticed, count: int) -> None:
    """Findings for the rows a check found; those with an error are left out."""
    value = check.value or f"CAST(t.{check.column} AS VARCHAR)"
    also = "".join(f", {sql} AS {word}" for word, sql in check.also)
    source = f"FROM {check.table} AS t {check.joined} WHERE {check.wrong}"
    rows = engine.tuples(f"SELECT t.row, {value}{also} {source} ORDER BY t.row LIMIT {MOST_NAMED}")
    for row, shown, *more in rows:
        words: Mapping[str, object] = dict(zip((word for word, _ in check.also), more, strict=True))
        noticed.add(check.table, check.code, row=row, column=check.column, value=shown or "", **words)
    noticed.more(check.table, check.code, count - len(rows))
    if CODES[check.code].severity is Severity.ERROR:
        settled.leave_out(engine.rows(f"SELECT t.row {source}").column("row").combine_chunks())
        settled.at_hand(engine)
