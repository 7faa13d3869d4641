"""Keys that nobody may guess, for one-time links and tokens: made here, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_MARK = "almoner_"  # noqa: S105 - what a token begins with, so that one left in the open is recognised
LENGTH = 32


def new_key() -> str:
    """A key of 256 bits, safe in an address."""
    return secrets.token_urlsafe(LENGTH)


def new_token() -> str:
    """A token of 256 bits."""
    return f"{TOKEN_MARK}{secrets.token_urlsafe(LENGTH)}"


def fingerprint(key: str) -> str:
    """SHA-256 in hexadecimal. Keys are random and long, so that a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).hexdigest()
