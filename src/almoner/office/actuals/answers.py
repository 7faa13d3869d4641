"""An answer of a provider about one visit or one week, and actuals made of answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, TypeAlias

import pyarrow as pa

from almoner.core.tables import ACTUALS

VisitKey: TypeAlias = tuple[str, date, str, time | None]
"""What names a visit: line, date, kind and start."""

NOT_ENTERED = ""
SAID = (
    "planned_minutes", "actual_start_time", "delivered_minutes", "units", "carers", "carer_id", "outcome", "reason", "comment",
)  # fmt: skip
"""The columns of actuals that say something of the visit that the key names."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a visit (`kind` visit) or of a whole week (`kind` week). `outcome` is one of the actuals' outcomes, or
    `NOT_ENTERED`. Minutes are whole, `units` hundredths."""

    person_id: str
    line_id: str
    week: date
    date: date
    start_time: time | None
    outcome: str
    kind: str = "visit"
    planned_minutes: int | None = None
    delivered_minutes: int | None = None
    units: int | None = None
    carers: int = 1
    reason: str | None = None
    comment: str | None = None

    @property
    def key(self) -> VisitKey:
        """What names the visit."""
        return (self.line_id, self.date, self.kind, self.start_time)


@dataclass(frozen=True)
class Drafted:
    """An answer that was saved, by whom and when."""

    answer: Answer
    by: str
    at: datetime


def as_actuals(answers: Iterable[Answer]) -> pa.Table:
    """The answers as rows of actuals, in their order, without the moment of submission. Those not entered are left out."""
    rows = [
        {
            "row": number, "line_id": answer.line_id, "date": answer.date, "kind": answer.kind, "start_time": answer.start_time,
            "planned_minutes": answer.planned_minutes, "delivered_minutes": answer.delivered_minutes, "units": answer.units,
            "carers": answer.carers, "outcome": answer.outcome, "reason": answer.reason, "comment": answer.comment,
        }
        for number, answer in enumerate((answer for answer in answers if answer.outcome != NOT_ENTERED), 1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=ACTUALS.schema)


def says_the_same(one: Answer, other: Answer) -> bool:
    """Whether two answers about the same visit say the same of it; what was planned is no part of that."""
    return replace(one, planned_minutes=None) == replace(other, planned_minutes=None)


def answer_of(row: dict[str, Any], *, person_id: str, week: date) -> Answer:
    """A row of actuals as an answer."""
    return Answer(
        person_id, row["line_id"], week, row["date"], row["start_time"], row["outcome"], row["kind"], row["planned_minutes"],
        row["delivered_minutes"], row["units"], row["carers"], row["reason"], row["comment"],
    )  # fmt: skip


def draft_digest(drafted: Sequence[Drafted]) -> str:
    """SHA-256 over a draft as it stands, its answers and when each was saved: the same draft is submitted once."""
    digest = hashlib.sha256()
    for saved in sorted(drafted, key=lambda saved: (*saved.answer.key[:3], str(saved.answer.start_time))):
        digest.update(f"{saved.answer!r} {saved.by} {saved.at.isoformat()}\n".encode())
    return digest.hexdigest()
