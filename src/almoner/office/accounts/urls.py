"""Signing in, and one's own account. The names are those that django-allauth looks for."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, URLResolver, path

from almoner.office.accounts import console, council_account, pages, portal

OF_THE_COUNCIL = {"provider_id": council_account.COUNCIL}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front_page, name="front"),
    path("health", pages.health_page, name="health"),
    path("sign-in", council_account.SignIn.as_view(), name="account_login"),
    path("sign-in/council", council_account.council_sign_in_page, name="council-sign-in"),
    path(
        "sign-in/council/back",
        council_account.council_return_page,
        {"provider_id": council_account.COUNCIL},
        name="openid_connect_callback",
    ),
    path("sign-in/council/given-up", council_account.council_given_up_page, name="socialaccount_login_cancelled"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/first/<str:key>", pages.first_sign_in_page, name="first-sign-in"),
    path("sign-out", account.logout, name="account_logout"),
    path("account", pages.account_page, name="account"),
    path("account/columns", pages.columns_page, name="account-columns"),
    path("account/stay", pages.stay_signed_in_page, name="stay-signed-in"),
    path("account/organisation", pages.choose_access_page, name="choose-access"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/again", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor", mfa.index, name="mfa_index"),
    path("account/second-factor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/download", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/passkeys", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/passkeys/<int:pk>/change", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("portal/access", portal.access_page, name="portal-access"),
    path("portal/access/invite", portal.invite_page, name="portal-access-invite"),
    path("portal/access/tokens/new", portal.new_token_page, name="portal-token-new"),
    path("portal/access/tokens/<int:token_id>/withdraw", portal.withdraw_token_page, name="portal-token-withdraw"),
    path("portal/access/<int:access_id>", portal.change_page, name="portal-access-change"),
    path("portal/access/<int:access_id>/remove", portal.remove_page, name="portal-access-remove"),
    path("portal/access/<int:access_id>/start-over", portal.start_over_page, name="portal-access-start-over"),
    path("console/users", console.users_page, name="console-users"),
    path("console/users/new", console.new_user_page, name="console-user-new"),
    path("console/users/<int:access_id>", console.user_page, name="console-user"),
    path("console/users/<int:access_id>/end", console.end_user_page, name="console-user-end"),
    path("console/users/<int:access_id>/start-over", console.start_user_over_page, name="console-user-start-over"),
    path("console/users/<int:access_id>/confirm", console.confirm_user_page, name="console-user-confirm"),
]
