"""What an email that reminds a provider of weeks not submitted tells: no names of people cared for, no amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from almoner.office.accounts.emails import Email
from almoner.office.letters.letterhead import letterhead
from almoner.office.letters.recipients import Wanted, addresses_of
from almoner.office.letters.wording import Text, Told, tell_due, text_of
from almoner.office.runs.calendar import Period
from almoner.office.runs.cut_offs import payment_periods

Coming = tuple[Period, Period | None]


@dataclass(frozen=True)
class Reminder:
    """A provider to be reminded, at the addresses that this goes to. `worth_pence` is what its weeks come to at plan; it is kept, and not
    told."""

    provider_id: str
    provider: str
    addresses: tuple[str, ...]
    weeks: int
    worth_pence: int
    told: Told

    @property
    def text(self) -> Text:
        """The email as it is sent."""
        return text_of(Email.DUE, self.told, organisation=self.provider, head=letterhead())


def reminders_to(rows: Sequence[Mapping[str, Any]], coming: Mapping[str, Coming], at: datetime) -> list[Reminder]:
    """The reminders for rows of `not_submitted.by_provider`; `coming` is by provider the next period to be cut off and the one after it."""
    found = [(row, told_of(row, coming[row["provider_id"]])) for row in rows if row["provider_id"] in coming]
    addresses = addresses_of(Email.DUE, [Wanted(row["provider_id"], "", told) for row, told in found], at)
    return [
        Reminder(row["provider_id"], row["provider"], tuple(address for address, _ in theirs), row["weeks"], row["worth"], told)
        for (row, told), theirs in zip(found, addresses, strict=True)
    ]


def told_of(row: Mapping[str, Any], coming: Coming) -> Told:
    """What the reminder for one row tells."""
    now, after = coming
    return tell_due(
        weeks=row["weeks"], oldest=row["oldest"], cut_off_at=now.cut_off_at, pay_date=now.pay_date, later=after.pay_date if after else None,
        uploads=row["uploads"],
    )  # fmt: skip


def next_cut_offs(cycles: Iterable[str], at: datetime) -> Coming | None:
    """The next period of these cycles to be cut off, and the one of the same cycle after it; None when no calendar reaches so far."""
    found = []
    for cycle in sorted(set(cycles)):
        ahead = [period for period in payment_periods(cycle, at) if period.cut_off_at >= at]
        if ahead:
            found.append((ahead[0], ahead[1] if len(ahead) > 1 else None))
    return min(found, key=lambda both: both[0].cut_off_at, default=None)
