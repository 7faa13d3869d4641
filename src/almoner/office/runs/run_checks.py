"""What a run shows before it is sealed: itself beside the one before, and the risk screen. Pure SQL over what the run itself read."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.core.tables import TABLES
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.runs.desk_models import LineWatch, ReceiptLook
from almoner.office.runs.hold_rows import percent_words
from almoner.office.runs.models import Release, Run
from almoner.office.runs.queries import POSTED, RunShown, receipts_of
from almoner.office.runs.run_register import facts_read, holds_found, numbered_receipts, run_before

Row = dict[str, Any]
REJECTED_DAYS = 30
RULES: dict[str, str] = {
    "creditor": "Creditor reference missing",
    "held": "Another receipt of the line is held or disputed",
    "rejected": f"One was upheld in the last {REJECTED_DAYS} days",
    "variation": "A variation or one-off is in it",
    "first": "First payment of a service",
    "ending": "Service ends inside the period",
    "rate": "First payment after a rate change",
    "watched": "Line marked “always check”",
}
"""The eight rules in order: what each looks for, in words."""
COMPARED_COLUMNS = ["number", "payee_id", "line_id", "provider_id", "week", "kind", "amount_pence", "cause"]
LINES = pa.schema([("line_id", pa.string())])
UPHELD = pa.schema([(name, pa.date32() if name == "week" else pa.string()) for name in ("line_id", "person_id", "provider_id", "week")])


def against_last_time(shown: RunShown) -> list[Row]:
    """The run beside the one before it by payee and service: outliers first, then by the size of the difference."""
    before = run_before(shown)
    this = numbered_receipts(shown).select(COMPARED_COLUMNS)
    last = (receipts_of(before) if before else POSTED.empty_table()).select(COMPARED_COLUMNS)
    facts = _facts(shown, "lines", "contracts", "providers")
    with in_memory() as memory:
        for name, table in {"this": this, "last": last, "bounds": _bounds(shown, this, before), **facts}.items():
            memory.register(name, table)
        memory.execute((files("almoner.office.runs") / "comparison.sql").read_text(encoding="utf-8"))
        rows: list[Row] = memory.sql("FROM compared").to_arrow_table().to_pylist()
    return [row | {"percent": percent_words(row["basis_points"]), "outlier": "▲ Outlier" if row["is_outlier"] else ""} for row in rows]


def flagged_receipts(shown: RunShown, rule: str = "") -> list[Row]:
    """The receipts that the risk screen shows (of one rule, or of all), with `rule` and who looked at each (`looked`)."""
    receipts = numbered_receipts(shown)
    before = run_before(shown)
    facts = _facts(shown, "lines", "contracts", "contract_terms", "rates", "line_rates", "providers")
    given = {
        "receipts": receipts, "holds": holds_found(shown), "bounds": _bounds(shown, receipts, before), "watched": _lines(watched_lines()),
        "paid_before": _paid_before(receipts, shown), "upheld": _upheld(shown), **facts,
    }  # fmt: skip
    with in_memory() as memory:
        for name, table in given.items():
            memory.register(name, table)
        memory.execute((files("almoner.office.runs") / "risk.sql").read_text(encoding="utf-8"))
        memory.register("asked", pa.table({"rule": pa.array([rule] if rule else list(RULES))}))
        wanted = memory.sql(
            "SELECT rule, receipts.* FROM flagged JOIN asked USING (rule) JOIN receipts USING (number) ORDER BY number"
        ).to_arrow_table()
    looked = {(look.rule, look.number): look.by for look in ReceiptLook.objects.filter(run_id=shown.run)}
    return [row | {"looked": looked.get((row["rule"], row["number"]), "")} for row in wanted.to_pylist()]


def risk_screen(flagged: list[Row]) -> list[Row]:
    """The eight rules, each with its receipts, their pence, and how many were looked at."""
    table = pa.Table.from_pylist(
        [{"rule": row["rule"], "pence": row["amount_pence"], "looked": int(bool(row["looked"]))} for row in flagged],
        schema=pa.schema([("rule", pa.string()), ("pence", pa.int64()), ("looked", pa.int64())]),
    )
    found = {
        row["rule"]: row for row in table.group_by("rule").aggregate([("pence", "sum"), ("pence", "count"), ("looked", "sum")]).to_pylist()
    }
    nothing = {"pence_count": 0, "pence_sum": 0, "looked_sum": 0}
    return [
        {
            "rule": rule, "words": words, "receipts": row["pence_count"], "amount": row["pence_sum"], "looked": row["looked_sum"],
            "left": row["pence_count"] - row["looked_sum"],
        }
        for rule, words in RULES.items()
        for row in [found.get(rule, nothing)]
    ]  # fmt: skip


def watched_lines() -> list[str]:
    """The lines marked to be looked at in every run."""
    latest = dict(LineWatch.objects.order_by("id").values_list("line_id", "is_on"))
    return sorted(line for line, is_on in latest.items() if is_on)


def _facts(shown: RunShown, *names: str) -> dict[str, pa.Table]:
    read = facts_read(shown, *names)
    return {name: read.get(name, TABLES[name].empty()) for name in names}


def _bounds(shown: RunShown, receipts: pa.Table, before: str | None) -> pa.Table:
    """The days that are new in the run: after the last day of the run before it, or before its first week."""
    first: date | None = pc.min(receipts.column("week")).as_py()
    earlier = Run.objects.filter(id=before).values_list("through", flat=True).first() if before else None
    after = earlier or (first or shown.through) - timedelta(days=1)
    return pa.table({"after": pa.array([after], pa.date32()), "through": pa.array([shown.through], pa.date32())})


def _lines(names: list[str]) -> pa.Table:
    return pa.table({"line_id": pa.array(names, pa.string())})


def _paid_before(receipts: pa.Table, shown: RunShown) -> pa.Table:
    """Those of the run's lines that a run sealed earlier has paid."""
    condition, given = any_of("r.line_id", pc.unique(receipts.column("line_id")).to_pylist())
    select = (
        "SELECT DISTINCT r.line_id AS line_id FROM almoner_receipts r JOIN almoner_run_events e ON e.subject = r.run_id"
        f" AND e.event = 'sealed' AND e.number <= %s WHERE r.book = %s AND {condition}"
    )
    return read_rows(select, LINES, [shown.drafted_after, shown.book, given], order=("line_id",))


def _upheld(shown: RunShown) -> pa.Table:
    since = shown.as_of - timedelta(days=REJECTED_DAYS)
    found = Release._default_manager.filter(decision="uphold", recorded_at__gt=since, recorded_at__lte=shown.as_of)
    return pa.Table.from_pylist([dict(row) for row in found.values(*UPHELD.names)], schema=UPHELD)
