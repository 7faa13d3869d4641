"""What was worked out for a provider, kept in this process until something it rests on changes.

Every answer is kept under what it depends on: the last recording that concerns the provider's care, the last one of what was said of it,
the last run sealed, the day. Which recordings concern a provider is asked of the records, by the ids they name. What is kept never leaves
the process: pages that only look write nothing, and people's data stays where it was.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import pyarrow as pa
from django.db import connection

from almoner.core.tables import TABLES
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.queries import Known, Recorded, facts_head, known_at, latest_moment, recordings_from
from almoner.office.records.versions import VERSIONED, database_table
from almoner.office.runs.calendar import LOCAL
from almoner.office.runs.earlier import days_later
from almoner.office.runs.queries import chain_heads
from almoner.office.runs.recent import SPANS, STARTS, people_sharing_carers

Found = TypeVar("Found")
Mark = tuple[int, str]
"""A recording by its number and hash: a database put back from a copy may count anew."""
MOST = 64
"""Providers remembered at a time; the one not asked for longest is forgotten."""
MOST_ANSWERS = 48
"""Answers remembered of one provider."""
MANY = 20_000
"""Versions from which on a recording is taken to concern everybody."""
TOLD = frozenset({"actuals", "releases"})
"""Tables that say what was given and decided; all others say what care there is."""
FEW = 40
"""People up to whom an answer is mended for them alone."""
MANY_VISITS = 3_000
"""Days of visits from which on nobody looks to whom else their carers came."""
MOST_SAID = 200
PEOPLE = pa.schema([("person_id", pa.string())])
IDS = pa.schema([("line_id", pa.string()), ("person_id", pa.string()), ("contract_id", pa.string())])
READ_BESIDE = {"lines": "line_id", "people": "person_id", "contracts": "contract_id", "actuals": "carer_id"}


@dataclass
class _Kept:
    """What is known of one provider: where its facts stood when it was last looked at, whom they name, and the answers. `said`: of whom was
    told or decided something, recording after recording; None when it may be anybody."""

    database: str
    looked_at: Mark
    care: Mark
    told: Mark
    latest: datetime | None
    ids: dict[str, set[str]] = field(default_factory=dict)
    beside: dict[str, set[str]] = field(default_factory=dict)
    answers: OrderedDict[Hashable, tuple[tuple[Any, ...], Mark, Any]] = field(default_factory=OrderedDict)
    said: list[tuple[Mark, frozenset[str] | None]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)


_KEPT: OrderedDict[str, _Kept] = OrderedDict()
_LOCK = threading.Lock()


class Watch:
    """One look at a provider: where what concerns it stands now, and what is remembered of it.

    `care` is the last recording of what care there is that concerns the provider, `told` the last one of what was given or decided;
    `sealed` the last run sealed, `event` the last event of any kind, by their hashes; `day` the day on the council's clocks.
    """

    def __init__(self, provider_id: str, at: datetime, kept: _Kept) -> None:
        self.provider_id, self.at, self.day = provider_id, at, at.astimezone(LOCAL).date()
        self.care, self.told = kept.care, kept.told
        self.event, self.sealed = chain_heads()
        self._kept, self._looked_at = kept, kept.looked_at
        # What is known only later than the moment asked about is no part of the answer, and its mark must not stand for it.
        self._keeps = kept.latest is None or kept.latest <= at

    @property
    def known(self) -> Known:
        """What is known at the moment asked about."""
        return known_at(self.at)

    @property
    def facts(self) -> tuple[Mark, Mark, str]:
        """What pounds depend on: care, what was said of it, and what was sealed."""
        return self.care, self.told, self.sealed

    def keep(
        self,
        name: Hashable,
        depends: tuple[Any, ...],
        work_out: Callable[[], Found],
        mend: Callable[[Found, frozenset[str]], Found] | None = None,
    ) -> Found:
        """The answer of that name that was worked out when all it depends on was the same; else it is worked out now.

        With `mend` the answer depends on what was told too: what was told since of a few people is worked out for them alone, by `mend`,
        which is given the answer and those people.
        """
        if not self._keeps:
            return work_out()
        with self._kept.lock:
            answers = self._kept.answers
            before = answers.get(name)
            if before is None or before[0] != depends:
                found = work_out()
            elif mend is None or before[1] == self.told:
                found = before[2]
            else:
                people = self._people_since(before[1])
                found = work_out() if people is None else mend(before[2], people)
            # Had somebody looked meanwhile, what is read beside could have changed without having been watched.
            if self._kept.looked_at == self._looked_at:
                answers[name] = (depends, self.told, found)
                answers.move_to_end(name)
                while len(answers) > MOST_ANSWERS:
                    answers.popitem(last=False)
            return found

    def kept(self, name: Hashable, depends: tuple[Any, ...]) -> Any:
        """The answer of that name, if it was worked out when all it depends on was the same; None if it would have to be worked out."""
        with self._kept.lock:
            before = self._kept.answers.get(name)
            return before[2] if self._keeps and before is not None and before[0] == depends else None

    def _people_since(self, mark: Mark) -> frozenset[str] | None:
        """Of whom something was told or decided since; None when that is not known or they are many."""
        marks = [said for said, _ in self._kept.said]
        if mark not in marks or self.told not in marks:
            return None
        named = [people for _, people in self._kept.said[marks.index(mark) + 1 : marks.index(self.told) + 1]]
        found = frozenset[str]().union(*(people or () for people in named))
        return None if None in named or len(found) > FEW else found

    def beside(self, inputs: Mapping[str, pa.Table]) -> None:
        """Watch what was read for an answer too: others' lines that the same carers came to, and those carers."""
        for name, column in READ_BESIDE.items():
            if name in inputs:
                named = inputs[name].column(column).unique().drop_null().to_pylist()
                self._kept.beside.setdefault(column, set()).update(named)


def watched(provider_id: str, at: datetime) -> Watch:
    """What is remembered of a provider, looked through for what was recorded since."""
    head, database = facts_head(), str(connection.settings_dict["NAME"])
    with _LOCK:
        kept = _KEPT.get(provider_id)
    if kept is not None:
        with kept.lock:
            if kept.database != database or not _look(provider_id, kept, head):
                kept = None
    if kept is None:
        kept = _Kept(database, head, head, head, latest_moment(), said=[(head, frozenset())])
        kept.ids = _ids_of(provider_id)
    with _LOCK:
        _KEPT[provider_id] = kept
        _KEPT.move_to_end(provider_id)
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    return Watch(provider_id, at, kept)


def _look(provider_id: str, kept: _Kept, head: Mark) -> bool:
    """Take in what was recorded since; False when these are not the facts that were looked at."""
    if head == kept.looked_at:
        return True
    since = recordings_from(kept.looked_at[0])
    if kept.looked_at[0] and (not since or since[0].sha256 != kept.looked_at[1]):
        return False
    new = [one for one in since if one.number > kept.looked_at[0]]
    by_table: dict[str, list[Recorded]] = {}
    for one in new:
        by_table.setdefault(one.table, []).append(one)
    for name, recorded in by_table.items():
        if not _speaks_of(name, recorded, kept, provider_id):
            continue
        mark = (new[-1].number, new[-1].sha256)
        if name in TOLD:
            kept.told = mark
            kept.said = [*kept.said[-MOST_SAID:], (mark, _people_named(name, recorded, kept))]
        else:
            kept.care = mark
            kept.ids = _ids_of(provider_id)
        kept.latest = max([one.recorded_at for one in recorded] + ([kept.latest] if kept.latest else []))
    if new:
        kept.looked_at = (new[-1].number, new[-1].sha256)
    return True


def _ids_of(provider_id: str) -> dict[str, set[str]]:
    """The contracts that ever were a provider's, the people who ever had a line under one, and every line and contract of theirs."""
    lines, contracts = database_table("lines"), database_table("contracts")
    under = f"SELECT contract_id FROM {contracts} WHERE provider_id = %s"
    select = (
        f"SELECT line_id, person_id, contract_id FROM {lines} WHERE person_id IN"
        f" (SELECT person_id FROM {lines} WHERE contract_id IN ({under}))"
        f" UNION SELECT '' AS line_id, '' AS person_id, contract_id FROM {contracts} WHERE provider_id = %s"
    )
    rows = read_rows(select, IDS, [provider_id, provider_id])
    return {name: set(rows.column(name).unique().drop_null().to_pylist()) - {""} for name in IDS.names}


def _speaks_of(name: str, recorded: list[Recorded], kept: _Kept, provider_id: str) -> bool:
    """Whether any of these versions names one of the ids; a table that names none of their kind concerns everybody."""
    if name not in VERSIONED or sum(one.last_version - one.first_version + 1 for one in recorded) > MANY:
        return True
    theirs = {"provider_id": {provider_id}, "party_id": {provider_id}} | {
        column: kept.ids.get(column, set()) | kept.beside.get(column, set())
        for column in ("line_id", "person_id", "contract_id", "carer_id")
    }
    columns = [column.name for column in TABLES[name].columns if column.name in theirs]
    if not columns:
        return True
    terms, parameters = [], []
    for column in columns:
        term, parameter = any_of(column, sorted(theirs[column]))
        terms.append(term)
        parameters.append(parameter)
    if name == "releases":
        # A decision that names nobody is about everybody.
        terms.append("(" + " AND ".join(f"{column} IS NULL" for column in columns) + ")")
    ranges = _joined((one.first_version, one.last_version) for one in recorded)
    within = " OR ".join("version BETWEEN %s AND %s" for _ in ranges)
    bounds = [bound for both in ranges for bound in both]
    select = f"SELECT 1 FROM {database_table(name)} WHERE ({within}) AND ({' OR '.join(terms)}) LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(select, [*bounds, *parameters])
        return cursor.fetchone() is not None


def _people_named(name: str, recorded: list[Recorded], kept: _Kept) -> frozenset[str] | None:
    """The provider's people that these versions bear on: those whose lines or names they hold, and those to whom a carer of such a visit
    came about then. None when it may be anybody."""
    ranges = _joined((one.first_version, one.last_version) for one in recorded)
    within, bounds = " OR ".join("version BETWEEN %s AND %s" for _ in ranges), [bound for both in ranges for bound in both]
    if name == "releases":
        select = f"SELECT DISTINCT coalesce(person_id, '') AS person_id FROM {database_table(name)} WHERE {within}"
        named = read_rows(select, PEOPLE, bounds).column(0).to_pylist()
        return frozenset(named) if all(named) else None
    theirs, lines = any_of("line_id", sorted(kept.ids["line_id"] | kept.beside.get("line_id", set())))
    select = f"SELECT DISTINCT line_id, date AS from_date FROM {database_table(name)} WHERE ({within}) AND {theirs}"
    days = read_rows(select, STARTS, [*bounds, lines])
    by_carer, carers = any_of("carer_id", sorted(kept.beside.get("carer_id", set())))
    select = f"SELECT DISTINCT line_id, date AS from_date FROM {database_table(name)} WHERE ({within}) AND {by_carer}"
    days = pa.concat_tables([days, read_rows(select, STARTS, [*bounds, carers])]).group_by(STARTS.names).aggregate([])
    if days.num_rows > MANY_VISITS:
        return None
    spans = pa.table([*days.columns, days_later(days.column("from_date"), 1)], schema=SPANS)
    of_lines, named_lines = any_of("line_id", spans.column("line_id").unique())
    select = f"SELECT DISTINCT person_id FROM {database_table('lines')} WHERE {of_lines}"
    people = set(read_rows(select, PEOPLE, [named_lines]).column(0).to_pylist())
    return frozenset(people | set(people_sharing_carers(spans).column("person_id").to_pylist())) & frozenset(kept.ids["person_id"])


def _joined(ranges: Any) -> list[tuple[int, int]]:
    """Ranges in order, adjoining ones made one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and found[-1][1] + 1 >= first:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
