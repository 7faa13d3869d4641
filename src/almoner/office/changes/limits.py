"""The council's limits: what each is a limit of, and what holds on a day. Each row holds from its day until another from a later one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from almoner.office.changes.models import Limit


@dataclass(frozen=True)
class LimitOf:
    """What a limit is of, in words, its unit (`percent`: hundredths of it; `pounds`: pence), and what holds where nothing was set."""

    words: str
    unit: str
    usual: int


LIMITS = {
    "uplift": LimitOf("Most that an uplift may change a rate by without a second reason", "percent", 10_00),
    "uplift_week": LimitOf("Most that an uplift may add to a week's payments without a second reason", "pounds", 10_000_00),
}
"""By the name that is stored."""


def limit_on(name: str, day: date) -> int:
    """The limit that holds on a day, in its unit."""
    row = Limit.objects.filter(name=name, from_date__lte=day).order_by("-from_date", "-id").first()
    return row.value if row else LIMITS[name].usual


def limits_set() -> list[dict[str, object]]:
    """Every row ever set, by name and day."""
    return [dict(row) for row in Limit.objects.order_by("name", "from_date", "id").values()]
