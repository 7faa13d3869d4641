"""A funder's own reference for a line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from almoner.office.claims.models import PartnerReference
from almoner.office.claims.operations.acts import one_at_a_time
from almoner.office.claims.queries import reference_of
from almoner.office.journal.operations import write


def name_line(*, funder_id: str, line_id: str, reference: str, by: str, at: datetime) -> None:
    """Note what a funder calls a line of its own; empty takes the reference away. The same again changes nothing."""
    told = reference.strip()
    with transaction.atomic():
        one_at_a_time()
        if reference_of(funder_id, line_id) == told:
            return
        last = PartnerReference.objects.order_by("-number").values_list("number", flat=True).first() or 0
        made = PartnerReference.objects.create(number=last + 1, funder_id=funder_id, line_id=line_id, reference=told, by=by, at=at)
        write(act="name_line", by=by, at=at, subject=f"reference {made.number}", summary={"funder": funder_id, "line": line_id})
