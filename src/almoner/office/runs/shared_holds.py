"""Holds of a person's whole week, for readers who reach some of the person's lines only: what of a hold is theirs, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from almoner.core.holding import held_with_the_week
from almoner.core.sentences import Sentence
from almoner.office.accounts.readers import Reader
from almoner.office.care.queries import reached
from almoner.office.runs.freshness import watched
from almoner.office.runs.provider_care import care_of
from almoner.office.runs.queries import stored_part

Row = dict[str, Any]
COMPARISON = frozenset({"HLD-1", "HLD-2"})
"""The rules of sentences that compare a person's whole week with its plan."""
WORDS = (
    "What was claimed for this person differs from the plan by more than is allowed, counted with services that you do not see."
    " The amount is the part of your services."
)
TOGETHER = "What is claimed for this person is compared with the plan together with services that you do not see."


def people_shared(lines: pa.Table, every: pa.Table) -> frozenset[str]:
    """The people of `lines` who have others among `every` line of the provider (both `care.queries.OPEN_LINES`)."""
    own = set(lines.column("line_id").to_pylist())
    elsewhere = {
        person
        for line, person in zip(every.column("line_id").to_pylist(), every.column("person_id").to_pylist(), strict=True)
        if line not in own
    }
    return frozenset(elsewhere.intersection(lines.column("person_id").to_pylist()))


def people_shared_with(reader: Reader, at: datetime) -> frozenset[str]:
    """The people of whom a reader reaches some lines of the provider's and not all; none for who reaches everything."""
    if not reader.is_limited:
        return frozenset()
    lines = care_of(watched(reader.organisation_id, at)).lines
    return people_shared(reached(reader, lines), lines)


def own_words(sentences: Iterable[Sentence], *, shared: bool) -> tuple[Sentence, ...]:
    """Sentences as somebody reads them who does not see all that was compared: what rests on the comparison says that it is shared."""
    if not shared:
        return tuple(sentences)
    return tuple(dict.fromkeys(Sentence(TOGETHER, one.rules) if COMPARISON & set(one.rules) else one for one in sentences))


def is_shared(row: Row, shared: frozenset[str]) -> bool:
    """Whether a hold (`core.tables.HOLDS`) stops lines that the reader reaches together with others."""
    return not row["line_id"] and row["person_id"] in shared


def own_part(row: Row, lines: Sequence[str], weeks: pa.Table) -> Row:
    """The part of a hold of a person's whole week that is for these lines, out of the workings of the weeks."""
    mine = [week for week in weeks.to_pylist() if week["line_id"] in lines and week["week"] == row["week"]]
    return {**row, "amount_pence": held_with_the_week(mine), "message": WORDS}


def sealed_weeks_of(run: str, lines: Sequence[str], week: date) -> pa.Table:
    """The workings that a sealed run keeps of lines' weeks; no row of one whose workings are not kept."""
    found = [stored_part(run, "working", "weeks", line_id=line, week=week) for line in lines]
    kept = [part for part in found if part is not None]
    return pa.concat_tables(kept) if kept else pa.table({})
