"""Remembering what was worked out for one provider until something is recorded that concerns it. Kept in this process alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

from almoner.core.tables import TABLES
from almoner.office.records.bulk import any_of
from almoner.office.records.queries import facts_head, recorded_after, recording_hash_of
from almoner.office.records.versions import VERSIONED, database_table
from almoner.office.runs.queries import last_event

Found = TypeVar("Found")
MOST = 64
"""Providers remembered at a time; the one not asked for longest is forgotten."""
MANY = 40
"""Recordings from which on it is cheaper to work everything out anew than to ask each whom it concerns."""


@dataclass(frozen=True)
class Concern:
    """Whose facts a remembered answer rests on: a provider, lines, people and contracts, by id."""

    provider_id: str
    lines: frozenset[str]
    people: frozenset[str]
    contracts: frozenset[str]

    def ids(self) -> dict[str, frozenset[str]]:
        """The ids by the columns of facts that hold them."""
        provider = frozenset({self.provider_id})
        return {
            "line_id": self.lines, "person_id": self.people, "contract_id": self.contracts, "provider_id": provider, "party_id": provider,
        }  # fmt: skip


@dataclass
class _Kept:
    found: Any
    concern: Concern
    facts: tuple[int, str]
    event: str
    database: str


_KEPT: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
_LOCK = threading.Lock()


def kept_or(key: tuple[object, ...], work_out: Callable[[], tuple[Found, Concern]]) -> Found:
    """What was worked out under this key, if nothing that concerns it was recorded or sealed since; else worked out now."""
    facts, event = facts_head(), _last_event()
    database = str(connection.settings_dict["NAME"])
    with _LOCK:
        kept = _KEPT.get(key)
    if kept is not None and _stands(kept, facts, event, database):
        kept.facts = facts
        with _LOCK:
            if key in _KEPT:
                _KEPT.move_to_end(key)
        answer: Found = kept.found
        return answer
    found, concern = work_out()
    with _LOCK:
        _KEPT[key] = _Kept(found, concern, facts, event, database)
        _KEPT.move_to_end(key)
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    return found


def _last_event() -> str:
    head = last_event()
    return head.hash if head else ""


def _stands(kept: _Kept, facts: tuple[int, str], event: str, database: str) -> bool:
    """By hashes, not numbers: a database put back from a copy may count anew."""
    if (kept.database, kept.event) != (database, event) or facts[0] < kept.facts[0]:
        return False
    return facts == kept.facts or (recording_hash_of(kept.facts[0]) == kept.facts[1] and not _concerned(kept))


def _concerned(kept: _Kept) -> bool:
    by_table = recorded_after(kept.facts[0])
    if sum(len(ranges) for ranges in by_table.values()) > MANY:
        return True
    return any(_speaks_of(name, ranges, kept.concern) for name, ranges in by_table.items())


def _speaks_of(name: str, ranges: list[tuple[int, int]], concern: Concern) -> bool:
    """Whether any of these versions names one of the ids; a table that names none of its kind concerns everybody."""
    if name not in VERSIONED:
        return True
    columns = [column for column in concern.ids() if column in {c.name for c in TABLES[name].columns}]
    if not columns or name == "releases":
        return True
    terms, parameters = [], []
    for column in columns:
        term, parameter = any_of(column, sorted(concern.ids()[column]))
        terms.append(term)
        parameters.append(parameter)
    within = " OR ".join("version BETWEEN %s AND %s" for _ in ranges)
    bounds = [bound for both in ranges for bound in both]
    select = f"SELECT 1 FROM {database_table(name)} WHERE ({within}) AND ({' OR '.join(terms)}) LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(select, [*bounds, *parameters])
        return cursor.fetchone() is not None
