"""What is known, now or as it stood at any moment, as Arrow tables in the columns of `core.tables`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.tables import TABLES, Table
from almoner.office.records.beside import Ask, side_by_side
from almoner.office.records.bulk import any_of, listed, looked_up, read_rows
from almoner.office.records.changes import CHANGES, VISITS, Seen, changed_between
from almoner.office.records.models import Recording
from almoner.office.records.once import asking_once, once
from almoner.office.records.standing import RECORDED, Condition, Ids, Known, in_force, known_at, within
from almoner.office.records.superseded import standing_among
from almoner.office.records.troubles import Trouble, troubles_in_facts
from almoner.office.records.versions import VERSIONED, database_table, identity, key_in_index_order

__all__ = [
    "CHANGES", "Ask", "Ids", "Known", "Recorded", "Seen", "Trouble", "actuals_known", "actuals_of_days", "asking_once", "changed_between",
    "facts_head", "known_at", "latest_moment", "once", "recorded_after", "recording_hashes", "recordings_from", "rows_known",
    "side_by_side", "table_known", "tables_known", "troubles_in_facts", "versions_known", "versions_to_compare",
]  # fmt: skip

MANY = 20_000
"""Versions of a table from which on those in force are found in memory."""


def table_known(
    name: str,
    as_of: datetime | Known | None = None,
    *,
    people: Ids | None = None,
    lines: Ids | None = None,
    from_date: date | None = None,
    until_date: date | None = None,
) -> pa.Table:
    """The facts of one table in force among those recorded up to and including `as_of` (None = all), sorted by `row`.

    Has exactly the schema of `core.tables`; `row` is the version's number, the order of recording. `people` and `lines`
    restrict tables with a person or a line to those ids, tables of a line to the lines of those people; tables without
    either are given whole. `[from_date, until_date)` restricts `actuals` by their date and nothing else. Whoever asks for several
    tables settles `known_at` once and gives that.
    """
    table, known = TABLES[name], _settled(as_of)
    if people is not None and name == "lines":
        return _lines_of(people, known)
    if people is not None and lines is None and "line_id" in table.key and "person_id" not in table.key:
        lines = _lines_of(people, known).column("line_id")
    ids = {column: wanted for column, wanted in (("person_id", people), ("line_id", lines)) if wanted is not None}
    return _known(name, known, ids, from_date, until_date)


def tables_known(
    as_of: datetime | Known | None = None, *, people: Ids | None = None, from_date: date | None = None, until_date: date | None = None
) -> dict[str, pa.Table]:
    """Every table of facts that is kept as versions, as `table_known` gives it, by name, in the order of `core.tables`.

    With `people`, all that the calculation needs for them: they, their lines and what hangs on those, and of contracts, providers and
    accounts those of their lines.
    """
    names, known = [name for name in TABLES if name in VERSIONED], _settled(as_of)
    if people is None:
        return {name: _known(name, known, {}, from_date, until_date) for name in names}
    lines = _lines_of(people, known)
    contracts = _known("contracts", known, {"contract_id": pc.unique(lines.column("contract_id"))}, None, None)
    providers = pc.unique(contracts.column("provider_id"))
    ids: dict[str, Ids] = {
        "person_id": people,
        "line_id": lines.column("line_id"),
        "contract_id": contracts.column("contract_id"),
        "provider_id": providers,
        "party_id": providers,
    }
    found = {"lines": lines, "contracts": contracts}
    return {name: found[name] if name in found else _known(name, known, ids, from_date, until_date) for name in names}


def actuals_known(spans: pa.Table, known: Known) -> pa.Table:
    """The actuals in force of lines on some of their days: `spans` has line_id, from_date and until_date (exclusive), and no day of a
    line twice. As `table_known` gives them."""
    table, condition = TABLES["actuals"], within(TABLES["actuals"], known=known)
    given, parameters = listed(spans)
    on_its_days = "facts.line_id = given.line_id AND facts.date >= given.from_date AND facts.date < given.until_date"
    select = f"SELECT facts.* FROM {looked_up(given, database_table('actuals'), on_its_days)} WHERE {condition}"
    columns = pa.schema([*table.schema, RECORDED.field("withdrawn")])
    return standing_among(table, read_rows(_with_row(select), columns, [*parameters, *condition.parameters], order=("row",)))


def actuals_of_days(from_date: date, until_date: date, known: Known) -> tuple[pa.Table, Seen]:
    """The actuals in force of everybody on the days `[from_date, until_date)`, in the order of recording, and all the
    versions that were looked at for them."""
    table = TABLES["actuals"]
    versions = _versions(table, within(table, known=known, from_date=from_date, until_date=until_date), packed_by="date")
    return standing_among(table, versions), Seen(versions.select(VISITS.names), from_date, until_date)


def rows_known(name: str, known: Known, ids: Mapping[str, Ids]) -> pa.Table:
    """The facts of one table in force whose columns, of the natural key, are among these ids (`table_known`)."""
    return _known(name, known, ids, None, None)


def versions_known(name: str, known: Known, **named: str) -> list[dict[str, Any]]:
    """Every version of a table's facts that was known, with these values in their columns, in the order of recording: withdrawn ones and
    those replaced since too, each with `version`, `recorded_at`, `recorded_by` and `withdrawn` beside the columns of `core.tables`."""
    found = VERSIONED[name]._default_manager.filter(version__lte=known.last[name], **named).order_by("version")
    for first, last in known.later.get(name, ()):
        found = found.exclude(version__range=(first, last))
    return [dict(row) for row in found.values()]


def versions_to_compare(name: str, *, first_day: date | None = None, last_day: date | None = None) -> pa.Table:
    """The latest version of every identity of a table, withdrawn ones too: the columns of `core.tables`, then `withdrawn`.

    `[first_day, last_day]` restricts tables whose natural key has a date.
    """
    table = TABLES[name]
    until = None if last_day is None else last_day + timedelta(days=1)
    condition = within(table, from_date=first_day, until_date=until)
    by = (*key_in_index_order(table), *identity(table)[len(table.key) :])
    columns = pa.schema([*table.schema, RECORDED.field("withdrawn")])
    select, parameters = in_force(table, condition, by=by, withdrawn=True)
    return read_rows(_with_row(select), columns, parameters, order=("row",))


def facts_head() -> tuple[int, str]:
    """Number and hash of the last recording: kept elsewhere, they show a removed or remade chain. (0, "") at the start."""
    return once("facts head", _facts_head)


def _facts_head() -> tuple[int, str]:
    last = Recording.objects.order_by("-number").values_list("number", "sha256").first()
    return (last[0], last[1]) if last else (0, "")


def recorded_after(number: int) -> dict[str, list[tuple[int, int]]]:
    """The versions recorded after a recording, as ranges with both ends in, by table."""
    found: dict[str, list[tuple[int, int]]] = {}
    for table, first, last in Recording.objects.filter(number__gt=number).values_list("table", "first_version", "last_version"):
        found.setdefault(table, []).append((first, last))
    return found


@dataclass(frozen=True)
class Recorded:
    """One recording: its number and hash, and the versions of which table it added, both ends in, known from which moment on."""

    number: int
    sha256: str
    table: str
    first_version: int
    last_version: int
    recorded_at: datetime


def recordings_from(number: int) -> list[Recorded]:
    """The recordings from one on, itself first, in order."""
    columns = ("number", "sha256", "table", "first_version", "last_version", "recorded_at")
    return [Recorded(*row) for row in Recording.objects.filter(number__gte=number).order_by("number").values_list(*columns)]


def latest_moment() -> datetime | None:
    """The latest moment that anything is known from; None before anything is."""
    return Recording.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()


def recording_hashes() -> frozenset[str]:
    """The hash of every recording there is."""
    return frozenset(Recording.objects.values_list("sha256", flat=True))


def _settled(as_of: datetime | Known | None) -> Known | None:
    return known_at(as_of) if isinstance(as_of, datetime) else as_of


def _known(name: str, known: Known | None, ids: Mapping[str, Ids], from_date: date | None, until_date: date | None) -> pa.Table:
    table = TABLES[name]
    # A decision on holds names whom it likes, or nobody: it is never looked for by its ids.
    wanted = {} if name == "releases" else {column: some for column, some in ids.items() if column in table.key}
    condition = within(table, known=known, ids=wanted, from_date=from_date, until_date=until_date)
    if known is not None and not wanted and known.last[name] > MANY:
        return standing_among(table, _versions(table, condition))
    select, parameters = in_force(table, condition)
    return read_rows(_with_row(select), table.schema, parameters, order=("row",))


def _versions(table: Table, condition: Condition, *, packed_by: str = "") -> pa.Table:
    """Every version of a table that meets a condition, with `withdrawn`."""
    select = f'SELECT * FROM "{database_table(table.name)}" WHERE {condition}'
    columns = pa.schema([*table.schema, RECORDED.field("withdrawn")])
    return read_rows(_with_row(select), columns, condition.parameters, order=("row",), packed_by=packed_by)


def _with_row(select: str) -> str:
    return f'SELECT *, version AS "row" FROM ({select}) AS known'


def _lines_of(people: Ids, known: Known | None) -> pa.Table:
    """The lines that are these people's as known then."""
    table = TABLES["lines"]
    condition = within(table, known=known)
    term, parameter = any_of("person_id", people)
    # A line that once was theirs is looked at too, for its version in force may say otherwise.
    condition.add(f"line_id IN (SELECT line_id FROM almoner_lines WHERE {term})", parameter)
    standing, parameters = in_force(table, condition)
    select = f"{_with_row(standing)} WHERE {term}"
    return read_rows(select, table.schema, [*parameters, parameter], order=("row",))
