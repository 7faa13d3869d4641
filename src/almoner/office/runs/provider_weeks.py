"""A provider's weeks: what is planned, entered and submitted of each, where it stands, and what it would pay now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import as_actuals, draft_digest
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, last_day_told
from almoner.office.actuals.queries import rows_uploaded, uploads_waiting
from almoner.office.care.queries import lines_open_to
from almoner.office.records.bulk import read_rows
from almoner.office.records.queries import Known
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.cut_offs import period_made
from almoner.office.runs.freshness import Watch, watched
from almoner.office.runs.line_worth import NOTHING, LineKey, Worth, held_codes, held_pence, together, worth_of
from almoner.office.runs.models import RunEvent
from almoner.office.runs.outlook import outlook
from almoner.office.runs.payments import pay_dates
from almoner.office.runs.provider_care import Care, care_of, drafts_between, periods_of, rows_open_to, weeks_told
from almoner.office.runs.week_states import WeekFacts, state_of_week

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


def provider_weeks(reader: Reader, at: datetime, *, back: timedelta = SHOWN, rules: Sequence[CalendarRule] = ()) -> ProviderWeeks:
    """Every week of the reader's lines that has begun, as far `back` as asked."""
    watch, rules = watched(reader.organisation_id, at), tuple(rules)
    care = care_of(watch)
    first = watch.day - back
    every = _every_week(watch, care, first)
    shown = _all_shown(reader, watch, care, every, rules)
    own = {row["line_id"] for row in rows_open_to(reader, care)}
    placements = sum(row["basis"] == "placement" for row in care.rows if row["line_id"] in own)
    if len(own) == len(care.rows):
        return ProviderWeeks(shown, every.drafted, every.worth, first, placements)
    shown = tuple(one for one in shown if one.line["line_id"] in own)
    drafted = tuple(one for one in every.drafted if one.line["line_id"] in own)
    return ProviderWeeks(shown, drafted, every.worth.of(one.told.key for one in shown), first, placements)


@dataclass(frozen=True)
class _EveryWeek:
    """All the provider's weeks from a day on with what was sealed of them and what they would post now; `said` is all it rests on."""

    told: tuple[LineWeek, ...]
    drafted: tuple[LineWeek, ...]
    sealed: Mapping[LineKey, Mapping[str, Any]]
    worth: Worth
    first: date
    said: tuple[Any, ...]


def _every_week(watch: Watch, care: Care, first: date) -> _EveryWeek:
    drafts = drafts_between(care, first, watch.day)
    said = (*watch.facts, watch.day, draft_digest(drafts))

    def work_out() -> _EveryWeek:
        sealed = sealed_weeks(watch.provider_id, first - timedelta(days=7))
        weeks = weeks_told(watch, care, first, watch.day, drafts)
        told = tuple(one for one in weeks if one.planned or one.entered or not one.has_timetable)
        worth = _worth_of_all([one for one in told if one.drafts or (one.standing and one.key not in sealed)], watch, first)
        return _EveryWeek(told, tuple(one for one in told if one.drafts), sealed, worth, first, said)

    return watch.keep(("every week", first), said, work_out)


def _all_shown(reader: Reader, watch: Watch, care: Care, every: _EveryWeek, rules: tuple[CalendarRule, ...]) -> tuple[WeekShown, ...]:
    """All the weeks as they stand now. Those that are over stand the same all day; of this week's, visits begin by the hour."""
    view = outlook(watch.provider_id, at=watch.at, rules=rules)
    coming = {cycle: [period for period in periods_of(watch, cycle) if period.cut_off_at >= watch.at] for cycle in care.cycles}
    uploaded = _uploaded_weeks(reader, every.told)
    depends = (*every.said, watch.event, rules, coming, uploaded, [payment.period for payment in view.payments])

    def facts() -> _Facts:
        paid = runs_paid({row["run_id"] for row in every.sealed.values()}, watch.day, rules)
        return _Facts(every.worth, every.sealed, paid, view.changed, uploaded, watch.at)

    def shown(told: Iterable[LineWeek], known: _Facts) -> tuple[WeekShown, ...]:
        return tuple(_shown(one, known, period_made(coming[one.line["cycle"]], one.week, watch.at)) for one in told)

    known = watch.keep(("facts of weeks", every.first, rules), depends, facts)
    is_over = watch.day - timedelta(days=7)
    over = watch.keep(("weeks over", every.first, rules), depends, lambda: shown((one for one in every.told if one.week <= is_over), known))
    return (*over, *shown((one for one in every.told if one.week > is_over), replace(known, at=watch.at)))


def _worth_of_all(weeks: Sequence[LineWeek], watch: Watch, first: date) -> Worth:
    """What all the provider's weeks that are not paid would post now.

    Drafts of one person say nothing of another's weeks, for they name no carers: people without any are worked out together once, and
    those with a draft beside them.
    """
    drafted = {one.line["person_id"] for one in weeks if one.drafts}
    others = _worth_of_others([one for one in weeks if one.line["person_id"] not in drafted], watch, first)
    own = worth_of_weeks([one for one in weeks if one.line["person_id"] in drafted], watch.at)
    return together(others, own).of(one.key for one in weeks)


@dataclass
class _OfPeople:
    """What was worked out of people's weeks together, and through which day of each."""

    worth: Worth
    through: dict[str, date]


def _without(known: _OfPeople, people: frozenset[str]) -> _OfPeople:
    rest = {person: through for person, through in known.through.items() if person not in people}
    return known if rest == known.through else _OfPeople(known.worth.of_people(rest), rest)


def _worth_of_others(weeks: Sequence[LineWeek], watch: Watch, first: date) -> Worth:
    """What the weeks of people without drafts would post: a person's stays until something is told of that person."""
    depends = (watch.care, watch.sealed, watch.day)
    known = watch.keep(("worth of people", first), depends, lambda: _OfPeople(NOTHING, {}), _without)
    of_person: dict[str, list[LineWeek]] = defaultdict(list)
    for one in weeks:
        of_person[one.line["person_id"]].append(one)
    through = {person: last_day_told(theirs, watch.at) for person, theirs in of_person.items()}
    new = {person for person, day in through.items() if known.through.get(person) != day}
    if outdated := new & set(known.through):
        rest = _without(known, frozenset(outdated))
        known.worth, known.through = rest.worth, rest.through
    for day in sorted({through[person] for person in new}):
        told = [one for person in sorted(new) if through[person] == day for one in of_person[person]]
        known.worth = together(known.worth, worth_of_weeks(told, watch.at))
        known.through |= {person: day for person in new if through[person] == day}
    return known.worth.of_people(of_person)


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


def runs_paid(runs: Iterable[str], today: date, rules: Sequence[CalendarRule] = ()) -> frozenset[str]:
    """Those of these runs whose money has come: settled, or their pay date is here."""
    wanted = sorted(runs)
    events = RunEvent.objects.filter(subject__in=wanted, event="settled")
    days = pay_dates(wanted, rules)
    return frozenset(events.values_list("subject", flat=True)) | {run for run, day in days.items() if day <= today}


@dataclass(frozen=True)
class _Facts:
    """What the provider's weeks are shown from."""

    worth: Worth
    sealed: Mapping[LineKey, Mapping[str, Any]]
    paid: frozenset[str]
    changed: tuple[Mapping[LineKey, int], Mapping[LineKey, str]]
    uploaded: Collection[LineKey]
    at: datetime


def _shown(one: LineWeek, facts: _Facts, makes: Period | None) -> WeekShown:
    sealed, (due, held) = facts.sealed.get(one.key), facts.changed
    today = facts.at.astimezone(LOCAL).date()
    codes = held_codes(facts.worth, one.key)
    pays = facts.worth.pays.get(one.key, 0) if one.drafts or one.standing else None
    if sealed is not None and not one.drafts:
        pays = sealed["amount_pence"]
        codes = (held[one.key],) if one.key in held else ()
    state = state_of_week(
        WeekFacts(
            basis=one.line["basis"], has_ended=one.week + timedelta(days=7) <= today, is_told=bool(one.standing),
            is_whole=sealed is not None or not one.unanswered(facts.at), is_drafted=bool(one.drafts), is_uploaded=one.key in facts.uploaded,
            is_held=bool(codes), is_sealed=sealed is not None, is_paid=sealed is not None and sealed["run_id"] in facts.paid,
            is_due=bool(due.get(one.key)), pays=None if pays is None else pays != 0,
        )
    )  # fmt: skip
    return WeekShown(one, state, codes if state in ("held", "draft") else (), pays, held_pence(facts.worth, one.key), makes)


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
