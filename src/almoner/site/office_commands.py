"""Commands that keep the records: `init` and `import`. Django is loaded when one of them runs, not before."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from almoner.site.database_troubles import refuse_later_database
from almoner.site.words_given import a_name

if TYPE_CHECKING:
    from almoner.office.exchange.imports import Imported

REFUSED = 1
USAGE = 2

commands = typer.Typer()


def open_office(*, making: bool = False) -> None:
    """Load Django with this installation's settings; does nothing the second time.

    Unless `making` one, a SQLite database must be there: looking for one would leave an empty file behind. Raises OperationalError, and
    LaterDatabase when a later version of Almoner has changed it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.site.settings")
    import django

    django.setup()
    from django.db import OperationalError, connection

    name = str(connection.settings_dict["NAME"])
    in_memory = "memory" in name
    if not (making or in_memory or connection.vendor != "sqlite" or Path(name).is_file()):
        raise OperationalError(f"There is no {name}.")
    if not making:
        refuse_later_database()


def now() -> datetime:
    """The moment at which a command's act counts as known: this is the edge, further in the moment is an argument."""
    return datetime.now(UTC)


@commands.command("init")
def init(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Make the database, or bring it up to this version of Almoner."""
    open_office(making=True)
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    refuse_later_database()
    call_command("migrate", verbosity=0, interactive=False)
    where = str(connection.settings_dict["NAME"])
    if as_json:
        print(json.dumps({"database": connection.vendor, "name": where}))
    else:
        print(f"The database stands ready: {connection.display_name}, {where}.")
        print("Next: almoner import FOLDER --by USER")


@commands.command("import")
def import_tables(
    folder: Annotated[Path, typer.Argument(help="Folder of CSV or Parquet tables, or a workbook.", metavar="FOLDER")],
    by: Annotated[str, typer.Option("--by", envvar="ALMONER_USER", help="Who imports it.", metavar="USER", callback=a_name)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and keep nothing.")] = False,
    complete: Annotated[
        list[str] | None, typer.Option("--complete", metavar="TABLE", help="Withdraw what this table no longer has.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take a folder of tables into the records. Changed rows become new versions; nothing is overwritten."""
    open_office()
    from almoner.formats.tables import UnreadableFolder
    from almoner.office.exchange.imports import import_folder
    from almoner.office.journal.refusals import Refusal
    from almoner.site.council_file import modulus_here
    from almoner.site.import_shown import progress_bar, show_import

    try:
        with progress_bar() as told:
            done = import_folder(folder, by=by, at=now(), complete=complete or (), dry_run=dry_run, progress=told, modulus=modulus_here())
    except UnreadableFolder as refusal:
        raise _stop(refusal.code, str(refusal), as_json, USAGE) from None
    except Refusal as refusal:
        raise _stop(refusal.code, str(refusal), as_json, REFUSED) from None
    if as_json:
        print(json.dumps(_as_json(done, dry_run), ensure_ascii=False))
    else:
        show_import(done, dry_run=dry_run)


def _stop(code: str, message: str, as_json: bool, status: int) -> typer.Exit:
    print(json.dumps({"code": code, "message": message}, ensure_ascii=False) if as_json else f"{code}: {message}", file=sys.stderr)
    return typer.Exit(status)


def _as_json(done: Imported, dry_run: bool) -> dict[str, object]:
    tables = {table.table: {name: count for name, count in asdict(table).items() if name != "table"} for table in done.tables}
    findings = [{**asdict(finding), "severity": str(finding.severity)} for finding in done.findings]
    return {"batch": done.batch, "dry_run": dry_run, "tables": tables, "findings": findings}
