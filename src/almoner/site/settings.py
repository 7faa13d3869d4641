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

CAPABILITIES = ("records", "journal", "parties", "people", "care", "actuals", "funding", "charging", "runs", "exchange")
"""The office's apps, each reading only those before it."""

INSTALLED_APPS = [f"almoner.office.{name}" for name in CAPABILITIES]
MIDDLEWARE: list[str] = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "almoner.site.urls"
WSGI_APPLICATION = "almoner.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
