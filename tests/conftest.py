"""Settings for every test, and a fresh office database for those that ask for one.

The database is the one that `DATABASE_URL` names (a PostgreSQL server on which databases may be made), else SQLite.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

SERVER = os.environ.get("DATABASE_URL", "")
os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.site.settings"
TEMPLATE = f"almoner_test_{os.getpid()}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: runs on each database; every test that asks for `office` is one")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty office, migrated once: a SQLite file in the folder that is returned, or the template database on the server."""
    home = tmp_path_factory.mktemp("office")
    os.environ["ALMONER_HOME"] = str(home)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if SERVER:
        _administer(f'CREATE DATABASE "{TEMPLATE}"')
        _point_at(TEMPLATE)
    call_command("migrate", verbosity=0)
    if not SERVER:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    yield home
    connection.close()
    if SERVER:
        _administer(f'DROP DATABASE "{TEMPLATE}"')


@pytest.fixture
def office(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A fresh migrated database that Django's connection, and any process started with this environment, uses.

    Everything in it is really committed. Returns the ALMONER_HOME of this test.
    """
    from django.db import connection

    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ALMONER_HOME", str(home))
    if not SERVER:
        shutil.copy(migrated / "almoner.sqlite3", home / "almoner.sqlite3")
        _point_at(str(home / "almoner.sqlite3"))
        yield home
        connection.close()
        return
    name = f"{TEMPLATE}_{abs(hash(request.node.nodeid)):x}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    _point_at(name)
    monkeypatch.setenv("DATABASE_URL", _url_of(name))
    yield home
    connection.close()
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def at() -> datetime:
    """A moment for acts to be recorded at."""
    return datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _point_at(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _url_of(name: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(SERVER)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _administer(statement: str) -> None:
    """Run a statement on the server's own database, outside any transaction."""
    import psycopg

    from almoner.site.settings import postgresql_database

    named = postgresql_database(SERVER)
    wanted = {"dbname": named["NAME"], "user": named["USER"], "password": named["PASSWORD"], "host": named["HOST"], "port": named["PORT"]}
    with psycopg.connect(**{name: value for name, value in wanted.items() if value}, autocommit=True) as server:
        server.execute(statement)
