"""Claim receipts and where each stands: to agree, agreed, disputed or invoiced; month by month, and one by one with what was said.

A receipt belongs to the month in which its week ends (FND-4). What is disputed stays out of invoices, and with it every later
receipt of the same line and week: a correction is never credited before what it corrects is claimed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from almoner.core.memory import in_memory
from almoner.office.claims.models import ClaimAct, ClaimActReceipt, ClaimFile, PartnerReference
from almoner.office.claims.reasons import REASONS
from almoner.office.records.bulk import read_rows
from almoner.office.runs.claimed import approved_runs, chain_head, claimed_receipts

Row = dict[str, Any]
MOVES = pa.schema(
    [("act_id", pa.int64()), ("place", pa.int64()), ("run_id", pa.string()), ("receipt_number", pa.int64()), ("standing", pa.string())]
)
ACTS = pa.schema([("number", pa.int64()), ("at", pa.timestamp("us", "UTC")), ("reason", pa.string()), ("disputed_pence", pa.int64())])
INVOICED = pa.schema([("invoice_id", pa.int64()), ("run_id", pa.string()), ("receipt_number", pa.int64())])
REFERENCES = pa.schema([("number", pa.int64()), ("funder_id", pa.string()), ("line_id", pa.string()), ("reference", pa.string())])
BOOK = """
WITH standing AS (
    SELECT run_id, receipt_number, max(act_id) AS act_id FROM moves WHERE standing <> '' GROUP BY run_id, receipt_number
),
latest AS (
    SELECT s.run_id, s.receipt_number, m.standing, s.act_id, a.at, a.reason, a.disputed_pence
    FROM standing s
    JOIN moves m ON m.act_id = s.act_id AND m.run_id = s.run_id AND m.receipt_number = s.receipt_number
    JOIN acts a ON a.number = s.act_id
),
own AS (
    SELECT r.*, i.invoice_id, l.act_id, l.at AS since, l.reason, l.disputed_pence, r.run_id IN (SELECT run_id FROM approved) AS approved,
        CASE WHEN i.invoice_id IS NOT NULL THEN 'invoiced' ELSE coalesce(l.standing, 'to_agree') END AS own_state
    FROM claimed r
    LEFT JOIN latest l ON l.run_id = r.run_id AND l.receipt_number = r.number
    LEFT JOIN invoiced i ON i.run_id = r.run_id AND i.receipt_number = r.number
),
called AS (SELECT funder_id, line_id, arg_max(reference, number) AS called FROM "references" GROUP BY funder_id, line_id),
stopped AS (
    SELECT funder_id, line_id, week, min(since) AS since, min({'run_id': run_id, 'number': number}) AS first
    FROM own WHERE own_state = 'disputed' GROUP BY funder_id, line_id, week
),
shown AS (
    SELECT o.*, coalesce(c.called, '') AS called, s.first.run_id || '.' || s.first.number AS follows, s.since AS stopped_since,
        lag(o.amount_pence) OVER (PARTITION BY o.funder_id, o.line_id, o.kind ORDER BY o.week, o.run_id, o.number) AS before_pence
    FROM own o LEFT JOIN stopped s ON s.funder_id = o.funder_id AND s.line_id = o.line_id AND s.week = o.week AND o.own_state <> 'invoiced'
        AND {'run_id': o.run_id, 'number': o.number} >= s.first
    LEFT JOIN called c ON c.funder_id = o.funder_id AND c.line_id = o.line_id
)
SELECT run_id || '.' || number AS receipt, run_id, number, funder_id, line_id, week, date_trunc('month', week + 6)::DATE AS month, kind,
    amount_pence, cause, approved, act_id, reason, disputed_pence, invoice_id, called,
    CASE WHEN follows IS NOT NULL THEN 'disputed' ELSE own_state END AS state,
    CASE WHEN own_state <> 'disputed' THEN follows END AS follows,
    CASE WHEN own_state = 'disputed' THEN since ELSE stopped_since END AS since,
    kind = 'adjustment' OR before_pence IS NULL OR before_pence <> amount_pence AS changed
FROM shown ORDER BY week, line_id, run_id, number
"""
MONTHS = """
WITH aged AS (
    SELECT *, CASE WHEN state = 'disputed' THEN date_diff('day', (since AT TIME ZONE 'Europe/London')::DATE, CAST(? AS DATE)) END AS age
    FROM book
)
SELECT funder_id, month, count(*) AS receipts, sum(amount_pence)::BIGINT AS claimed_pence,
    count(*) FILTER (state = 'to_agree') AS waiting, count(*) FILTER (state = 'disputed') AS disputed,
    coalesce(sum(amount_pence) FILTER (state = 'agreed'), 0)::BIGINT AS agreed_pence,
    coalesce(sum(amount_pence) FILTER (state = 'to_agree'), 0)::BIGINT AS waiting_pence,
    coalesce(sum(amount_pence) FILTER (state = 'disputed'), 0)::BIGINT AS disputed_pence,
    coalesce(sum(amount_pence) FILTER (state = 'disputed' AND age < 30), 0)::BIGINT AS under_30_pence,
    coalesce(sum(amount_pence) FILTER (state = 'disputed' AND age BETWEEN 30 AND 60), 0)::BIGINT AS to_60_pence,
    coalesce(sum(amount_pence) FILTER (state = 'disputed' AND age BETWEEN 61 AND 90), 0)::BIGINT AS to_90_pence,
    coalesce(sum(amount_pence) FILTER (state = 'disputed' AND age > 90), 0)::BIGINT AS over_90_pence,
    coalesce(sum(amount_pence) FILTER (state = 'invoiced'), 0)::BIGINT AS invoiced_pence,
    count(*) FILTER (state IN ('agreed', 'to_agree') AND approved) AS ready,
    coalesce(sum(amount_pence) FILTER (state IN ('agreed', 'to_agree') AND approved), 0)::BIGINT AS ready_pence,
    count(*) FILTER (state IN ('agreed', 'to_agree') AND NOT approved) AS unapproved,
    coalesce(sum(amount_pence) FILTER (state IN ('agreed', 'to_agree') AND NOT approved), 0)::BIGINT AS unapproved_pence,
    max(age) AS oldest_dispute
FROM aged GROUP BY funder_id, month ORDER BY funder_id, month DESC
"""
DISPUTED = "SELECT * FROM book WHERE state = 'disputed' AND follows IS NULL ORDER BY since"
MOST_KEPT = 8
_BOOKS: dict[tuple[str, str], tuple[tuple[object, ...], pa.Table]] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Month:
    """What is claimed of a funder for the weeks that end in a month, in receipts and pence, by where it stands.

    `ready`: what an invoice may take now. `unapproved`: what a run claims that no second person has approved. `oldest_dispute`: days.
    """

    funder_id: str
    month: date
    receipts: int
    claimed_pence: int
    waiting: int
    disputed: int
    agreed_pence: int
    waiting_pence: int
    disputed_pence: int
    under_30_pence: int
    to_60_pence: int
    to_90_pence: int
    over_90_pence: int
    invoiced_pence: int
    ready: int
    ready_pence: int
    unapproved: int
    unapproved_pence: int
    oldest_dispute: int | None


@dataclass(frozen=True)
class Sent:
    """A file sent with words; its content is asked for by its number."""

    number: int
    name: str
    size_bytes: int


@dataclass(frozen=True)
class Said:
    """One act about a receipt, with its words and files."""

    number: int
    act: str
    side: str
    by: str
    by_name: str
    at: datetime
    text: str
    reason: str
    disputed_pence: int | None
    together: int
    files: tuple[Sent, ...]

    @property
    def reason_words(self) -> str:
        """Why it is disputed; empty for other acts."""
        return REASONS.get(self.reason, "")


def book_of(funder_id: str = "") -> pa.Table:
    """Every claim receipt of a funder, or of all, with where it stands, by week and line.

    `receipt`, `month`, `state`, `since` (of a dispute), `follows` (the disputed receipt it waits with), `changed` (another amount than the
    line's receipt before), `called` (the funder's own reference of the line).

    Remembered until a run is sealed or approved, somebody answers, or an invoice is made.
    """
    key = (str(connection.settings_dict["NAME"]), funder_id)
    stand = _stand()
    kept = _BOOKS.get(key)
    if kept is None or kept[0] != stand:
        kept = (stand, _worked_out(funder_id))
        with _LOCK:
            _BOOKS.pop(key, None)
            while len(_BOOKS) >= MOST_KEPT:
                _BOOKS.pop(next(iter(_BOOKS)))
            _BOOKS[key] = kept
    return kept[1]


def _worked_out(funder_id: str) -> pa.Table:
    own = " WHERE {} IN (SELECT number FROM {} WHERE funder_id = %s)" if funder_id else ""
    given = [funder_id] if funder_id else []
    with in_memory() as memory:
        memory.register("claimed", claimed_receipts(funder_id))
        memory.register("approved", pa.table({"run_id": pa.array(approved_runs(), pa.string())}))
        moves = f"SELECT * FROM almoner_claim_act_receipts{own.format('act_id', 'almoner_claim_acts')}"
        memory.register("moves", read_rows(moves, MOVES, given, order=("act_id", "place")))
        acts = "SELECT * FROM almoner_claim_acts" + (" WHERE funder_id = %s" if funder_id else "")
        memory.register("acts", read_rows(acts, ACTS, given, order=("number",)))
        invoiced = f"SELECT * FROM almoner_invoice_receipts{own.format('invoice_id', 'almoner_invoices')}"
        memory.register("invoiced", read_rows(invoiced, INVOICED, given, order=("invoice_id", "run_id", "receipt_number")))
        called = "SELECT * FROM almoner_partner_references" + (" WHERE funder_id = %s" if funder_id else "")
        memory.register("references", read_rows(called, REFERENCES, given, order=("number",)))
        return asked(memory, BOOK)


def asked(memory: duckdb.DuckDBPyConnection, question: str, given: Iterable[object] = ()) -> pa.Table:
    """The answer of the engine in memory as a table."""
    return memory.sql(question, params=list(given)).to_arrow_table()


def of_book(book: pa.Table, question: str, given: Iterable[object] = ()) -> list[Row]:
    """The rows that a question about a `book` gives."""
    with in_memory() as memory:
        memory.register("book", book)
        rows: list[Row] = asked(memory, question, given).to_pylist()
        return rows


def months_of(funder_id: str, today: date, *, book: pa.Table | None = None) -> list[Month]:
    """What is claimed of a funder, or of every one, month by month, by funder and the latest month first."""
    return [Month(**row) for row in of_book(book_of(funder_id) if book is None else book, MONTHS, [today])]


def claim_rows(funder_id: str, *, month: date | None = None, receipt: str = "", line_id: str = "") -> list[Row]:
    """Rows of `book_of`: of a month, of one receipt, of a line; of all when none is given."""
    wanted = [(term, value) for term, value in (("month = ?", month), ("receipt = ?", receipt), ("line_id = ?", line_id)) if value]
    condition = " AND ".join(term for term, _ in wanted) or "true"
    return of_book(
        book_of(funder_id), f"SELECT * FROM book WHERE {condition} ORDER BY week, line_id, run_id, number", [v for _, v in wanted]
    )


def claim_row(receipt: str, funder_id: str = "") -> Row | None:
    """One claim receipt, by its id `R-0003.17`; None when there is none, or it is another funder's than the one named."""
    return next(iter(claim_rows(funder_id, receipt=receipt)), None)


def said_of(run_id: str, number: int) -> list[Said]:
    """What was said and settled about a receipt, in order."""
    about = {"claimactreceipt__run_id": run_id, "claimactreceipt__receipt_number": number}
    acts = list(ClaimAct.objects.filter(**about).order_by("number"))
    files: dict[int, list[Sent]] = {}
    with_files = [act.number for act in acts if act.file_count]
    rows = ClaimFile.objects.filter(act_id__in=with_files).values_list("act_id", "id", "name", "size_bytes") if with_files else ()
    for act_id, pk, name, size in rows:
        files.setdefault(act_id, []).append(Sent(pk, name, size))
    return [
        Said(
            act.number, act.act, act.side, act.by, act.by_name, act.at, act.text, act.reason, act.disputed_pence, act.receipt_count,
            tuple(files.get(act.number, ())),
        )
        for act in acts
    ]  # fmt: skip


def file_of(run_id: str, number: int, file: int) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of a file sent about a receipt; None when there is none of that number."""
    found = ClaimFile.objects.filter(pk=file, act__claimactreceipt__run_id=run_id, act__claimactreceipt__receipt_number=number).first()
    return (found.name, found.media_type, bytes(found.content)) if found else None


def open_disputes(funder_id: str = "") -> list[Row]:
    """What a funder, or any, disputes now, the oldest first: rows of `book_of` with `is_answered`, whether the council spoke last."""
    disputed = of_book(book_of(funder_id), DISPUTED)
    return [{**row, "is_answered": act == "answered"} for row, act in _last_words(disputed)]


def _last_words(disputed: list[Row]) -> list[tuple[Row, str]]:
    if not disputed:
        return []
    runs = {row["run_id"] for row in disputed}
    last: dict[tuple[str, int], int] = {}
    for run_id, number, act_id in ClaimActReceipt.objects.filter(run_id__in=runs).values_list("run_id", "receipt_number", "act_id"):
        last[run_id, number] = max(last.get((run_id, number), 0), act_id)
    wanted = [last[row["run_id"], row["number"]] for row in disputed]
    acts = dict(ClaimAct.objects.filter(number__in=wanted).values_list("number", "act"))
    return [(row, acts[act]) for row, act in zip(disputed, wanted, strict=True)]


def reference_of(funder_id: str, line_id: str) -> str:
    """What a funder calls a line; empty where it has given no reference."""
    named = PartnerReference.objects.filter(funder_id=funder_id, line_id=line_id).order_by("-number")
    return named.values_list("reference", flat=True).first() or ""


def _stand() -> tuple[object, ...]:
    """What the book of claims was worked out from: it is another after any run's step, act, invoice or reference."""
    select = (
        "SELECT (SELECT max(number) FROM almoner_claim_acts), (SELECT max(at) FROM almoner_claim_acts),"
        ' (SELECT act || "by" || text FROM almoner_claim_acts ORDER BY number DESC LIMIT 1),'
        " (SELECT max(number) FROM almoner_invoices), (SELECT max(basis) FROM almoner_invoices),"
        " (SELECT max(number) FROM almoner_partner_references), (SELECT max(at) FROM almoner_partner_references)"
    )
    with connection.cursor() as cursor:
        cursor.execute(select)
        return (chain_head(), *cursor.fetchone())
