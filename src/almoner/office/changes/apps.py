"""Django's name for this capability."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Change orders and the council's limits."""

    name = "almoner.office.changes"
    label = "changes"
    verbose_name = "Changes"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.changes.kept import LIMITS, ORDERS
        from almoner.office.journal.kept import keep
        from almoner.office.journal.rows import keep_rows

        keep(ORDERS)
        keep_rows(LIMITS)
