"""A provider's weeks: what is planned, entered and submitted of each, where it stands, and what it would pay now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import as_actuals
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, last_day_told, line_weeks
from almoner.office.actuals.queries import rows_uploaded, uploads_waiting
from almoner.office.care.queries import lines_open_to
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import Known, known_at
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods, period_made
from almoner.office.runs.line_worth import LineKey, Worth, held_codes, held_pence, worth_of
from almoner.office.runs.models import RunEvent

SHOWN = timedelta(weeks=13)
WAITS = ("not_yet", "awaiting", "draft", "uploaded", "held", "part")
"""The states of weeks that are listed unless others are asked for."""
SEALED = pa.schema([("line_id", pa.string()), ("week", pa.date32()), ("run_id", pa.string()), ("amount_pence", pa.int64())])


@dataclass(frozen=True)
class WeekShown:
    """One line's week. `state` is a word of `furniture.statuses` (week); `codes` hold something of it; `pays_pence` is what it would pay
    now, None where nothing is said of it."""

    told: LineWeek
    state: str
    codes: tuple[str, ...]
    pays_pence: int | None
    held_pence: int
    makes: Period | None

    @property
    def line(self) -> Mapping[str, Any]:
        """The line, with its contract and its person."""
        return self.told.line

    @property
    def week(self) -> date:
        """The week's first day."""
        return self.told.week


@dataclass(frozen=True)
class ProviderWeeks:
    """The weeks of all lines that a reader reports on, oldest first, and what the drafts among them would pay."""

    weeks: tuple[WeekShown, ...]
    drafts: tuple[LineWeek, ...]
    worth: Worth
    first: date
    placements: int


def provider_weeks(reader: Reader, at: datetime, *, back: timedelta = SHOWN) -> ProviderWeeks:
    """Every week of the reader's lines that has begun, as far `back` as asked."""
    known = known_at(at)
    lines = lines_open_to(reader, known).to_pylist()
    today = at.astimezone(LOCAL).date()
    first = today - back
    told = [one for one in line_weeks(lines, first, today, known) if one.planned or one.entered or not one.has_timetable]
    sealed = sealed_weeks(reader.organisation_id, first - timedelta(days=7))
    uploaded = _uploaded_weeks(reader, told)
    open_weeks = [one for one in told if one.drafts or (one.standing and one.key not in sealed)]
    worth = worth_of_weeks(open_weeks, at)
    cycles = {line["cycle"] for line in lines}
    periods = {cycle: payment_periods(cycle, at) for cycle in cycles}
    states = run_states({row["run_id"] for row in sealed.values()})
    shown = tuple(
        _shown(one, worth, sealed.get(one.key), states, one.key in uploaded, at, period_made(periods[one.line["cycle"]], one.week, at))
        for one in told
    )
    drafts = tuple(one for one in told if one.drafts)
    return ProviderWeeks(shown, drafts, worth, first, sum(line["basis"] == "placement" for line in lines))


def worth_of_weeks(weeks: Sequence[LineWeek], at: datetime, *, days: bool = False) -> Worth:
    """What these weeks would post now, their drafts as if they were submitted."""
    reported = as_actuals(drafted.answer for one in weeks for drafted in one.drafts.values())
    from_week = min((one.week for one in weeks), default=at.date())
    unique = {one.line["line_id"]: one.line for one in weeks}
    through = last_day_told(weeks, at)
    worth = worth_of(list(unique.values()), reported=reported, from_week=from_week, through=through, at=at, days=days)
    return worth.of(one.key for one in weeks)


def sealed_weeks(provider_id: str, from_week: date) -> dict[LineKey, dict[str, Any]]:
    """What was sealed of a provider's weeks in the book of payments, with the last run that did."""
    select = (
        "SELECT line_id, week, max(run_id) AS run_id, CAST(sum(amount_pence) AS BIGINT) AS amount_pence FROM almoner_receipts"
        " WHERE book = 'payments' AND provider_id = %s AND week >= %s AND line_id <> '' GROUP BY line_id, week"
    )
    rows = read_rows(select, SEALED, [provider_id, from_week], order=("line_id", "week")).to_pylist()
    return {(row["line_id"], row["week"]): row for row in rows}


def run_states(runs: Iterable[str]) -> dict[str, str]:
    """The last event of each of these runs."""
    events = RunEvent.objects.filter(subject__in=list(runs)).order_by("number")
    return dict(events.values_list("subject", "event"))


def _shown(
    one: LineWeek, worth: Worth, sealed: Mapping[str, Any] | None, states: Mapping[str, str], is_uploaded: bool, at: datetime,
    makes: Period | None,
) -> WeekShown:  # fmt: skip
    codes = held_codes(worth, one.key)
    pays = worth.pays.get(one.key, 0) if one.drafts or one.standing else None
    if sealed is not None and not one.drafts:
        pays = sealed["amount_pence"]
    state = _state(one, sealed, states, is_uploaded, codes, pays, at)
    return WeekShown(one, state, codes if state in ("held", "draft") else (), pays, held_pence(worth, one.key), makes)


def _state(
    one: LineWeek, sealed: Mapping[str, Any] | None, states: Mapping[str, str], is_uploaded: bool, codes: Sequence[str],
    pays: int | None, at: datetime,
) -> str:  # fmt: skip
    has_ended = one.week + timedelta(days=7) <= at.astimezone(LOCAL).date()
    if is_uploaded:
        return "uploaded"
    if one.drafts:
        return "draft"
    if sealed is not None:
        return "paid" if states.get(sealed["run_id"]) == "settled" else "being_paid"
    if not one.standing:
        if one.line["basis"] == "planned":
            return "on_plan"
        return "awaiting" if has_ended else "not_yet"
    if codes:
        return "held"
    if one.line["basis"] == "actuals" and (not has_ended or one.unanswered(at)):
        return "part"
    return "submitted" if pays else "nothing"


def _uploaded_weeks(reader: Reader, told: Sequence[LineWeek]) -> set[LineKey]:
    """The weeks that a waiting upload has rows of."""
    waiting = uploads_waiting(reader)
    if not waiting:
        return set()
    days = {
        (row["line_id"], row["date"])
        for upload in waiting
        for row in rows_uploaded(upload.number)[0].select(["line_id", "date"]).to_pylist()
    }
    by_line: dict[str, list[date]] = {}
    for line_id, day in days:
        by_line.setdefault(line_id, []).append(day)
    week = timedelta(days=7)
    return {one.key for one in told if any(one.week <= day < one.week + week for day in by_line.get(one.line["line_id"], ()))}


def lines_of(reader: Reader, known: Known) -> list[dict[str, Any]]:
    """The lines a reader of the portal may report on."""
    found: list[dict[str, Any]] = lines_open_to(reader, known).to_pylist()
    return found
