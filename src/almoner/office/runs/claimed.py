"""What the sealed runs claim of funders, receipt by receipt, without a name; and what a funder's share of it is in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.core.money import percent_text, pounds
from almoner.office.furniture.words import day
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import known_at, rows_known, versions_known
from almoner.office.runs.models import RunEvent, StoredTable
from almoner.office.runs.queries import ORDER
from almoner.office.runs.stored import from_parquet

Row = dict[str, Any]
CLAIMED = pa.schema(
    [
        ("run_id", pa.string()), ("number", pa.int64()), ("line_id", pa.string()), ("funder_id", pa.string()), ("week", pa.date32()),
        ("kind", pa.string()), ("amount_pence", pa.int64()), ("cause", pa.string()),
    ]
)  # fmt: skip
GROSS = pa.schema([("line_id", pa.string()), ("week", pa.date32()), ("gross_pence", pa.int64())])
MOST_KEPT = 64
_GROSS: dict[str, dict[tuple[str, date], int]] = {}


def claimed_receipts(funder_id: str = "") -> pa.Table:
    """Every receipt that Almoner claimed, of one funder or of all (`CLAIMED`); what was claimed before Almoner is not among them."""
    select = "SELECT * FROM almoner_receipts WHERE book = 'claims' AND kind <> 'imported'" + (" AND funder_id = %s" if funder_id else "")
    return read_rows(select, CLAIMED, [funder_id] if funder_id else [], order=ORDER)


def approved_runs() -> list[str]:
    """The runs that a second person has approved."""
    return list(RunEvent.objects.filter(event="approved").values_list("subject", flat=True))


def chain_head() -> str:
    """The hash of the chain's last event; empty before the first."""
    return RunEvent.objects.order_by("-number").values_list("hash", flat=True).first() or ""


def gross_of(runs: Iterable[str]) -> dict[str, Mapping[tuple[str, date], int]]:
    """By run, then line and week: what the care cost in pence as each sealed run worked it out. Remembered by what it was read from."""
    kept = StoredTable.objects.filter(run_id__in=sorted(set(runs)), role="working", name="weeks")
    return {run: _gross(run, content_hash) for run, content_hash in kept.values_list("run_id", "content_hash")}


def _gross(run: str, content_hash: str) -> Mapping[tuple[str, date], int]:
    if content_hash not in _GROSS:
        while len(_GROSS) >= MOST_KEPT:
            _GROSS.pop(next(iter(_GROSS)))
        content = StoredTable.objects.get(run_id=run, role="working", name="weeks").content
        table = from_parquet(bytes(content), columns=GROSS.names).select(GROSS.names).cast(GROSS)
        lines, weeks, pence = (table.column(name).to_pylist() for name in GROSS.names)
        _GROSS[content_hash] = dict(zip(zip(lines, weeks, strict=True), pence, strict=True))
    return _GROSS[content_hash]


def shares_of(lines: Iterable[str], funder_id: str, at: datetime) -> dict[str, list[Row]]:
    """By line, a funder's rows of `shares` as they are known, in the order of taking."""
    wanted = sorted(set(lines))
    found: dict[str, list[Row]] = {line: [] for line in wanted}
    rows = rows_known("shares", known_at(at), {"line_id": wanted}).to_pylist() if wanted else []
    for row in sorted(rows, key=lambda row: (row["share_order"], row["valid_from"])):
        if row["funder_id"] == funder_id:
            found[row["line_id"]].append(row)
    return found


def in_week(rows: Sequence[Row], week: date, last: date) -> list[Row]:
    """The rows of shares that hold on a day of a week."""
    return [row for row in rows if row["valid_from"] <= last and (row["valid_to"] is None or row["valid_to"] >= week)]


def share_in_words(rows: Sequence[Row]) -> str:
    """What a funder bears: `£100.00 a week, then 50% of the cost`; empty when nothing is agreed."""
    fixed = [f"{pounds(row['amount_per_week'])} a week" for row in rows if row.get("amount_per_week")]
    percent = [f"{percent_text(row['percent'])} of the cost" for row in rows if row.get("percent")]
    return ", then ".join([*fixed, *percent])


def share_of_week(rows: Sequence[Row], week: date) -> str:
    """A funder's share in a week in words; of one that changes within it, both with the day."""
    last = last_day_of(week)
    before, after = in_week(rows, week, week), in_week(rows, last, last)
    if before == after:
        return share_in_words(before)
    begins = [row["valid_from"] for row in after if row["valid_from"] > week]
    ends = [row["valid_to"] + timedelta(days=1) for row in before if row["valid_to"] is not None and row["valid_to"] < last]
    changed = min([*begins, *ends])
    until, since = day(changed - timedelta(days=1)), day(changed)
    return f"{share_in_words(before) or 'none'} until {until}, {share_in_words(after) or 'none'} from {since}"


def scheme_of(rows: Sequence[Row]) -> str:
    """The schemes that shares belong to."""
    return ", ".join(dict.fromkeys(row["scheme"] for row in rows if row["scheme"]))


def last_day_of(week: date) -> date:
    """The last day of the week that begins on a day."""
    return week + timedelta(days=6)


def package_lines(lines: Sequence[str], at: datetime) -> list[Row]:
    """Lines as a funder may read them: id, service, first and last day; no person and no provider."""
    known = known_at(at)
    rows = rows_known("lines", known, {"line_id": list(lines)}).to_pylist()
    contracts = sorted({row["contract_id"] for row in rows})
    services = {
        row["contract_id"]: row["service_type"] for row in rows_known("contracts", known, {"contract_id": contracts}).to_pylist()
    } if rows else {}  # fmt: skip
    return [
        {
            "line_id": row["line_id"], "start_date": row["start_date"], "end_date": row["end_date"],
            "service_type": services.get(row["contract_id"], ""),
        }
        for row in sorted(rows, key=lambda row: str(row["line_id"]))
    ]  # fmt: skip


def package_changes(line_id: str, funder_id: str, at: datetime) -> list[tuple[str, Row | None, Row]]:
    """Each version of a line and of a funder's shares of it that was known, with the one it took the place of: table, before, after."""
    known, found = known_at(at), []
    for table, named in (("lines", {"line_id": line_id}), ("shares", {"line_id": line_id, "funder_id": funder_id})):
        standing: dict[object, Row] = {}
        for version in versions_known(table, known, **named):
            # A share is known by its order and first day: another first day is another row, which follows the one before it in order.
            of = version.get("share_order", "")
            found.append((table, standing.get(of), version))
            standing[of] = version
    return found
