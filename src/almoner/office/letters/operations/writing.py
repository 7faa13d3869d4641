"""Keeping letters in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from almoner.office.accounts.emails import Email
from almoner.office.accounts.roles import Side
from almoner.office.letters.models import Letter
from almoner.office.letters.operations.sending import post_soon
from almoner.office.letters.recipients import Wanted, addresses_of
from almoner.office.letters.wording import Told

Written = dict[str, list[int]]
"""By table the ids of the rows that were written; empty without any."""
AT_ONCE = 400
MOST_APIECE = 5
"""So many letters of one kind an address gets from one act; more are one letter that says how many."""


def write_letters(
    *,
    kind: Email,
    wanted: Sequence[Wanted],
    at: datetime,
    side: Side = Side.PROVIDER,
    together: str = "",
    many: Callable[[int, Told], Told] | None = None,
) -> Written:
    """Keep letters, to be sent when this transaction has ended well; returns those that are new, which the act's line in the journal names
    (`journal.operations.write`, its `rows`). About one thing an address gets one.

    With `together` and `many` an address that would get more than `MOST_APIECE` gets one about `together`. Must be called inside the
    `atomic()` of what is told, before its line in the journal.
    """
    assert connection.in_atomic_block, "a letter and what it tells are one transaction"
    by_address: dict[tuple[str, str, bool], list[Wanted]] = {}
    for one, addresses in zip(wanted, addresses_of(kind, wanted, at, side=side), strict=True):
        for address, has_access in addresses:
            by_address.setdefault((one.organisation_id, address, has_access), []).append(one)
    letters = []
    for (organisation, address, has_access), theirs in by_address.items():
        for about, told in _few(theirs, together, many):
            letters.append(
                Letter(
                    kind=kind.value, about=about, side=side.value, organisation_id=organisation, address=address, has_access=has_access,
                    told=told, written_at=at.astimezone(UTC),
                )
            )  # fmt: skip
    return _keep(kind, letters)


def _few(theirs: Sequence[Wanted], together: str, many: Callable[[int, Told], Told] | None) -> list[tuple[str, Told]]:
    if many is not None and len(theirs) > MOST_APIECE:
        return [(together, many(len(theirs), theirs[0].told))]
    return [(one.about, one.told) for one in theirs]


def _keep(kind: Email, letters: Sequence[Letter]) -> Written:
    written: set[tuple[str, str, str]] = set()
    abouts = sorted({letter.about for letter in letters})
    for start in range(0, len(abouts), AT_ONCE):
        found = Letter.objects.filter(kind=kind.value, about__in=abouts[start : start + AT_ONCE])
        written |= set(found.values_list("about", "organisation_id", "address"))
    new = [letter for letter in letters if (letter.about, letter.organisation_id, letter.address) not in written]
    if not new:
        return {}
    numbers = [letter.pk for letter in Letter.objects.bulk_create(new, batch_size=AT_ONCE)]
    transaction.on_commit(lambda: post_soon(numbers))
    return {Letter._meta.db_table: numbers}
