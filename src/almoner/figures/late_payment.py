"""What the law adds to a debt of a public body that is paid late.

The figures stand in `late_payment.toml`, each with its source and how sure it is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

DAYS_TO_PAY = 30
"""A public body pays within so many days of a valid claim; interest runs from the day after."""
RATES = pa.schema([("from_date", pa.date32()), ("basis_points", pa.int64())])


@dataclass(frozen=True)
class LateRate:
    """The yearly rate of interest on a debt that becomes late on `from_date` or later, in hundredths of a percent."""

    from_date: date
    basis_points: int


@cache
def late_rates() -> tuple[LateRate, ...]:
    """The rates there are, by the day from which each holds: the Bank's and what is added to it."""
    told = _told()
    return tuple(LateRate(row["from"], row["basis_points"] + told["added_basis_points"]) for row in told["rates"]["bank_rate"])


def late_rates_table() -> pa.Table:
    """The rates as a table (`RATES`), the first of them holding for every day before it too."""
    first, *rest = late_rates()
    rows = [(date(1900, 1, 1), first.basis_points), *((rate.from_date, rate.basis_points) for rate in rest)]
    return pa.table([pa.array([day for day, _ in rows], pa.date32()), pa.array([rate for _, rate in rows], pa.int64())], schema=RATES)


def known_until() -> date:
    """The last day for which the rate is known; a debt that becomes late after it is reckoned at the last rate known."""
    until: date = _told()["known_until"]
    return until


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("almoner.figures").joinpath("late_payment.toml").read_text(encoding="utf-8"))
