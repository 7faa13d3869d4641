"""One person's week with a provider: each line's grid of days and visits, what was entered, and what it would pay now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from almoner.core.explain_holds import compared
from almoner.core.money import rate_text
from almoner.core.sentences import UNIT_WORDS, Sentence
from almoner.core.tables import ACTUALS
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import Answer, Drafted, as_actuals
from almoner.office.actuals.line_weeks import LineWeek, as_planned, begun, last_day_told, visit_key
from almoner.office.actuals.plan import ONE_DAY, PlannedVisit
from almoner.office.care.packages import Package
from almoner.office.records.queries import table_known
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import period_made
from almoner.office.runs.freshness import Watch, watched
from almoner.office.runs.line_worth import NOTHING, Worth, days_with_pay, held_codes, worth_from, worth_of
from almoner.office.runs.provider_care import (
    Care,
    care_of,
    drafts_between,
    periods_of,
    reckoned_for,
    rows_open_to,
    weeks_submitted,
    weeks_told,
)
from almoner.office.runs.provider_weeks import SHOWN, sealed_from, sealed_weeks, worth_as_submitted
from almoner.office.runs.reasons_offered import named_reasons
from almoner.office.runs.shared_holds import own_words, people_shared_with

MOST_SILENT = 400
"""Weeks of which nothing was told up to which what is planned in all of them is worked out at once."""
TOGETHER = 60
"""Lines of a provider up to which one calculation for all of them hardly takes longer than one person's."""


@dataclass(frozen=True)
class Visit:
    """A cell of the grid: a planned visit, or something said that has no plan (`planned` None). `payable_minutes`: what of it is paid,
    where that was worked out."""

    planned: PlannedVisit | None
    answer: Answer | None
    drafted: Drafted | None
    submitted: Answer | None
    is_open: bool
    payable_minutes: int | None = None

    @property
    def start(self) -> Any:
        """The start that names it."""
        return self.planned.start_time if self.planned else (self.answer.start_time if self.answer else None)

    @property
    def more_minutes(self) -> int | None:
        """Minutes beyond the plan, below zero when less; None when nothing is said or the visit was not given as such."""
        if self.planned is None or self.answer is None or self.answer.outcome != "delivered" or self.answer.delivered_minutes is None:
            return None
        return self.answer.delivered_minutes - self.planned.minutes

    @property
    def differs(self) -> bool:
        """Whether what is said differs from the plan."""
        return self.answer is not None and (
            self.planned is None or self.answer.outcome != "delivered" or self.more_minutes != 0 or self.more_carers != 0
        )

    @property
    def more_carers(self) -> int:
        """Carers beyond those planned of a visit that was given, below zero when fewer came."""
        if self.planned is None or self.answer is None or self.answer.outcome != "delivered":
            return 0
        return self.answer.carers - self.planned.carers


@dataclass(frozen=True)
class Day:
    """One day of a line: its visits in order of start, and why it cannot be entered, where it cannot. `parts` out of `split`: what the
    day is worth, exactly (`core.money.exact_pounds`)."""

    date: date
    visits: tuple[Visit, ...]
    closed: str
    minutes: int
    parts: int
    split: int
    note: str


@dataclass(frozen=True)
class LineGrid:
    """One line's week. `entry` says how it is told of: visits, total (hours and minutes of the week) or days (attended or not)."""

    told: LineWeek
    days: tuple[Day, ...]
    entry: str
    rate: Mapping[str, Any] | None
    reasons: Mapping[str, Sequence[str]]

    @property
    def line(self) -> Mapping[str, Any]:
        """The line, with its contract and its person."""
        return self.told.line

    @property
    def most_visits(self) -> int:
        """The most planned visits of any day: the columns of the grid."""
        return max([sum(visit.planned is not None for visit in day.visits) for day in self.days], default=0)

    @property
    def differences(self) -> list[tuple[Day, Visit]]:
        """The visits that differ from the plan, in order."""
        return [(day, visit) for day in self.days for visit in day.visits if visit.differs]


@dataclass(frozen=True)
class PersonWeek:
    """A person's week: its lines' grids, what it would pay and hold, how the claim compares with the plan, and who saved it last.

    `plan` is the row of workings that says what the plan is worth (`planned_parts`, `compared_split`).
    """

    person_id: str
    name: str
    week: date
    grids: tuple[LineGrid, ...]
    worth: Worth
    plan: Mapping[str, Any] | None
    sentences: tuple[Sentence, ...]
    codes: tuple[str, ...]
    held_pence: int
    sealed_pence: int
    makes: Period | None
    saved: Drafted | None
    stays: tuple[tuple[date, date | None], ...]
    previous: str | None
    following: str | None

    @property
    def planned_minutes(self) -> int:
        """Minutes planned on all lines."""
        return sum(grid.told.planned_minutes for grid in self.grids)

    @property
    def entered_minutes(self) -> int:
        """Minutes entered on all lines."""
        return sum(grid.told.entered_minutes for grid in self.grids)


def person_week(reader: Reader, person_id: str, week: date, at: datetime, *, reckon: bool = True) -> PersonWeek | None:
    """The week that begins on a day, of a person the reader's organisation cares for; None when there is none to be told of.

    Without `reckon` nothing is worked out of it, which is quicker: for reading what was typed into its form.
    """
    watch = watched(reader.organisation_id, at)
    care, today = care_of(watch), watch.day
    if week > today:
        return None
    open_to = {row["line_id"] for row in rows_open_to(reader, care)}
    told = [
        one
        for one in weeks_told(watch, care, week, week, drafts_between(care, week, week))
        if one.week == week and one.line["line_id"] in open_to
    ]
    own = [one for one in told if one.line["person_id"] == person_id]
    if not own:
        return None
    others = list(dict.fromkeys(one.line["person_id"] for one in told))
    place = others.index(person_id)
    worth = _worth(own, watch, care) if reckon else NOTHING
    first = next((worth.weeks[one.key] for one in own if one.key in worth.weeks and worth.weeks[one.key]["claimed_parts"]), None)
    stays = _hospital_stays(person_id, week, watch, care)
    line = own[0].line
    shared = person_id in people_shared_with(reader, at)
    return PersonWeek(
        person_id,
        f"{line['given_names'] or ''} {line['family_name'] or ''}".strip(),
        week,
        tuple(_grid(one, worth, watch, care) for one in own),
        worth,
        _plan(own, worth, watch, care) if reckon and not shared else None,
        own_words(compared(first) if first else (), shared=shared),
        tuple(dict.fromkeys(code for one in own for code in held_codes(worth, one.key))),
        worth.held_pence,
        worth.sealed_pence,
        period_made(periods_of(watch, line["cycle"]), week, at),
        max((drafted for one in own for drafted in one.drafts.values()), key=lambda drafted: drafted.at, default=None),
        stays,
        others[place - 1] if place else None,
        others[place + 1] if place + 1 < len(others) else None,
    )


def _worth(own: Sequence[LineWeek], watch: Watch, care: Care) -> Worth:
    """What the week would pay now, its drafts as if they were submitted. Where it has none it is worked out with the whole provider's."""
    drafted = [kept.answer for one in own for kept in one.drafts.values()]
    if _is_silent(own, watch):
        return NOTHING
    if not drafted and (known := worth_as_submitted(watch, own)) is not None:
        return known
    if drafted or not _is_together(own, watch, care):
        return _reckoned(own, drafted, watch.at)
    week = own[0].week
    people = [one.line["person_id"] for one in weeks_submitted(watch, care, week, week) if one.week == week]
    found = reckoned_for(watch, people, from_week=week, through=week + 6 * ONE_DAY)
    return worth_from(found, [one.line for one in own]).of(one.key for one in own)


def _plan(own: Sequence[LineWeek], worth: Worth, watch: Watch, care: Care) -> Mapping[str, Any] | None:
    """What the plan is worth: nothing says so before anything is told of the week, so it is then told of as planned."""
    if found := _with_plan(worth):
        return found
    week, person = own[0].week, own[0].line["person_id"]
    if week + 6 * ONE_DAY < watch.day and not any(one.entered for one in own):
        lines, row = _plans(week, watch, care).get((person, week), (0, None))
        if row is not None and lines == len(own):
            return row
    return _with_plan(_reckoned(own, [answer for part in own for answer in as_planned(part, watch.at)], watch.at))


Plans: TypeAlias = dict[tuple[str, date], tuple[int, Mapping[str, Any]]]


def _plans(week: date, watch: Watch, care: Care) -> Plans:
    """What the plans of weeks that have ended are worth, of all people of whom nothing was told in them, in one calculation: by person and
    week, with how many lines were counted. Of all such weeks where they are few, else of this one."""
    depends = (watch.care, watch.sealed, watch.day)
    silent = watch.keep("silent", (*watch.facts, watch.day), lambda: _silent(watch, care))
    if len(silent) <= MOST_SILENT:
        return watch.keep("plans", depends, lambda: _planned(silent, watch), _plans_left)
    return watch.keep(("plans", week), depends, lambda: _planned([one for one in silent if one.week == week], watch), _plans_left)


def _silent(watch: Watch, care: Care) -> list[LineWeek]:
    """The weeks that have ended and were not paid, of people of whom nothing was told in them."""
    first = watch.day - SHOWN
    weeks = [one for one in weeks_submitted(watch, care, first, watch.day) if one.week + 6 * ONE_DAY < watch.day]
    told = {(one.line["person_id"], one.week) for one in weeks if one.standing}
    sealed = sealed_from(watch, first)
    return [one for one in weeks if (one.line["person_id"], one.week) not in told and one.key not in sealed]


def _planned(silent: Sequence[LineWeek], watch: Watch) -> Plans:
    if not silent:
        return {}
    reported = as_actuals(answer for one in silent for answer in as_planned(one, watch.at)).cast(ACTUALS.schema)
    lines = Counter((one.line["person_id"], one.week) for one in silent)
    weeks = [one.week for one in silent]
    people = sorted({person for person, _ in lines})
    reckoned = reckoned_for(watch, people, from_week=min(weeks), through=max(weeks) + 6 * ONE_DAY, reported=reported)
    worth = worth_from(reckoned, [one.line for one in silent]).of(one.key for one in silent)
    rows = [row for _, row in sorted(worth.weeks.items(), reverse=True) if row["planned_parts"]]
    return {(row["person_id"], row["week"]): (lines[row["person_id"], row["week"]], row) for row in rows}


def _plans_left(plans: Plans, people: frozenset[str]) -> Plans:
    """Those of people of whom nothing was told since."""
    return {key: plan for key, plan in plans.items() if key[0] not in people}


def _with_plan(worth: Worth) -> Mapping[str, Any] | None:
    return next((row for row in worth.weeks.values() if row["planned_parts"]), None)


def _is_silent(own: Sequence[LineWeek], watch: Watch) -> bool:
    """Whether there is nothing to be worked out of a week: paid on actuals, and nothing was told of it or paid."""
    if any(one.entered or one.line["basis"] != "actuals" for one in own):
        return False
    week = own[0].week
    sealed = watch.keep(("sealed in", week), (watch.sealed,), lambda: sealed_weeks(watch.provider_id, week))
    return not any(one.key in sealed for one in own)


def _is_together(own: Sequence[LineWeek], watch: Watch, care: Care) -> bool:
    """Whether the week is worked out with everybody's: one calculation for all whose weeks are looked at one after the other. A week that
    goes on changes with every visit that begins, and of a large provider one person's is there sooner."""
    return own[0].week + 6 * ONE_DAY < watch.day and len(care.rows) <= TOGETHER


def _reckoned(own: Sequence[LineWeek], answers: Iterable[Answer], at: datetime) -> Worth:
    week = own[0].week
    through = min(week + 6 * ONE_DAY, last_day_told(own, at))
    lines = [one.line for one in own]
    worth = worth_of(lines, reported=as_actuals(answers), from_week=week, through=max(through, week), at=at)
    return worth.of(one.key for one in own)


def _grid(one: LineWeek, worth: Worth, watch: Watch, care: Care) -> LineGrid:
    line = one.line
    rates = _rates(care.by_line[line["line_id"]])
    entry = "visits"
    if not one.has_timetable:
        entry = "total" if (rates[-1]["unit"] if rates else "hour") == "hour" else "days"
    days = tuple(_day(one, one.week + n * ONE_DAY, worth, watch.at, watch.day, rates) for n in range(7))
    contracts = care.lines.column("contract_id")
    named = watch.keep("reasons", (watch.care,), lambda: named_reasons(contracts.to_pylist(), watch.known))
    return LineGrid(one, days, entry, _rate_on(rates, one.days[0]), named.offered(line["contract_id"]))


def _day(one: LineWeek, day: date, worth: Worth, at: datetime, today: date, rates: Sequence[Mapping[str, Any]]) -> Day:
    line, entered = one.line, one.entered
    payable = _payable(worth.days.get(one.key, ()), day)
    visits = [_visit(one, visit, at, payable) for visit in one.planned if visit.date == day]
    planned = {visit.answer.key for visit in visits if visit.answer} | {visit_key(visit) for visit in one.planned}
    for key, answer in entered.items():
        if answer.date == day and answer.kind == "visit" and key not in planned:
            paid = payable.get(answer.start_time) if answer.start_time else None
            visits.append(Visit(None, answer, one.drafts.get(key), one.standing.get(key), True, paid))
    closed = ""
    if day > today:
        closed = "Not yet"
    elif day < line["start_date"]:
        closed = f"Line starts on {line['start_date'].day} {line['start_date']:%B}"
    elif line["date_of_death"] and day > line["date_of_death"]:
        closed = f"Recorded as having died on {line['date_of_death'].day} {line['date_of_death']:%B %Y}"
    elif line["end_date"] and day > line["end_date"]:
        closed = f"Line ended on {line['end_date'].day} {line['end_date']:%B %Y}"
    parts, split = days_with_pay(worth, one.key, day)
    minutes = sum(
        (visit.answer.delivered_minutes or 0) if visit.answer.outcome in ("delivered", "extra") else 0 for visit in visits if visit.answer
    )
    changed = next((rate for rate in rates if rate["valid_from"] == day and day > one.week), None)
    visits.sort(key=lambda visit: str(visit.start or ""))
    return Day(day, tuple(visits), closed, minutes, parts, split, _rate_change(changed))


def _payable(days: Iterable[Mapping[str, Any]], day: date) -> dict[time, int]:
    """The minutes that are paid of each visit of a day, by its start."""
    rows = [row for row in days if row["date"] == day and row["start_minute"] is not None and row["payable_minutes"] is not None]
    return {time(*divmod(row["start_minute"], 60)): row["payable_minutes"] * row["basis_points"] // 10_000 for row in rows}


def _visit(one: LineWeek, planned: PlannedVisit, at: datetime, payable: Mapping[time, int]) -> Visit:
    answer = one.said_of(planned)
    key = answer.key if answer else visit_key(planned)
    is_open = begun(planned.date, planned.start_time, at)
    return Visit(planned, answer, one.drafts.get(key), one.standing.get(key), is_open, payable.get(planned.start_time))


def _rates(package: Package) -> list[Mapping[str, Any]]:
    """The line's own rates, else the contract's plain ones, by their first day."""
    line = package.line
    if package.line_rates:
        return sorted(package.line_rates, key=lambda row: (row["valid_from"], row["row"]))
    if line["rate"] is not None:
        return [{"rate": line["rate"], "unit": line["rate_unit"] or "hour", "valid_from": line["start_date"], "row": 0}]
    of_element = [row for row in package.rates if row["element"] == line["element"]]
    plain = [row for row in of_element if row["day_type"] == "any" and row["band_minutes_up_to"] is None]
    return sorted(plain, key=lambda row: (row["valid_from"], row["row"]))


def _rate_on(rates: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any] | None:
    return next((rate for rate in reversed(rates) if rate["valid_from"] <= day), rates[0] if rates else None)


def _rate_change(rate: Mapping[str, Any] | None) -> str:

    return f"From {rate['valid_from']:%A} {rate_text(rate['rate'])} {UNIT_WORDS[rate['unit']]}" if rate else ""


def _hospital_stays(person_id: str, week: date, watch: Watch, care: Care) -> tuple[tuple[date, date | None], ...]:
    last = week + timedelta(days=6)
    rows = watch.keep("absences", (watch.care,), lambda: table_known("absences", watch.known, people=care.people).to_pylist())
    return tuple(
        (row["first_day"], row["last_day"])
        for row in rows
        if (row["person_id"], row["kind"]) == (person_id, "hospital")
        and row["first_day"] <= last
        and (row["last_day"] is None or row["last_day"] >= week)
    )
