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
KNOWN = """{council} has given you access to care payments{organisation}.

You have an account already: sign in as always, at
{link}

If you did not expect this, tell us.

{council}
"""


def send_link(*, to: str, link: str, council: str, organisation: str) -> bool:
    """Send the link; False when the council has no mail, or it would not go: whoever asked is then shown the link instead."""
    return _sent(to, "Set your password for care payments", WORDS, link=link, council=council, organisation=organisation)


def send_word(*, to: str, link: str, council: str, organisation: str) -> bool:
    """Tell somebody who signs in already that they have another access, with the address of signing in; False as for `send_link`."""
    return _sent(to, "You have access to care payments", KNOWN, link=link, council=council, organisation=organisation)


def _sent(to: str, subject: str, words: str, *, link: str, council: str, organisation: str) -> bool:
    if not settings.EMAIL_HOST:
        return False
    body = words.format(council=council, organisation=f" for {organisation}" if organisation else "", link=link)
    letter = EmailMessage(subject=subject, body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
    try:
        return bool(letter.send())
    except (OSError, SMTPException) as error:
        LOG.warning("a letter about access was not sent: %s", type(error).__name__)
        return False
