"""The letter that brings a one-time link, where the council has mail."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

LOG = logging.getLogger(__name__)
WORDS = """{council} has given you access to care payments{organisation}.

Set your password here. The link works once, for 7 days:
{link}

You are then asked to set up a second factor: an app on your telephone, or a passkey.
If you did not expect this, do nothing.

{council}
"""


def send_link(*, to: str, link: str, council: str, organisation: str) -> bool:
    """Send the link; False when the council has no mail, or it would not go: whoever asked is then shown the link instead."""
    if not settings.EMAIL_HOST:
        return False
    letter = EmailMessage(
        subject="Set your password for care payments",
        body=WORDS.format(council=council, organisation=f" for {organisation}" if organisation else "", link=link),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
    )
    try:
        return bool(letter.send())
    except (OSError, SMTPException) as error:
        LOG.warning("a one-time link was not sent: %s", type(error).__name__)
        return False
