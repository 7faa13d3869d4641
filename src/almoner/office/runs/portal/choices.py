"""Filters that were chosen, as they stand above a table: each in words, with the address of the page without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.http import HttpRequest

from almoner.office.furniture.typed import day_typed


def chosen(request: HttpRequest, said: Mapping[str, Callable[[str], str]]) -> list[tuple[str, str]]:
    """The filters of the query string that `said` knows how to say, each with the address without it."""
    found = []
    for name, words in said.items():
        value = request.GET.get(name)
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            found.append((_in_words(words, value), f"?{query.urlencode()}"))
    return found


def _in_words(words: Callable[[str], str], value: str) -> str:
    try:
        return words(value)
    except (KeyError, ValueError):
        return value


def days_chosen(request: HttpRequest, name: str) -> date | None:
    """A day of the query string; None when there is none or it is no day."""
    return day_typed(request.GET.get(name, ""))
