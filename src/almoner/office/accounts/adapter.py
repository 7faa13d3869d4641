"""What django-allauth asks us: where people go after signing in, and that nobody signs themselves up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from almoner.office.accounts.door import has_second_factor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front door, which knows each side's home."""
        return reverse("front")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Before a second factor is changed, and not before the first one: the door sends people to that straight from signing in."""
        return app != "allauth.mfa" or has_second_factor(self.request)
