"""Django's name for this capability."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    """Queries and what was said in them."""

    name = "almoner.office.enquiries"
    label = "enquiries"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.enquiries.kept import QUERIES, RESIDENTS
        from almoner.office.journal.kept import keep

        keep(QUERIES, RESIDENTS)
