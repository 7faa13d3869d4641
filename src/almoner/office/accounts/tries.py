"""How many wrong passwords an account has left before it is locked, and until when it is. django-allauth counts; this only looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Tries:
    """`left` tries; `locked_until` a moment on the true clock while none is, else None."""

    left: int
    locked_until: datetime | None


def tries(request: HttpRequest, key: str) -> Tries:
    """What is left for the account that django-allauth counts under a key."""
    rates = ratelimit.get_rates(app="allauth.account", action="login_failed")
    rate = next(rate for rate in rates if rate.per == "key")
    counted = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
    failed = cache.get(counted, [])
    left = max(rate.amount - len(failed), 0)
    return Tries(left, None if left or not failed else datetime.fromtimestamp(failed[-1] + rate.duration, UTC))
