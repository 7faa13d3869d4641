"""One hold: visit by visit, the weeks before, and what a release would pay. Worked out now, by the calculation itself; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.explain import Sentence, explain_week
from almoner.core.memory import in_memory
from almoner.core.tables import RELEASES, SCOPE
from almoner.office.runs.calculation import Gathered, Reckoned, reckon
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods, period_made
from almoner.office.runs.explanations import to_others
from almoner.office.runs.hold_rows import Compared, compared_of
from almoner.office.runs.holds import KEY, HoldShown, decisions_on, latest_found
from almoner.office.runs.person import gather_people
from almoner.office.runs.queries import last_event, receipts_like

Row = dict[str, Any]
WEEKS_BEFORE = 8
WEEK = timedelta(days=7)
BOOK_WORDS = {"payments": "Payments", "claims": "Claims", "charges": "Charges"}


@dataclass(frozen=True)
class WeekBefore:
    """One of the person's weeks with the provider: planned against claimed, whether it is held, and what was decided of it."""

    week: date
    compared: Compared | None
    paid_pence: int
    held: bool
    decision: str


@dataclass(frozen=True)
class Effect:
    """What the next run of a book would post for the week now, and once released. Upholding posts what it would post now."""

    book: str
    now_pence: int
    released_pence: int


@dataclass(frozen=True)
class HoldStory:
    """All there is to see of a hold. `visits`: one row a visit of the week; `sentences`: why, by line; `next_period`: when it is paid."""

    visits: list[Row]
    sentences: dict[str, list[Sentence]]
    weeks: list[WeekBefore]
    effects: list[Effect]
    lines: list[str]
    next_period: Period | None


def hold_story(hold: HoldShown, at: datetime) -> HoldStory:
    """A hold's week as it stands now and as it would stand once released. Of nobody known there is nothing to see. Raises DaysNotKnown."""
    if not hold.person_id or hold.week is None:
        return HoldStory([], {}, [], [], [], None)
    head, began = last_event(), hold.week - WEEKS_BEFORE * WEEK
    through = max([hold.week + WEEK - timedelta(days=1), *(found.through for found in latest_found() if found.run == hold.run)])
    whose = {"person_id": hold.person_id, "from_date": began, "until_date": through + timedelta(days=1)}
    windows = pa.Table.from_pylist([whose], schema=SCOPE)
    gathered = gather_people(windows, as_of=at, through=through, until_event=head.number if head else 0)
    now = _reckoned(gathered, through, workings=True)
    released = _reckoned(_with_release(gathered, hold, at), through, workings=False)
    days, weeks = (_of(now.workings[name], hold) for name in ("days", "weeks"))
    in_week = [row for row in days if row["week"] == hold.week]
    return HoldStory(
        visits=_visits(in_week, gathered.inputs["actuals"]),
        sentences={
            row["line_id"]: to_others(explain_week([day for day in in_week if day["line_id"] == row["line_id"]], row))
            for row in weeks
            if row["week"] == hold.week and (not hold.line_id or row["line_id"] == hold.line_id)
        },
        weeks=_weeks_before(hold, now, began),
        effects=[Effect(book, _posted(now, hold, book), _posted(released, hold, book)) for book in BOOK_WORDS],
        lines=sorted({row["line_id"] for row in in_week}),
        next_period=next_payment(hold, at, gathered.inputs),
    )


def next_payment(hold: HoldShown, at: datetime, inputs: dict[str, pa.Table]) -> Period | None:
    """The period of the provider's contracts that is next to be cut off and holds the week: a release is paid with it."""
    contracts = inputs["contracts"].filter(pc.equal(inputs["contracts"].column("provider_id"), hold.provider_id))
    cycles = sorted(set(contracts.column("cycle").to_pylist()))
    coming = (period_made(payment_periods(cycle, at), hold.week, at) for cycle in cycles)
    return min((period for period in coming if period), key=lambda period: period.cut_off_at, default=None)


def _reckoned(gathered: Gathered, through: date, *, workings: bool) -> Reckoned:
    return reckon(
        gathered.inputs, gathered.figures, book="", through=through, cycle="", scope=gathered.scope, since=None, workings=workings
    )


def _with_release(gathered: Gathered, hold: HoldShown, at: datetime) -> Gathered:
    """The same facts, and a release of this hold now."""
    known = gathered.inputs["releases"]
    key = {name: getattr(hold, name) or None for name in KEY}
    moment = datetime.combine(at.date() + timedelta(days=1), time())
    last = pc.max(known.column("row")).as_py() or 0
    row = {"row": last + 1, "decision": "release", **key, "reason": "seen before deciding", "by": "", "at": moment}
    together = pa.concat_tables([known, pa.Table.from_pylist([row], schema=RELEASES.schema)])
    return replace(gathered, inputs={**gathered.inputs, "releases": together})


def _of(table: pa.Table, hold: HoldShown) -> list[Row]:
    theirs = pc.and_(pc.equal(table.column("person_id"), hold.person_id), pc.equal(table.column("provider_id"), hold.provider_id))
    rows: list[Row] = table.filter(theirs).to_pylist()
    return rows


def _visits(days: list[Row], actuals: pa.Table) -> list[Row]:
    """The week's visits in order, each with its difference from the plan and the provider's words."""
    said = {row["row"]: row for row in actuals.select(["row", "comment"]).to_pylist()}
    rows = []
    for day in sorted(days, key=lambda day: (day["date"], day["line_id"], day["start_minute"] or 0)):
        silent = day["kind"] != "visit"
        claimed = None if silent and day["kind"] != "week total" else day["delivered_minutes"]
        planned = None if day["outcome"] == "extra" else day["planned_minutes"]
        counted = claimed if claimed is not None else (planned if silent else 0)
        rows.append(
            {
                "date": day["date"], "start": _clock_time(day["start_minute"]), "line": day["line_id"], "kind": day["kind"],
                "planned": planned, "claimed": claimed, "paid": day["payable_minutes"],
                "difference": (counted or 0) - (planned or 0) if day["kind"] in ("visit", "planned visit") else None,
                "outcome": "As planned" if silent else (day["outcome"] or "").capitalize(), "reason": day["reason"],
                "comment": (said.get(day["row"]) or {}).get("comment"), "held": day["held"],
            }
        )  # fmt: skip
    return rows


def _clock_time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60 % 24, minute % 60)


def _weeks_before(hold: HoldShown, now: Reckoned, began: date) -> list[WeekBefore]:
    compared = compared_of(now.workings["weeks"])
    held = {row["week"] for row in _of(now.holds, hold)}
    decided = {row["week"]: row for row in decisions_on_person(hold)}
    paid = _paid(hold, began)
    weeks = sorted({week for person, provider, week in compared if (person, provider) == (hold.person_id, hold.provider_id)}, reverse=True)
    return [
        WeekBefore(
            week, compared.get((hold.person_id, hold.provider_id, week)), paid.get(week, 0), week in held,
            f"{'Released' if decided[week]['decision'] == 'release' else 'Upheld'} by {decided[week]['by']}" if week in decided else "",
        )
        for week in weeks
        if week <= hold.week
    ]  # fmt: skip


def decisions_on_person(hold: HoldShown) -> list[Row]:
    """The decisions on any week of the same person, code and provider; the latest of a week last."""
    return [row for row in decisions_on(hold, any_week=True) if not row["withdrawn"]]


def _paid(hold: HoldShown, began: date) -> dict[date, int]:
    receipts = receipts_like(person=hold.person_id, payee=hold.provider_id)
    with in_memory() as memory:
        memory.register("receipts", receipts)
        return dict(
            memory.execute(
                "SELECT week, sum(amount_pence)::BIGINT FROM receipts WHERE book = 'payments' AND week >= ? GROUP BY week", [began]
            ).fetchall()
        )


def _posted(reckoned: Reckoned, hold: HoldShown, book: str) -> int:
    """What a book would post for the hold's person and week; of payments and claims, only for its provider."""
    receipts = reckoned.receipts
    wanted = pc.and_(pc.equal(receipts.column("book"), book), pc.equal(receipts.column("person_id"), hold.person_id))
    wanted = pc.and_(wanted, pc.equal(receipts.column("week"), pa.scalar(hold.week, pa.date32())))
    if book == "payments":
        wanted = pc.and_(wanted, pc.equal(receipts.column("provider_id"), hold.provider_id))
    return pc.sum(receipts.filter(wanted).column("amount_pence")).as_py() or 0
