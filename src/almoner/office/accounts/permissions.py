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
RUNS = frozenset({PO, PP, FI, AU})
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
    "portal-lines": Permission(PROVIDERS),
    "portal-line": Permission(PROVIDERS),
    "portal-line-agree": Permission(PROVIDERS, PROVIDERS),
    "portal-payments": Permission(PROVIDERS),
    "portal-expected": Permission(PROVIDERS),
    "portal-payment": Permission(PROVIDERS),
    "portal-payment-file": Permission(PROVIDERS),
    "portal-receipt": Permission(PROVIDERS),
    "portal-expected-week": Permission(PROVIDERS),
    "portal-holds": Permission(PROVIDERS),
    "portal-hold": Permission(PROVIDERS, PROVIDERS),
    "portal-calendar": Permission(PROVIDERS),
    "portal-calendar-file": Permission(PROVIDERS),
    "portal-organisation": Permission(PROVIDERS),
    "portal-actuals": Permission(PROVIDERS, PROVIDERS),
    "portal-actuals-check": Permission(PROVIDERS, PROVIDERS),
    "portal-actuals-files": Permission(PROVIDERS, PROVIDERS),
    "portal-actuals-workbook": Permission(PROVIDERS),
    "portal-upload": Permission(PROVIDERS, PROVIDERS),
    "portal-upload-rejected": Permission(PROVIDERS),
    "portal-upload-row": Permission(PROVIDERS),
    "portal-upload-discard": Permission(NOBODY, PROVIDERS),
    "portal-week": Permission(PROVIDERS, PROVIDERS),
    "portal-week-again": Permission(PROVIDERS, PROVIDERS),
    "portal-week-day": Permission(PROVIDERS, PROVIDERS),
    "portal-submissions": Permission(PROVIDERS),
    "portal-submission": Permission(PROVIDERS),
    "portal-submission-pdf": Permission(PROVIDERS),
    "portal-submission-file": Permission(PROVIDERS),
    "console-today": Permission(COUNCIL),
    "console-journal": Permission(_to(AU, SA, PP), _to(AU, SA, PP)),
    "portal-residents": Permission(PROVIDERS, PROVIDERS),
    "portal-queries": Permission(PROVIDERS),
    "portal-query-new": Permission(PROVIDERS, PROVIDERS),
    "portal-query": Permission(PROVIDERS, PROVIDERS),
    "portal-query-file": Permission(PROVIDERS),
    "console-holds": Permission(STAFF, _to(PO, PP, TM)),
    "console-hold": Permission(STAFF, _to(PO, PP, TM)),
    "console-holds-decide": Permission(STAFF, _to(PO, PP, TM)),
    "partner-home": Permission(PARTNERS),
    "partner-receipts": Permission(PARTNERS, _to(PC)),
    "partner-receipt": Permission(PARTNERS, _to(PC)),
    "partner-receipt-file": Permission(PARTNERS),
    "partner-invoices": Permission(PARTNERS),
    "partner-invoice": Permission(PARTNERS),
    "partner-invoice-file": Permission(PARTNERS),
    "partner-packages": Permission(PARTNERS),
    "partner-queries": Permission(PARTNERS),
    "partner-query-new": Permission(_to(PC), _to(PC)),
    "partner-query": Permission(PARTNERS, _to(PC)),
    "partner-query-file": Permission(PARTNERS),
    "partner-package": Permission(PARTNERS, _to(PC)),
    "console-claims": Permission(_to(FI, PP, AU)),
    "console-claim-month": Permission(_to(FI, PP, AU), _to(FI)),
    "console-claim-receipt": Permission(_to(FI, PP, AU), _to(FI)),
    "console-claim-file": Permission(_to(FI, PP, AU)),
    "console-invoice": Permission(_to(FI, PP, AU), _to(FI)),
    "console-invoice-file": Permission(_to(FI, PP, AU)),
    "console-receipt": Permission(STAFF),
    "console-search": Permission(STAFF, STAFF),
    "console-person": Permission(STAFF),
    "console-provider": Permission(STAFF),
    "console-line": Permission(STAFF),
    "console-bank-details": Permission(_to(PO, PP, FI, AU)),
    "console-bank-details-new": Permission(_to(PO), _to(PO)),
    "console-bank-account": Permission(_to(PO, PP, FI, AU), _to(PP, FI)),
    "console-changes": Permission(STAFF),
    "console-change-new": Permission(_to(BR, PO), _to(BR, PO)),
    "console-change": Permission(STAFF, _to(TM, PP)),
    "console-change-file": Permission(STAFF),
    "console-uplift": Permission(_to(BR, PO), _to(BR, PO)),
    "console-uplift-effect": Permission(_to(BR, PO), _to(BR, PO)),
    "console-settings": Permission(_to(SA, AU)),
    "console-settings-frustrated": Permission(_to(SA), _to(SA)),
    "console-settings-absences": Permission(_to(SA), _to(SA)),
    "console-settings-terms": Permission(_to(SA), _to(SA)),
    "console-settings-calendars": Permission(_to(SA), _to(SA)),
    "console-settings-limits": Permission(_to(SA), _to(SA)),
    "console-settings-change": Permission(_to(SA, AU), _to(SA)),
    "console-settings-change-file": Permission(_to(SA, AU)),
    "console-actuals": Permission(_to(PO, PP, BR, TM, AU), _to(PO)),
    "console-actuals-remind": Permission(_to(PO, PP, BR, TM, AU), _to(PO)),
    "console-runs": Permission(RUNS),
    "console-run-start": Permission(RUNS, _to(PO)),
    "console-work": Permission(RUNS),
    "console-run": Permission(RUNS),
    "console-run-risk": Permission(RUNS, _to(PO, PP)),
    "console-run-risk-rule": Permission(RUNS, _to(PO, PP)),
    "console-run-receipts": Permission(RUNS),
    "console-run-held": Permission(RUNS),
    "console-run-debts": Permission(RUNS),
    "console-run-files": Permission(RUNS),
    "console-run-file": Permission(RUNS),
    "console-run-journal": Permission(RUNS),
    "console-run-seal": Permission(RUNS, _to(PO)),
    "console-run-approve": Permission(RUNS, _to(PP)),
    "console-run-issue": Permission(RUNS, _to(FI)),
    "console-run-settle": Permission(RUNS, _to(FI)),
    "console-run-discard": Permission(RUNS, _to(PO)),
    "console-queries": Permission(STAFF),
    "console-query-new": Permission(_to(PO, BR, FI), _to(PO, BR, FI)),
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
    "api:lines": Permission(_to(PU)),
    "api:line": Permission(_to(PU)),
    "api:weeks": Permission(_to(PU)),
    "api:submissions": Permission(_to(PU)),
    "api:payments": Permission(_to(PU)),
    "api:payment": Permission(_to(PU)),
    "api:receipt": Permission(_to(PU)),
    "api:holds": Permission(_to(PU)),
    "api:hold": Permission(_to(PU)),
    "api:actuals": Permission(NOBODY, _to(PU)),
    "api:agreement": Permission(_to(PU), _to(PU)),
    "api:week-why": Permission(_to(PU)),
    "api:workbook": Permission(_to(PU)),
    "api:uploads": Permission(_to(PU), _to(PU)),
    "api:upload": Permission(_to(PU)),
    "api:upload-rejected": Permission(_to(PU)),
    "api:upload-submit": Permission(NOBODY, _to(PU)),
    "api:upload-discard": Permission(NOBODY, _to(PU)),
    "api:submission": Permission(_to(PU)),
    "api:submission-pdf": Permission(_to(PU)),
    "api:submission-file": Permission(_to(PU)),
    "api:expected-payments": Permission(_to(PU)),
    "api:expected-payment": Permission(_to(PU)),
    "api:payment-document": Permission(_to(PU)),
    "api:hold-ask": Permission(NOBODY, _to(PU)),
    "api:queries": Permission(_to(PU), _to(PU)),
    "api:query": Permission(_to(PU)),
    "api:query-replies": Permission(NOBODY, _to(PU)),
    "api:query-close": Permission(NOBODY, _to(PU)),
    "api:query-file": Permission(_to(PU)),
    "api:calendar": Permission(_to(PU)),
    "api:reasons": Permission(_to(PU)),
}
"""By the name of the address in the URL table."""

FOR_EVERYONE = frozenset(
    {
        "front", "account_login", "council-sign-in", "openid_connect_callback", "socialaccount_login_cancelled", "mfa_authenticate",
        "mfa_login_webauthn", "account_logout", "first-sign-in", "health", "api:openapi-json", "api:api-root",
    }
)  # fmt: skip
"""Addresses open without signing in."""

FOR_ONESELF = frozenset(
    {
        "account", "account-columns", "stay-signed-in", "choose-access", "account_reauthenticate", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
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
