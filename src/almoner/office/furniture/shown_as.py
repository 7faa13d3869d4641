"""How somebody likes tables: how many rows a page, how high, which columns. Kept in their account and read where tables are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROWS = (50, 100)
"""How many rows a page may have; the first is what it has until somebody chooses."""


@dataclass(frozen=True)
class ShownAs:
    """`rows` a page, rows higher than usual where `is_comfortable`, and by table the columns that somebody chose."""

    rows: int = ROWS[0]
    is_comfortable: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def shown_as(request: Any) -> ShownAs:
    """What the one who asks has chosen; what everybody has at first for those who have no account."""
    chosen = getattr(getattr(request, "reader", None), "shown_as", None)
    return chosen if isinstance(chosen, ShownAs) else ShownAs()
