"""Drafts as they would be submitted: which weeks are ready, which are left out and why, and what all of it would pay and hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from almoner.core.explain_holds import compared
from almoner.core.sentences import Sentence
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.answers import NOT_ENTERED, Answer, Drafted, as_actuals, draft_digest
from almoner.office.actuals.line_weeks import LOCAL, LineWeek, line_weeks
from almoner.office.actuals.operations import Expected
from almoner.office.actuals.plan import PlannedVisit
from almoner.office.actuals.queries import WeekTold, drafts_of
from almoner.office.records.queries import Known, known_at
from almoner.office.runs.cut_offs import payment_periods, period_made, period_missed
from almoner.office.runs.line_worth import Worth, held_codes, held_pence
from almoner.office.runs.provider_weeks import drafts_worth, lines_of, worth_of_weeks
from almoner.office.runs.shared_holds import own_words, people_shared_with

UNCLAIMED = ("missed", "cancelled", NOT_ENTERED)


@dataclass(frozen=True)
class LeftOut:
    """A week with a draft that cannot be submitted yet: planned visits without an answer, and answers without their reason."""

    told: LineWeek
    unanswered: tuple[PlannedVisit, ...]
    unexplained: tuple[Answer, ...]


@dataclass(frozen=True)
class WeekChecked:
    """A week ready to be submitted, with what it would pay and hold. `sentences` say how it compares with the plan."""

    told: LineWeek
    pays_pence: int
    held_pence: int
    codes: tuple[str, ...]
    messages: tuple[tuple[str, str], ...]
    sentences: tuple[Sentence, ...]
    pay_date: date | None
    missed_pay_date: date | None


@dataclass(frozen=True)
class Checked:
    """All drafts of a reader's lines. `digest` names what would be submitted: it is the same draft as long as it is the same."""

    ready: tuple[WeekChecked, ...]
    left_out: tuple[LeftOut, ...]
    worth: Worth
    digest: str
    visits: int

    @property
    def held(self) -> list[WeekChecked]:
        """Weeks that would be held, the largest amount first."""
        return sorted((week for week in self.ready if week.codes), key=lambda week: (-week.held_pence, week.told.week))

    @property
    def paid(self) -> list[WeekChecked]:
        """Weeks that would not be held."""
        return [week for week in self.ready if not week.codes]

    @property
    def unclaimed(self) -> int:
        """How many planned visits of the ready weeks nothing is claimed for: missed, cancelled, or still to come."""
        by_visit = [week.told for week in self.ready if not any(answer.kind == "week" for answer in week.told.entered.values())]
        said = [(one, one.said_of(visit)) for one in by_visit for visit in one.planned]
        return sum(answer.outcome in UNCLAIMED if answer is not None else one.line["basis"] == "actuals" for one, answer in said)

    @property
    def answers(self) -> list[Answer]:
        """What would be submitted."""
        return [drafted.answer for week in self.ready for drafted in week.told.drafts.values()]

    @property
    def expected(self) -> Expected:
        """What is kept with the submission."""
        return expected_of(self.ready, self.worth)


def expected_of(weeks: Sequence[WeekChecked], worth: Worth) -> Expected:
    """What weeks would pay and hold, to be kept with a submission or an upload."""
    told = tuple(
        WeekTold(week.told.line["person_id"], *week.told.key, len(week.told.drafts), week.pays_pence, week.held_pence, week.codes)
        for week in weeks
    )  # fmt: skip
    dates = [week.pay_date for week in weeks if week.pay_date]
    return Expected(told, worth.pays_pence, worth.held_pence, max(dates, default=None))


def check_drafts(reader: Reader, at: datetime) -> Checked:
    """Every draft of the lines a reader reports on, as it would be submitted now."""
    known = known_at(at)
    told = drafted_weeks(reader, known, at)
    left_out = tuple(
        LeftOut(one, tuple(one.unanswered(at)), tuple(one.unexplained())) for one in told if one.unanswered(at) or one.unexplained()
    )
    without = {one.told.key for one in left_out}
    ready = [one for one in told if one.key not in without]
    drafted: list[Drafted] = [kept for one in ready for kept in one.drafts.values()]
    digest = draft_digest(drafted)
    # With all its drafts ready the provider's weeks are worked out already, for the list of them.
    every, worth = drafts_worth(reader.organisation_id, at)
    worth = worth.of(one.key for one in ready) if every == digest else worth_of_weeks(ready, at)
    shared = people_shared_with(reader, at)
    checked = tuple(
        replace(week, sentences=own_words(week.sentences, shared=week.told.line["person_id"] in shared))
        for week in checked_weeks(ready, worth, at)
    )
    return Checked(checked, left_out, worth, digest, len(drafted))


def drafted_weeks(reader: Reader, known: Known, at: datetime) -> list[LineWeek]:
    """The weeks with a draft, oldest first."""
    lines = lines_of(reader, known)
    drafts = drafts_of(line["line_id"] for line in lines)
    if not drafts:
        return []
    with_drafts = {drafted.answer.line_id for drafted in drafts}
    wanted = [line for line in lines if line["line_id"] in with_drafts]
    first = min(drafted.answer.week for drafted in drafts)
    today = at.astimezone(LOCAL).date()
    return [one for one in line_weeks(wanted, first, today, known) if one.drafts]


def checked_weeks(weeks: Sequence[LineWeek], worth: Worth, at: datetime) -> tuple[WeekChecked, ...]:
    """The weeks with what they would pay and hold, and when."""
    periods = {cycle: payment_periods(cycle, at) for cycle in {one.line["cycle"] for one in weeks}}
    return tuple(_checked(one, worth, periods[one.line["cycle"]], at) for one in weeks)


def _checked(one: LineWeek, worth: Worth, periods: list[Any], at: datetime) -> WeekChecked:
    made, missed = period_made(periods, one.week, at), period_missed(periods, one.week, at)
    row = worth.weeks.get(one.key)
    return WeekChecked(
        one,
        worth.pays.get(one.key, 0),
        held_pence(worth, one.key),
        held_codes(worth, one.key),
        tuple((hold["message"], hold["remedy"]) for hold in worth.held.get(one.key, ())),
        tuple(compared(row)) if row else (),
        made.pay_date if made else None,
        missed.pay_date if missed else None,
    )


def reported_rows(answers: Sequence[Answer]) -> Any:
    """Answers as rows of actuals, in the order of line, date and start."""
    return as_actuals(sorted(answers, key=lambda answer: (answer.line_id, answer.date, str(answer.start_time or ""))))
