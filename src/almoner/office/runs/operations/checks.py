"""What somebody looked at before a run was sealed, and which lines are always to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from almoner.office.accounts.own_organisation import refuse_own, works_for
from almoner.office.care.queries import providers_of
from almoner.office.journal.operations import write
from almoner.office.records.queries import known_at, rows_known
from almoner.office.runs.desk_models import LineWatch, ReceiptLook
from almoner.office.runs.models import Draft
from almoner.office.runs.operations.events import hold_chain
from almoner.office.runs.operations.sealing import Sealed, seal_run
from almoner.office.runs.queries import run_shown
from almoner.office.runs.refusals import NoSuchLine, NotLookedAt, ReasonMissing, WrongState
from almoner.office.runs.run_checks import flagged_receipts
from almoner.office.runs.run_register import numbered_receipts


def look_at_receipts(*, run: str, rule: str, numbers: Iterable[int], by: str, at: datetime) -> int:
    """Record that somebody looked at receipts of a draft under a rule of the risk screen; returns how many were not looked at before.

    Raises WrongState for a run that is no draft any more, or OwnOrganisation for receipts of an organisation of theirs.
    """
    numbers = set(numbers)
    with transaction.atomic():
        hold_chain()
        if not Draft.objects.filter(id=run).exists():
            raise WrongState(f"Run {run} is no draft, so its risk screen is closed.", "What was looked at before it was sealed is kept.")
        if works_for(by):
            refuse_own(by, _payees(run, numbers))
        seen = set(ReceiptLook.objects.filter(run_id=run, rule=rule).values_list("number", flat=True))
        new = sorted(numbers - seen)
        looks = [ReceiptLook(run_id=run, rule=rule, number=number, by=by, at=at.astimezone(UTC)) for number in new]
        rows = {"almoner_receipt_looks": [look.pk for look in ReceiptLook.objects.bulk_create(looks)]}
        if new:
            write(act="look_at_receipts", by=by, at=at, subject=run, summary={"rule": rule, "receipts": len(new)}, rows=rows)
    return len(new)


def _payees(run: str, numbers: set[int]) -> set[str]:
    """The providers and funders of receipts of a draft."""
    shown = run_shown(run)
    rows = numbered_receipts(shown).to_pylist() if shown else []
    return {organisation for row in rows if row["number"] in numbers for organisation in (row["provider_id"], row["funder_id"])}


def seal_looked_at(*, run: str, reason: str, by: str, at: datetime) -> Sealed:
    """Seal a draft whose risk screen was gone through; what nobody looked at takes a reason, which the chain keeps.

    Raises NotLookedAt, and what `seal_run` raises.
    """
    shown = run_shown(run)
    left = sum(not row["looked"] for row in flagged_receipts(shown)) if shown and shown.state == "draft" else 0
    if left and not reason.strip():
        raise NotLookedAt(
            f"{left:,} receipts of the risk screen were not looked at.", "Look at them, or say why the run is sealed without."
        )
    return seal_run(run=run, by=by, at=at, reason=reason.strip())


def watch_line(*, line_id: str, is_on: bool, reason: str, by: str, at: datetime) -> None:
    """Mark a line to be looked at in every run, or no longer. Raises NoSuchLine, ReasonMissing or
    OwnOrganisation."""
    if not reason.strip():
        raise ReasonMissing("A mark on a line needs a reason.", "Say why it is to be looked at, or no longer.")
    with transaction.atomic():
        if rows_known("lines", known_at(at), {"line_id": [line_id]}).num_rows == 0:
            raise NoSuchLine(f"There is no line {line_id}.", "Check the number.")
        refuse_own(by, providers_of([line_id], at))
        last = LineWatch.objects.filter(line_id=line_id).order_by("-id").first()
        if (last.is_on if last else False) != is_on:
            made = LineWatch.objects.create(line_id=line_id, is_on=is_on, reason=reason.strip(), by=by, at=at.astimezone(UTC))
            act = "watch_line" if is_on else "stop_watching_line"
            write(act=act, by=by, at=at, subject=line_id, rows={"almoner_line_watches": [made.pk]})
