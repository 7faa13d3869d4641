"""A provider's weeks: what is planned, entered and submitted of each, where it stands, and what it would pay now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import as_actuals, draft_digest
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, in_order, last_day_told
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
from almoner.office.runs.provider_care import (
    Care,
    care_of,
    drafts_between,
    periods_of,
    rows_open_to,
    weeks_submitted,
    with_drafts,
)
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
    """The weeks of all lines that a reader reports on, oldest first, and those among them that have a draft."""

    weeks: tuple[WeekShown, ...]
    drafts: tuple[LineWeek, ...]
    first: date
    placements: int


def provider_weeks(reader: Reader, at: datetime, *, back: timedelta = SHOWN, rules: Sequence[CalendarRule] = ()) -> ProviderWeeks:
    """Every week of the reader's lines that has begun, as far `back` as asked."""
    watch = watched(reader.organisation_id, at)
    care, first = care_of(watch), watch.day - back
    drafted = _drafted(watch, care, first)
    weeks = _all_shown(_surroundings(reader, watch, care, drafted, tuple(rules)), drafted)
    own = {row["line_id"] for row in rows_open_to(reader, care)}
    if len(own) < len(care.rows):
        weeks = tuple(one for one in weeks if one.line["line_id"] in own)
    drafts = tuple(one for one in drafted.weeks if one.drafts and one.line["line_id"] in own)
    placements = sum(row["basis"] == "placement" for row in care.rows if row["line_id"] in own)
    return ProviderWeeks(weeks, drafts, first, placements)


@dataclass(frozen=True)
class _Drafted:
    """The weeks from a day on of people of whom something is drafted, and what they would pay if it were submitted; `digest` names the
    drafts."""

    first: date
    weeks: tuple[LineWeek, ...]
    people: frozenset[str]
    worth: Worth
    digest: str


def drafts_worth(provider_id: str, at: datetime) -> tuple[str, Worth]:
    """What the weeks of people with a draft would pay if all the provider's drafts of weeks that are shown were submitted; and what names
    these drafts (`answers.draft_digest`)."""
    watch = watched(provider_id, at)
    drafted = _drafted(watch, care_of(watch), watch.day - SHOWN)
    return drafted.digest, drafted.worth


def _drafted(watch: Watch, care: Care, first: date) -> _Drafted:
    """Kept until a draft is changed, or something of what is known. Drafts of one person say nothing of another's weeks, for they name no
    carers."""
    drafts = drafts_between(care, first, watch.day)
    digest = draft_digest(drafts)

    def work_out() -> _Drafted:
        people = frozenset(one.answer.person_id for one in drafts)
        standing = [one for one in weeks_submitted(watch, care, first, watch.day) if one.line["person_id"] in people]
        weeks = tuple(one for one in with_drafts(standing, watch, care, first, watch.day, drafts) if _is_listed(one))
        sealed = sealed_from(watch, first)
        worth = worth_of_weeks([one for one in weeks if one.drafts or (one.standing and one.key not in sealed)], watch.at)
        return _Drafted(first, weeks, people, worth, digest)

    return watch.keep(("drafted", first), (*watch.facts, watch.day, digest), work_out)


def _is_listed(one: LineWeek) -> bool:
    return bool(one.planned or one.entered or not one.has_timetable)


def sealed_from(watch: Watch, first: date) -> Mapping[LineKey, Mapping[str, Any]]:
    """What was sealed of the provider's weeks with a day from `first` on (`sealed_weeks`)."""
    return watch.keep(("sealed", first), (watch.sealed,), lambda: sealed_weeks(watch.provider_id, first - timedelta(days=7)))


@dataclass(frozen=True)
class _Surroundings:
    """What weeks are shown from, beside what is said of them: whose they are, since when, what was paid, what is to come."""

    watch: Watch
    care: Care
    first: date
    coming: Mapping[str, list[Period]]
    paid: frozenset[str]
    changed: tuple[Mapping[LineKey, int], Mapping[LineKey, str]]
    uploaded: Collection[LineKey]
    depends: tuple[Any, ...]

    def shown(self, weeks: Iterable[LineWeek], worth: Worth) -> list[WeekShown]:
        """The weeks as they stand."""
        sealed = sealed_from(self.watch, self.first)
        facts = _Facts(worth, sealed, self.paid, self.changed, self.uploaded, self.watch.at)
        return [_shown(one, facts, period_made(self.coming[one.line["cycle"]], one.week, self.watch.at)) for one in weeks]


def _surroundings(reader: Reader, watch: Watch, care: Care, drafted: _Drafted, rules: tuple[CalendarRule, ...]) -> _Surroundings:
    first = drafted.first
    view = outlook(watch.provider_id, at=watch.at, rules=rules)
    coming = {cycle: [period for period in periods_of(watch, cycle) if period.cut_off_at >= watch.at] for cycle in care.cycles}
    runs = {row["run_id"] for row in sealed_from(watch, first).values()}
    paid = watch.keep(("paid runs", first, rules), (watch.event, watch.day), lambda: runs_paid(runs, watch.day, rules))
    uploaded = _uploaded_weeks(reader, [*weeks_submitted(watch, care, first, watch.day), *drafted.weeks])
    depends = (watch.care, watch.sealed, watch.event, watch.day, rules, coming, uploaded, [payment.period for payment in view.payments])
    return _Surroundings(watch, care, first, coming, paid, view.changed, uploaded, depends)


def _all_shown(around: _Surroundings, drafted: _Drafted) -> tuple[WeekShown, ...]:
    """All the weeks as they stand now. Those that are over stand the same all day; of this week's, visits begin by the hour."""
    watch, care, first = around.watch, around.care, around.first
    standing = weeks_submitted(watch, care, first, watch.day)
    began = watch.day - timedelta(days=6)

    worth = _worth_of_standing(watch, care, first)

    def over(people: frozenset[str] | None = None) -> list[WeekShown]:
        wanted = (one for one in standing if one.week < began and (people is None or one.line["person_id"] in people) and _is_listed(one))
        return around.shown(wanted, worth)

    def mend(then: list[WeekShown], people: frozenset[str]) -> list[WeekShown]:
        kept = [one for one in then if one.line["person_id"] not in people]
        return sorted([*kept, *over(people)], key=lambda one: in_order(one.told))

    shown = watch.keep(("weeks over", first, around.depends[4]), around.depends, over, mend)
    shown = [*shown, *around.shown((one for one in standing if one.week >= began and _is_listed(one)), worth)]
    if not drafted.people:
        return tuple(shown)
    kept = [one for one in shown if one.line["person_id"] not in drafted.people]
    return tuple(sorted([*kept, *around.shown(drafted.weeks, drafted.worth)], key=lambda one: in_order(one.told)))


def worth_as_submitted(watch: Watch, weeks: Sequence[LineWeek]) -> Worth | None:
    """What some weeks of a person would post now as they were submitted, where the list of weeks has worked that out: all of them shown
    there, told of, and not paid before. None where it has not, for one person's are there sooner than everybody's."""
    first = watch.day - SHOWN
    sealed = sealed_from(watch, first)
    if any(one.week < first or not one.standing or one.key in sealed for one in weeks):
        return None
    known: Worth | None = watch.kept(("worth", first), (*watch.facts, watch.day))
    if known is None or not all(one.key in known.weeks for one in weeks):
        return None
    return known.of(one.key for one in weeks)


def _worth_of_standing(watch: Watch, care: Care, first: date) -> Worth:
    """What all the weeks that are not paid would post as they were submitted, kept until anything is told of the provider's people."""

    def work_out() -> Worth:
        sealed, standing = sealed_from(watch, first), weeks_submitted(watch, care, first, watch.day)
        return _worth_of_people([one for one in standing if one.standing and one.key not in sealed], watch, first)

    return watch.keep(("worth", first), (*watch.facts, watch.day), work_out)


@dataclass
class _OfPeople:
    """What was worked out of people's weeks together, and through which day of each."""

    worth: Worth
    through: dict[str, date]


def _without(known: _OfPeople, people: frozenset[str]) -> _OfPeople:
    rest = {person: through for person, through in known.through.items() if person not in people}
    return known if rest == known.through else _OfPeople(known.worth.of_people(rest), rest)


def _worth_of_people(weeks: Sequence[LineWeek], watch: Watch, first: date) -> Worth:
    """What weeks would post now as they were submitted: a person's stays until something is told of that person."""
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


def worth_of_weeks(weeks: Sequence[LineWeek], at: datetime) -> Worth:
    """What these weeks would post now, their drafts as if they were submitted."""
    reported = as_actuals(drafted.answer for one in weeks for drafted in one.drafts.values())
    from_week = min((one.week for one in weeks), default=at.date())
    unique = {one.line["line_id"]: one.line for one in weeks}
    through = last_day_told(weeks, at)
    worth = worth_of(list(unique.values()), reported=reported, from_week=from_week, through=through, at=at)
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
