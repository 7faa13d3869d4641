"""Django's name for this capability."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """The tables of drafts, runs, receipts, holds, payments and what was issued."""

    name = "almoner.office.runs"
    label = "runs"
    verbose_name = "Runs"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.journal.rows import keep_rows
        from almoner.office.runs.kept import HOLD_STEPS, LOOKS, REMINDERS, WATCHES

        keep_rows(HOLD_STEPS, LOOKS, WATCHES, REMINDERS)
