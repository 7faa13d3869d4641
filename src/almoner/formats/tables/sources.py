"""Which file holds which table: CSV files, Parquet files or folders of them, or one workbook with a sheet a table."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from almoner.core.tables import TABLES
from almoner.formats.refusals import FormatRefusal
from almoner.formats.tables.noticed import Noticed

READABLE = " Tables are read from .csv, .parquet or .xlsx files, and the parts of one table from a folder of .parquet files."


class UnreadableFolder(FormatRefusal):
    """The folder as a whole cannot be read: there is no such folder, or no table in it."""

    code: ClassVar[str] = "FOLDER"


@dataclass(frozen=True)
class Source:
    """Where one table is: one CSV file, or one or more Parquet files in order. `shown` is what a user calls it."""

    table: str
    suffix: str
    paths: tuple[Path, ...]
    shown: str


@dataclass(frozen=True)
class Sources:
    """Every table's source, or the one workbook that holds them all."""

    files: dict[str, Source]
    workbook: Path | None = None


def find_sources(path: Path, noticed: Noticed) -> Sources:
    """The sources under `path`, a folder or an .xlsx file; UnreadableFolder when there is nothing to read."""
    try:
        if path.is_file() and path.suffix.lower() == ".xlsx":
            return Sources({}, path)
        if path.is_file():
            raise UnreadableFolder(
                f"{path} is a file that is not a workbook.", "Give the folder that holds the tables, or an .xlsx workbook."
            )
        if not path.is_dir():
            raise UnreadableFolder(f"There is no folder {path}.", "Check how it is spelled.")
        entries = sorted(p for p in path.iterdir() if not p.name.startswith((".", "~$")))
    except UnreadableFolder:
        raise
    except (OSError, ValueError) as trouble:
        raise UnreadableFolder(f"{path} cannot be opened: {reason(trouble)}.", "Check its permissions and how it is spelled.") from trouble
    files = _files(entries, noticed)
    workbooks = [p for p in entries if p.suffix.lower() == ".xlsx" and p.is_file()]
    if files:
        for extra in workbooks:
            noticed.add(extra.stem.lower(), "unknown_file", file=extra.name, hint=" A workbook is read only where it is alone.")
        return Sources(files)
    if len(workbooks) == 1:
        return Sources({}, workbooks[0])
    if workbooks:
        raise UnreadableFolder(
            f"The folder {path} holds {len(workbooks)} workbooks and no other table.", "Leave one, or give the path of one."
        )
    raise UnreadableFolder(
        f"The folder {path} holds no table: no people.csv, people.parquet or workbook.", "Give the folder that the tables are in."
    )


def _files(entries: list[Path], noticed: Noticed) -> dict[str, Source]:
    """The CSV and Parquet sources among the entries of a folder. CSV goes before Parquet where both are there."""
    files: dict[str, Source] = {}
    for entry in entries:
        for extra in _extras(entry):
            noticed.add(extra.stem.lower(), "unknown_file", file=str(extra.relative_to(entry.parent)), hint=READABLE)
    sources = [source for entry in entries if (source := _source(entry))]
    for source in sorted(sources, key=lambda source: source.suffix):
        if source.table not in TABLES:
            noticed.add(source.table, "unknown_file", file=source.shown, hint=near(source.table, list(TABLES)))
        elif source.table in files:
            chosen = files[source.table].shown
            noticed.add(source.table, "two_sources", file=f"{chosen}, {source.shown}", chosen=chosen)
        else:
            files[source.table] = source
    return files


def _source(entry: Path) -> Source | None:
    """What one entry of a folder is as a table, None when it is something else."""
    name, suffix = entry.stem.lower(), entry.suffix.lower()
    if not entry.is_dir() or suffix == ".csv":
        return Source(name, suffix, (entry,), entry.name) if suffix in (".csv", ".parquet") else None
    # A link that leads nowhere is taken for a part, so that it is named.
    parts = tuple(sorted(p for p in entry.rglob("*.parquet") if not p.is_dir())) if _is_of_parts(entry) else ()
    return Source(name, ".parquet", parts, f"{entry.name}/*.parquet") if parts else None


def _is_of_parts(folder: Path) -> bool:
    """Whether a folder is named as one that holds the parts of a table."""
    return folder.stem.lower() in TABLES and folder.suffix.lower() in ("", ".parquet")


def _extras(entry: Path) -> list[Path]:
    """What seems to be meant as a table or a part of one, and is of no kind that is read: people.txt, or CSV in a folder of parts."""
    if not entry.is_dir():
        named = entry.name.lower().partition(".")[0] in TABLES
        return [entry] if named and entry.suffix.lower() not in (".csv", ".parquet", ".xlsx") else []
    if entry.suffix.lower() == ".csv" or entry.stem.lower() not in TABLES:
        return []
    if not _is_of_parts(entry):
        return [entry]
    marks = ("_", ".")  # what other programs leave among the parts they write
    return [
        p for p in sorted(entry.rglob("*")) if p.suffix.lower() not in (".parquet", ".crc") and p.name[0] not in marks and not p.is_dir()
    ]


def near(word: str, known: list[str]) -> str:
    """A sentence that offers the nearest known word, or nothing."""
    close = difflib.get_close_matches(word[:60], known, n=1, cutoff=0.75)
    return f" Did you mean {close[0]}?" if close else ""


def reason(trouble: Exception) -> str:
    """The first words of an error as the end of a sentence."""
    text = str(getattr(trouble, "strerror", None) or str(trouble).split("\n")[0] or type(trouble).__name__).rstrip(". ")
    return text[:1].lower() + text[1:160]
