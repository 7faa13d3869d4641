"""What care a provider gives, and what weeks of its people come to: kept while nothing they rest on has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import Drafted
from almoner.office.actuals.line_weeks import LineWeek, drafts_by_week, in_order, line_weeks
from almoner.office.actuals.queries import drafts_of
from almoner.office.care.packages import Package, packages_of
from almoner.office.care.queries import lines_of_provider, reached
from almoner.office.parties.queries import provider_names
from almoner.office.records.bulk import any_of, read_rows
from almoner.office.records.versions import database_table
from almoner.office.runs.calculation import Reckoned
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods
from almoner.office.runs.freshness import Watch, watched
from almoner.office.runs.preview import looked_at_people

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Care:
    """What care a provider gives: its `lines` (`care.queries.OPEN_LINES`) as a table and as `rows` that nobody changes, all that hangs on
    them, the people, and `every` line that ever was one of theirs."""

    lines: pa.Table
    rows: tuple[Mapping[str, Any], ...]
    packages: tuple[Package, ...]
    people: list[str]
    every: pa.Array

    @cached_property
    def by_line(self) -> Mapping[str, Package]:
        """What hangs on each line, by its id."""
        return {package.line["line_id"]: package for package in self.packages}

    @property
    def cycles(self) -> list[str]:
        """The cycles its contracts are paid by."""
        found: list[str] = sorted(set(self.lines.column("cycle").to_pylist()))
        return found


def rows_open_to(reader: Reader, care: Care) -> list[Mapping[str, Any]]:
    """The provider's lines that are open to a reader, as rows that nobody changes."""
    own = set(reached(reader, care.lines).column("line_id").to_pylist())
    return [row for row in care.rows if row["line_id"] in own]


def drafts_between(care: Care, first: date, last: date) -> list[Drafted]:
    """The drafts of all the provider's lines of weeks with a day from `first` to `last`, as they stand at this moment."""
    return [one for one in drafts_of(row["line_id"] for row in care.rows) if first - WEEK < one.answer.week <= last]


def weeks_told(watch: Watch, care: Care, first: date, last: date, drafted: Sequence[Drafted]) -> list[LineWeek]:
    """Every week with a day from `first` to `last` of all the provider's lines that is told of, with the drafts of those weeks."""
    return with_drafts(weeks_submitted(watch, care, first, last), watch, care, first, last, drafted)


def with_drafts(
    standing: list[LineWeek], watch: Watch, care: Care, first: date, last: date, drafted: Sequence[Drafted]
) -> list[LineWeek]:  # fmt: skip
    """Weeks with what was submitted, and with these drafts; those that have a draft and nothing else come in between."""
    drafts = drafts_by_week(drafted)
    if not drafts:
        return standing
    found = [replace(one, drafts=drafts.pop(one.key)) if one.key in drafts else one for one in standing]
    lines = [row for row in care.rows if row["line_id"] in {line for line, _ in drafts}]
    beside = [one for some in drafts.values() for one in some.values()]
    found += [one for one in line_weeks(lines, first, last, watch.known, drafted=beside) if one.key in drafts] if lines else []
    return sorted(found, key=in_order)


def weeks_submitted(watch: Watch, care: Care, first: date, last: date) -> list[LineWeek]:
    """The same with what was submitted alone."""

    def told(rows: Iterable[Mapping[str, Any]]) -> list[LineWeek]:
        return line_weeks(list(rows), first, last, watch.known, drafted=())

    def mend(then: list[LineWeek], people: frozenset[str]) -> list[LineWeek]:
        kept = [one for one in then if one.line["person_id"] not in people]
        return sorted([*kept, *told(row for row in care.rows if row["person_id"] in people)], key=in_order)

    return watch.keep(("weeks", first, last), (watch.care,), lambda: told(care.rows), mend)


def name_of_provider(provider_id: str, at: datetime) -> str:
    """The provider's name, as it stands on every page; its number where none is known."""
    watch = watched(provider_id, at)
    return watch.keep("name", (watch.care,), lambda: provider_names(at, [provider_id]).get(provider_id, provider_id))


def periods_of(watch: Watch, cycle: str) -> list[Period]:
    """`cut_offs.payment_periods`, kept until the calendar or the day changes."""
    return watch.keep(("periods", cycle), (watch.event, watch.day), lambda: payment_periods(cycle, watch.at))


def care_of(watch: Watch) -> Care:
    """What care the provider gives, kept while nothing is recorded of it."""
    return watch.keep("care", (watch.care, watch.day), lambda: _care(watch))


def _care(watch: Watch) -> Care:
    lines = lines_of_provider(watch.provider_id, watch.known)
    people = sorted(set(lines.column("person_id").to_pylist()))
    packages = tuple(packages_of(lines, watch.known, watch.day))
    return Care(lines, tuple(lines.to_pylist()), packages, people, lines_of_people(people))


def lines_of_people(people: list[str]) -> pa.Array:
    """Every line that ever was one of these people's, whoever's contract it is under."""
    term, parameter = any_of("person_id", people)
    select = f"SELECT DISTINCT line_id FROM {database_table('lines')} WHERE {term}"
    return read_rows(select, pa.schema([("line_id", pa.string())]), [parameter], order=("line_id",)).column(0).combine_chunks()


def reckoned_for(
    watch: Watch, people: Sequence[str], *, from_week: date, through: date, reported: pa.Table | None = None
) -> Reckoned:  # fmt: skip
    """`preview_people`, kept while nothing it rests on has changed; `reported` is part of what was asked."""
    said = "" if reported is None or reported.num_rows == 0 else _digest(reported)

    def work_out() -> Reckoned:
        reckoned, gathered = looked_at_people(people, from_week=from_week, through=through, at=watch.at, reported=reported)
        watch.beside(gathered.inputs)
        return reckoned

    return watch.keep(("reckoned", tuple(sorted(people)), from_week, through, said), watch.facts, work_out)


def _digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()
