"""What this installation runs: the database, the clock's place, the apps. Secrets come from the environment only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

HOME = Path(os.environ.get("ALMONER_HOME") or ".").expanduser()
"""Where the SQLite file and the council's own settings lie."""

SQLITE_START = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA cache_size=-65536"
)
"""A committed payment survives a power cut (FULL: the log is flushed at every commit); INSERT OR REPLACE meets the
triggers that refuse deletion (recursive_triggers)."""


def sqlite_database(home: Path) -> dict[str, Any]:
    """Django's settings for the SQLite file `almoner.sqlite3` in `home`.

    A transaction takes its write lock when it begins, so that two writers wait for one another instead of failing half way.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home / "almoner.sqlite3"),
        "OPTIONS": {"timeout": 60, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_START},
    }


def postgresql_database(url: str) -> dict[str, Any]:
    """Django's settings for `postgres://user:password@host:port/name?option=value`; raises `ImproperlyConfigured`.

    A unix socket is named by its folder: `postgres:///name?host=/run/postgresql` or `postgres://%2Frun%2Fpostgresql/name`.
    """
    try:
        parts: ParseResult = urlparse(url)
        named_port = str(parts.port or "")
    except ValueError as wrong:
        raise ImproperlyConfigured("DATABASE_URL names no host and port that there can be.") from wrong
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    user = options.pop("user", None) or unquote(parts.username or "")
    port = options.pop("port", None) or named_port
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": user,
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


DATABASES = {"default": postgresql_database(url) if (url := os.environ.get("DATABASE_URL")) else sqlite_database(HOME)}

# Commands need no lasting key; a server that keeps sessions does, and takes it from the environment.
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host] or ["localhost", "127.0.0.1"]

CAPABILITIES = (
    "records", "journal", "accounts", "furniture", "parties", "people", "letters", "care", "actuals", "funding", "charging", "runs",
    "exchange", "changes", "enquiries", "claims", "home",
)  # fmt: skip
"""The office's apps, each reading only those before it."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"almoner.office.{name}" for name in CAPABILITIES),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "almoner.office.furniture.headers.SecureHeaders",
    "almoner.office.furniture.odd_input.OddInput",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "almoner.site.surroundings.Surroundings",
    "almoner.office.home.refused.Upkeep",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "almoner.office.accounts.door.Door",
    "almoner.office.home.refused.Refusals",
]
ROOT_URLCONF = "almoner.site.urls"
WSGI_APPLICATION = "almoner.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parents[1] / "office" / name / "templates" for name in CAPABILITIES],
        "OPTIONS": {
            "environment": "almoner.office.furniture.environment.environment",
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "almoner.office.home.frame.frame",
            ],
        },
    },
    # The words of django-allauth's emails; pages are ours.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "almoner.office.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip,5/15m/key"}
"""Five wrong passwords lock an account for fifteen minutes."""
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "almoner.office.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Almoner"

COUNCIL_SIGN_IN = (os.environ.get("OIDC_NAME") or "council account") if os.environ.get("OIDC_SERVER_URL") else ""
"""What council staff call the account they sign in with (OpenID Connect); empty where the council has not set it up."""
COUNCIL_EMAILS_TRUSTED = os.environ.get("OIDC_EMAILS_TRUSTED") == "yes"
"""The council's own directory does not mark email addresses as verified, and none of them can be changed by their owners."""
SOCIALACCOUNT_ADAPTER = "almoner.office.accounts.council_account.CouncilAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "council",
                "name": COUNCIL_SIGN_IN,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ.get("OIDC_SERVER_URL", "")},
            }
        ],
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXIES", "0"))
"""How many of our own proxies stand before the server: tries are counted by the address that the last of them saw, and what it says of
TLS is believed. Without one anybody could say so."""

OVER_HTTP = os.environ.get("ALMONER_OVER_HTTP") == "yes"
"""Without TLS in front: for a demonstration on one's own machine only."""
UPKEEP_UNTIL, UPKEEP_CUT_OFF = os.environ.get("ALMONER_CLOSED_UNTIL", ""), os.environ.get("ALMONER_CUT_OFF_MOVED_TO", "")
"""Closed for upkeep: until when, and to when the cut-off has moved, in the words that pages then show: `6pm`, `midday on Wednesday
10 June 2026`."""
SECOND_FACTOR_REQUIRED = os.environ.get("ALMONER_SECOND_FACTOR", "required") != "none"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not OVER_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not OVER_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if OVER_HTTP else 365 * 24 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
APPEND_SLASH = False

# Wrong passwords are counted for all workers together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "almoner_counters"}}
# A council without mail of its own finds its letters in a folder, where they can be seen and taken from.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if os.environ.get("EMAIL_HOST") else "almoner.site.outbox.Outbox"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "almoner@localhost")
LETTERHEAD = "almoner.site.outbox.letterhead_here"
ADDRESS = os.environ.get("ALMONER_ADDRESS", "http://127.0.0.1:8000")
"""Where people reach the pages, for links in emails."""

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
