"""Django's name for this capability."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """What was said about claim receipts, and invoices."""

    name = "almoner.office.claims"
    label = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.claims.kept import ACTS, INVOICES, REFERENCES
        from almoner.office.journal.kept import keep

        keep(ACTS, INVOICES, REFERENCES)
