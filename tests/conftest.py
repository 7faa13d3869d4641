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
from tests.databases import DatabaseForTests

SERVER = os.environ.get("DATABASE_URL", "")
os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.site.settings"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: runs on each database; every test that asks for `office` is one")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | DatabaseForTests]:
    """An empty office, migrated once: a SQLite file to copy, or a database on the server."""
    home = tmp_path_factory.mktemp("office")
    os.environ["ALMONER_HOME"] = str(home)
    import django

    django.setup()
    from django.db import connection

    if SERVER:
        database = DatabaseForTests(SERVER, f"almoner_test_{os.getpid()}")
        _make(database)
        yield database
        connection.close()
        database.drop()
        return
    _migrate(str(home / "almoner.sqlite3"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    yield home / "almoner.sqlite3"


@pytest.fixture
def office(migrated: Path | DatabaseForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh migrated database that Django's connection uses, and so does any process started with this environment.

    Everything in it is really committed. Returns the ALMONER_HOME of this test.
    """
    from django.conf import settings
    from django.db import connection

    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ALMONER_HOME", str(home))
    monkeypatch.setattr(settings, "HOME", home)
    if isinstance(migrated, DatabaseForTests):
        monkeypatch.setenv("DATABASE_URL", migrated.url)
        _point_at(migrated.name)
        yield home
        connection.close()
        if not migrated.empty():
            migrated.drop()
            _make(migrated)
        return
    shutil.copy(migrated, home / "almoner.sqlite3")
    _point_at(str(home / "almoner.sqlite3"))
    yield home
    connection.close()


@pytest.fixture
def at() -> datetime:
    """A moment for acts to be recorded at."""
    return datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _make(database: DatabaseForTests) -> None:
    database.make()
    _migrate(database.name)
    database.begin()


def _migrate(name: str) -> None:
    from django.core.management import call_command

    _point_at(name)
    call_command("migrate", verbosity=0)


def _point_at(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
