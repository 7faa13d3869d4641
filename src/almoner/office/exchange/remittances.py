"""A payment as its provider reads it: which care each pound is for, in the words of the issued remittance. Reads only."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.memory import in_memory
from almoner.office.accounts.readers import Reader
from almoner.office.care.packages import sort_name
from almoner.office.care.queries import reached
from almoner.office.exchange.advice import quantity_text, rates_text, why
from almoner.office.exchange.issued_rows import run_rows
from almoner.office.parties.queries import account_on
from almoner.office.records.queries import known_at, rows_known
from almoner.office.runs.calendar import CalendarRule
from almoner.office.runs.collected import collected_in
from almoner.office.runs.explanations import without_names
from almoner.office.runs.freshness import watched
from almoner.office.runs.outlook import ExpectedPayment, explained_week, outlook
from almoner.office.runs.payments import PaymentShown, document_of, holds_in, payments_to, receipts_for, receipts_in
from almoner.office.runs.shared_holds import is_shared, own_part, people_shared, sealed_weeks_of

Row = dict[str, Any]
KINDS = ("pdf", "csv", "xlsx")


@dataclass(frozen=True)
class Debt:
    """What was taken back in a payment that came to less than nothing, what of it was met by what was due, and what is carried on."""

    taken_pence: int
    met_pence: int


@dataclass(frozen=True)
class Remittance:
    """`rows`: one a receipt of the reader's lines, by person, line and week; `held`: what the run held of them. `payment` for one that is
    sealed, `expected` for one still to come."""

    payment: PaymentShown | None
    expected: ExpectedPayment | None
    rows: list[Row]
    held: list[Row]
    account: str
    documents: tuple[str, ...]
    debt: Debt | None


@dataclass(frozen=True)
class Payments:
    """What was paid and what comes next; `collected`: pence by run that the provider collects itself of the weeks paid for; `part` says
    that the reader sees a part of the organisation only; `services` are those of their lines."""

    paid: list[PaymentShown]
    coming: tuple[ExpectedPayment, ...]
    documents: Mapping[str, tuple[str, ...]]
    collected: Mapping[str, int]
    part: bool
    services: tuple[str, ...] = ()


def payments_shown(reader: Reader, at: datetime, rules: Sequence[CalendarRule] = (), *, named: str = "", service: str = "") -> Payments:
    """Every payment to the reader's organisation, the newest first; `named`: only those for a line or person of that number; `service`:
    only those for care of that service."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    lines = reached(reader, view.lines)
    coming = tuple(part_of(payment, lines, view.lines, at) for payment in view.payments)
    paid = list(view.paid) if not reader.is_limited else payments_to(reader.organisation_id, lines.column("line_id"), rules=rules)
    if named or service:
        wanted = lines
        if named:
            wanted = wanted.filter(pc.or_(pc.equal(wanted.column("line_id"), named), pc.equal(wanted.column("person_id"), named)))
        if service:
            wanted = wanted.filter(pc.equal(wanted.column("service_type"), service))
        runs = set(receipts_for(wanted.column("line_id")).column("run_id").to_pylist())
        paid = [one for one in paid if one.run in runs]
    if reader.is_limited:
        paid = [one for one in paid if one.lines_pence or one.first_week]
    issued = {one.run: KINDS for one in paid if one.run_state in ("issued", "settled") and not reader.is_limited}
    watch, shown = watched(reader.organisation_id, at), tuple(one.run for one in paid)
    name = ("collected", shown, frozenset(lines.column("line_id").to_pylist()))
    collected = watch.keep(name, (watch.sealed,), lambda: collected_in(shown, lines.column("line_id")))
    services = tuple(sorted(set(lines.column("service_type").to_pylist())))
    return Payments(paid, coming, issued, collected, reader.is_limited, services)


def part_of(payment: ExpectedPayment, lines: pa.Table, every: pa.Table, at: datetime) -> ExpectedPayment:
    """What of an expected payment is for these lines, of `every` line of the provider."""
    ids, people = (lines.column(name).combine_chunks() for name in ("line_id", "person_id"))
    receipts, holds = payment.receipts, payment.holds
    whole = pc.and_(pc.equal(holds.column("line_id"), ""), pc.is_in(holds.column("person_id"), value_set=people))
    stopped = pc.or_(whole, pc.is_in(holds.column("line_id"), value_set=ids))
    own = receipts.filter(pc.is_in(receipts.column("line_id"), value_set=ids))
    held = _own_holds(holds.filter(stopped), payment, lines, people_shared(lines, every), at)
    return ExpectedPayment(payment.period, payment.worked, own, held, payment.carried_in_pence, payment.result)


def _own_holds(holds: pa.Table, payment: ExpectedPayment, lines: pa.Table, shared: frozenset[str], at: datetime) -> pa.Table:
    if not shared:
        return holds
    by_person: dict[str, list[Row]] = defaultdict(list)
    for line in lines.to_pylist():
        by_person[line["person_id"]].append(line)
    rows = []
    for row in holds.to_pylist():
        own = by_person[row["person_id"]]
        if is_shared(row, shared):
            weeks = explained_week(payment, own[0], row["week"], at).workings["weeks"]
            row = own_part(row, [line["line_id"] for line in own], weeks)
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=holds.schema)


def remittance_shown(reader: Reader, run: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> Remittance | None:
    """One payment to the reader's organisation; None when there is none, or none of it is for lines the reader reaches."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    lines = reached(reader, view.lines)
    paid = payments_to(reader.organisation_id, lines.column("line_id"), rules=rules) if reader.is_limited else view.paid
    payment = next((one for one in paid if one.run == run), None)
    receipts = receipts_in(run, lines.column("line_id"))
    if payment is None or (reader.is_limited and receipts.num_rows == 0):
        return None
    told = _as_issued(payment)
    known = {row["line_id"]: row for row in lines.to_pylist()}
    rows = [_row(row, known[row["line_id"]], told.get((row["line_id"], row["week"]), {})) for row in receipts.to_pylist()]
    shared = people_shared(lines, view.lines)
    held = [_own_of_run(row, known, shared) for row in holds_in(run, reader.organisation_id).to_pylist() if _reached(row, known)]
    documents = KINDS if payment.run_state in ("issued", "settled") and not reader.is_limited else ()
    debt = _debt(receipts) if payment.carried_out_pence < 0 and not reader.is_limited else None
    return Remittance(payment, None, _ordered(rows), held, _account(reader, payment.pay_date, at), documents, debt)


def expected_shown(reader: Reader, cycle: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> Remittance | None:
    """What the next payment of a cycle would be if its run were drafted now."""
    view = outlook(reader.organisation_id, at=at, rules=rules, explained=True)
    lines = reached(reader, view.lines)
    found = next((one for one in view.payments if one.period.cycle == cycle), None)
    if found is None:
        return None
    payment = part_of(found, lines, view.lines, at)
    numbered = payment.receipts.append_column("number", pa.array(range(1, payment.receipts.num_rows + 1), pa.int64()))
    advice = run_rows(numbered, payment.worked.facts, payment.worked.reckoned.workings).advice.to_pylist()
    known = {row["line_id"]: row for row in lines.to_pylist()}
    rows = [
        _row(
            {**row, "run_id": "", "number": 0},
            known[row["line_id"]],
            {"quantity": quantity_text(row), "rate": rates_text(row), "why": why(row)},
        )
        for row in advice
    ]
    held = payment.holds.to_pylist()
    return Remittance(None, payment, _ordered(rows), held, _account(reader, payment.period.pay_date, at), (), _debt(payment.receipts))


def document(reader: Reader, run: str, kind: str, at: datetime) -> tuple[str, str, bytes] | None:
    """An issued document of a payment to the reader's organisation, the bytes as issued; None for a reader who sees a part only."""
    if reader.is_limited or kind not in KINDS:
        return None
    payment = next((one for one in outlook(reader.organisation_id, at=at).paid if one.run == run), None)
    return document_of(payment.reference, run, kind) if payment else None


def _row(receipt: Row, line: Mapping[str, Any], told: Mapping[str, str]) -> Row:
    return {
        "person": f"{sort_name(dict(line))} ({line['person_id']})", "person_id": line["person_id"], "line": receipt["line_id"],
        "service": line["service_type"], "week": receipt["week"], "quantity": told.get("quantity", ""), "rate": told.get("rate", ""),
        "amount": receipt["amount_pence"], "kind": receipt["kind"].capitalize(),
        "cause": without_names(receipt["cause"]) if receipt["kind"] == "adjustment" else "",
        "note": told.get("why", "") if receipt["kind"] == "regular" else "", "number": receipt["number"],
        "receipt": f"{receipt['run_id']}.{receipt['number']}" if receipt["run_id"] else "",
    }  # fmt: skip


def _ordered(rows: list[Row]) -> list[Row]:
    """By person, line and week: an adjustment stands under the week it belongs to."""
    return sorted(rows, key=lambda row: (row["person"].casefold(), row["line"], row["week"], row["kind"] != "Regular"))


def _as_issued(payment: PaymentShown) -> dict[tuple[str, date], dict[str, str]]:
    """The words of the issued remittance by line and week: how much, at which rate, and why. Empty before it is issued."""
    found = document_of(payment.reference, payment.run, "csv")
    if found is None:
        return {}
    reader = csv.DictReader(io.StringIO(found[2].decode("utf-8-sig"), newline=""))
    return {(row["line_id"], date.fromisoformat(row["week"])): row for row in reader if row["line_id"]}


def _reached(hold: Row, lines: Mapping[str, Any]) -> bool:
    return hold["line_id"] in lines if hold["line_id"] else any(row["person_id"] == hold["person_id"] for row in lines.values())


def _own_of_run(hold: Row, lines: Mapping[str, Any], shared: frozenset[str]) -> Row:
    if not is_shared(hold, shared):
        return hold
    own = [line for line, row in lines.items() if row["person_id"] == hold["person_id"]]
    return own_part(hold, own, sealed_weeks_of(hold["run_id"], own, hold["week"]))


def _debt(receipts: pa.Table) -> Debt | None:
    with in_memory() as memory:
        memory.register("receipts", receipts)
        found = memory.execute(
            "SELECT coalesce(-sum(amount_pence) FILTER (amount_pence < 0), 0)::BIGINT,"
            " coalesce(sum(amount_pence) FILTER (amount_pence > 0), 0)::BIGINT FROM receipts"
        ).fetchone()
    return Debt(*found) if found else None


def _account(reader: Reader, day: date | None, at: datetime) -> str:
    """The last three digits of the account that the money goes to on a day; empty where none is known, or none verified."""
    rows = rows_known("bank_accounts", known_at(at), {"party_id": [reader.organisation_id]}).to_pylist()
    account = account_on(rows, day or at.date())
    return str(account["account_number"])[-3:] if account else ""
