"""Django's name for this capability."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """The tables of drafts, runs, receipts, holds, payments and what was issued."""

    name = "almoner.office.runs"
    label = "runs"
    verbose_name = "Runs"
