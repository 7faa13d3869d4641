"""Django's name for this capability."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Change orders and the council's limits."""

    name = "almoner.office.changes"
    label = "changes"
    verbose_name = "Changes"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.changes.kept import ORDERS
        from almoner.office.journal.kept import keep

        keep(ORDERS)
