"""The roles there are, in the field's own words. Who may do what is in `permissions`."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Whose people they are: which of the three fronts of the office they see."""

    PROVIDER = "provider"
    PARTNER = "partner"
    COUNCIL = "council"


class Role(StrEnum):
    """What somebody does. The value is what is stored; the word is what is shown."""

    PROVIDER_USER = "provider_user"
    PROVIDER_ADMINISTRATOR = "provider_administrator"
    PARTNER_READER = "partner_reader"
    PARTNER_RECONCILER = "partner_reconciler"
    PAYMENTS_OFFICER = "payments_officer"
    PAYMENTS_APPROVER = "payments_approver"
    BROKERAGE = "brokerage"
    TEAM_MANAGER = "team_manager"
    FINANCE = "finance"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"

    @property
    def word(self) -> str:
        """The role as people read it: `Payments officer`."""
        return self.value.replace("_", " ").capitalize()

    @property
    def side(self) -> Side:
        """The front this role belongs to."""
        if self in (Role.PROVIDER_USER, Role.PROVIDER_ADMINISTRATOR):
            return Side.PROVIDER
        if self in (Role.PARTNER_READER, Role.PARTNER_RECONCILER):
            return Side.PARTNER
        return Side.COUNCIL


GUARDED = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.PAYMENTS_APPROVER, Role.PAYMENTS_OFFICER, Role.TEAM_MANAGER, Role.FINANCE}
)  # fmt: skip
"""Roles under which money goes or access is given: asked for by one system administrator, confirmed by another."""
ADMINISTRATORS = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR})
"""Roles that give access to others: of each there is always one."""


class Desk(StrEnum):
    """Where something about access is asked for, and so what it may reach."""

    ORGANISATION = "organisation"
    """A page of one organisation: that organisation alone."""
    COUNCIL = "council"
    """The council's page of users: everybody."""
    MACHINE = "machine"
    """The command line, where there may be nobody yet to confirm: everybody, and the first system administrator."""
