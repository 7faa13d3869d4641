"""`almoner demo`: the whole story in under a minute, in a folder of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

MARK = ".made-by-almoner-demo"
REFUSED = 1
commands = typer.Typer()


@commands.command("demo")
def demo(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the demo; made afresh each time.", metavar="DIR")] = Path("demo"),
) -> None:
    """See money move and be explained. An invented council pays twice, and a real council's payments are carried."""
    began = perf_counter()
    make_afresh(folder)
    # The demo has an office of its own, whatever this computer's own office is.
    os.environ["ALMONER_HOME"] = str(folder.resolve())
    os.environ.pop("DATABASE_URL", None)
    told: Queue[Any] = multiprocessing.get_context("spawn").Queue()
    published = Path(__file__).parents[4] / "data" / "devon_adult_care_payments_2024_q4.csv"
    other = multiprocessing.get_context("spawn").Process(target=_devon, args=(published, folder.resolve() / "devon", told))
    if published.is_file():
        other.start()
    try:
        _council(folder)
        if published.is_file():
            _say_devon(told, folder)
        else:
            print(f"\nDevon's published payments are not at {published}, so they are not carried here.")
    finally:
        if other.is_alive():
            other.terminate()
    _say_next(folder, perf_counter() - began)


def make_afresh(folder: Path) -> None:
    """An empty folder; one that the demo did not make is left alone and refused."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            print(f"FOLDER: {folder} is not empty and the demo did not make it. Give another folder with --out.", file=sys.stderr)
            raise typer.Exit(REFUSED)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("`almoner demo` made this folder and makes it afresh.\n", encoding="utf-8")


def _council(folder: Path) -> None:
    from almoner.site.demo.facts import COUNCIL, write_folders
    from almoner.site.demo.screen import bar, console, done
    from almoner.site.demo.story import COUNCIL_FILE, november, october
    from almoner.site.office_commands import open_office

    console.print("[bold]Almoner[/] pays for adult social care: exactly what was delivered, without invoices, and explains every penny.")
    (folder / "council.toml").write_text(COUNCIL_FILE, encoding="utf-8")
    with bar("Making a believable council"):
        happened = write_folders(folder / "facts" / "everything", folder / "facts" / "1-october", folder / "facts" / "2-november")
    done(f"an invented council of {COUNCIL.people} people and {COUNCIL.people // 10} providers in {folder}/facts")
    open_office(making=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    october(folder / "facts" / "1-october", folder)
    november(folder / "facts" / "2-november", folder, happened)


def _devon(published: Path, home: Path, told: Queue[Any]) -> None:
    """In a process of its own, beside the story: another office, another database."""
    from almoner.site.demo.devon import pay_devon

    # Ctrl-C is for the process that tells the story. Told by it to stop, this one ends in order, and so do its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(REFUSED))
    try:
        told.put(("done", pay_devon(published, home, lambda name, done, of: told.put(("told", (name, done, of))))))
    except Exception as error:
        told.put(("failed", f"{type(error).__name__}: {error}"))


def _say_devon(told: Queue[Any], folder: Path) -> None:
    from almoner.core.money import pounds
    from almoner.site.demo.screen import bar, done, heading, say

    heading("Real payments · Devon County Council, January to March 2024, as published")
    with bar("Carrying Devon's payments") as shown:
        carried = _wait(told, shown)
    names = {"CFADDOM": "home care", "CFADRES": "residential", "CFADDAY": "day care"}
    parts = ", ".join(f"{word} {pounds(carried.by_feeder[feeder][1])}" for feeder, word in names.items())
    done(f"{carried.lines:,} real payment lines to {carried.payees} payees, [bold]{pounds(carried.total_pence)}[/] in all")
    say(f"  {parts}")
    noisy = f"{carried.noisy_amounts} amounts like 990.4499999999999 taken as the penny meant, with a note"
    done(f"{carried.negative_lines} negative lines; {noisy}")
    debt, paid = pounds(-carried.debt_pence), pounds(carried.paid_pence)
    done(f"payee {carried.debtor} owes {debt}, carried and not paid; the {carried.paid} others are paid {paid}")
    colour = "green" if carried.same == carried.lines else "red"
    done(f"our spending over £500, from our own receipts: [{colour}]{carried.same:,} of {carried.lines:,} lines equal theirs[/]")
    say("[dim]This proves that every penny is carried, not that it is calculated. The bank accounts are invented.[/]")
    say(f"[dim]Bank files, ledger and {carried.payees} remittances in {folder}/devon/issued;[/]")
    say(f"[dim]the publication is {folder}/devon/spending-over-500.csv.[/]")


def _wait(told: Queue[Any], shown: Callable[[str, int, int], None]) -> Any:
    while True:
        kind, what = told.get()
        if kind == "told":
            shown(*what)
        elif kind == "failed":
            raise RuntimeError(what)
        else:
            return what


def _say_next(folder: Path, seconds: float) -> None:
    from almoner.office.runs.queries import payments_of, receipts_like
    from almoner.site.demo.screen import console, heading, say

    rows = receipts_like(run="R-0002").to_pylist()
    adjusted = next(row for row in rows if row["kind"] == "adjustment")
    payment = next(row for row in payments_of("R-0002").to_pylist() if row["payee_id"] == adjusted["payee_id"])
    heading(f"Done in {seconds:.0f} seconds. Look around:")
    say(f"remittances, bank files and ledger   [bold]{folder}/issued/R-0001[/] and [bold]R-0002[/]")
    say(f"a remittance with an adjustment      [bold]{folder}/issued/R-0002/remittances/{payment['reference']}.pdf[/]")
    say(f"the facts that were imported         [bold]{folder}/facts[/]")
    console.print(f"  In a browser, as every role: [bold].venv/bin/almoner serve --demo {folder}[/]")
    console.print("  Next, type:")
    for line in (
        f"export ALMONER_HOME={folder.resolve()}",
        f".venv/bin/almoner explain R-0002.{adjusted['number']}",
        ".venv/bin/almoner holds",
        ".venv/bin/almoner run show R-0002",
        ".venv/bin/almoner verify",
    ):
        console.print(f"    {line}", style="bold", soft_wrap=True)
