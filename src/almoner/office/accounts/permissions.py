"""Who may see and do what: every address by name, and the roles it opens to. What is not listed is shut.

`docs/permissions.md` says the same in prose and by hand; a test holds the two and the URL table against one another.
"""

from __future__ import annotations

from dataclasses import dataclass

from almoner.office.accounts.roles import Role

PU, PA = Role.PROVIDER_USER, Role.PROVIDER_ADMINISTRATOR
PR, PC = Role.PARTNER_READER, Role.PARTNER_RECONCILER
PO, PP = Role.PAYMENTS_OFFICER, Role.PAYMENTS_APPROVER
BR, TM, FI = Role.BROKERAGE, Role.TEAM_MANAGER, Role.FINANCE
AU, SA = Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR

PROVIDERS = frozenset({PU, PA})
PARTNERS = frozenset({PR, PC})
STAFF = frozenset({PO, PP, BR, TM, FI, AU})
COUNCIL = STAFF | {SA}
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Permission:
    """Roles that may `see` an address (GET) and `act` at it (POST)."""

    see: frozenset[Role]
    act: frozenset[Role] = NOBODY


def _to(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


PERMISSIONS: dict[str, Permission] = {
    "portal-home": Permission(PROVIDERS),
    "console-today": Permission(COUNCIL),
    "portal-queries": Permission(PROVIDERS),
    "portal-query-new": Permission(PROVIDERS, PROVIDERS),
    "portal-query": Permission(PROVIDERS, PROVIDERS),
    "portal-query-file": Permission(PROVIDERS),
    "console-holds": Permission(STAFF, _to(PO, PP, TM)),
    "console-hold": Permission(STAFF, _to(PO, PP, TM)),
    "console-holds-decide": Permission(STAFF, _to(PO, PP, TM)),
    "console-changes": Permission(STAFF),
    "console-change-new": Permission(_to(BR, PO), _to(BR, PO)),
    "console-change": Permission(STAFF, _to(TM, PP)),
    "console-queries": Permission(STAFF),
    "console-query": Permission(STAFF, _to(PO, BR, FI)),
    "console-query-file": Permission(STAFF),
    "portal-access": Permission(_to(PA)),
    "portal-access-invite": Permission(_to(PA), _to(PA)),
    "portal-access-change": Permission(_to(PA), _to(PA)),
    "portal-access-remove": Permission(_to(PA), _to(PA)),
    "portal-access-start-over": Permission(_to(PA), _to(PA)),
    "portal-token-new": Permission(_to(PA), _to(PA)),
    "portal-token-withdraw": Permission(_to(PA), _to(PA)),
    "console-users": Permission(_to(SA, AU)),
    "console-user-new": Permission(_to(SA), _to(SA)),
    "console-user": Permission(_to(SA), _to(SA)),
    "console-user-end": Permission(_to(SA), _to(SA)),
    "console-user-start-over": Permission(_to(SA), _to(SA)),
    "console-user-confirm": Permission(_to(SA), _to(SA)),
}
"""By the name of the address in the URL table."""

FOR_EVERYONE = frozenset({"front", "account_login", "mfa_authenticate", "mfa_login_webauthn", "account_logout", "first-sign-in", "health"})
"""Addresses open without signing in."""

FOR_ONESELF = frozenset(
    {
        "account", "stay-signed-in", "choose-access", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
        "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn",
        "mfa_edit_webauthn",
    }
)  # fmt: skip
"""Addresses of one's own account: open to everyone who has signed in, whatever their role."""


def may(name: str, role: Role, method: str) -> bool:
    """Whether a role may use the address of that name by an HTTP method. Unknown addresses open to nobody."""
    permission = PERMISSIONS.get(name)
    if permission is None:
        return False
    return role in (permission.see if method in ("GET", "HEAD") else permission.act)


def roles_that_may(name: str, method: str) -> frozenset[Role]:
    """The roles that may, to be told to somebody who may not."""
    permission = PERMISSIONS.get(name)
    if permission is None:
        return NOBODY
    return permission.see if method in ("GET", "HEAD") else permission.act
