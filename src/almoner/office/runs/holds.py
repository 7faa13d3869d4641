"""Holds by name: the same key has the same id in every draft and run. Which there are now, and what has been decided about each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.db.models import Q

from almoner.office.runs.desk_models import HoldStep
from almoner.office.runs.models import Draft, Release, Run
from almoner.office.runs.queries import draft_table, holds_of

KEY = ("code", "person_id", "provider_id", "line_id", "week")
DECIDED = {"release": "released", "uphold": "upheld"}
Row = dict[str, Any]


@dataclass(frozen=True)
class HoldShown:
    """One hold, from the latest draft or run that found it. `decided` says what was decided and still stands, and by whom; empty = open.

    `state` is open, provider (was asked), approver (over an officer's limit), released, upheld or release_ended; `by`, `at` and `note`
    say who brought it there: an open one perhaps the provider, by its answer. `taken_by`: who took it on; `asked_by`: who asked the
    provider last; `said`: the provider's last words about it.
    """

    hold: str
    run: str
    code: str
    person_id: str
    provider_id: str
    line_id: str
    week: date
    amount_pence: int
    message: str
    remedy: str
    decided: str
    state: str = "open"
    by: str = ""
    at: datetime | None = None
    note: str = ""
    taken_by: str = ""
    asked_by: str = ""
    said: str = ""


@dataclass(frozen=True)
class Said:
    """What was asked of the provider about a hold, or said by it: by whom and when."""

    is_provider: bool
    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Found:
    """The draft or run that found holds last, of a book and cycle."""

    run: str
    is_draft: bool
    book: str
    cycle: str
    as_of: datetime
    through: date


def hold_ids(holds: pa.Table) -> pa.Array:
    """The id of each hold: `H-` and ten letters and digits of a hash over its key."""
    return pa.array([hold_id(*(row[name] for name in KEY)) for row in holds.select(KEY).to_pylist()], pa.string())


def hold_id(code: str, person_id: str, provider_id: str, line_id: str, week: date | None) -> str:
    """The id of the hold with this key."""
    key = "\x1f".join((code, person_id or "", provider_id or "", line_id or "", week.isoformat() if week else ""))
    return f"H-{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}"


def latest_found() -> list[Found]:
    """The latest draft or run of each book and cycle; payments last, for of several books that found a hold theirs says what is paid."""
    columns = ("id", "book", "cycle", "as_of", "through")
    every = [
        *((header, False) for header in Run.objects.filter(origin="calculated").values(*columns)),
        *((header, True) for header in Draft.objects.values(*columns)),
    ]
    latest = {
        (header["book"], header["cycle"]): Found(
            header["id"], is_draft, header["book"], header["cycle"], header["as_of"], header["through"]
        )
        for header, is_draft in sorted(every, key=lambda one: one[0]["id"])
    }
    return sorted(latest.values(), key=lambda found: (found.book == "payments", found.book, found.cycle))


def open_holds() -> list[HoldShown]:
    """Every hold of the latest draft or run of each book and cycle, each once, with what stands decided; largest amount first."""
    held: dict[str, tuple[Found, Row]] = {}
    for found in latest_found():
        rows = draft_table(found.run, "result", "holds") if found.is_draft else holds_of(found.run)
        for row in rows.to_pylist() if rows is not None else ():
            held[hold_id(*(row[column] for column in KEY))] = (found, row)
    decisions = _Decisions(row for _, row in held.values())
    steps = _steps(held)
    shown = [_shown(name, found, row, decisions.of(row), steps.get(name, [])) for name, (found, row) in held.items()]
    return sorted(shown, key=lambda hold: (-hold.amount_pence, hold.hold))


def decisions_on(hold: HoldShown, *, any_week: bool = False) -> list[Row]:
    """Every decision that names this hold or lines of its week (or any week of the person's), in the order of recording: decision,
    line_id, week, reason, by, at, recorded_at, withdrawn."""
    named: dict[str, Any] = {"code": hold.code, "person_id": hold.person_id or None}
    if not any_week:
        named["week"] = hold.week
    columns: tuple[str, ...] = ("decision", "line_id", "week", "reason", "by", "at", "recorded_at", "withdrawn")
    return list(Release._default_manager.filter(**named).order_by("version").values(*columns))


def steps_on(hold_id: str) -> list[Row]:
    """What was done about a hold, oldest first: step, amount_pence, note, by, at."""
    return [dict(row) for row in HoldStep.objects.filter(hold_id=hold_id).order_by("id").values("step", "amount_pence", "note", "by", "at")]


def said_in(steps: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """What was asked of the provider and what it said, oldest first, out of the steps of a hold."""
    spoken = (step for step in steps if step["step"] in ("asked", "answered"))
    return tuple(Said(step["step"] == "answered", step["by"], step["at"], step["note"]) for step in spoken)


def waits_by(steps: Sequence[Row]) -> tuple[str, datetime, Row] | None:
    """Where the steps of a hold bring it: waiting for the provider, with an approver, or open again by the provider's answer; since when
    it was asked or handed over, and the step that brought it there. None where it was neither."""
    place = max((number for number, step in enumerate(steps) if step["step"] in ("asked", "escalated")), default=None)
    if place is None:
        return None
    last = steps[place]
    if last["step"] == "escalated":
        return "approver", last["at"], last
    answered = [step for step in steps[place:] if step["step"] == "answered"]
    return ("open", last["at"], answered[-1]) if answered else ("provider", last["at"], last)


def waiting_for_provider(names: Iterable[str]) -> set[str]:
    """Which of these holds, by id, wait for the provider's answer: what was done last about them was to ask it."""
    moving = ("asked", "escalated", "answered", *DECIDED.values())
    found = HoldStep.objects.filter(hold_id__in=list(names), step__in=moving).order_by("id").values_list("hold_id", "step")
    return {name for name, step in dict(found).items() if step == "asked"}


def drafts() -> list[str]:
    """The ids of the drafts there are."""
    return list(Draft.objects.order_by("id").values_list("id", flat=True))


class _Decisions:
    """The decisions in force on holds, found by what they name."""

    def __init__(self, held: Iterable[Row]) -> None:
        weeks = {row["week"] for row in held if row["week"]}
        columns = ("decision", *KEY, "reason", "by", "recorded_at", "withdrawn")
        wanted = (
            Release._default_manager.filter(Q(week__isnull=True) | Q(week__gte=min(weeks))) if weeks else Release._default_manager.none()
        )
        latest = {tuple(row[name] for name in KEY): row for row in wanted.order_by("version").values(*columns)}
        self._by_person: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in sorted((row for row in latest.values() if not row["withdrawn"]), key=lambda row: row["recorded_at"]):
            self._by_person[row["code"], row["person_id"]].append(row)

    def of(self, hold: Row) -> Row | None:
        """The latest decision whose every filled cell equals the hold's."""
        named = self._by_person.get((hold["code"], hold["person_id"] or None), [])
        loose = self._by_person.get((hold["code"], None), []) if hold["person_id"] else []
        fitting = [row for row in (*named, *loose) if all(not row[name] or row[name] == hold[name] for name in KEY)]
        return max(fitting, key=lambda row: row["recorded_at"], default=None)


def _steps(held: Mapping[str, object]) -> dict[str, list[Row]]:
    steps: dict[str, list[Row]] = defaultdict(list)
    for row in HoldStep.objects.order_by("id").values("hold_id", "step", "amount_pence", "note", "by", "at"):
        if row["hold_id"] in held:
            steps[row["hold_id"]].append(dict(row))
    return steps


def _shown(name: str, found: Found, row: Row, decision: Row | None, steps: list[Row]) -> HoldShown:
    state, by, at, note = _state(found, row, decision, steps)
    stands = decision is not None and state in DECIDED.values()
    return HoldShown(
        name, found.run, **{column: row[column] for column in (*KEY, "amount_pence", "message", "remedy")},
        decided=f"{state} by {by}: {note}" if stands else "", state=state, by=by, at=at, note=note,
        taken_by=_last(steps, "taken", "by"), asked_by=_last(steps, "asked", "by"), said=_last(steps, "answered", "note"),
    )  # fmt: skip


def _last(steps: Sequence[Row], step: str, cell: str) -> str:
    return next((str(one[cell]) for one in reversed(steps) if one["step"] == step), "")


def _state(found: Found, row: Row, decision: Row | None, steps: list[Row]) -> tuple[str, str, datetime | None, str]:
    """Where a hold stands, and who brought it there, when and in which words."""
    waits = waits_by(steps)
    if decision is not None and (waits is None or decision["recorded_at"] >= waits[1]):
        told = (decision["by"] or "", decision["recorded_at"], decision["reason"])
        if decision["recorded_at"] > found.as_of:
            return (DECIDED[decision["decision"]], *told)
        on = next((step["amount_pence"] for step in reversed(steps) if step["step"] == DECIDED[decision["decision"]]), None)
        if decision["decision"] == "uphold" and on == row["amount_pence"]:
            return ("upheld", *told)
        if decision["decision"] == "release":
            return ("release_ended", *told)
    if waits is not None:
        state, _, step = waits
        return (state, step["by"], step["at"], step["note"])
    return ("open", "", None, "")
