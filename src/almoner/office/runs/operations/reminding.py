"""Reminding providers by hand: each at most once a day, kept with who did it, and the letters sent once that stands."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from almoner.office.furniture.words import local
from almoner.office.journal.operations import Json, write
from almoner.office.runs.desk_models import HandReminder
from almoner.office.runs.operations.events import hold_chain
from almoner.office.runs.reminders import Letter

LOG = logging.getLogger(__name__)


def remind_providers(*, letters: Sequence[Letter], by: str, at: datetime) -> int:
    """Record and send reminders to providers with an address that nobody reminded today; returns to how many of these providers a
    reminder has gone today. Pressed twice, nobody gets two."""
    day = local(at).date()
    wanted = [letter for letter in letters if letter.address]
    with transaction.atomic():
        hold_chain()
        already = set(HandReminder.objects.filter(day=day).values_list("provider_id", flat=True))
        new = [letter for letter in wanted if letter.provider_id not in already]
        HandReminder.objects.bulk_create(
            HandReminder(
                provider_id=letter.provider_id, day=day, week_count=letter.weeks, amount_pence=letter.worth_pence, address=letter.address,
                by=by, at=at.astimezone(UTC),
            )
            for letter in new
        )  # fmt: skip
        if new:
            told: Json = [letter.provider_id for letter in new]
            write(act="remind_providers", by=by, at=at, subject="weeks not submitted", summary={"providers": told})
        transaction.on_commit(lambda: _send(new))
    return len(wanted)


def _send(letters: Sequence[Letter]) -> None:
    """One message each on one connection; what does not go is in the log, and may be sent again tomorrow."""
    out = [
        EmailMessage(subject=letter.subject, body=letter.body, from_email=settings.DEFAULT_FROM_EMAIL, to=[letter.address])
        for letter in letters
    ]
    try:
        get_connection().send_messages(out)
    except (OSError, SMTPException) as error:
        LOG.warning("reminders were not sent: %s", type(error).__name__)
