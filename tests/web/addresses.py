"""Every address of the program, out of its URL table, with the ids that fill it in for each organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """`name` as permissions know it; `path` with its parameters in braces, as the document writes it."""

    name: str
    path: str

    @property
    def parameters(self) -> list[str]:
        """Names of the ids in it."""
        return re.findall(r"\{(\w+)\}", self.path)

    def filled(self, ids: dict[str, str]) -> str:
        """The address with ids put in."""
        return self.path.format(**ids)


def addresses() -> list[Address]:
    """Every address, once each, in the order of the URL table."""
    return list(dict.fromkeys(_found(get_resolver().url_patterns, "/", "")))


def _found(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        path = before + PARAMETER.sub(r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _found(pattern.url_patterns, path, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield Address(f"{space}{pattern.name}", path)
