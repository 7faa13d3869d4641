"""Whose letters these are, as this installation says."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from almoner.office.letters.wording import Letterhead


def letterhead() -> Letterhead:
    """The council's name, how it is reached, and the address of its pages: what the setting LETTERHEAD names tells it."""
    return cast(Letterhead, import_string(settings.LETTERHEAD)())
