"""Sending letters that were kept: each is taken by one sender, sent, and written down as sent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPException
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now

from almoner.office.accounts.emails import Email
from almoner.office.accounts.roles import Side
from almoner.office.letters.letterhead import letterhead
from almoner.office.letters.models import Letter, LetterSent, LetterTaken
from almoner.office.letters.wording import Letterhead, text_of
from almoner.office.parties.queries import funder_names, provider_names

LOG = logging.getLogger(__name__)
MOST_AT_ONCE = 20
"""So many are sent as soon as they stand; more wait for `almoner due`."""
TAKEN_FOR = timedelta(minutes=15)
"""A letter taken so long ago (by the database's clock) and not sent was taken by a process that has ended."""


@dataclass(frozen=True)
class Posted:
    """How many letters were sent, and how many are still waiting because the mail would not take them."""

    sent: int
    waiting: int


def post_soon(letters: Sequence[int]) -> None:
    """Send these letters now if they are few. Over a network that is done beside the answer: nobody waits for a mail server."""
    if not letters or len(letters) > MOST_AT_ONCE:
        return
    if settings.EMAIL_HOST:
        Thread(target=_send_beside, args=(tuple(letters),), name="letters", daemon=True).start()
    else:
        _send(letters)


def send_letters() -> Posted:
    """Send every letter that waits."""
    waiting = list(Letter.objects.filter(sent=None).order_by("id").values_list("id", flat=True))
    sent = _send(waiting)
    return Posted(sent, len(waiting) - sent)


def _send_beside(letters: Sequence[int]) -> None:
    try:
        _send(letters)
    except Exception:
        LOG.exception("letters were not sent")
    finally:
        connections.close_all()


def _send(letters: Sequence[int]) -> int:
    """How many of these were sent. One that the mail refuses waits for the next time."""
    if not letters:
        return 0
    head = letterhead()
    names: dict[tuple[str, str], str] = {}
    sent = 0
    try:
        with get_connection() as post:
            for number in letters:
                sent += _send_one(number, head, names, post)
    except (OSError, SMTPException) as error:
        LOG.warning("letters wait, the mail cannot be reached: %s", type(error).__name__)
    return sent


def _send_one(number: int, head: Letterhead, names: dict[tuple[str, str], str], post: BaseEmailBackend) -> bool:
    if not _take(number):
        return False
    letter = Letter.objects.get(pk=number)
    try:
        count = post.send_messages([_message(letter, head, names)])
    except (OSError, SMTPException, ValueError) as error:  # ValueError: an address that is none; the letters after it go
        LOG.warning("letter %s waits: %s", number, type(error).__name__)
        count = 0
    with transaction.atomic():
        LetterTaken.objects.filter(pk=number).delete()
        if count:
            LetterSent.objects.create(letter_id=number, at=Now())
    return bool(count)


def _take(number: int) -> bool:
    """Whether the letter is ours to send now: it is not sent, and nobody else is sending it."""
    LetterTaken.objects.filter(pk=number, since__lt=Now() - TAKEN_FOR).delete()
    try:
        with transaction.atomic():
            LetterTaken.objects.create(letter_id=number, since=Now())
    except IntegrityError:
        return False
    if LetterSent.objects.filter(pk=number).exists():
        LetterTaken.objects.filter(pk=number).delete()
        return False
    return True


def _message(letter: Letter, head: Letterhead, names: dict[tuple[str, str], str]) -> EmailMessage:
    whose = (letter.side, letter.organisation_id)
    if whose not in names:
        names[whose] = " ".join(_name(letter).split())  # a subject is one line
    text = text_of(Email(letter.kind), letter.told, organisation=names[whose], head=head, has_access=letter.has_access)
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=text.subject, body=text.body, from_email=formataddr((head.council, address)), to=[letter.address],
        # The same letter sent twice, after a crash between sending and writing it down, is known by its id.
        headers={"Message-ID": f"<letter-{letter.pk}-{letter.written_at:%Y%m%d%H%M%S%f}@{domain}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip


def _name(letter: Letter) -> str:
    names = provider_names(letter.written_at, [letter.organisation_id]) if letter.side == Side.PROVIDER else funder_names(letter.written_at)
    return names.get(letter.organisation_id, letter.organisation_id)
