"""What other capabilities keep with their lines of the journal: hashed as the line is written, and held against that hash by `verify`.

A thing is known by the subject of its lines, `Q-000017`. Each line about it carries, as `kept`, the hash over all that is kept of it then,
so that its last line covers it whole. A capability names what it keeps in a module `kept`, and hands it to `keep` when the program starts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from almoner.office.journal.models import JournalEntry
from almoner.office.records.bulk import read_rows
from almoner.office.records.canonical import canonical_rows, link
from almoner.office.records.queries import Trouble
from almoner.office.records.stored_form import unknown_form

KNOWN_FORMS = (1,)
"""The forms (`records.stored_form`) in which this version hashes."""


@dataclass(frozen=True)
class Part:
    """The rows of one table that belong to a thing: those whose column `owner` is its number, or, `through` another table, the id of a row
    there that does. `columns` in the order they are hashed.

    `only` narrows the rows. `contents`: columns of bytes, each hashed by itself. `spelled`: columns of JSON, spelled in one way.
    """

    table: str
    owner: str
    order: tuple[str, ...]
    columns: Mapping[str, pa.DataType]
    through: tuple[str, str] = ("", "")
    only: str = ""
    contents: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()

    @property
    def rows(self) -> str:
        """A query for a thing's rows, with one `%s` for its number."""
        table, owner = self.through
        wanted = f"IN (SELECT id FROM {table} WHERE {owner} = %s)" if table else "= %s"
        return f'SELECT * FROM "{self.table}" WHERE {self.owner} {wanted}' + (f" AND {self.only}" if self.only else "")

    @property
    def owners(self) -> str:
        """A query for the numbers of the things it has rows of; none where a row belongs to nothing."""
        table, owner = self.through
        number = f"(SELECT o.{owner} FROM {table} o WHERE o.id = p.{self.owner})" if table else f"p.{self.owner}"
        return f'SELECT DISTINCT {number} FROM "{self.table}" p' + (f" WHERE {self.only}" if self.only else "")


@dataclass(frozen=True)
class Kept:
    """Things with lines of the journal under subjects that begin with `prefix` and end in their number."""

    prefix: str
    parts: tuple[Part, ...]


_KEPT: dict[str, Kept] = {}


def keep(*kept: Kept) -> None:
    """Have these verified. Called once, when the program starts."""
    _KEPT.update({one.prefix: one for one in kept})


def kept_tables() -> dict[str, set[str]]:
    """The tables that are covered so, all of them sealed, and the columns that are."""
    found: dict[str, set[str]] = {}
    for part in (part for one in _KEPT.values() for part in one.parts):
        found.setdefault(part.table, set()).update(part.columns, part.contents)
    return found


def kept_with(subject: str) -> dict[str, str]:
    """What the line about a subject carries: the hash over all that is kept of it now; nothing where nothing is kept so."""
    for kept in _KEPT.values():
        number = subject.removeprefix(kept.prefix)
        if subject.startswith(kept.prefix) and number.isdecimal():
            return {"kept": kept_hash(kept, int(number))}
    return {}


def kept_hash(kept: Kept, number: int) -> str:
    """SHA-256 over everything kept of one thing as it stands now."""
    return link("", *(text for part in kept.parts for text in _texts(part, number)))


def _texts(part: Part, number: int) -> Iterator[bytes | str]:
    rows = read_rows(part.rows, pa.schema(list(part.columns.items())), [number], part.order)
    for name in part.spelled:
        cells = [json.dumps(json.loads(cell), sort_keys=True, separators=(",", ":")) for cell in rows.column(name).to_pylist()]
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(cells, pa.string()))
    yield canonical_rows(rows)
    if part.contents:
        names, order = (", ".join(f'"{name}"' for name in several) for several in (part.contents, part.order))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names} FROM ({part.rows}) AS rows_of ORDER BY {order}", [number])
            for row in cursor.fetchall():
                yield "".join(hashlib.sha256(c.encode() if isinstance(c, str) else bytes(c)).hexdigest() for c in row)


def troubles_in_kept() -> Iterator[Trouble]:
    """Everything that is kept so, against the last line of the journal about it."""
    for kept in _KEPT.values():
        yield from _against_lines(kept)


def _against_lines(kept: Kept) -> Iterator[Trouble]:
    # A thing whose lines are all older than these hashes has lines and no hash: it is known, and not held against any.
    told: dict[int, tuple[int, str]] = {}
    lines = JournalEntry.objects.filter(subject__startswith=kept.prefix).order_by("number").values_list("subject", "form", "summary")
    for subject, form, summary in lines:
        named = subject.removeprefix(kept.prefix)
        if named.isdecimal():
            told[int(named)] = (form, summary["kept"]) if "kept" in summary else told.get(int(named), (form, ""))
    for number, (form, sha256) in sorted(told.items()):
        where = f"{kept.prefix}{number}"
        if sha256 and form not in KNOWN_FORMS:
            yield Trouble(where, unknown_form(form))
        elif sha256 and kept_hash(kept, number) != sha256:
            yield Trouble(where, "is not what was written: rows of it were altered, added or taken away")
    for part in kept.parts:
        name = part.table.removeprefix("almoner_").replace("_", " ")
        for owner in _owners(part) - set(told):
            yield Trouble(name, f"has rows of {kept.prefix}{owner}, which has no line in the journal" if owner else "has rows of nothing")


def _owners(part: Part) -> set[int | None]:
    with connection.cursor() as cursor:
        cursor.execute(part.owners)
        return {row[0] for row in cursor.fetchall()}
