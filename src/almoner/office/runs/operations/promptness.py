"""Writing down how promptly settled runs paid: what was paid never changes, so it is worked out once."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from almoner.office.journal.operations import write
from almoner.office.runs.desk_models import RunPromptness
from almoner.office.runs.operations.events import hold_chain
from almoner.office.runs.promptness import measured, not_measured


def measure_promptness(*, by: str, at: datetime) -> int:
    """Write down, of each settled run of payments of which it is not known yet, how promptly it paid; returns of how many."""
    if not not_measured():
        return 0
    with transaction.atomic():
        hold_chain()
        kept = [run for run in not_measured() if keep_promptness(run, at)]
        if kept:
            write(act="measure_promptness", by=by, at=at, subject="settled runs", summary={"runs": list(kept)})
    return len(kept)


def keep_promptness(run: str, at: datetime) -> bool:
    """Write down how promptly a run that was just settled paid; False where its pay date is not known. Inside the transaction."""
    found = measured(run)
    if found is None:
        return False
    RunPromptness.objects.create(
        run_id=run, pay_date=found.pay_date, paid_pence=found.paid_pence, prompt_pence=found.prompt_pence,
        interest_pence=found.interest_pence, at=at.astimezone(UTC),
    )  # fmt: skip
    return True
