"""Council staff come in with the account they have at the council (OpenID Connect), where the council has set that up."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from almoner.office.accounts.operations import note_refusal
from almoner.office.accounts.queries import council_user

COUNCIL = "council"
"""The provider's id in `settings.SOCIALACCOUNT_PROVIDERS`."""


class CouncilAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Only users who have access to the council's side come in this way; nobody is made by it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the user: by the council's own id from the second time on, the first time by an email address it vouches for."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(_refused(request, "PROCESS"))
        if sociallogin.is_existing:
            if council_user(sociallogin.user.email) is None:
                raise ImmediateHttpResponse(_refused(request, "NO-ACCESS", sociallogin.user.email))
            return
        trusted = settings.COUNCIL_EMAILS_TRUSTED
        addresses = [address.email for address in sociallogin.email_addresses if address.verified or trusted]
        user = next((found for email in addresses if (found := council_user(email)) is not None), None)
        if user is None:
            raise ImmediateHttpResponse(_refused(request, "NO-ACCESS"))
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """The council's sign-in did not work, or was given up."""
        raise ImmediateHttpResponse(_refused(request, "COUNCIL-SIGN-IN"))


class SignIn(LoginView):  # type: ignore[misc]
    """The page of signing in; offers the council's own sign-in first where there is one."""

    def get_context_data(self, **told: Any) -> dict[str, Any]:
        """With the council's sign-in, if any."""
        context: dict[str, Any] = super().get_context_data(**told)
        return {**context, "council_sign_in": settings.COUNCIL_SIGN_IN}


def council_sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """To the council's own sign-in."""
    if not settings.COUNCIL_SIGN_IN:
        raise Http404
    answer: HttpResponseBase = openid.login(request, COUNCIL)
    return answer


def council_return_page(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from there."""
    if not settings.COUNCIL_SIGN_IN:
        raise Http404
    answer: HttpResponseBase = openid.callback(request, provider_id)
    return answer


def council_given_up_page(request: HttpRequest) -> HttpResponseBase:
    """Somebody gave up at the council's sign-in."""
    return redirect("account_login")


def _refused(request: HttpRequest, code: str, by: str = "somebody unknown") -> HttpResponse:
    note_refusal(page="council-sign-in", code=code, by=by, at=request.at)  # type: ignore[attr-defined]
    return render(request, "accounts/council_refused.html", {"code": code, "council_sign_in": settings.COUNCIL_SIGN_IN}, status=403)
