"""Django's name for this capability."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Letters to be sent, and that they were."""

    name = "almoner.office.letters"
    label = "letters"
    verbose_name = "Letters"

    def ready(self) -> None:
        """Have what is kept here verified."""
        from almoner.office.journal.rows import keep_rows
        from almoner.office.letters.kept import LETTERS

        keep_rows(LETTERS)
