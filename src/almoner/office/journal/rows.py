"""Rows that acts write beside what is kept of a thing (`kept`): each act's line names its rows and carries a hash over them, so that
`verify` finds one that was altered, taken away or added.

Such a row is about many things or none (a letter, a look at a receipt), so that no number of its own stands in the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.journal.models import JournalEntry
from almoner.office.records.bulk import read_rows
from almoner.office.records.canonical import canonical_rows, link
from almoner.office.records.queries import Trouble
from almoner.office.records.stored_form import unknown_form

KNOWN_FORMS = (1,)
"""The forms (`records.stored_form`) in which this version hashes."""
NAMED = "rows"
"""Under which the summary of a line names the rows of its act."""


@dataclass(frozen=True)
class RowsOf:
    """A table whose rows are kept so: its columns in the order they are hashed, `id` among them; `spelled`: columns of JSON, spelled in one
    way."""

    table: str
    columns: Mapping[str, pa.DataType]
    spelled: tuple[str, ...] = ()

    def read(self, numbers: Iterable[int] | None = None) -> pa.Table:
        """The rows of these ids, or all of them, by id."""
        wanted = sorted(numbers) if numbers is not None else []
        between = (" WHERE id BETWEEN %s AND %s", [wanted[0], wanted[-1]]) if wanted else ("", [])
        select = f'SELECT * FROM "{self.table}"{between[0]}'
        rows = read_rows(select, pa.schema(list(self.columns.items())), between[1], ("id",))
        if wanted:
            # Others may have written between them.
            rows = rows.filter(pc.is_in(rows.column("id"), value_set=pa.array(wanted, pa.int64())))
        for name in self.spelled:
            cells = [json.dumps(json.loads(cell), sort_keys=True, separators=(",", ":")) for cell in rows.column(name).to_pylist()]
            rows = rows.set_column(rows.column_names.index(name), name, pa.array(cells, pa.string()))
        return rows


_ROWS: dict[str, RowsOf] = {}


def keep_rows(*tables: RowsOf) -> None:
    """Have the rows of these tables verified. Called once, when the program starts."""
    _ROWS.update({one.table: one for one in tables})


def row_tables() -> dict[str, set[str]]:
    """The tables that are covered so, all of them sealed, and the columns that are."""
    return {name: set(one.columns) for name, one in _ROWS.items()}


def rows_named(written: Mapping[str, Iterable[int]]) -> dict[str, dict[str, dict[str, str]]]:
    """What a line carries of rows that its act wrote, by table their ids: which they are, and the hash over them; nothing without any."""
    told = {}
    for table, numbers in written.items():
        ids = sorted(numbers)
        if ids:
            told[table] = {"ids": _spelled(ids), "sha256": link("", canonical_rows(_ROWS[table].read(ids)))}
    return {NAMED: told} if told else {}


def _spelled(ids: list[int]) -> str:
    """`5-9,12`: ids in order, those that follow one another put together."""
    spans: list[list[int]] = []
    for number in ids:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _ids(spelled: str) -> list[int]:
    found: list[int] = []
    for span in spelled.split(","):
        first, _, last = span.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def troubles_in_rows() -> Iterator[Trouble]:
    """Every row that is kept so, against the line of the act that wrote it."""
    told: dict[str, list[tuple[int, int, str, str]]] = {name: [] for name in _ROWS}
    lines = JournalEntry.objects.filter(summary__has_key=NAMED).order_by("number").values_list("number", "form", "summary")
    for number, form, summary in lines.iterator():
        for table, named in summary[NAMED].items():
            if table in told:
                told[table].append((number, form, named["ids"], named["sha256"]))
    for name, one in _ROWS.items():
        yield from _against(one, told[name])


def _against(one: RowsOf, told: list[tuple[int, int, str, str]]) -> Iterator[Trouble]:
    rows = one.read()
    place = {number: index for index, number in enumerate(rows.column("id").to_pylist())}
    name = one.table.removeprefix("almoner_").replace("_", " ")
    known: set[int] = set()
    for number, form, spelled, sha256 in told:
        ids = _ids(spelled)
        known.update(ids)
        if form not in KNOWN_FORMS:
            yield Trouble(f"{name} of journal {number}", unknown_form(form))
            continue
        standing = rows.take(pa.array([place[row] for row in ids if row in place], pa.int64()))
        if link("", canonical_rows(standing)) != sha256:
            yield Trouble(f"{name} of journal {number}", "are not what was written: rows were altered or taken away")
    # Rows from before their acts named them stand below the first that is named.
    since = min(known, default=None)
    if since is not None:
        strays = [row for row in place if row > since and row not in known]
        if strays:
            yield Trouble(name, f"has {len(strays)} rows that no line of the journal names, {min(strays)} the first")
