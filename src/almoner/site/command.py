"""The program `almoner`: hands a command to the part that does it. Only the office's commands load Django, when one runs."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from almoner import __version__
from almoner.cli import commands as folder_commands
from almoner.site import office_commands, run_commands, serve_command, user_commands
from almoner.site.database_troubles import what_to_say
from almoner.site.demo import command as demo_command

REFUSED = 1
UNEXPECTED = 3
INTERRUPTED = 130
INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB makes of Ctrl-C while it works."""

app = typer.Typer(
    help="Almoner pays for adult social care: exactly what was delivered, without invoices, and explains every penny.",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: the other kind shows every yes-or-no option as if it took a value.
    rich_markup_mode=None,
    context_settings={"max_content_width": 110},
    pretty_exceptions_enable=False,
)
app.add_typer(folder_commands.commands)
app.add_typer(office_commands.commands)
app.add_typer(run_commands.commands)
app.add_typer(demo_command.commands)
app.add_typer(serve_command.commands)
app.add_typer(user_commands.commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"almoner {__version__}")
        raise typer.Exit


@app.callback()
def almoner(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_show_version)] = False,
) -> None:
    """Almoner pays for adult social care: exactly what was delivered, without invoices, and explains every penny."""


def main() -> None:
    """Run the command line. Whatever goes wrong is said in a sentence; the traceback goes to a log."""
    folder_commands.receipt_explained = _explain_receipt
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows no pound sign is shown a question mark
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as ended:
        # Ctrl-C arrives as this, with nothing said.
        if ended.code == INTERRUPTED:
            print("Stopped.", file=sys.stderr)
        raise
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if str(error) == INTERRUPTED_QUERY:
            print("Stopped.", file=sys.stderr)
            sys.exit(INTERRUPTED)
        if said := what_to_say(error):
            print(f"DATABASE: {said}", file=sys.stderr)
            sys.exit(REFUSED)
        print(f"{_sentence(error)} What happened is in {_log(error)}; please send it to whoever looks after Almoner.", file=sys.stderr)
        sys.exit(UNEXPECTED)


def _explain_receipt(receipt: str, as_json: bool) -> None:
    run_commands.explain(receipt, as_json=as_json)


def _sentence(error: Exception) -> str:
    if type(error).__name__ == "InvariantBroken":
        return "Almoner contradicted itself, so nothing was written: this is a fault of ours, not of your data."
    if isinstance(error, MemoryError):
        return "There was not enough memory; try --parts."
    return "Almoner stopped on an error it did not expect."


def _log(error: Exception) -> Path:
    """Append where in the program it happened to a log. Messages may quote people's data, so only the kind of error is kept."""
    lines = [f"{datetime.now(UTC).isoformat(timespec='seconds')} almoner {__version__} {type(error).__module__}.{type(error).__name__}"]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    for folder in (Path(os.environ.get("ALMONER_HOME", ".")), Path(tempfile.gettempdir())):
        path = folder / "almoner.log"
        try:
            with path.open("a", encoding="utf-8") as log:
                log.write("\n".join(lines) + "\n")
        except OSError:
            continue
        return path.resolve()
    return Path(os.devnull)
