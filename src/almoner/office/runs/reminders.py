"""The email that reminds a provider of weeks not submitted, in its words. No names of people cared for, no amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from almoner.office.furniture.words import clock, day, local, long_day
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods

WORDS = """{organisation} has {weeks} not yet submitted, the oldest from {oldest}.
Submit {them} by {cut_off} to be paid on {pay_day}.{later}
{uploads}
Submit actuals: {link}

You get this because you have access for {organisation}.

{council}
{enquiries}
"""


@dataclass(frozen=True)
class Letter:
    """A reminder to one provider. `worth_pence` is what its weeks come to at plan; it is kept, and not in the letter."""

    provider_id: str
    provider: str
    address: str
    weeks: int
    worth_pence: int
    subject: str
    body: str


def letter_to(row: dict[str, Any], coming: tuple[Period, Period | None], *, link: str, council: str, enquiries: str) -> Letter:
    """The reminder for one row of `not_submitted.by_provider`; `coming` is the next period to be cut off and the one after it."""
    now, after = coming
    weeks = f"{row['weeks']} week{'' if row['weeks'] == 1 else 's'} of actuals"
    here = local(now.cut_off_at)
    cut_off = f"{clock(here)} on {long_day(here.date())}"
    files = row["uploads"]
    told = f"{files} file{' was' if files == 1 else 's were'} uploaded but not submitted: {'it does' if files == 1 else 'they do'}"
    body = WORDS.format(
        organisation=row["provider"], weeks=weeks, oldest=day(row["oldest"]), them="it" if row["weeks"] == 1 else "them", cut_off=cut_off,
        pay_day=long_day(now.pay_date), later=f" Weeks submitted later are paid on {day(after.pay_date)}." if after else "",
        uploads=f"{told} not count until you press Submit.\n" if files else "", link=link, council=council, enquiries=enquiries,
    )  # fmt: skip
    return Letter(row["provider_id"], row["provider"], row["email"], row["weeks"], row["worth"], f"{weeks} due by {cut_off}", body)


def next_cut_offs(cycles: Iterable[str], at: datetime) -> tuple[Period, Period | None] | None:
    """The next period of these cycles to be cut off, and the one of the same cycle after it; None when no calendar reaches so far."""
    found = []
    for cycle in sorted(set(cycles)):
        ahead = [period for period in payment_periods(cycle, at) if period.cut_off_at >= at]
        if ahead:
            found.append((ahead[0], ahead[1] if len(ahead) > 1 else None))
    return min(found, key=lambda both: both[0].cut_off_at, default=None)
