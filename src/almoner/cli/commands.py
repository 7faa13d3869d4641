"""The commands that need no database: calculate, explain, sample, assess. They never load Django."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from almoner.core.tables import BOOKS, TABLES

REFUSED = 1
USAGE = 2
SECONDS_BEFORE_A_BAR = 2.0
NARROWEST = 72
ENGINES = ("local", "spark")
RECEIPT = re.compile(r"r-\d+\.\d+", re.IGNORECASE)
SAMPLE_MARK = ".made-by-almoner-sample"

commands = typer.Typer()

Folder = Annotated[Path, typer.Argument(help="Folder of CSV or Parquet tables, or one .xlsx workbook.", metavar="FOLDER")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[str, typer.Option("--as-of", help="Only what was submitted by then: 2026-11-15T17:00:00.", metavar="TIMESTAMP")]


@commands.command("calculate")
def calculate_command(
    folder: Folder,
    through: Annotated[str, typer.Option("--through", help="The last day in it.", metavar="DATE")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made when missing.", metavar="DIR")],
    book: Annotated[
        list[str] | None, typer.Option("--book", help="payments, claims or charges; all when left out.", metavar="BOOK")
    ] = None,
    parts: Annotated[int, typer.Option("--parts", min=1, max=10_000, help="In how many parts, to need less memory.", metavar="N")] = 1,
    engine: Annotated[str, typer.Option("--engine", help="Where to calculate: local.", metavar="NAME")] = "local",
    as_of: AsOf = "",
    since: Annotated[str, typer.Option("--since", help="Weeks that begin before this day stay as they were sealed.", metavar="DATE")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Stop when any row has an error.")] = False,
    as_json: AsJson = False,
) -> None:
    """Work out what is owed from a folder of tables. Writes receipts, holds, findings and workings."""
    from almoner.cli.calculate import Asked, calculate_folder
    from almoner.cli.outputs import write_summary
    from almoner.cli.summary import show, summary

    _local_only(engine)
    books = tuple(name for name in BOOKS if name in (book or BOOKS))
    if unknown := sorted(set(book or ()) - set(BOOKS)):
        raise typer.BadParameter(f"{unknown[0]!r} is no book; it is one of {', '.join(BOOKS)}.", param_hint="--book")
    first = day_of(since, "--since") if since else None
    _not_among_the_facts(out, folder)
    asked = Asked(folder, day_of(through, "--through"), out, books, instant_of(as_of, "--as-of"), first, parts, strict)
    with refusing(as_json), progress_bar() as told:
        done = calculate_folder(asked, told)
        summed = summary(done)
        if not done.stopped:
            write_summary(summed, out)
    if as_json:
        print(json.dumps(summed, ensure_ascii=False))
    else:
        show(done, wide_enough())
    if done.has_errors:
        raise typer.Exit(REFUSED)


@commands.command("explain")
def explain_command(
    what: Annotated[
        str, typer.Argument(help="A folder of tables, with --line and --week; or a receipt's id, like R-0001.17.", metavar="FOLDER|RECEIPT")
    ],
    line: Annotated[str, typer.Option("--line", help="The line's id.", metavar="LINE")] = "",
    week: Annotated[str, typer.Option("--week", help="The week's first day, or any day in it.", metavar="DATE")] = "",
    through: Annotated[
        str, typer.Option("--through", help="Explain as paid through this day; the week's last when left out.", metavar="DATE")
    ] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Tell why a line and week of a folder, or a sealed receipt, is what it is."""
    if not (line or week or Path(what).exists()):
        if not RECEIPT.fullmatch(what):
            raise typer.BadParameter(f"there is no folder {what}, and a receipt's id looks like R-0001.17.", param_hint="FOLDER|RECEIPT")
        receipt_explained(what.upper(), as_json)
        return
    if not (line and week):
        raise typer.BadParameter("A folder needs both --line and --week.", param_hint="--line / --week")
    from almoner.cli.explain import explain_line
    from almoner.core.money import pounds

    day, last = day_of(week, "--week"), day_of(through, "--through") if through else None
    with refusing(as_json):
        told = explain_line(Path(what), line, day, last, instant_of(as_of, "--as-of"))
    if as_json:
        print(json.dumps(asdict(told), ensure_ascii=False, default=lambda value: value.isoformat()))
        return
    console = wide_enough()
    console.print(f"[bold]Line {told.line_id}, week of {told.week:%A} {told.week.day} {told.week:%B %Y}[/]", highlight=False)
    for sentence in told.sentences:
        console.print(f"  {sentence.text}  ", markup=False, highlight=False, soft_wrap=True, end="")
        console.print(f"[dim]{', '.join(sentence.rules)}[/]", highlight=False, soft_wrap=True)
    for row in told.receipts:
        console.print(
            f"  {row['book']}: {row['payee_id']} {pounds(row['amount_pence'])} ({row['kind']})",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    for row in told.holds:
        whose = f"held {row['code']} {pounds(row['amount_pence'])}" + ("" if row["line_id"] else f", this person with {row['provider_id']}")
        console.print(f"  {whose}: {row['message']} {row['remedy']}", markup=False, highlight=False, soft_wrap=True)


def receipt_explained(receipt: str, as_json: bool) -> None:
    """What `almoner explain RECEIPT` does where there is no database; the program's entry point puts the office's in its place."""
    raise typer.BadParameter(f"There is no folder {receipt}.", param_hint="FOLDER")


@commands.command("sample")
def sample_command(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made when missing.", metavar="DIR")],
    people: Annotated[int, typer.Option("--people", min=1, max=5_000_000, help="How many people.", metavar="N")] = 600,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=260, help="How many weeks, up to Sunday 15 November 2026.", metavar="N")] = 8,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Another number, another council.", metavar="N")] = 1,
    parquet: Annotated[bool, typer.Option("--parquet", help="Parquet instead of CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a believable council to try things on. The same numbers give the same bytes."""
    from almoner.cli.sample.council import LAST_DAY, Sample, write_sample

    if out.is_dir() and any(out.iterdir()) and not (out / SAMPLE_MARK).is_file():
        told_why = f"{out} holds something already, and a made-up council is never written over what may be dear to you."
        _stop("FOLDER", told_why, "Give an empty folder or a new one with --out.", as_json, USAGE)
    with refusing(as_json), progress_bar() as told:
        rows = write_sample(Sample(people, weeks, seed, parquet), out, told)
        (out / SAMPLE_MARK).write_text("`almoner sample` made this folder and may write it again.\n", encoding="utf-8")
    if as_json:
        print(json.dumps({"folder": str(out), "rows": rows}))
        return
    console = wide_enough()
    console.print(
        f"{rows['people']:,} people, {rows['providers']:,} providers, {rows['lines']:,} lines and {rows['actuals']:,} actuals in {out}",
        soft_wrap=True,
    )
    console.print(f"Next: almoner calculate {out} --through {LAST_DAY} --out {out}-paid", highlight=False, soft_wrap=True)


@commands.command("assess")
def assess_command(
    file: Annotated[Path, typer.Argument(help="A JSON file.", metavar="FILE")],
    as_json: AsJson = False,
) -> None:
    """Work out a means test. Not in this version."""
    _stop(
        "LATER", f"{file} was not read: this version of Almoner has no means test yet.", "Assess as before until it comes.", as_json, USAGE
    )


@contextmanager
def refusing(as_json: bool) -> Iterator[None]:
    """Turn a refusal, or a file that cannot be read or written, into its sentence on standard error and exit 2."""
    from duckdb import IOException

    from almoner.figures.bank_holidays import DayNotKnown
    from almoner.formats.refusals import FormatRefusal

    try:
        yield
    except (FormatRefusal, DayNotKnown) as refusal:
        _stop(refusal.code, refusal.message, refusal.remedy, as_json, USAGE)
    except UnicodeEncodeError:
        remedy = "Give a folder whose name is written in UTF-8."
        _stop("PATH", "A path holds a byte that is not UTF-8, and files in it could not all be named.", remedy, as_json, USAGE)
    except IOException as trouble:
        said = str(trouble).partition("\n")[0].removeprefix("IO Error: ")
        _stop("DISK", f"The computer refused: {said}.", "Check the path, its permissions and the space left.", as_json, USAGE)
    except OSError as trouble:
        where = f" {trouble.filename}" if trouble.filename else ""
        _stop(
            "DISK",
            f"The computer refused{where}: {trouble.strerror or type(trouble).__name__}.",
            "Check the path, its permissions and the space left.",
            as_json,
            USAGE,
        )


def _stop(code: str, message: str, remedy: str, as_json: bool, status: int) -> None:
    told = {"code": code, "message": message, "remedy": remedy}
    print(json.dumps(told, ensure_ascii=False) if as_json else f"{code}: {message} {remedy}", file=sys.stderr)
    raise typer.Exit(status)


def _not_among_the_facts(out: Path, folder: Path) -> None:
    if not folder.is_dir():
        return
    whole, written = folder.resolve(), out.resolve()
    parts = written.relative_to(whole).parts if written.is_relative_to(whole) else ()
    if written == whole or (parts and parts[0].lower().removesuffix(".parquet") in TABLES):
        raise typer.BadParameter(f"{out} holds the facts; results there would be taken for tables next time.", param_hint="--out")


def _local_only(engine: str) -> None:
    if engine not in ENGINES:
        raise typer.BadParameter(f"{engine!r} is no engine; it is one of {', '.join(ENGINES)}.", param_hint="--engine")
    if engine == "spark":
        raise typer.BadParameter(
            "this version of Almoner calculates on one machine only; use --engine local with --parts.", param_hint="--engine"
        )


def wide_enough() -> Console:
    """A console on which every amount is shown whole, however narrow the window."""
    return Console(width=max(NARROWEST, Console().width))


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error, only when the work takes over two seconds; it leaves nothing behind."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("Starting", total=None)
    later = Timer(SECONDS_BEFORE_A_BAR, bar.start)
    later.daemon = True
    if bar.console.is_terminal:
        later.start()
    try:
        yield lambda stage, done, of: bar.update(task, description=stage, completed=done, total=of)
    finally:
        later.cancel()
        # A bar that never began leaves an empty line behind when it is stopped.
        if bar.live.is_started:
            bar.stop()


def day_of(text: str, option: str) -> date:
    """A date out of an option; a usage error for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no time zone
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-05-31.", param_hint=option) from None


def instant_of(text: str, option: str) -> datetime | None:
    """A local instant out of an option, None when blank; a usage error for anything else."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 instants of facts are local
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant like 2026-11-15T17:00:00.", param_hint=option) from None
