"""Reminding providers by hand: each at most once a day, kept with who did it and with the letters that go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from almoner.office.accounts.emails import Email
from almoner.office.furniture.words import local
from almoner.office.journal.operations import Json, write
from almoner.office.letters.operations import write_letters
from almoner.office.letters.recipients import Wanted
from almoner.office.runs.desk_models import HandReminder
from almoner.office.runs.operations.events import hold_chain
from almoner.office.runs.reminders import Reminder


def remind_providers(*, reminders: Sequence[Reminder], by: str, at: datetime) -> int:
    """Record reminders to providers with an address that nobody reminded today; returns to how many of these providers a reminder has gone
    today. Pressed twice, nobody gets two."""
    day = local(at).date()
    wanted = [reminder for reminder in reminders if reminder.addresses]
    with transaction.atomic():
        hold_chain()
        already = set(HandReminder.objects.filter(day=day).values_list("provider_id", flat=True))
        new = [reminder for reminder in wanted if reminder.provider_id not in already]
        kept = HandReminder.objects.bulk_create(
            HandReminder(
                provider_id=reminder.provider_id, day=day, week_count=reminder.weeks, amount_pence=reminder.worth_pence,
                address=", ".join(reminder.addresses), by=by, at=at.astimezone(UTC),
            )
            for reminder in new
        )  # fmt: skip
        if new:
            about = f"asked {day.isoformat()}"
            letters = write_letters(kind=Email.DUE, wanted=[Wanted(reminder.provider_id, about, reminder.told) for reminder in new], at=at)
            told: Json = [reminder.provider_id for reminder in new]
            rows = {**letters, "almoner_hand_reminders": [one.pk for one in kept]}
            write(act="remind_providers", by=by, at=at, subject="weeks not submitted", summary={"providers": told}, rows=rows)
    return len(wanted)
