"""Change orders, and the facts they put in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from almoner.core.second_person import is_same_person
from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.care.agreeing import lines_in, tell_lines_to_agree
from almoner.office.changes.consequences import Consequence, consequence_of
from almoner.office.changes.kinds import Order, Timing, Uplift
from almoner.office.changes.models import ChangeFile, ChangeOrder, ChangeStep
from almoner.office.changes.queries import OrderShown, order, orders
from almoner.office.changes.refusals import ChangeRefused, EffectMoved, NoSuchChange, NotWaiting, OverTheLimit, OwnChange
from almoner.office.changes.touched import organisations_touched
from almoner.office.changes.uplift_lines import over_the_limit
from almoner.office.furniture.attachments import Sent, checked_files
from almoner.office.journal.operations import Json, write
from almoner.office.records.operations import append_versions, hold_facts
from almoner.office.runs.operations.due import write_periods
from almoner.office.runs.operations.events import hold_chain

CHANGES_LOCK = 0x_A1_40_4E_52_06


def propose_change(
    *, change: Order, reason: str, evidence: str = "", files: Sequence[Sent] = (), by: str, by_name: str, at: datetime
) -> OrderShown:
    """Send a change for authorisation, with files that show why; nothing is recorded about lines or rates yet. Raises ChangeRefused,
    OverTheLimit, AttachmentRefused, OwnOrganisation and those of `facts.proposed`.

    The same change that waits already is that order.
    """
    if not reason.strip():
        raise ChangeRefused("The reason is missing.", "Enter why it changes, and what shows it.")
    kept = [ChangeFile(**cells) for cells in checked_files(files)]
    found = consequence_of(change, at)
    _refuse_over_the_limit(change, found, at)
    refuse_own(by, organisations_touched(change, found.facts, by, at))
    with transaction.atomic():
        _one_at_a_time()
        alike = orders(line_id=change.line_id, kind=change.kind)
        waiting = next((one for one in alike if one.state == "waiting" and one.change == change), None)
        if waiting is not None:
            return waiting
        last = ChangeOrder.objects.order_by("-number").first()
        made = ChangeOrder.objects.create(
            number=last.number + 1 if last else 1, line_id=change.line_id, person_id=found.facts.person_id if change.line_id else "",
            kind=change.kind, change=change.stored(), reason=reason.strip(), evidence=evidence.strip(),
        )  # fmt: skip
        _step(made, "proposed", by=by, by_name=by_name, at=at, found=found)
        for file in kept:
            file.order = made
        ChangeFile.objects.bulk_create(kept)
        summary: dict[str, Json] = {**_summary(made, found), **({"files": len(kept)} if kept else {})}
        write(act="propose_change", by=by, at=at, subject=f"CO-{made.number:06}", summary=summary)
    return _there(made.number)


def _refuse_over_the_limit(change: Order, found: Consequence, at: datetime) -> None:
    """Rates that change by more than the council's limits take a second reason."""
    if not isinstance(change, Uplift) or change.second_reason.strip():
        return
    if over := over_the_limit(found, at):
        raise OverTheLimit(over, "Check the percentage and the lines marked. If they are right, say why the limit does not hold here.")


def _summary(made: ChangeOrder, found: Consequence) -> dict[str, Json]:
    about: dict[str, Json] = {"line": made.line_id} if made.line_id else {"kind": made.kind, "people": len(found.facts.people)}
    return {**about, **found.effect.totals}


def authorise_change(*, number: int, shown: dict[str, int], by: str, by_name: str, at: datetime) -> OrderShown:
    """Put a change in force: its facts are recorded, and the next run pays or takes back the difference.

    `shown` is what was told of the effect on the page (`Consequence.told`). Raises NoSuchChange, NotWaiting, OwnChange,
    OwnOrganisation, EffectMoved when it is another by now, and the refusals of `facts.proposed`.
    """
    with transaction.atomic():
        _one_at_a_time()
        found = _waiting(number)
        hold_chain() if isinstance(found.change, Timing) else hold_facts()
        if is_same_person(found.proposed_by, by):
            raise OwnChange("You proposed this change, so someone else authorises it.", "Ask a team manager or a payments approver.")
        now = consequence_of(found.change, at)
        if now.told != shown:
            raise EffectMoved("The effect of this change is another by now.", "Look at the new figures, then press again.")
        _refuse_over_the_limit(found.change, now, at)
        refuse_own(by, organisations_touched(found.change, now.facts, by, at))
        for name, rows in now.facts.tables.items():
            append_versions(name, rows, by=by, at=at)
        if now.facts.periods:
            write_periods(now.facts.periods, by=by, at=at, reason=found.reference)
        letters = tell_lines_to_agree(lines_in(dict(now.facts.tables)), at=at, together=found.reference)
        made = ChangeOrder.objects.get(number=number)
        _step(made, "authorised", by=by, by_name=by_name, at=at, found=now)
        write(act="authorise_change", by=by, at=at, subject=found.reference, summary=_summary(made, now), rows=letters)
    return _there(number)


def send_back_change(*, number: int, text: str, by: str, by_name: str, at: datetime) -> OrderShown:
    """Do not put a change in force, and say why. Raises NoSuchChange, NotWaiting, OwnOrganisation or ChangeRefused."""
    if not text.strip():
        raise ChangeRefused("The reason is missing.", "Say why it is sent back.")
    with transaction.atomic():
        _one_at_a_time()
        found = _waiting(number)
        refuse_own(by, organisations_touched(found.change, None, by, at))
        ChangeStep.objects.create(
            order_id=number, number=len(found.steps) + 1, act="sent_back", by=by, by_name=by_name, at=at, text=text.strip(), effect={}
        )
        write(act="send_back_change", by=by, at=at, subject=found.reference, summary={"line": found.line_id})
    return _there(number)


def _step(made: ChangeOrder, act: str, *, by: str, by_name: str, at: datetime, found: Consequence) -> None:
    number = ChangeStep.objects.filter(order=made).count() + 1
    ChangeStep.objects.create(order=made, number=number, act=act, by=by, by_name=by_name, at=at, effect=found.told)


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
