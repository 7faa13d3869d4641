"""What an uploaded file would do: what is new, updated and the same, what each week would pay and hold, and what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.explain_holds import compared as compared_with_plan
from almoner.core.findings import Finding, Severity
from almoner.core.sentences import Sentence
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import Drafted, answer_of
from almoner.office.actuals.comparison import Compared, compare, standing_actuals
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, line_weeks
from almoner.office.actuals.operations import Expected
from almoner.office.actuals.plan import week_holding
from almoner.office.actuals.queries import UploadShown, WeekTold, rows_uploaded, upload_open_to
from almoner.office.records.queries import known_at
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods, period_made
from almoner.office.runs.line_worth import LineKey, Worth, first_and_last, held_codes, held_pence, worth_of
from almoner.office.runs.provider_weeks import lines_of
from almoner.office.runs.shared_holds import own_words, people_shared_with

WEEK = timedelta(days=7)
SHOWN = 200
"""How many updated rows are shown beside what stood."""
WEEKS_SHOWN = 500
"""How many weeks are shown, planned beside claimed."""


@dataclass(frozen=True)
class UploadedWeek:
    """One line's week of a file: its rows that would be written, and what the week would then pay and hold. `told` is the week with the
    file's rows, beside its plan; None where nothing asked for it."""

    line: Mapping[str, Any]
    week: date
    rows: int
    pays_pence: int
    held_pence: int
    codes: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    makes: Period | None
    told: LineWeek | None = None

    @property
    def pay_date(self) -> date | None:
        """When it would be paid; None when the calendar does not say."""
        return self.makes.pay_date if self.makes else None


@dataclass(frozen=True)
class FileWorth:
    """What rows of a file would do, as is known now. `holds` are rows of `core.tables.HOLDS`; `updated` pairs what stood with what is
    said now; `makes` is the next cut-off."""

    compared: Compared
    weeks: tuple[UploadedWeek, ...]
    worth: Worth
    updated: tuple[tuple[dict[str, Any], dict[str, Any]], ...]

    @property
    def holds(self) -> list[dict[str, Any]]:
        """What would be held, the largest amount first."""
        rows: list[dict[str, Any]] = self.worth.holds.to_pylist()
        return sorted(rows, key=lambda row: (-row["amount_pence"], row["code"], row["week"]))

    @property
    def expected(self) -> Expected:
        """What is kept with the upload and with its submission."""
        told = tuple(
            WeekTold(week.line["person_id"], week.line["line_id"], week.week, week.rows, week.pays_pence, week.held_pence, week.codes)
            for week in self.weeks
        )
        made = sorted({week.makes for week in self.weeks if week.makes}, key=lambda period: period.cut_off_at)
        soonest = made[0].cut_off_at if made else None
        last = max((period.pay_date for period in made), default=None)
        return Expected(told, self.worth.pays_pence, self.worth.held_pence, last, soonest)


@dataclass(frozen=True)
class UploadPreview:
    """An upload with what it would do now and what of it is left out."""

    shown: UploadShown
    rows: pa.Table
    worth: FileWorth
    findings: tuple[Finding, ...]

    @property
    def rejections(self) -> list[Finding]:
        """Why rows are left out, by row."""
        return sorted((one for one in self.findings if one.severity is Severity.ERROR), key=lambda one: (one.row, one.column))

    @property
    def notes(self) -> list[Finding]:
        """What else is worth a look."""
        return [one for one in self.findings if one.severity is not Severity.ERROR]


def upload_preview(reader: Reader, number: int, at: datetime) -> UploadPreview | None:
    """An upload as it would be submitted now; None when there is none or when it is not open to the reader."""
    shown = upload_open_to(reader, number)
    if shown is None:
        return None
    rows, findings = rows_uploaded(number)
    lines = lines_of(reader, known_at(at))
    # What the reader reached when the file came may be another's by now, or out of an access that was narrowed since.
    rows = rows.filter(pc.is_in(rows.column("line_id"), value_set=pa.array([line["line_id"] for line in lines], pa.string())))
    worth, shared = worth_of_rows(rows, lines, at), people_shared_with(reader, at)
    told = _told(worth, at)
    weeks = tuple(
        replace(
            week,
            sentences=own_words(week.sentences, shared=week.line["person_id"] in shared),
            told=told.get((week.line["line_id"], week.week)),
        )
        for week in worth.weeks
    )
    return UploadPreview(shown, rows, replace(worth, weeks=weeks), tuple(findings))


def _told(worth: FileWorth, at: datetime) -> dict[LineKey, LineWeek]:
    """The weeks that the page shows, with the file's rows as if they were drafts: planned beside claimed."""
    shown = worth.weeks[:WEEKS_SHOWN]
    lines = {week.line["line_id"]: week.line for week in shown}
    if not lines:
        return {}
    changed = worth.compared.changed
    changed = changed.filter(pc.is_in(changed.column("line_id"), value_set=pa.array(list(lines), pa.string())))
    drafted = []
    for row in changed.to_pylist():
        line = lines[row["line_id"]]
        week = week_holding(row["date"], line["week_start"])
        drafted.append(Drafted(answer_of(row, person_id=line["person_id"], week=week), "", at))
    weeks = [week.week for week in shown]
    found = line_weeks(list(lines.values()), min(weeks), max(weeks), known_at(at), drafted=drafted)
    return {one.key: one for one in found}


def worth_of_rows(rows: pa.Table, lines: Sequence[Mapping[str, Any]], at: datetime) -> FileWorth:
    """What rows of actuals would do, in one calculation for all the people they are about."""
    compared = compare(rows, standing_actuals(rows, known_at(at)))
    changed = compared.changed
    by_id = {line["line_id"]: line for line in lines}
    counts = Counter(
        (line_id, week_holding(day, by_id[line_id]["week_start"]))
        for line_id, day in zip(changed.column("line_id").to_pylist(), changed.column("date").to_pylist(), strict=True)
        if line_id in by_id
    )
    concerned = [by_id[line_id] for line_id in sorted({line_id for line_id, _ in counts})]
    worth = _worth(changed, concerned, counts, at)
    periods = {cycle: payment_periods(cycle, at) for cycle in {line["cycle"] for line in concerned}}
    weeks = []
    for (line_id, week), count in sorted(counts.items(), key=lambda item: (item[0][1], item[0][0])):
        line, row = by_id[line_id], worth.weeks.get((line_id, week))
        made = period_made(periods[line["cycle"]], week, at)
        key = (line_id, week)
        told = tuple(compared_with_plan(row)) if row else ()
        pays, held, codes = worth.pays.get(key, 0), held_pence(worth, key), held_codes(worth, key)
        weeks.append(UploadedWeek(line, week, count, pays, held, codes, told, made))
    pairs = tuple(zip(compared.before.slice(0, SHOWN).to_pylist(), compared.updated.slice(0, SHOWN).to_pylist(), strict=True))
    return FileWorth(compared, tuple(weeks), worth, pairs)


def _worth(changed: pa.Table, lines: Sequence[Mapping[str, Any]], counts: Mapping[LineKey, int], at: datetime) -> Worth:
    days = first_and_last(changed)
    if days is None or not counts:
        return worth_of([], reported=None, from_week=at.date(), through=at.date(), at=at)
    today = at.astimezone(LOCAL).date()
    first = min(week for _, week in counts)
    through = min(max(days[1], min(max(week for _, week in counts) + WEEK, today) - timedelta(days=1)), today)
    worth = worth_of(lines, reported=changed, from_week=first, through=max(through, first), at=at)
    return worth.of(counts)
