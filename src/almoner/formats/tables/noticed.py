"""Findings as they are noticed: worded, and never a flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from almoner.core.findings import Finding
from almoner.core.tables import TABLES
from almoner.formats.tables.wording import CODES

MOST_NAMED = 1_000
"""How many findings of one code are named in one table; the rest are counted."""

LONGEST_VALUE = 120


class Noticed:
    """What was noticed in one folder. At most `MOST_NAMED` findings of a code and table are kept; the others are counted."""

    def __init__(self) -> None:
        self._named: list[Finding] = []
        self._seen: Counter[tuple[str, str]] = Counter()

    def room(self, table: str, code: str) -> int:
        """How many more findings of that code and table will be named."""
        return max(0, MOST_NAMED - self._seen[table, code])

    def more(self, table: str, code: str, count: int) -> None:
        """Count findings that were not named one by one."""
        self._seen[table, code] += count

    def add(self, table: str, code: str, *, row: int = 0, column: str = "", value: str = "", **said: object) -> None:
        """Name one finding in the words of its code; KeyError when the code is unknown or a word of its sentences is missing."""
        self._seen[table, code] += 1
        if self._seen[table, code] > MOST_NAMED:
            return
        wording = CODES[code]
        shown = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        words: Mapping[str, object] = {"table": table, "row": row, "column": column, "value": shown, **said}
        message, remedy = wording.message.format_map(words), wording.remedy.format_map(words)
        self._named.append(Finding(wording.severity, table, row, column, shown, code, message, remedy))

    def findings(self) -> list[Finding]:
        """All of them in the order of the tables and rows; where there were too many of a code, one that counts the rest."""
        rest = [_counted(table, code, seen - MOST_NAMED) for (table, code), seen in self._seen.items() if seen > MOST_NAMED]
        place = {name: at for at, name in enumerate(TABLES)}
        return sorted(self._named, key=lambda f: (place.get(f.table, len(place)), f.table, f.row)) + rest


def _counted(table: str, code: str, more: int) -> Finding:
    message = f"{more:,} more rows of {table} have the same trouble as the first {MOST_NAMED:,} that are named ({code})."
    return Finding(CODES[code].severity, table, 0, "", "", code, message, "Mend those that are named and read the folder again.")
