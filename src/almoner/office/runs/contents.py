"""What was written with each event of the chain, as hashes over the rows as they stand in the database.

An operation hashes what it wrote by reading it back; `verify` hashes it again years later.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from almoner.office.records.bulk import read_rows
from almoner.office.runs.chain import parts_hash, rows_hash
from almoner.office.runs.queries import PAYMENTS, POSTED, SEALED_HOLDS

INSTANT = pa.timestamp("us", "UTC")
HEADER = pa.schema(
    [
        ("id", pa.string()), ("book", pa.string()), ("through", pa.date32()), ("cycle", pa.string()), ("as_of", INSTANT),
        ("origin", pa.string()), ("is_full", pa.bool_()), ("reason_for_scope", pa.string()), ("drafted_after", pa.int64()),
        ("figures_version", pa.string()), ("code_version", pa.string()), ("facts_head", pa.string()), ("drafted_by", pa.string()),
        ("drafted_at", INSTANT),
    ]
)  # fmt: skip
TABLES_KEPT = pa.schema([("role", pa.string()), ("name", pa.string()), ("row_count", pa.int64()), ("content_hash", pa.string())])
FILES = pa.schema(
    [
        ("run_id", pa.string()), ("number", pa.int64()), ("format", pa.string()), ("name", pa.string()), ("media_type", pa.string()),
        ("reference", pa.string()), ("bytes_hash", pa.string()), ("size_bytes", pa.int64()),
    ]
)  # fmt: skip
SETTLEMENTS = pa.schema(
    [
        ("run_id", pa.string()), ("number", pa.int64()), ("reference", pa.string()), ("outcome", pa.string()),
        ("amount_pence", pa.int64()), ("reason", pa.string()),
    ]
)  # fmt: skip
BALANCE_ENTRIES = pa.schema(
    [("event_id", pa.int64()), ("number", pa.int64()), ("payee_id", pa.string()), ("cause", pa.string()), ("amount_pence", pa.int64())]
)
PLANS = pa.schema([("event_id", pa.int64()), ("payee_id", pa.string()), ("instalment_pence", pa.int64())])
PERIODS = pa.schema(
    [
        ("event_id", pa.int64()), ("number", pa.int64()), ("book", pa.string()), ("cycle", pa.string()), ("from_date", pa.date32()),
        ("until_date", pa.date32()), ("cut_off_at", INSTANT), ("pay_date", pa.date32()), ("moved_because", pa.string()),
    ]
)  # fmt: skip
REMINDERS = pa.schema(
    [
        ("event_id", pa.int64()), ("number", pa.int64()), ("provider_id", pa.string()), ("cycle", pa.string()),
        ("from_date", pa.date32()), ("week_count", pa.int64()), ("address", pa.string()),
    ]
)  # fmt: skip

# What belongs to a run, by the event it was written with: name, database table, columns, order. Every part is hashed in this order.
OF_RUN: dict[str, tuple[tuple[str, str, pa.Schema, tuple[str, ...]], ...]] = {
    "sealed": (
        ("receipts", "almoner_receipts", POSTED, ("number",)),
        ("holds", "almoner_sealed_holds", SEALED_HOLDS, ("number",)),
        ("payments", "almoner_payments", PAYMENTS, ("number",)),
        ("tables", "almoner_stored_tables", TABLES_KEPT, ("role", "name")),
    ),
    "issued": (("files", "almoner_issued_files", FILES, ("number",)),),
    "settled": (("settlements", "almoner_settlement_lines", SETTLEMENTS, ("number",)),),
}
OF_EVENT = (
    ("balances", "almoner_balance_entries", BALANCE_ENTRIES, ("number",)),
    ("plans", "almoner_repayment_plans", PLANS, ("payee_id",)),
    ("periods", "almoner_calendar_periods", PERIODS, ("number",)),
    ("reminders", "almoner_reminders_sent", REMINDERS, ("number",)),
)


def parts_of_run(run: str, event: str) -> list[tuple[str, str]]:
    """The hashes of what belongs to a run and was written with one of its events."""
    parts = [("header", rows_hash(read_rows("SELECT * FROM almoner_runs WHERE id = %s", HEADER, [run])))] if event == "sealed" else []
    for name, table, columns, order in OF_RUN.get(event, ()):
        parts.append((name, rows_hash(read_rows(f'SELECT * FROM "{table}" WHERE run_id = %s', columns, [run], order=order))))
    return parts


def parts_of_event(number: int) -> list[tuple[str, str]]:
    """The hashes of the entries that name an event."""
    return [
        (name, rows_hash(read_rows(f'SELECT * FROM "{table}" WHERE event_id = %s', columns, [number], order=order)))
        for name, table, columns, order in OF_EVENT
    ]


def parts_of(number: int, subject: str, event: str) -> list[tuple[str, str]]:
    """The hashes of everything that was written with an event, by name."""
    return [*parts_of_run(subject, event), *parts_of_event(number)]


PARTS: dict[int, Callable[[int, str, str], list[tuple[str, str]]]] = {1: parts_of}
"""What is hashed with an event, by form (`records.stored_form`)."""


def content_of(form: int, number: int, subject: str, event: str) -> str:
    """One hash over everything that was written with an event, as it stands now."""
    return parts_hash(PARTS[form](number, subject, event))
