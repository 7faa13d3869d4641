"""Which of a file's columns are a table's."""

from __future__ import annotations

from collections import Counter

from almoner.core.tables import Table
from almoner.formats.tables.noticed import Noticed
from almoner.formats.tables.sources import near


def match_columns(table: Table, header: list[str], file: str, noticed: Noticed) -> dict[str, int] | None:
    """For each column of the table that the header has, its place; None, with findings, when the table cannot be used.

    Names are compared without regard to case and surrounding blanks. Unknown columns are named and ignored.
    """
    spelt = [cell.strip().strip("\ufeff").lower() for cell in header]
    known = [c.name for c in table.columns]
    times = Counter(spelt)
    usable = True
    for column in known:
        if times[column] > 1:
            noticed.add(table.name, "duplicate_column", row=1, column=column, value=column, file=file)
            usable = False
    hint = _separator_hint(header)
    for required in table.columns:
        if required.required and required.name not in times:
            noticed.add(table.name, "missing_column", row=1, column=required.name, file=file, hint=hint)
            usable = False
    for place, name in enumerate(spelt):
        if name and name not in known:
            shown = header[place].strip()
            noticed.add(table.name, "unknown_column", row=1, column=shown[:80], value=shown, file=file, hint=near(name, known))
    return {name: spelt.index(name) for name in known if name in times} if usable else None


def _separator_hint(header: list[str]) -> str:
    """A sentence about cells that seem to be separated by something else than commas."""
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and separator in header[0]:
            return f" The cells seem to be separated by {called}; they must be separated by commas."
    return ""
