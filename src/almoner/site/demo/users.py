"""One user per role for the invented council, so that every page can be seen as those see it who need it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from almoner.office.accounts.operations import confirm_access, give_access
from almoner.office.accounts.queries import accesses_in_force, accesses_of
from almoner.office.accounts.roles import GUARDED, Desk, Role, Side
from almoner.office.journal.queries import latest_at
from almoner.office.parties.queries import funder_names, provider_names

PASSWORD = "shown-to-everyone"  # noqa: S105 - the demonstration's, printed on the screen
AFTER_THE_STORY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""The demonstration's clock begins here, on the morning of a cut-off: the second period is paid, and weeks wait for actuals."""
NAMES = {
    Role.PROVIDER_USER: "Jo Khan",
    Role.PROVIDER_ADMINISTRATOR: "Ana Costa",
    Role.PARTNER_READER: "Sam Reed",
    Role.PARTNER_RECONCILER: "Lee Ward",
    Role.PAYMENTS_OFFICER: "Priya Shah",
    Role.PAYMENTS_APPROVER: "Tom Brook",
    Role.BROKERAGE: "Mia Lund",
    Role.TEAM_MANAGER: "Ola Grant",
    Role.FINANCE: "Ravi Nair",
    Role.AUDITOR: "Eve Stone",
    Role.SYSTEM_ADMINISTRATOR: "Max Hill",
}
OFFICERS_LIMIT_PENCE = 500_000


@dataclass(frozen=True)
class DemoUser:
    """Somebody to sign in as."""

    role: str
    name: str
    email: str
    organisation: str


def clock_begins() -> datetime:
    """When the demonstration's clock begins: after its story, and after all that was done in it since, which would be still to come."""
    latest = latest_at()
    return max(AFTER_THE_STORY, latest + timedelta(seconds=1)) if latest else AFTER_THE_STORY


def make_users() -> list[DemoUser]:
    """Make the users that are not there yet; returns all of them, in the order of the roles."""
    at = AFTER_THE_STORY
    provider, funder = _provider_before() or _busiest_provider(), min(funder_names(at), default="F1")
    names = {**provider_names(at, [provider]), **funder_names(at), "": "the council"}
    users = []
    for role, name in NAMES.items():
        organisation = {Side.PROVIDER: provider, Side.PARTNER: funder, Side.COUNCIL: ""}[role.side]
        users.append(DemoUser(role.word, name, _email(name, role.side), names.get(organisation, organisation)))
        known = {access.email for access in accesses_of(organisation, side=role.side)}
        if users[-1].email in known:
            continue
        limit = OFFICERS_LIMIT_PENCE if role is Role.PAYMENTS_OFFICER else None
        access = give_access(
            email=users[-1].email, name=name, role=role, organisation_id=organisation, by="almoner demo", at=at, limit_pence=limit,
            password=PASSWORD, desk=Desk.MACHINE,
        )  # fmt: skip
        if role in GUARDED and role is not Role.SYSTEM_ADMINISTRATOR:  # the first of those has nobody to confirm them
            confirm_access(access_id=access, by=_email(NAMES[Role.SYSTEM_ADMINISTRATOR], Side.COUNCIL), at=at)
    return users


def _email(name: str, side: Side) -> str:
    return f"{name.split()[0].lower()}@{'vale' if side is Side.COUNCIL else side.value}.example"


def _provider_before() -> str:
    """Whom the demonstration's provider user works for already; empty the first time. What is done in it may make another the busiest."""
    theirs = _email(NAMES[Role.PROVIDER_USER], Side.PROVIDER)
    return next((access.organisation_id for access in accesses_in_force() if access.email == theirs), "")


def _busiest_provider() -> str:
    """The provider of whom there is most to see: weeks to tell, and something held over tolerance."""
    from almoner.office.runs.holds import open_holds
    from almoner.office.runs.not_submitted import awaited_weeks

    held = {hold.provider_id for hold in open_holds() if hold.code == "TOL"}
    waiting = Counter(row["provider_id"] for row in awaited_weeks(AFTER_THE_STORY) if row["provider_id"] in held)
    return waiting.most_common(1)[0][0] if waiting else min(provider_names(AFTER_THE_STORY))
