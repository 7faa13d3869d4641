"""Claims of the council that pages are tested with: LN-204502, half of it the ICB's, £43.05 a week."""

from __future__ import annotations

from datetime import date, timedelta

from tests.office.runs.little import record
from tests.web.vale import NOW, WEEK, delivered

HOUR = timedelta(hours=1)


def partner():
    """Who acts for the funder."""
    from almoner.office.claims.operations.acts import Who

    return Who("partner", "partner_reconciler@test.example", "Partner reconciler")


def council():
    """Who acts for the council."""
    from almoner.office.claims.operations.acts import Who

    return Who("council", "finance@test.example", "Finance")


def claim(through: date = date(2026, 6, 7), *, at=NOW - 2 * HOUR, weeks=(WEEK,), approved: bool = True) -> str:
    """Seal (and approve) what is claimed through a day, after these weeks were delivered as planned; the first receipt's id."""
    from almoner.office.runs.operations import approve_run, draft_run, seal_run

    for week in weeks:
        record("actuals", *delivered("LN-204502", week, (8, 0, 30)), at=at - HOUR)
    drafted = draft_run(book="claims", through=through, by="priya", at=at)
    seal_run(run=drafted.run, by="priya", at=at)
    if approved:
        approve_run(run=drafted.run, by="tom", at=at)
    return f"{drafted.run}.1"


def claimed_weeks() -> tuple[str, str, str]:
    """Three weeks claimed, of 18 and 25 May and of 1 June: the ids of their receipts."""
    first = claim(weeks=(WEEK - timedelta(days=14), WEEK - timedelta(days=7), WEEK))
    run = first.partition(".")[0]
    return first, f"{run}.2", f"{run}.3"
