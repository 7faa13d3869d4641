"""Nobody decides at the council about an organisation they work for themselves. Every operation of the council that decides asks here."""

from __future__ import annotations

from collections.abc import Iterable

from almoner.core.second_person import spelled_alike
from almoner.office.accounts.models import Access
from almoner.office.accounts.refusals import OwnOrganisation
from almoner.office.accounts.roles import Side


def works_for(by: str) -> frozenset[str]:
    """The numbers of the providers and funders that somebody has access to, in whatever spelling of their address; waiting ones too."""
    accesses = Access.objects.filter(user__email=spelled_alike(by), ended_at=None).exclude(side=Side.COUNCIL)
    return frozenset(accesses.values_list("organisation_id", flat=True))


def own_of(by: str, organisations: Iterable[str | None]) -> OwnOrganisation | None:
    """The refusal for somebody who would decide about an organisation of theirs; None where none of these is."""
    theirs = sorted(works_for(by) & {organisation for organisation in organisations if organisation})
    if not theirs:
        return None
    return OwnOrganisation(f"You work for {', '.join(theirs)} too, so you do not decide about it.", "Ask a colleague.")


def refuse_own(by: str, organisations: Iterable[str | None]) -> None:
    """Raise OwnOrganisation for somebody who would decide about an organisation of theirs."""
    because = own_of(by, organisations)
    if because is not None:
        raise because
