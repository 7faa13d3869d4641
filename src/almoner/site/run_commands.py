"""Commands that pay: `run …`, holds, release, receipts, verify, due. Django is loaded when one of them runs, not before."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from almoner.site.office_commands import now, open_office
from almoner.site.run_answers import answering, day_of, say
from almoner.site.words_given import a_name, a_reason, reasons

commands = typer.Typer()
run_commands = typer.Typer(help="Draft, seal, approve, issue and settle runs.", no_args_is_help=True)
commands.add_typer(run_commands, name="run")

LOCAL = ZoneInfo("Europe/London")


def in_capitals(told: str) -> str:
    """Ids are printed in capitals, and taken as they are typed."""
    return told.upper()


By = Annotated[str, typer.Option("--by", envvar="ALMONER_USER", help="Who does it.", metavar="USER", callback=a_name)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RunId = Annotated[str, typer.Argument(help="The run's id, like R-0001.", metavar="RUN", callback=in_capitals)]


@run_commands.command("draft")
def draft(
    book: Annotated[str, typer.Argument(help="payments, claims or charges.", metavar="BOOK")],
    through: Annotated[str, typer.Option("--through", help="The last day in it.", metavar="DATE")],
    by: By,
    cycle: Annotated[str, typer.Option("--cycle", help="weekly, four_weekly or monthly contracts only.", metavar="CYCLE")] = "",
    full: Annotated[bool, typer.Option("--full", help="Work out everything, not only what is new, changed or held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Work out what a run would post. It counts for nothing until it is sealed."""
    from almoner.core.tables import BOOKS, CONTRACTS

    last_day = day_of(through, "--through")
    cycles = CONTRACTS.column("cycle").choices
    if book not in BOOKS or (cycle and cycle not in cycles):
        wrong = f"{book!r} is no book; it is one of {', '.join(BOOKS)}." if book not in BOOKS else f"--cycle is one of {', '.join(cycles)}."
        raise typer.BadParameter(wrong)
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import draft_run
        from almoner.site.runs_shown import show_drafted

        say(draft_run(book=book, through=last_day, cycle=cycle, full=full, by=by, at=now()), show_drafted, as_json)


@run_commands.command("seal")
def seal(run: RunId, by: By, as_json: AsJson = False) -> None:
    """Make a draft stand for ever: its receipts, holds and payments, and everything it read."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import seal_run
        from almoner.site.runs_shown import show_sealed

        say(seal_run(run=run, by=by, at=now()), show_sealed, as_json)


@run_commands.command("approve")
def approve(
    run: RunId,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why, if anything is to be said.", metavar="TEXT", callback=a_reason)] = "",
    as_json: AsJson = False,
) -> None:
    """Approve a sealed run. It takes another person than the one who sealed it."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import approve_run

        answer = {"run": run, "state": "approved", "hash": approve_run(run=run, by=by, at=now(), reason=reason)}
        say(answer, f"{run} is approved by {by}.\nNext: almoner run issue {run} --out DIR --by USER", as_json)


@run_commands.command("issue")
def issue(
    run: RunId,
    out: Annotated[Path, typer.Option("--out", help="Folder to write the files in.", metavar="DIR")],
    by: By,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="bacs, pain001, ledger, remittances; all that can be made.", metavar="NAME")
    ] = None,
    pay_date: Annotated[str, typer.Option("--pay-date", help="The working day the money arrives.", metavar="DATE")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a run's files once, keep them, and write them. Again, the same bytes are written."""
    day = day_of(pay_date, "--pay-date") if pay_date else None
    open_office()
    with answering(as_json):
        from almoner.office.exchange.operations import issue_run, write_out
        from almoner.site.council_file import council_here, mapping_here
        from almoner.site.runs_shown import progress_bar, show_issued

        council = council_here()
        with progress_bar() as told:
            issued = issue_run(
                run=run, by=by, at=now(), council=council, mapping=mapping_here(council), formats=formats or (), pay_date=day, progress=told
            )
            written = write_out(run=run, folder=out)
        say(issued, lambda shown: show_issued(shown, written), as_json, written=[str(path) for path in written])


@run_commands.command("settle")
def settle(
    run: RunId,
    by: By,
    bounced: Annotated[
        list[str] | None,
        typer.Option("--bounced", help="A payment's reference, or REFERENCE=REASON.", metavar="REFERENCE", callback=reasons),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="CSV with reference, outcome (paid or bounced) and reason.", metavar="FILE")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record what the bank did with an issued run's payments; those not named were paid."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import Outcome, settle_run
        from almoner.site.runs_shown import show_settled

        outcomes = {row["reference"]: Outcome(row["outcome"], row.get("reason") or "") for row in _reported(report)}
        for told in bounced or ():
            reference, _, reason = told.partition("=")
            outcomes[reference] = Outcome("bounced", reason)
        say(settle_run(run=run, by=by, at=now(), outcomes=outcomes), show_settled, as_json)


def _reported(report: Path | None) -> list[dict[str, str]]:
    if report is None:
        return []
    try:
        rows = list(csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as trouble:
        raise typer.BadParameter(f"{report} cannot be read: {trouble}.") from None
    if any(None in row or not row.get("reference") or not row.get("outcome") for row in rows):
        raise typer.BadParameter(f"{report} needs the columns reference and outcome, filled in every row.")
    return rows


@run_commands.command("discard")
def discard(run: RunId, by: By, as_json: AsJson = False) -> None:
    """Throw a draft away."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import discard_run

        discard_run(run=run, by=by, at=now())
        say({"run": run, "state": "discarded"}, f"{run} is discarded; nothing of it counts.", as_json)


@run_commands.command("show")
def show(
    run: Annotated[str, typer.Argument(help="A run's id; without one, every run.", metavar="RUN", callback=in_capitals)] = "",
    as_json: AsJson = False,
) -> None:
    """Show one run, with what has been recorded since and its value; or list them all."""
    open_office()
    with answering(as_json):
        from almoner.site.runs_shown import answer_run, answer_runs, show_run, show_runs

        if run:
            say(answer_run(run, at=now()), show_run, as_json)
        else:
            say(answer_runs(), show_runs, as_json)


@commands.command("holds")
def holds(
    code: Annotated[str, typer.Option("--code", help="Only holds with this code.", metavar="CODE")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is held, largest first, with the id to release it by."""
    open_office()
    with answering(as_json):
        from almoner.site.runs_shown import answer_holds, show_holds

        say(answer_holds(code=code.upper(), decided=all_), show_holds, as_json)


@commands.command("release")
def release(
    hold: Annotated[str, typer.Argument(help="The hold's id, like H-0A1B2C3D4E.", metavar="HOLD", callback=in_capitals)],
    reason: Annotated[str, typer.Option("--reason", help="Why.", metavar="TEXT", callback=a_reason)],
    by: By,
    uphold: Annotated[bool, typer.Option("--uphold", help="Record that it stays held.")] = False,
    as_json: AsJson = False,
) -> None:
    """Release a hold; the next run pays it."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.operations import release_hold, uphold_hold
        from almoner.site.runs_shown import answer_hold, show_decided

        found = (uphold_hold if uphold else release_hold)(hold=hold, reason=reason, by=by, at=now())
        say({**answer_hold(found), "decision": "upheld" if uphold else "released"}, show_decided, as_json)


@commands.command("receipts")
def receipts(
    run: Annotated[str, typer.Option("--run", help="Of this run.", metavar="RUN", callback=in_capitals)] = "",
    line: Annotated[str, typer.Option("--line", help="Of this line.", metavar="LINE")] = "",
    payee: Annotated[str, typer.Option("--payee", help="Of this payee.", metavar="PAYEE")] = "",
    person: Annotated[str, typer.Option("--person", help="Of this person.", metavar="PERSON")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, with the columns of receipts.csv first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sealed receipts, with the id to explain each by."""
    open_office()
    with answering(as_json):
        from almoner.site.runs_shown import answer_receipts, print_csv, show_receipts

        rows = answer_receipts(run=run, line=line, payee=payee, person=person)
        if as_csv:
            print_csv(rows)
        else:
            say(rows, show_receipts, as_json)


def explain(receipt: str, *, as_json: bool = False) -> None:
    """Explain a sealed receipt in sentences; what `almoner explain RECEIPT` runs."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.explanations import explain_receipt
        from almoner.site.runs_shown import answer_explained, show_explained

        say(answer_explained(explain_receipt(receipt)), show_explained, as_json)


@commands.command("verify")
def verify(
    head: Annotated[
        str,
        typer.Option("--head", help="A seal from an issued file or manifest, to prove that nothing after was removed.", metavar="SEAL"),
    ] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Check what is stored without working the runs out again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that everything stored is what was sealed. Works every run out again from what it read."""
    open_office()
    with answering(as_json):
        from almoner.office.runs.verification import verify as check
        from almoner.site.runs_shown import answer_verified, progress_bar, show_verified

        with progress_bar() as told:
            found = check(head=head, recalculate=not quick, progress=told)
        say(answer_verified(found), show_verified, as_json)
        if found.troubles:
            raise typer.Exit(1)


@commands.command("due")
def due(
    by: By,
    today: Annotated[str, typer.Option("--today", help="Act as if it were the end of this day.", metavar="DATE")] = "",
    as_json: AsJson = False,
) -> None:
    """Draft what the calendar says is due, remind, let old drafts of actuals go, and send the emails that wait; for cron."""
    at = datetime.combine(day_of(today, "--today"), time(23, 59, 59), LOCAL) if today else now()
    open_office()
    with answering(as_json):
        from almoner.office.changes.calendars import rules_in_force
        from almoner.office.letters.operations import send_letters
        from almoner.office.runs.calendar import DEFAULT_RULES
        from almoner.office.runs.operations import do_what_is_due
        from almoner.site.council_file import council_here
        from almoner.site.runs_shown import answer_due, show_due

        council = council_here()
        done = do_what_is_due(by=by, at=at, rules=rules_in_force(council.calendar or DEFAULT_RULES, at))
        say(answer_due(done, send_letters()), show_due, as_json)


__all__ = ["commands", "date", "explain"]
