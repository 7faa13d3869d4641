"""What a provider has to do, in the order of the money it delays, and what its next and last payments are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from almoner.core.money import pounds
from almoner.office.accounts.readers import Reader
from almoner.office.actuals.queries import drafts_of, uploads_waiting
from almoner.office.care.packages import Package, answered, full_name
from almoner.office.care.queries import reached
from almoner.office.enquiries.queries import QueryShown
from almoner.office.enquiries.reach import queries_open_to
from almoner.office.enquiries.residents.queries import month_to_confirm, residents_of
from almoner.office.exchange.remittances import part_of
from almoner.office.furniture.words import clock, day, local, long_day
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.holds import KEY, hold_ids, waiting_for_provider
from almoner.office.runs.outlook import ExpectedPayment, Outlook, next_cut_off, outlook
from almoner.office.runs.payments import PaymentShown, payments_to
from almoner.office.runs.queries import total_pence

CHANGES_SHOWN = 10
TO_TELL = "?state=awaiting&state=part&state=draft"
"""The weeks of the list that something is still to be said of; held ones are a task of their own."""
CHANGED = {
    "new": "a new line", "lines": "line changed", "schedule": "timetable changed", "line_terms": "terms changed",
    "line_rates": "rate changed", "rates": "rate changed",
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One thing to do. `page`: the name of the address that does it, with its `query`; `tag`: kind and state of its status."""

    words: str
    hint: str
    page: str
    button: str
    tag: tuple[str, str]
    query: str = ""


@dataclass(frozen=True)
class ProviderHome:
    """What stands on a provider's home. `awaited_pence`: what the weeks nobody told of come to if delivered as planned."""

    tasks: list[Task]
    coming: list[ExpectedPayment]
    cut_off: Period | None
    awaited_pence: int
    last: PaymentShown | None
    changes: list[tuple[datetime, str, str]]
    part: bool


def provider_home(reader: Reader, at: datetime, rules: Sequence[CalendarRule] = ()) -> ProviderHome:
    """Everything on the home of a provider's reader."""
    view = outlook(reader.organisation_id, at=at, rules=rules)
    lines = reached(reader, view.lines)
    own = set(lines.column("line_id").to_pylist())
    coming = [part_of(payment, lines, view.lines, at) for payment in view.payments]
    awaited = view.awaited.filter(_among(view.awaited, own))
    worth = _worth(view, awaited)
    packages = answered([package for package in view.packages if package.line["line_id"] in own])
    paid = payments_to(reader.organisation_id, lines.column("line_id"), rules=rules) if reader.is_limited else view.paid
    cut_off = next_cut_off(view, at)
    tasks = [
        *_uploads(reader),
        *_drafts(own),
        *_weeks(awaited.num_rows, worth, cut_off),
        *_to_agree(packages, view),
        *_answers(reader, at),
        *_asked_about_holds(coming),
        *_held(coming),
        *_residents(lines, at),
    ]
    return ProviderHome(tasks, coming, cut_off, worth, next(iter(paid), None), _changes(packages), reader.is_limited)


def _among(table: pa.Table, lines: set[str]) -> pa.ChunkedArray:
    return pc.is_in(table.column("line_id"), value_set=pa.array(sorted(lines), pa.string()))


def _worth(view: Outlook, awaited: pa.Table) -> int:
    """What weeks come to if delivered as planned."""
    if awaited.num_rows == 0:
        return 0
    keys = ["line_id", "week"]
    return total_pence(view.worth.join(awaited.select(keys), keys=keys, join_type="inner"), "payable_pence")


def _uploads(reader: Reader) -> list[Task]:
    waiting = uploads_waiting(reader)
    if not waiting:
        return []
    files = "A file" if len(waiting) == 1 else f"{len(waiting)} files"
    weeks = _counted(sum(one.weeks for one in waiting), "week")
    worth = total_pence(pa.table({"amount_pence": pa.array([one.would_pay_pence for one in waiting], pa.int64())}))
    hint = f"{files}: {weeks} worth {pounds(worth)} will not be paid until you do."
    return [Task("Submit what you uploaded", hint, "portal-actuals-files", "Submit what you uploaded", ("week", "uploaded"))]


def _drafts(lines: set[str]) -> list[Task]:
    """What was entered on the screen and not submitted: whoever comes back later would else take it for told."""
    count = len({(one.answer.line_id, one.answer.week) for one in drafts_of(sorted(lines))})
    if not count:
        return []
    hint = f"{'It is' if count == 1 else 'They are'} saved and {'does' if count == 1 else 'do'} not count until you submit."
    return [Task(f"Submit {_counted(count, 'draft')}", hint, "portal-actuals-check", "Check and submit", ("week", "draft"))]


def _weeks(count: int, worth: int, period: Period | None) -> list[Task]:
    if not count:
        return []
    by = ""
    if period is not None:
        cut_off = local(period.cut_off_at)
        by = f"By {clock(cut_off)} on {long_day(cut_off.date())} to be paid on {day(period.pay_date)}. "
    hint = f"{by}Worth {pounds(worth)} if delivered as planned."
    return [Task(f"Submit actuals for {_counted(count, 'week')}", hint, "portal-actuals", "Submit actuals", ("week", "awaiting"), TO_TELL)]


def _to_agree(packages: Sequence[Package], view: Outlook) -> list[Task]:
    waiting = [package.line["line_id"] for package in packages if package.state == "to_agree"]
    if not waiting:
        return []
    weeks = pa.table({"line_id": waiting, "week": pa.array([view.whole_weeks.get(line) for line in waiting], pa.date32())})
    weekly = total_pence(view.worth.join(weeks, keys=["line_id", "week"], join_type="inner"), "gross_pence")
    hint = f"{pounds(weekly)} a week cannot be paid until you do." if weekly else "Nothing is paid on it until you do."
    return [Task(f"Agree {_counted(len(waiting), 'new or changed line')}", hint, "portal-lines", "Agree or reject", ("line", "to_agree"))]


def _answers(reader: Reader, at: datetime) -> list[Task]:
    every = queries_open_to(reader, at)
    found, asked = ([one for one in every if one.state == state] for state in ("answered", "with_provider"))
    return [*_read(found), *_asked(asked)]


def _asked(found: Sequence[QueryShown]) -> list[Task]:
    if not found:
        return []
    words = f"Answer {_counted(len(found), 'question')} of the council"
    return [Task(words, "It waits for you.", "portal-queries", "Answer the council", ("query", "with_provider"))]


def _read(found: Sequence[QueryShown]) -> list[Task]:
    if not found:
        return []
    words = "Read 1 answer to your query" if len(found) == 1 else f"Read {len(found)} answers to your queries"
    return [Task(words, "Reply if it does not settle things.", "portal-queries", "Read the answers", ("query", "answered"))]


def _asked_about_holds(coming: Sequence[ExpectedPayment]) -> list[Task]:
    """Holds that nobody can decide until the provider has answered."""
    names = [name for one in coming for name in hold_ids(one.holds).to_pylist()]
    waiting = waiting_for_provider(names) if names else set()
    if not waiting:
        return []
    words = f"Answer {_counted(len(waiting), 'question')} about held payments"
    return [Task(words, "Nobody can decide until you do.", "portal-holds", "Answer about held payments", ("hold", "provider"))]


def _held(coming: Sequence[ExpectedPayment]) -> list[Task]:
    # What is held of a person's whole week may wait for two payments, and is one.
    amounts = {tuple(row[name] for name in KEY): row["amount_pence"] for one in coming for row in one.holds.to_pylist()}
    if not amounts:
        return []
    held = total_pence(pa.table({"amount_pence": pa.array(amounts.values(), pa.int64())}))
    hint = f"{pounds(held)} held. Your other payments are not affected."
    return [Task(f"See {_counted(len(amounts), 'held payment')}", hint, "portal-holds", "See held payments", ("hold", "open"))]


def _residents(lines: pa.Table, at: datetime) -> list[Task]:
    asked = residents_of(lines.to_pylist(), *month_to_confirm(at))
    if not asked.waiting:
        return []
    hint = f"Once a month: who left, was in hospital or died in {asked.month:%B %Y}."
    words = f"Confirm {_counted(len(asked.waiting), 'resident')}"
    return [Task(words, hint, "portal-residents", "Confirm residents", ("residents", "to_confirm"))]


def _changes(packages: Sequence[Package]) -> list[tuple[datetime, str, str]]:
    """The lines that changed last: when, which, and what of them."""
    changed = [(package.changed[1], package.line, package.changed[0]) for package in packages if package.changed]
    latest = sorted(changed, key=lambda one: (one[0], one[1]["line_id"]), reverse=True)[:CHANGES_SHOWN]
    return [(at, line["line_id"], f"{full_name(line)}, {line['service_type']}: {CHANGED[what]}") for at, line, what in latest]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
