"""What django-allauth asks us: where people go after signing in, what they are told, and that nobody signs themselves up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from almoner.office.accounts.door import has_second_factor
from almoner.office.accounts.operations import note_refusal, note_sign_in
from almoner.office.accounts.queries import email_of
from almoner.office.accounts.tries import tries
from almoner.office.furniture.words import clock, local

UNKNOWN = "somebody unknown"
WAYS = {"socialaccount": "council account", "webauthn": "passkey", "totp": "app", "recovery_codes": "recovery code"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by administrators only."""

    tried = ""
    """The address of the account that was tried."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front door, which knows each side's home."""
        return reverse("front")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """One's own account, which says that it is done."""
        return reverse("account")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Before a second factor is changed, and not before the first one: the door sends people to that straight from signing in."""
        return app != "allauth.mfa" or has_second_factor(self.request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Remember who is tried, for the words of the refusal."""
        self.tried = credentials.get("email", "").strip().lower()
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write it in the journal. What was typed for an address nobody has is not kept: it may be a password."""
        note_refusal(page="account_login", code="PASSWORD", by=email_of(self.tried) or UNKNOWN, at=request.at)  # type: ignore[attr-defined]

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether the password is the signed-in user's; wrong ones are counted with those of signing in."""
        found = self.authenticate(self.request, email=str(user), password=password)
        return found is not None and found.pk == user.pk

    def validation_error(self, code: str, *arguments: Any) -> ValidationError:
        """Our words where django-allauth's do not say what to do."""
        if code in ("email_password_mismatch", "incorrect_password"):
            wrong = "The email address or password is not right." if code == "email_password_mismatch" else "The password is not right."
            return ValidationError(f"{wrong} {self._left()}", code=code)
        if code == "too_many_login_attempts":
            note_refusal(page="account_login", code="LOCKED", by=email_of(self.tried) or UNKNOWN, at=self.request.at)
            return ValidationError(self._locked(), code=code)
        error: ValidationError = super().validation_error(code, *arguments)
        return error

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **told: Any) -> HttpResponse:
        """Write it in the journal, with the way they came in."""
        records = get_authentication_records(request, user)
        if records:  # For five minutes after signing in nobody is asked to show again who they are.
            request.session[RECORDS] = [*records[:-1], {**records[-1], "reauthenticated": True}]
        note_sign_in(user_id=user.pk, by=str(user), way=_way(records), at=request.at)  # type: ignore[attr-defined]
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def _left(self) -> str:
        left = tries(self.request, self._get_login_attempts_cache_key(self.request, email=self.tried)).left
        if not left:
            return self._locked()
        return f"After {left} more {'try' if left == 1 else 'tries'} this account is locked for 15 minutes."

    def _locked(self) -> str:
        until = tries(self.request, self._get_login_attempts_cache_key(self.request, email=self.tried)).locked_until
        when = f"until {clock(local(until))}" if until else "for some minutes"
        return f"Too many wrong passwords: this account is locked {when}. Lost your password? Your administrator can let you start over."


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor: our words, and wrong codes in the journal."""

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """What a passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"

    def validation_error(self, code: str, *arguments: Any) -> ValidationError:
        """As django-allauth's, with what to do about it."""
        if code == "incorrect_code":
            stage = getattr(self.request, "_login_stage", None)
            user = stage.login.user if stage else self.request.user
            note_refusal(page="mfa_authenticate", code="SECOND-FACTOR", by=str(user) or UNKNOWN, at=self.request.at)
            return ValidationError("This code is not right. Enter the 6 digits your app shows now.", code=code)
        error: ValidationError = super().validation_error(code, *arguments)
        return error


def _way(records: list[dict[str, Any]]) -> str:
    methods = [record.get("type") or record.get("method") for record in records]
    for found, words in (
        ("socialaccount", "council account"),
        ("webauthn", "passkey"),
        ("totp", "app"),
        ("recovery_codes", "recovery code"),
    ):
        if found in methods:
            return words
    return "password"
