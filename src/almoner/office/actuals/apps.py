"""Django's name for this capability."""

from django.apps import AppConfig


class ActualsConfig(AppConfig):
    """Versions of actuals, drafts, uploads and submissions."""

    name = "almoner.office.actuals"
    label = "actuals"
    verbose_name = "Actuals"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.actuals.kept import SUBMISSIONS, UPLOADS
        from almoner.office.journal.kept import keep

        keep(SUBMISSIONS, UPLOADS)
