"""The files of a run: which there are, and how each is made from what the run posted. Reads nothing and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import pyarrow as pa

from almoner.formats.ledgers.ledger import LEDGER, write_ledger
from almoner.formats.ledgers.mapping import Mapping as LedgerMapping
from almoner.formats.payments.payment import Payment
from almoner.formats.payments.submission import Submission
from almoner.formats.registry import FormatKind, format_named, formats_of
from almoner.formats.remittances.bulk import write_remittances
from almoner.formats.remittances.remittance import Remittance, RemittanceLine
from almoner.office.exchange.advice import advice_line
from almoner.office.exchange.council import Council
from almoner.office.exchange.issued_rows import RunRows
from almoner.office.journal.refusals import Refusal
from almoner.office.runs.chain import bytes_hash
from almoner.office.runs.operations import FileToIssue
from almoner.office.runs.queries import RunShown

LEDGER_FILE, REMITTANCES = "ledger", "remittances"
Progress = Callable[[str, int, int], None]


class FormatNotPossible(Refusal):
    """A file that was asked for and cannot be made of this run."""

    code: ClassVar[str] = "FORMAT-NOT-POSSIBLE"


@dataclass(frozen=True)
class ToIssue:
    """Everything the files of a run are made from. `head` is the hash of the last event before the issue; `accounts` by payee."""

    shown: RunShown
    reference: str
    payments: Sequence[Mapping[str, Any]]
    rows: RunRows
    accounts: Mapping[str, Mapping[str, Any]]
    council: Council
    mapping: LedgerMapping
    head: str
    pay_date: date
    issued_at: datetime
    progress: Progress | None = None

    @property
    def paid(self) -> list[Mapping[str, Any]]:
        """The payments of more than nothing."""
        return [payment for payment in self.payments if payment["amount_pence"] > 0]


def bank_formats() -> tuple[str, ...]:
    """The payment files there are, those installed beside Almoner included."""
    return tuple(format_.name for format_ in formats_of(FormatKind.PAYMENT_FILE))


def formats_to_issue() -> tuple[str, ...]:
    """Every format a run can be issued in."""
    return (*bank_formats(), LEDGER_FILE, REMITTANCES)


def why_not(run: ToIssue, name: str) -> str:
    """Why a format cannot be made of this run; empty when it can."""
    if name not in formats_to_issue():
        return f"There is no format {name}; there are {', '.join(formats_to_issue())}."
    if name != LEDGER_FILE and run.shown.book != "payments":
        return f"{name} is for the payments book, and run {run.shown.run} is of {run.shown.book}."
    return _why_no_bank_file(run, name) if name in bank_formats() else ""


def _why_no_bank_file(run: ToIssue, name: str) -> str:
    if run.council.payer is None:
        return "council.toml does not say from which account the council pays."
    if name == "bacs" and not run.council.payer.service_user_number:
        return "council.toml gives no service user number for Bacs."
    if not run.paid:
        return f"Run {run.shown.run} pays nobody."
    without = [payment["payee_id"] for payment in run.paid if payment["payee_id"] not in run.accounts]
    if without:
        return f"{len(without)} payees have no bank account verified by a second person, {without[0]} first."
    return ""


def make_files(run: ToIssue, names: Sequence[str]) -> list[FileToIssue]:
    """The files in the formats named, then the manifest over them. Raises FormatNotPossible and the refusals of the formats."""
    made: list[FileToIssue] = []
    for name in names:
        reason = why_not(run, name)
        if reason:
            raise FormatNotPossible(reason, "Mend that first, or issue in other formats.")
        made += {LEDGER_FILE: _ledger, REMITTANCES: _remittances}[name](run) if name not in bank_formats() else _bank_file(run, name)
    return [*made, _manifest(run, made)]


def _payments(run: ToIssue) -> list[Payment]:
    return [
        Payment(
            payment["reference"], payment["payee_id"], run.accounts[payment["payee_id"]]["account_name"],
            run.accounts[payment["payee_id"]]["sort_code"], run.accounts[payment["payee_id"]]["account_number"], payment["amount_pence"],
        )
        for payment in run.paid
    ]  # fmt: skip


def _bank_file(run: ToIssue, name: str) -> list[FileToIssue]:
    assert run.council.payer is not None, "a bank file has a payer"
    format_ = format_named(name)
    # The reference carries the head of the chain, as far as a bank has room for it.
    submission = Submission(
        reference=f"{run.reference}/{run.head[: 32 - len(run.reference)]}",
        serial=run.shown.run.removeprefix("R-").zfill(6)[-6:],
        created_at=run.issued_at,
        pay_on=run.pay_date,
    )
    content = format_.write(_payments(run), run.council.payer, submission)
    return [FileToIssue(name, f"{run.reference}.{name}{format_.suffix}", format_.media_type, run.reference, content)]


def _ledger(run: ToIssue) -> list[FileToIssue]:
    references = {payment["payee_id"]: payment["reference"] for payment in run.payments}
    rows = run.rows.ledger
    count = rows.num_rows
    payees = rows.column("payee_id").to_pylist()
    table = rows.append_column("run_reference", pa.repeat(run.reference, count))
    table = table.append_column("reference", pa.array([references.get(payee, run.reference) for payee in payees], pa.string()))
    table = table.append_column("pay_date", pa.repeat(pa.scalar(run.pay_date, pa.date32()), count))
    whole = table.select(LEDGER.names).cast(LEDGER).append_column("head_hash", pa.repeat(run.head, count))
    return [FileToIssue(LEDGER_FILE, f"{run.reference}.ledger.csv", "text/csv", run.reference, write_ledger(whole, run.mapping))]


def _remittances(run: ToIssue) -> list[FileToIssue]:
    lines: dict[str, list[RemittanceLine]] = {}
    for row in run.rows.advice.to_pylist():
        lines.setdefault(row["payee_id"], []).append(advice_line(row))
    names = {row["payee_id"]: row["payee_name"] for row in run.rows.ledger.select(["payee_id", "payee_name"]).to_pylist()}
    advices = [_advice(run, payment, names, lines.get(payment["payee_id"], [])) for payment in run.payments]
    told = run.progress
    made: list[FileToIssue] = []
    for written in write_remittances(advices, progress=(lambda done, of: told("remittances", done, of)) if told else None):
        stem = f"remittances/{written.reference}"
        made.append(FileToIssue("remittances", f"{stem}.pdf", "application/pdf", written.reference, written.pdf))
        made.append(FileToIssue("remittances", f"{stem}.csv", "text/csv", written.reference, written.csv))
        made.append(FileToIssue("remittances", f"{stem}.xlsx", XLSX, written.reference, written.xlsx))
    return made


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _advice(run: ToIssue, payment: Mapping[str, Any], names: Mapping[str, str], lines: list[RemittanceLine]) -> Remittance:
    return Remittance(
        provider_id=payment["payee_id"],
        provider_name=names.get(payment["payee_id"]) or payment["payee_id"],
        reference=payment["reference"],
        pay_date=run.pay_date,
        period=f"care up to {run.shown.through.day} {run.shown.through:%B %Y}",
        lines=tuple(lines),
        paid_pence=payment["amount_pence"],
        carried_in_pence=payment["carried_in_pence"],
        carried_out_pence=payment["carried_out_pence"],
        payer_name=run.council.name,
        enquiries=run.council.enquiries,
        run=run.shown.run,
        seal=run.head[:16],
    )


def _manifest(run: ToIssue, made: Sequence[FileToIssue]) -> FileToIssue:
    """What was issued, over which seal: with it `verify --head` finds a run that was taken away later."""
    told = {
        "run": run.shown.run,
        "reference": run.reference,
        "book": run.shown.book,
        "through": run.shown.through.isoformat(),
        "pay_date": run.pay_date.isoformat(),
        "issued_at": run.issued_at.isoformat(),
        "head": run.head,
        "payments": len(run.paid),
        "payments_pence": sum(payment["amount_pence"] for payment in run.paid),
        "files": [{"name": file.name, "sha256": bytes_hash(file.content), "bytes": len(file.content)} for file in made],
    }
    content = json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"
    return FileToIssue("manifest", f"{run.reference}.manifest.json", "application/json", run.reference, content)
