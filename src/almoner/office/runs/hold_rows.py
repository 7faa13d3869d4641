"""Holds as the console lists them: with whose they are, since when, planned against claimed, and the provider's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db.models import QuerySet

from almoner.core.memory import in_memory
from almoner.core.money import PARTS_PER_PENNY
from almoner.office.furniture.words import local
from almoner.office.parties.queries import provider_names
from almoner.office.records.bulk import any_of, listed, looked_up, read_rows
from almoner.office.records.queries import Known, known_at, rows_known
from almoner.office.records.versions import database_table
from almoner.office.runs.holds import Found, HoldShown, latest_found, open_holds
from almoner.office.runs.models import DraftTable, StoredTable
from almoner.office.runs.releasing import NOT_RELEASED
from almoner.office.runs.stored import from_parquet

Row = dict[str, Any]
OLD_DAYS = 7
"""Days after which a hold is old: it stands before larger ones that are newer."""
TO_DECIDE = ("open", "provider", "approver", "release_ended")
"""States of holds that somebody must still do something about."""
COMMENTS = pa.schema([("line_id", pa.string()), ("date", pa.date32()), ("comment", pa.string()), ("version", pa.int64())])
FIRST = pa.schema([("hold_id", pa.string()), ("at", pa.timestamp("us", "UTC"))])


@dataclass(frozen=True)
class Compared:
    """A person's week with a provider: planned and claimed in pence to the nearest penny, and the difference in basis points."""

    planned_pence: int
    claimed_pence: int
    difference: int | None

    @property
    def words(self) -> str:
        """`21.4% more`; empty when there is nothing to compare."""
        return percent_words(self.difference)


def hold_rows(at: datetime, names: Iterable[str] | None = None) -> list[Row]:
    """Every hold there is, or those of these ids, as rows of a listing: old ones first, then the largest."""
    wanted = None if names is None else set(names)
    holds = [hold for hold in open_holds() if wanted is None or hold.hold in wanted]
    known = known_at(at)
    people = {row["person_id"]: row for row in _of(known, "people", "person_id", {hold.person_id for hold in holds})}
    providers = provider_names(at, {hold.provider_id for hold in holds if hold.provider_id})
    lines = _lines_of(known, holds)
    services = _Services(lines)
    since, words = _first_found(holds), _comments(holds, lines)
    weeks = {found.run: compared_weeks(found) for found in latest_found() if found.book == "payments"}
    rows = [
        _row(hold, at, people.get(hold.person_id, {}), providers, since.get(hold.hold), _compared(weeks.get(hold.run), hold))
        | {"comment": _told_of(hold, words.get((hold.person_id, hold.provider_id, hold.week), "")), "services": services.of(hold)}
        for hold in holds
    ]
    return sorted(rows, key=lambda row: (row["age"] <= OLD_DAYS, -row["amount"], row["hold"]))


def _told_of(hold: HoldShown, comments: str) -> str:
    """The provider's words: first what it said last about the hold itself, then those on the visits of its week."""
    return "; ".join(part for part in (hold.said, comments) if part)


def _row(
    hold: HoldShown, at: datetime, person: Mapping[str, Any], providers: Mapping[str, str], since: datetime | None, week: Compared | None
) -> Row:
    began = local(since or at).date()
    name = ", ".join(part for part in (person.get("family_name"), person.get("given_names")) if part)
    return {
        "hold": hold.hold, "code": hold.code, "since": began, "age": (local(at).date() - began).days,
        "provider_id": hold.provider_id, "provider": providers.get(hold.provider_id, hold.provider_id),
        "person_id": hold.person_id, "person": f"{name} ({hold.person_id})" if name else hold.person_id, "team": person.get("team") or "",
        "line": hold.line_id, "week": hold.week, "amount": hold.amount_pence, "state": hold.state, "assigned": hold.taken_by,
        "planned": week.planned_pence if week else None, "claimed": week.claimed_pence if week else None,
        "difference": week.difference if week else None, "percent": week.words if week else "",
        "can_be_released": hold.code not in NOT_RELEASED, "found": hold,
    }  # fmt: skip


def total_of(amounts: Iterable[int]) -> int:
    """Amounts in pence together."""
    return sum(amounts)


def percent_words(basis_points: int | None) -> str:
    """`21.4% more`; empty when there is nothing to compare."""
    if basis_points is None:
        return ""
    tenths = (abs(basis_points) + 5) // 10
    return f"{tenths // 10}.{tenths % 10}% {'more' if basis_points > 0 else 'less'}"


def _of(known: Known, table: str, column: str, ids: set[str]) -> list[Row]:
    rows: list[Row] = rows_known(table, known, {column: sorted(ids - {""})}).to_pylist() if ids - {""} else []
    return rows


def _lines_of(known: Known, holds: Sequence[HoldShown]) -> list[Row]:
    """The lines of the people held, with their contract's provider and service."""
    whose = {hold.person_id for hold in holds}
    lines = _of(known, "lines", "person_id", whose)
    contracts = {row["contract_id"]: row for row in _of(known, "contracts", "contract_id", {row["contract_id"] for row in lines})}
    return [
        {**row, "provider_id": contract["provider_id"], "service": contract["service_type"]}
        for row in lines
        if (contract := contracts.get(row["contract_id"]))
    ]


class _Services:
    """The services of lines, by line and by person and provider."""

    def __init__(self, lines: Sequence[Row]) -> None:
        self._of_line = {row["line_id"]: row["service"] for row in lines}
        self._of_person: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in lines:
            self._of_person[row["person_id"], row["provider_id"]].add(row["service"])

    def of(self, hold: HoldShown) -> tuple[str, ...]:
        """What a hold is about, in the contracts' words."""
        if hold.line_id:
            return (self._of_line[hold.line_id],) if hold.line_id in self._of_line else ()
        return tuple(sorted(self._of_person.get((hold.person_id, hold.provider_id), ())))


def _first_found(holds: Sequence[HoldShown]) -> dict[str, datetime]:
    """When each hold was first sealed as one; a hold only a draft has found is not in it."""
    condition, given = any_of("h.hold_id", [hold.hold for hold in holds])
    select = (
        "SELECT h.hold_id AS hold_id, min(e.at) AS at FROM almoner_sealed_holds h JOIN almoner_run_events e"
        f" ON e.subject = h.run_id AND e.event = 'sealed' WHERE {condition} GROUP BY h.hold_id"
    )
    return {row["hold_id"]: row["at"] for row in read_rows(select, FIRST, [given], order=("hold_id",)).to_pylist()}


def _comments(holds: Sequence[HoldShown], lines: Sequence[Row]) -> dict[tuple[str, str, date], str]:
    """What the provider said of visits in each week held, by person, provider and week."""
    by_person: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in lines:
        by_person[row["person_id"], row["provider_id"]].append(row["line_id"])
    spans = {
        (line, hold.week): (hold.person_id, hold.provider_id, hold.week)
        for hold in holds
        if hold.week
        for line in by_person[hold.person_id, hold.provider_id]
    }
    asked = pa.table(
        {"line_id": [line for line, _ in spans], "from_date": pa.array([week for _, week in spans], pa.date32()),
         "until_date": pa.array([week + timedelta(days=7) for _, week in spans], pa.date32())}
    )  # fmt: skip
    if not spans:
        return {}
    given, parameters = listed(asked)
    of_week = "facts.line_id = given.line_id AND facts.date >= given.from_date AND facts.date < given.until_date"
    source = looked_up(given, database_table("actuals"), of_week)
    select = (
        f"SELECT facts.line_id, facts.date, facts.comment, facts.version FROM {source} WHERE facts.comment <> '' AND NOT facts.withdrawn"
    )
    said: dict[tuple[str, str, date], dict[str, None]] = defaultdict(dict)
    for row in read_rows(select, COMMENTS, parameters, order=("version",)).to_pylist():
        for back in range(7):
            key = spans.get((row["line_id"], row["date"] - timedelta(days=back)))
            if key:
                said[key][row["comment"]] = None
    return {key: "; ".join(comments) for key, comments in said.items()}


def _compared(weeks: Mapping[tuple[str, str, date], Compared] | None, hold: HoldShown) -> Compared | None:
    return weeks.get((hold.person_id, hold.provider_id, hold.week)) if weeks and hold.code == "TOL" else None


def compared_weeks(found: Found) -> dict[tuple[str, str, date], Compared]:
    """Every person's week that a draft or run compared with its plan. What was worked out never changes, so it is read once."""
    bytes_hash = _kept(found.run, is_draft=found.is_draft).values_list("bytes_hash", flat=True).first()
    return _weeks_once(bytes_hash, found.run, found.is_draft) if bytes_hash else {}


@lru_cache(maxsize=16)
def _weeks_once(bytes_hash: str, run: str, is_draft: bool) -> dict[tuple[str, str, date], Compared]:
    kept = _kept(run, is_draft=is_draft).first()
    return compared_of(from_parquet(bytes(kept.content))) if kept and kept.bytes_hash == bytes_hash else {}


def _kept(run: str, *, is_draft: bool) -> QuerySet[DraftTable] | QuerySet[StoredTable]:
    if is_draft:
        return DraftTable.objects.filter(draft_id=run, role="working", name="weeks")
    return StoredTable.objects.filter(run_id=run, role="working", name="weeks")


COMPARED = f"""
    WITH groups AS (
        SELECT DISTINCT person_id, provider_id, week, claimed_parts::HUGEINT AS claimed, planned_parts::HUGEINT AS planned,
            compared_split::HUGEINT * {PARTS_PER_PENNY} AS penny
        FROM weeks WHERE claimed_parts IS NOT NULL AND planned_parts IS NOT NULL
    )
    SELECT person_id, provider_id, week, ((2 * planned + penny) // (2 * penny))::BIGINT, ((2 * claimed + penny) // (2 * penny))::BIGINT,
        CASE WHEN planned > 0 THEN ((claimed - planned) * 10000 // planned)::BIGINT END
    FROM groups
"""


def compared_of(weeks: pa.Table) -> dict[tuple[str, str, date], Compared]:
    """Planned against claimed by person, provider and week, out of a run's workings of weeks."""
    with in_memory() as memory:
        memory.register("weeks", weeks)
        rows = memory.sql(COMPARED).fetchall()
    return {
        (person, provider, week): Compared(planned, claimed, difference) for person, provider, week, planned, claimed, difference in rows
    }
