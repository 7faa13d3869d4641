"""A mapping file: which columns a finance system wants, in what order and how spelled. Read from TOML and checked whole.

`docs` of every key stand in `mappings/general.toml`. A mistake is refused with the column and what to write instead.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from almoner.formats.refusals import FormatRefusal

FORMATS = (
    "text", "date", "number", "pounds", "pounds_reversed", "pence", "pence_reversed",
    "debit_pounds", "credit_pounds", "debit_pence", "credit_pence",
)  # fmt: skip
MONEY_FORMATS = FORMATS[3:]
PER = ("file", "group", "row", "end of file")
COUNTS = ("rows", "groups", "rows in group")
NUMBERS = ("row", "group", "row in group")
QUOTES = ("needed", "all", "never")
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "ascii")
FILE_KEYS = {
    "name", "about", "header", "delimiter", "quote", "encoding", "line_end", "group_by", "lookups", "columns", "order", "records",
}  # fmt: skip
RECORD_KEYS = {"per", "columns", "order"}
COLUMN_KEYS = {
    "name": str, "from": str, "constant": str, "parts": list, "sum": str, "count": str, "number": str, "format": str, "pattern": str,
    "lookup": str, "otherwise": str, "separator": str, "part": int, "width": int, "pad": str, "align": str, "cut": int,
    "upper": bool, "required": bool,
}  # fmt: skip
SOURCES = ("from", "constant", "parts", "sum", "count", "number")
DATE_CODES = frozenset("dmYyjbB")


class MappingRefused(FormatRefusal):
    """A mapping file that cannot be followed."""

    code = "MAPPING"


@dataclass(frozen=True)
class Column:
    """One column of the file written. Exactly one of `source` to `number` says where its text comes from; the rest how it is spelled."""

    name: str
    source: str | None = None
    constant: str | None = None
    parts: tuple[Column, ...] = ()
    sum_of: str | None = None
    count: str | None = None
    number: str | None = None
    format: str = "text"
    pattern: str = "%d/%m/%Y"
    lookup: str | None = None
    otherwise: str | None = None
    separator: str | None = None
    part: int = 1
    width: int = 0
    pad: str = " "
    align: str = "left"
    cut: int = 0
    upper: bool = False
    required: bool = False


@dataclass(frozen=True)
class Record:
    """One kind of line: `per` says how often it is written (PER)."""

    per: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file. `delimiter` is empty for fixed width, and then every column has a width."""

    name: str
    records: tuple[Record, ...]
    group_by: tuple[str, ...]
    header: bool
    delimiter: str
    quote: str
    encoding: str
    line_end: str
    lookups: Lookup[str, Lookup[str, str]]


def shipped_mappings() -> tuple[str, ...]:
    """Names of the mappings that come with Almoner, in order."""
    folder = files("almoner.formats.ledgers") / "mappings"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def shipped_mapping(name: str) -> Mapping:
    """The mapping of that name; MappingRefused when there is none."""
    if name not in shipped_mappings():
        raise MappingRefused(
            f"There is no mapping called '{name}'.", f"Choose one of {', '.join(shipped_mappings())}, or give a mapping file."
        )
    return read_mapping((files("almoner.formats.ledgers") / "mappings" / f"{name}.toml").read_bytes())


def read_mapping(content: bytes) -> Mapping:
    """The mapping that a TOML file describes. MappingRefused names the first mistake, its column and the remedy."""
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise MappingRefused(
            f"The mapping file is not TOML: {trouble}.", "Start from the general mapping and change it a line at a time."
        ) from None
    _only(told, FILE_KEYS, "The mapping file")
    if ("columns" in told) == ("records" in told):
        raise MappingRefused("The mapping file must have either [[columns]] or [[records]].", "Use [[columns]] for one kind of line.")
    lookups = _lookups(told.get("lookups", {}))
    plain = [{"per": "row"} | {key: told[key] for key in ("columns", "order") if key in told}]
    records = tuple(_record(record, lookups) for record in _tables(told.get("records", plain), "records"))
    mapping = Mapping(
        name=_value(told, "name", str, "ledger"),
        records=records,
        group_by=tuple(_value(told, "group_by", list, [])),
        header=_value(told, "header", bool, True),
        delimiter=_value(told, "delimiter", str, ","),
        quote=_choice(told, "quote", QUOTES, "needed"),
        encoding=_choice(told, "encoding", ENCODINGS, "utf-8"),
        line_end=LINE_ENDS[_choice(told, "line_end", tuple(LINE_ENDS), "crlf")],
        lookups=lookups,
    )
    _check_whole(mapping)
    return mapping


def _check_whole(mapping: Mapping) -> None:
    if len(mapping.delimiter) > 1 or mapping.delimiter in ('"', "\r", "\n"):
        raise MappingRefused(
            f"The delimiter '{mapping.delimiter}' is not one character.", 'Write "," or "|" or "\\t", or "" for fixed width.'
        )
    columns = [column for record in mapping.records for column in record.columns]
    unsized = [column.name for column in columns if not column.width]
    if not mapping.delimiter and unsized:
        raise MappingRefused(f"Column {unsized[0]} has no width in a file of fixed width.", "Give it a width, or the file a delimiter.")
    grouped = [c.name for c in columns if "group" in f"{c.count} {c.number}"] + [r.per for r in mapping.records if r.per == "group"]
    if grouped and not mapping.group_by:
        raise MappingRefused(
            f"'{grouped[0]}' needs groups, and the file has no group_by.", 'Say which rows belong together: group_by = ["reference"].'
        )
    if mapping.header and len(mapping.records) > 1:
        raise MappingRefused("A file with several kinds of line has no one header.", "Write header = false.")


def _record(told: dict[str, Any], lookups: Lookup[str, Any]) -> Record:
    _only(told, RECORD_KEYS, "A record")
    columns = [_column(column, lookups, named=True) for column in _tables(told.get("columns"), "columns")]
    names = [column.name for column in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise MappingRefused(f"Column {twice} is there twice.", "Name each column once.")
    order = _value(told, "order", list, names)
    missing = next((name for name in names if name not in order), None)
    if missing:
        raise MappingRefused(f"Column {missing} is not in the order.", "Add its name to order, or leave the order out.")
    known = dict(zip(names, columns, strict=True))
    return Record(_choice(told, "per", PER, "row"), tuple(known.get(name, Column(name, constant="")) for name in order))


def _column(told: dict[str, Any], lookups: Lookup[str, Any], *, named: bool) -> Column:
    who = f"Column {told.get('name', '?')}"
    _only(told, set(COLUMN_KEYS), who)
    for key, value in told.items():
        if type(value) is not COLUMN_KEYS[key]:
            raise MappingRefused(f"{who} has {key} = {value!r}, which is not of the right kind.", f"Write a {COLUMN_KEYS[key].__name__}.")
    if named and not told.get("name"):
        raise MappingRefused("A column has no name.", 'Write name = "…" as the finance system calls it.')
    given = [source for source in SOURCES if source in told]
    if len(given) != 1:
        raise MappingRefused(f"{who} has {' and '.join(given) or 'no source'}.", f"Give it exactly one of {', '.join(SOURCES)}.")
    column = Column(
        name=told.get("name", ""),
        source=told.get("from"),
        constant=told.get("constant"),
        parts=tuple(_column(part, lookups, named=False) for part in _tables(told.get("parts", []), "parts", empty=True)),
        sum_of=told.get("sum"),
        **{key: told[key] for key in COLUMN_KEYS if key in told and key not in ("name", "from", "constant", "parts", "sum")},
    )
    _check_column(who, column, lookups)
    return column


def _check_column(who: str, column: Column, lookups: Lookup[str, Any]) -> None:
    for key, value, choices in (
        ("format", column.format, FORMATS), ("count", column.count, COUNTS), ("number", column.number, NUMBERS),
        ("align", column.align, ("left", "right")), ("lookup", column.lookup, tuple(lookups)),
    ):  # fmt: skip
        if value is not None and value not in choices:
            raise MappingRefused(f"{who} has {key} = '{value}'.", f"Write one of {', '.join(choices) or '(no lookups are in the file)'}.")
    if column.sum_of and column.format not in MONEY_FORMATS:
        raise MappingRefused(f"{who} adds up money and has no format for it.", f"Write one of {', '.join(MONEY_FORMATS)}.")
    codes = column.pattern.replace("%%", "").split("%")[1:]
    if any(code[:1] not in DATE_CODES for code in codes):
        raise MappingRefused(f"{who} has the pattern '{column.pattern}'.", "Use %d %m %Y %y %j, %b or %B, as in %d/%m/%Y.")
    if column.part < 1 or column.width < 0 or column.cut < 0 or len(column.pad) != 1:
        raise MappingRefused(f"{who} has a part, width, cut or pad out of range.", "Parts count from 1; a pad is one character.")


def _lookups(told: Any) -> dict[str, dict[str, str]]:
    if not isinstance(told, dict) or not all(isinstance(table, dict) for table in told.values()):
        raise MappingRefused("The lookups are not tables.", 'Write [lookups.cost_centres] and below it "HC" = "E5013".')
    for name, table in told.items():
        wrong = next((key for key, value in table.items() if not isinstance(value, str)), None)
        if wrong is not None:
            raise MappingRefused(f"Lookup {name} gives '{wrong}' something that is not text.", 'Put it in quotes: "HC" = "5013".')
    return told


def _tables(told: Any, key: str, *, empty: bool = False) -> list[dict[str, Any]]:
    if not isinstance(told, list) or not all(isinstance(item, dict) for item in told) or not (told or empty):
        raise MappingRefused(f"There are no {key}.", f"Write [[{key}]] and its keys below it.")
    return told


def _only(told: dict[str, Any], keys: set[str], who: str) -> None:
    unknown = next((key for key in told if key not in keys), None)
    if unknown:
        raise MappingRefused(f"{who} has the key '{unknown}', which means nothing here.", f"Use only {', '.join(sorted(keys))}.")


def _value(told: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    value = told.get(key, default)
    if type(value) is not kind or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
        raise MappingRefused(f"The mapping file has {key} = {value!r}.", f"Write a {'list of texts' if kind is list else kind.__name__}.")
    return value


def _choice(told: dict[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
    value = told.get(key, default)
    if value not in choices:
        raise MappingRefused(f"The mapping file has {key} = {value!r}.", f"Write one of {', '.join(choices)}.")
    return str(value)
