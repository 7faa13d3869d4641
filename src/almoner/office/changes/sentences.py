"""What a change does, in sentences: what it pays or takes back and over which weeks, whom it asks, and what a week costs from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from almoner.office.changes.calendars import told_of_calendar
from almoner.office.changes.consequences import Consequence
from almoner.office.changes.kinds import Change, Order, Policy, Terms, Timing, Uplift
from almoner.office.changes.queries import OrderShown
from almoner.office.furniture.words import day, local, pounds, span
from almoner.office.parties.queries import provider_names
from almoner.office.records.queries import changed_between
from almoner.office.runs.next_payment import NextPayment
from almoner.office.runs.payments import receipts_for
from almoner.office.runs.queries import run_shown, total_pence
from almoner.office.runs.scope import WORDS

SIX_DAYS = timedelta(days=6)
WRONG = {
    "end": ("the end date is wrong", "held as dated after the end"),
    "start": ("the first day is wrong", "held as dated before the start"),
    "provider": ("the day of the change is wrong", "held as dated after the end"),
}
"""By kind of change: what is wrong if the visits are right, and what becomes of them."""


def sentences(change: Order, found: Consequence, coming: Sequence[NextPayment], at: datetime) -> list[str]:
    """What the page of an effect says first, a sentence or two at a time."""
    if isinstance(change, Timing):
        return list(told_of_calendar(change, found.facts))
    weeks = found.effect.weeks
    paid = weeks.filter(pc.equal(weeks.column("book"), "payments"))
    told = []
    if not weeks.num_rows:
        told.append("No past week changes.")
    payees = _payees(paid)
    names = provider_names(at, payees) if len(payees) > 1 or coming else {}
    for payee in payees if len(payees) in (1, 2) else []:
        own = paid.filter(pc.equal(paid.column("payee_id"), payee))
        told.append(_moved(change, own, names.get(payee, "") if len(payees) > 1 else "", [c for c in coming if c.provider_id == payee]))
    if len(payees) > 2:
        told.append(_moved(change, paid, "", []))
    told += _visits(change, paid) if isinstance(change, Change) else ()
    told += [
        words for one in coming if len(payees) < 3 and (words := _next(one, names.get(one.provider_id, "") if len(payees) > 1 else ""))
    ]
    told += _others(found, paid)
    told += _from_now(change, found, at)
    return told


def _payees(paid: pa.Table) -> list[str]:
    """Who is paid otherwise, those first who are paid less."""
    if not paid.num_rows:
        return []
    by_payee = paid.group_by("payee_id").aggregate([("difference_pence", "sum")])
    found: list[str] = by_payee.sort_by([("difference_pence_sum", "ascending"), ("payee_id", "ascending")]).column("payee_id").to_pylist()
    return found


def subject(change: Order) -> str:
    """What is done, as a sentence about it begins."""
    if isinstance(change, Uplift):
        return f"The uplift from {day(change.on)}"
    if isinstance(change, Policy):
        return f"The new percentage from {day(change.on)}"
    if isinstance(change, Terms):
        return f"The new term from {day(change.on)}"
    if isinstance(change, Timing):
        return f"The new calendar from {day(change.on)}"
    line = f"line {change.line_id}"
    return {
        "end": f"Ending {line} on {day(change.on)}" if change.on else f"Leaving {line} without an end",
        "start": f"Starting {line} on {day(change.on)}",
        "rate": f"The new rate of {line} from {day(change.on)}",
        "hours": f"The new quantity of {line} from {day(change.on)}",
        "timetable": f"The new timetable of {line} from {day(change.on)}",
        "provider": f"Another provider for {line} from {day(change.on)}",
        "share": f"The new share of {line} from {day(change.on)}",
        "authorise": f"Authorising {line} on {day(change.on)}",
    }[change.kind]


def because(order: OrderShown, found: Consequence, at: datetime) -> str:
    """Why an effect is another than when it was proposed: the words after `because`."""
    step = order.steps[0]
    more = len(pc.unique(found.effect.weeks.column("week"))) - step.effect.get("weeks", 0)
    lines = sorted(set(found.effect.weeks.column("line_id").to_pylist()) - {""}) or [order.line_id]
    paid = {row["week"] for row in receipts_for(lines, from_week=found.facts.from_week).to_pylist() if _since(row["run_id"], step.at)}
    if paid and more > 0:
        return "another week was paid" if more == 1 else f"{more} more weeks were paid"
    changed = changed_between(step.at, at, lines=pa.array(lines, pa.string()))
    tables = [name for name in dict.fromkeys(changed.column("table_name").to_pylist()) if name in WORDS]
    if tables:
        return f"something changed since: {', '.join(WORDS[name] for name in tables)}"
    return "another week has ended" if more > 0 else "time has passed"


def _since(run: str, moment: datetime) -> bool:
    shown = run_shown(run)
    return shown is not None and any(event.event == "sealed" and event.at > moment for event in shown.events)


def _moved(change: Order, paid: pa.Table, provider: str, coming: Sequence[NextPayment]) -> str:
    total, count = total_pence(paid, "difference_pence"), len(pc.unique(paid.column("week")))
    first, last = pc.min(paid.column("week")).as_py(), pc.max(paid.column("week")).as_py()
    weeks = span(first, last + SIX_DAYS)
    # Of many lines weeks begin on several days.
    over = f"over {count} week{'s' if count != 1 else ''} ({weeks})" if isinstance(change, Change) else f"in the weeks of {weeks}"
    if total == 0:
        return f"{provider or 'The provider'} is paid the same in all {over}; single weeks differ."
    if total > 0:
        on = f", on {day(coming[0].pay_date)}" if coming else ""
        return f"{f'{provider} is paid' if provider else 'Pays'} {pounds(total)} more {over}{on}."
    back = total_pence(paid, "taken_back_pence")
    all_of_it = back == -total
    if back > -total:
        but = f"{pounds(back)} was paid and is taken back, and other weeks pay more"
        return f"{subject(change)} pays {pounds(abs(total))} less in all {over}: {but}."
    if provider:
        was = ", all of which" if all_of_it else f", of which {pounds(back)}"
        return f"{provider} is paid {pounds(abs(total))} less {over}{f'{was} was paid and is taken back' if back else ''}."
    if all_of_it:
        return f"{subject(change)} takes back {pounds(back)} {over}."
    return (
        f"{subject(change)} pays {pounds(abs(total))} less {over}{f', of which {pounds(back)} was paid and is taken back' if back else ''}."
    )


def _visits(change: Order, paid: pa.Table) -> Iterable[str]:
    less = paid.filter(pc.less(paid.column("difference_pence"), 0))
    visits = pc.sum(less.column("visits")).as_py() or 0
    if not visits:
        return
    were = "visit was" if visits == 1 else "visits were"
    if change.kind in WRONG:
        wrong, then = WRONG[change.kind]
        right, they = ("it is", "it is") if visits == 1 else ("they are", "they are" if change.kind == "end" else "those outside it are")
        yield f"{visits:,} {were} reported as delivered in those weeks: if {right} right, {wrong}; after this change {they} {then}."
    else:
        yield f"{visits:,} {were} reported as delivered in those weeks."


def _next(one: NextPayment, provider: str) -> str:
    whose = f"{provider}’s" if provider else "The provider's"
    expected = f"{whose} next payment, on {day(one.pay_date)}, is expected to be {pounds(one.expected_pence)}"
    if (one.paid_pence, one.carried_pence) == (one.expected_pence, one.carried_now_pence):
        return ""
    if one.paid_pence == 0:
        return f"{expected}, so nothing would be paid and {pounds(abs(one.carried_pence))} carried on."
    return f"{expected} and would be {pounds(one.paid_pence)}."


def _others(found: Consequence, paid: pa.Table) -> Iterable[str]:
    charges, claims = found.effect.totals.get("charges", 0), found.effect.totals.get("claims", 0)
    if charges:
        whose = "The person's charges" if len(found.facts.people) == 1 else "People's charges"
        yield f"{whose} {'rise' if charges > 0 else 'fall'} by {pounds(abs(charges))}."
    if claims:
        yield f"Funders owe {pounds(abs(claims))} {'more' if claims > 0 else 'less'}."
    agreed = found.effect.holds.filter(pc.equal(found.effect.holds.column("code"), "AGR"))
    if waits := total_pence(agreed):
        yield f"{pounds(waits)} waits until the provider has agreed."


def _from_now(change: Order, found: Consequence, at: datetime) -> Iterable[str]:
    more = found.weekly_pence("payments")
    today = local(at).date()
    since = f"From {day(change.on)}" if change.on and change.on > today else "From now on"
    if more:
        yield f"{since} it costs {pounds(abs(more))} a week {'more' if more > 0 else 'less'}."
    claims = found.weekly_pence("claims")
    if claims and not more:
        yield f"{since} funders owe {pounds(abs(claims))} a week {'more' if claims > 0 else 'less'}."
