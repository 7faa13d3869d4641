"""Where the emails of a council without a mail server go: a folder, one file each, where they can be looked at and taken from."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import make_msgid
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from almoner.office.exchange.operations import write_whole
from almoner.office.letters.wording import Letterhead
from almoner.site.council_file import council_here

OUTBOX = "outbox"


class Outbox(BaseEmailBackend):
    """A Django email backend that writes each message whole into `outbox` in ALMONER_HOME, named by its Message-ID."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; the same message again is the same file."""
        for message in email_messages:
            name = message.extra_headers.get("Message-ID") or make_msgid(domain="localhost")
            kept = name.strip("<>").partition("@")[0].replace("/", "_")
            write_whole(Path(settings.HOME) / OUTBOX / f"{kept}.eml", message.message().as_bytes())
        return len(email_messages)


def letterhead_here() -> Letterhead:
    """Whose letters these are: the council of `council.toml`, and the address that people reach its pages at."""
    council = council_here()
    return Letterhead(council.name, council.enquiries, settings.ADDRESS.rstrip("/"))
