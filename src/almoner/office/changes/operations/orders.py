"""Change orders, and the facts they put in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from almoner.office.changes.facts import Proposed, proposed
from almoner.office.changes.kinds import Change
from almoner.office.changes.models import ChangeOrder, ChangeStep
from almoner.office.changes.queries import OrderShown, order, orders
from almoner.office.changes.refusals import ChangeRefused, EffectMoved, NoSuchChange, NotWaiting, OwnChange
from almoner.office.journal.operations import write
from almoner.office.records.operations import append_versions, hold_facts
from almoner.office.runs.effects import Effect, effect_of

LOCAL = ZoneInfo("Europe/London")
CHANGES_LOCK = 0x_A1_40_4E_52_06


def effect_of_change(change: Change, at: datetime) -> tuple[Proposed, Effect]:
    """What a change would record and what it would do to money if it were now. Writes nothing. Raises the refusals of `facts.proposed`."""
    found = proposed(change, at)
    today = at.astimezone(LOCAL).date()
    through = max(today - timedelta(days=1), found.from_week)
    return found, effect_of([found.person_id], found.tables, from_week=found.from_week, through=through, at=at)


def propose_change(*, change: Change, reason: str, by: str, by_name: str, at: datetime) -> OrderShown:
    """Send a change for authorisation; nothing is recorded about the line yet. Raises ChangeRefused and those of `facts.proposed`.

    The same change of the same line that waits already is that order.
    """
    if not reason.strip():
        raise ChangeRefused("The reason is missing.", "Enter why it changes, and what shows it.")
    found, effect = effect_of_change(change, at)
    with transaction.atomic():
        _one_at_a_time()
        waiting = next((one for one in orders(line_id=change.line_id) if one.state == "waiting" and one.change == change), None)
        if waiting is not None:
            return waiting
        last = ChangeOrder.objects.order_by("-number").first()
        made = ChangeOrder.objects.create(
            number=last.number + 1 if last else 1, line_id=change.line_id, person_id=found.person_id, kind=change.kind,
            change=change.stored(), reason=reason.strip(),
        )  # fmt: skip
        _step(made, "proposed", by=by, by_name=by_name, at=at, effect=effect)
        write(act="propose_change", by=by, at=at, subject=f"CO-{made.number:06}", summary={"line": change.line_id, **effect.totals})
    return _there(made.number)


def authorise_change(*, number: int, shown: dict[str, int], by: str, by_name: str, at: datetime) -> OrderShown:
    """Put a change in force: its facts are recorded, and the next run pays or takes back the difference.

    `shown` is the effect in pence by book that was on the page. Raises NoSuchChange, NotWaiting, OwnChange, EffectMoved when the effect is
    another by now, and the refusals of `facts.proposed`.
    """
    with transaction.atomic():
        _one_at_a_time()
        hold_facts()
        found = _waiting(number)
        if found.proposed_by.strip().casefold() == by.strip().casefold():
            raise OwnChange("You proposed this change, so someone else authorises it.", "Ask a team manager or a payments approver.")
        facts, effect = effect_of_change(found.change, at)
        if dict(effect.totals) != shown:
            raise EffectMoved("The effect of this change is another by now.", "Look at the new figures, then press again.")
        for name, rows in facts.tables.items():
            append_versions(name, rows, by=by, at=at)
        _step(ChangeOrder.objects.get(number=number), "authorised", by=by, by_name=by_name, at=at, effect=effect)
        write(act="authorise_change", by=by, at=at, subject=found.reference, summary={"line": found.line_id, **effect.totals})
    return _there(number)


def send_back_change(*, number: int, text: str, by: str, by_name: str, at: datetime) -> OrderShown:
    """Do not put a change in force, and say why. Raises NoSuchChange, NotWaiting or ChangeRefused."""
    if not text.strip():
        raise ChangeRefused("The reason is missing.", "Say why it is sent back.")
    with transaction.atomic():
        _one_at_a_time()
        found = _waiting(number)
        ChangeStep.objects.create(
            order_id=number, number=len(found.steps) + 1, act="sent_back", by=by, by_name=by_name, at=at, text=text.strip(), effect={}
        )
        write(act="send_back_change", by=by, at=at, subject=found.reference, summary={"line": found.line_id})
    return _there(number)


def _step(made: ChangeOrder, act: str, *, by: str, by_name: str, at: datetime, effect: Effect) -> None:
    number = ChangeStep.objects.filter(order=made).count() + 1
    ChangeStep.objects.create(order=made, number=number, act=act, by=by, by_name=by_name, at=at, effect=dict(effect.totals))


def _waiting(number: int) -> OrderShown:
    found = _there(number)
    if found.state != "waiting":
        raise NotWaiting(f"{found.reference} does not wait any more.", "Look at what became of it.")
    return found


def _there(number: int) -> OrderShown:
    found = order(number)
    if found is None:
        raise NoSuchChange(f"There is no change order CO-{number:06}.", "Look at the list of change orders.")
    return found


def _one_at_a_time() -> None:
    """Two at once are put in order. SQLite's transactions are so from their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGES_LOCK])
