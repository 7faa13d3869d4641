"""Runs, holds, receipts and what was found, as JSON's plain values and as tables on the screen."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from almoner.core.explain import day_text, plural
from almoner.core.money import pounds as in_words
from almoner.formats.pounds import pounds
from almoner.office.exchange.operations import Issued
from almoner.office.letters.operations import Posted
from almoner.office.runs.explanations import Explained
from almoner.office.runs.holds import HoldShown, open_holds
from almoner.office.runs.operations import Drafted, Due, Sealed, Settled
from almoner.office.runs.preview import waiting
from almoner.office.runs.queries import (
    RunShown,
    draft_table,
    holds_of,
    payments_of,
    receipts_like,
    receipts_of,
    run_shown,
    runs_shown,
    total_pence,
)
from almoner.office.runs.refusals import NoSuchRun
from almoner.office.runs.verification import Verified, as_rows

Row = dict[str, Any]
SHOWN = 40
WIDE = 130
"""Columns of a screen on which sentences fit beside a table's other cells."""
NEXT = {"draft": "seal", "sealed": "approve", "approved": "issue", "issued": "settle"}


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error; it leaves nothing behind."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)
        yield lambda name, done, total: bar.update(task, description=name.capitalize(), completed=done, total=total)


def _table(*names: str) -> Table:
    """A table whose ids and dates are never broken, even on a screen of 80 columns."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, no_wrap=True)
    return table


def _amount(text: str) -> str:
    """`-1234.56` as people read it: `−£1,234.56`."""
    return in_words(int(text.replace(".", "")))


def _with_reasons(table: Table) -> bool:
    """Add the column that says why, where the screen is wide enough to read it."""
    if Console().width < WIDE:
        return False
    table.add_column("why")
    return True


def show_drafted(drafted: Drafted) -> None:
    """A draft in words."""
    print(f"{drafted.run} is drafted: {drafted.book} through {drafted.through}{_of_cycle(drafted.cycle)}.")
    receipts, holds = plural(drafted.receipts, "receipt"), plural(drafted.holds, "hold")
    print(f"{receipts}, {in_words(drafted.receipts_pence)}; {holds}, {in_words(drafted.held_pence)}.")
    print(drafted.reason_for_scope)
    print(f"Next: almoner run seal {drafted.run} --by USER (or run show, run discard)")


def _of_cycle(cycle: str) -> str:
    return f", {cycle.replace('_', '-')} contracts" if cycle else ""


def show_sealed(sealed: Sealed) -> None:
    """A sealed run in words."""
    receipts, holds = plural(sealed.receipts, "receipt"), plural(sealed.holds, "hold")
    print(f"{sealed.run} is sealed: {receipts}, {in_words(sealed.receipts_pence)}; {holds}.")
    carried = f"{plural(sealed.carried, 'payee')} in debit, carried and not paid" if sealed.carried else "nobody in debit"
    print(f"{plural(sealed.payments, 'payment')}, {in_words(sealed.payments_pence)}; {carried}.")
    print(f"Seal {sealed.hash}")
    print(f"Next: almoner run approve {sealed.run} --by ANOTHER")


def show_issued(issued: Issued, written: Sequence[Path]) -> None:
    """What was issued in words."""
    print(f"{issued.run} {'was issued before; the same files' if issued.again else 'is issued'} under {issued.reference}.")
    by_folder: dict[Path, list[Path]] = {}
    for path in written:
        by_folder.setdefault(path.parent, []).append(path)
    for folder, paths in by_folder.items():
        names = ", ".join(path.name for path in paths) if len(paths) < 8 else f"{len(paths)} files"
        print(f"  {folder}: {names}")
    for name, reason in issued.left_out:
        print(f"  without {name}: {reason}")
    for payee in issued.not_possible:
        print(f"  warning: the account of payee {payee} cannot exist (modulus check); the bank will send the money back")
    print(f"Next: almoner run settle {issued.run} --by USER")


def show_settled(settled: Settled) -> None:
    """A settled run in words."""
    print(
        f"{settled.run} is settled: {settled.paid:,} paid, {in_words(settled.paid_pence)}; "
        f"{settled.bounced:,} bounced, {in_words(settled.bounced_pence)}."
    )
    if settled.bounced:
        print("What bounced is due again in the next run.")


def answer_run(run: str, *, at: datetime) -> Row:
    """One run with its totals, and what was recorded since with its value."""
    shown = run_shown(run)
    if shown is None:
        raise NoSuchRun(f"There is no run {run}.", "See `almoner run show` for the runs there are.")
    since = waiting(shown, at=at)
    return {
        **_header(shown),
        "events": [asdict(event) for event in shown.events],
        "waiting": {
            "facts": since.facts,
            "receipts": since.receipts.num_rows,
            "amount": pounds(since.difference_pence),
            "largest": [_receipt_row(row, "difference_pence") for row in since.receipts.slice(0, SHOWN).to_pylist()],
        },
    }


def answer_runs() -> list[Row]:
    """Every run."""
    return [_header(shown) for shown in runs_shown()]


def _header(shown: RunShown) -> Row:
    is_draft = shown.state == "draft"
    receipts = draft_table(shown.run, "result", "receipts") if is_draft else receipts_of(shown.run)
    held = draft_table(shown.run, "result", "holds") if is_draft else holds_of(shown.run)
    assert receipts is not None and held is not None, "a run has receipts and holds, be they none"
    payments = None if is_draft else payments_of(shown.run)
    return {
        "run": shown.run, "state": shown.state, "book": shown.book, "through": shown.through, "cycle": shown.cycle, "origin": shown.origin,
        "as_of": shown.as_of, "receipts": receipts.num_rows, "amount": pounds(total_pence(receipts)),
        "holds": held.num_rows, "held": pounds(total_pence(held)),
        "paid": pounds(total_pence(payments)) if payments is not None else None,
        "scope": shown.reason_for_scope, "drafted_by": shown.drafted_by,
    }  # fmt: skip


def show_run(answer: Row) -> None:
    """One run in words."""
    print(
        f"{answer['run']}, {answer['book']} through {answer['through']}: {answer['state']}. "
        f"Facts as known at {answer['as_of']:%d %B %Y %H:%M %Z}."
    )
    receipts, holds = plural(answer["receipts"], "receipt"), plural(answer["holds"], "hold")
    print(f"{receipts}, {_amount(answer['amount'])}; {holds}, {_amount(answer['held'])}.")
    print(answer["scope"])
    for event in answer["events"]:
        print(f"  {event['at']:%d %B %Y %H:%M} {event['event']} by {event['by']}  {event['hash'][:16]}")
    since = answer["waiting"]
    if since["facts"]:
        told = ", ".join(f"{count} in {name}" for name, count in since["facts"].items())
        worth = f"{_amount(since['amount'])} in {plural(since['receipts'], 'receipt')}"
        print(f"Recorded since, and waiting for the next run: {told}; worth {worth}.")
    if answer["state"] in NEXT and answer["origin"] != "imported":
        print(f"Next: almoner run {NEXT[answer['state']]} {answer['run']} --by USER")


def show_runs(answer: list[Row]) -> None:
    """Every run as a table."""
    table = _table("run", "book", "cycle", "through", "state")
    for name in ("receipts", "amount", "held"):
        table.add_column(name, justify="right")
    for row in answer:
        state = "imported" if row["origin"] == "imported" else row["state"]
        cells = (row["run"], row["book"], row["cycle"], str(row["through"]), state, f"{row['receipts']:,}")
        table.add_row(*cells, _amount(row["amount"]), _amount(row["held"]))
    Console().print(table if answer else "There is no run yet. Next: almoner run draft payments --through DATE --by USER")


def answer_holds(*, code: str, decided: bool) -> list[Row]:
    """Open holds, largest first."""
    return [answer_hold(hold) for hold in open_holds() if (not code or hold.code == code) and (decided or not hold.decided)]


def answer_hold(hold: HoldShown) -> Row:
    """One hold."""
    row = asdict(hold)
    return {**{name: row[name] for name in row if name != "amount_pence"}, "amount": pounds(hold.amount_pence)}


def show_holds(answer: list[Row]) -> None:
    """Open holds as a table."""
    table = _table("hold", "code", "provider", "person", "line", "week")
    table.add_column("amount", justify="right")
    with_reasons = _with_reasons(table)
    for row in answer[:SHOWN]:
        why = [row["decided"] or row["message"]] if with_reasons else []
        cells = (row["hold"], row["code"], row["provider_id"], row["person_id"], row["line_id"], str(row["week"]), _amount(row["amount"]))
        table.add_row(*cells, *why)
    Console().print(table if answer else "Nothing is held.")
    if answer:
        print(plural(len(answer), "hold") + (f", the {SHOWN} largest shown" if len(answer) > SHOWN else "") + ".")
        print(f"Next: almoner release {answer[0]['hold']} --reason TEXT --by USER")


def show_decided(answer: Row) -> None:
    """A decision in words."""
    print(f"{answer['hold']} ({answer['code']}, {_amount(answer['amount'])}) is {answer['decision']}.")
    if answer["decision"] == "released":
        print("The next run pays it. Next: almoner run draft payments --through DATE --by USER")


def answer_receipts(**wanted: str) -> list[Row]:
    """Sealed receipts with their ids."""
    rows = receipts_like(**wanted).to_pylist()
    return [
        {**_receipt_row(row, "amount_pence"), "receipt": f"{row['run_id']}.{row['number']}", "run": row["run_id"], "cause": row["cause"]}
        for row in rows
    ]


COLUMNS = ("book", "payee_id", "person_id", "line_id", "provider_id", "funder_id", "week", "kind")


def _receipt_row(row: Row, pence: str) -> Row:
    return {**{name: row[name] for name in COLUMNS if name in row}, "amount": pounds(row[pence])}


def print_csv(answer: list[Row]) -> None:
    """Receipts as CSV on standard output."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [*COLUMNS, "amount", "receipt", "run", "cause"]
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in answer)


def show_receipts(answer: list[Row]) -> None:
    """Receipts as a table."""
    table = _table("receipt", "payee", "person", "line", "week", "kind")
    table.add_column("amount", justify="right")
    with_reasons = _with_reasons(table)
    for row in answer[:SHOWN]:
        cells = (row["receipt"], row["payee_id"], row["person_id"], row["line_id"], str(row["week"]), row["kind"], _amount(row["amount"]))
        table.add_row(*cells, *([row["cause"]] if with_reasons else []))
    Console().print(table if answer else "There is no such receipt.")
    if len(answer) > SHOWN:
        print(f"{len(answer):,} receipts, the first {SHOWN} shown; --csv prints them all.")
    if answer:
        print(f"Next: almoner explain {answer[0]['receipt']}")


def answer_explained(explained: Explained) -> Row:
    """A receipt and its sentences."""
    sentences = [{"text": sentence.text, "rules": list(sentence.rules)} for sentence in explained.sentences]
    return {"receipt": explained.receipt, **_receipt_row(explained.row, "amount_pence"), "sentences": sentences}


def show_explained(answer: Row) -> None:
    """A receipt explained, one sentence a line with its rules."""
    print(
        f"Receipt {answer['receipt']}: {_amount(answer['amount'])} to {answer['payee_id']}, line {answer['line_id'] or '–'}, "
        f"week of {day_text(answer['week'])}"
    )
    for sentence in answer["sentences"]:
        print(f"  {sentence['text']}  [{', '.join(sentence['rules'])}]")


def answer_verified(found: Verified) -> Row:
    """What verify found."""
    return {
        "events": found.events, "runs": found.runs, "recalculated": found.recalculated, "head": found.head, "sound": not found.troubles,
        "troubles": as_rows(found.troubles), "differing": list(found.differing),
    }  # fmt: skip


def show_verified(answer: Row) -> None:
    """What verify found, in words."""
    for trouble in answer["troubles"]:
        print(f"TROUBLE {trouble['where']} {trouble['message']}.")
    for line in answer["differing"]:
        print(line)
    count = len(answer["troubles"])
    verdict = f"{plural(count, 'trouble')} {'was' if count == 1 else 'were'} found." if count else "Everything stored is what was sealed."
    print(f"{verdict} {plural(answer['events'], 'event')}, {plural(answer['runs'], 'run')}, {answer['recalculated']} worked out again.")
    if answer["head"]:
        print(f"Head {answer['head']}")


def answer_due(done: Due, posted: Posted) -> Row:
    """What was due."""
    return {
        "periods": done.periods, "drafted": [asdict(drafted) for drafted in done.drafted],
        "reminders": [asdict(reminder) for reminder in done.reminders],
        "drafts_expired": done.drafts_expired, "letters_sent": posted.sent, "letters_waiting": posted.waiting,
    }  # fmt: skip


def show_due(answer: Row) -> None:
    """What was due, in words."""
    for drafted in answer["drafted"]:
        what = f"{drafted['book']} through {drafted['through']}{_of_cycle(drafted['cycle'])}"
        print(f"{drafted['run']} is drafted: {what}: {plural(drafted['receipts'], 'receipt')}, {in_words(drafted['receipts_pence'])}.")
    for reminder in answer["reminders"]:
        print(f"{reminder['name']} has {reminder['week_count']} weeks to submit by {reminder['cut_off_at']:%d %B %Y %H:%M}.")
    if answer["drafted"]:
        print("Next, for each: almoner run seal RUN --by USER (or run show, run discard)")
    if answer["drafts_expired"]:
        print(f"{plural(answer['drafts_expired'], 'answer')} in drafts of actuals older than 13 weeks let go.")
    if answer["letters_sent"]:
        print(f"{plural(answer['letters_sent'], 'email')} sent.")
    if answer["letters_waiting"]:
        print(f"{plural(answer['letters_waiting'], 'email')} could not be sent and will be tried again.")
    if not any(value for name, value in answer.items() if name != "periods"):
        print("Nothing is due.")
