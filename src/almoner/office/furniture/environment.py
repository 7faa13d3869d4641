"""Jinja2 as Django's pages use it: the components' templates, and the words of `words` and `statuses` as filters and functions."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from almoner.office.furniture import words
from almoner.office.furniture.statuses import HOLD_WORDS, status


def environment(**options: Any) -> Environment:
    """The environment of every page; a name a template misspells is an error, never an empty space."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options["loader"] = ChoiceLoader([options["loader"], components])
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.do"])  # noqa: S701 - Django's backend turns escaping on
    made.globals |= {"static": static, "url": _address, "status": status, "hold_words": HOLD_WORDS}
    made.filters |= {
        "pounds": words.pounds,
        "rate": words.rate_text,
        "percent": words.percent_text,
        "day": words.day,
        "long_day": words.long_day,
        "moment": words.moment,
        "as_known": words.as_known,
        "clock": words.clock,
        "duration": words.duration,
        "short_duration": words.short_duration,
        "week_of": words.week_of,
    }
    return made


def _address(name: str, *arguments: object, **named: object) -> str:
    return reverse(name, args=arguments or None, kwargs=named or None)
