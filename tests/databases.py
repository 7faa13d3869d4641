"""A database for the tests of one process on the PostgreSQL that `DATABASE_URL` names: migrated once, emptied after each test."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from almoner.site.settings import postgresql_database

TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
SEALS = (
    "SELECT array_agg(tgrelid::text || ' ' || tgname || ' ' || tgenabled::text ORDER BY tgrelid, tgname) "
    "FROM pg_trigger WHERE NOT tgisinternal"
)
RESTART = "SELECT count(setval(oid::regclass, 1, false)) FROM pg_class WHERE relkind = 'S'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class DatabaseForTests:
    """A database of our own on the server of `url`."""

    def __init__(self, url: str, name: str) -> None:
        self.server, self.name = url, name
        self.url = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        self.kept: set[str] = set()
        self.seals: Any = None

    def make(self) -> None:
        """Create it; it must be migrated, and then `begin` be called."""
        with self._connected(self.server) as server:
            server.execute(f'CREATE DATABASE "{self.name}"')

    def begin(self) -> None:
        """Remember what a migrated database holds before any test."""
        with self._connected(self.url) as database:
            self.kept, self.seals = self._filled(database), self._seals(database)

    def drop(self) -> None:
        """Delete it, whoever is connected."""
        with self._connected(self.server) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def empty(self) -> bool:
        """Take out whatever a test left behind; False when it changed more than rows and the database must be made anew."""
        with self._connected(self.url) as database:
            database.execute(OTHERS)
            # Sealed tables refuse TRUNCATE; only a superuser may act as a replica, whose triggers rest.
            try:
                database.execute("SET session_replication_role = replica")
            except psycopg.errors.InsufficientPrivilege:
                return False
            filled = self._filled(database) - self.kept
            if filled:
                database.execute(f"TRUNCATE {', '.join(sorted(filled))} RESTART IDENTITY CASCADE")
            database.execute(RESTART)
            return bool(self._seals(database) == self.seals and self._filled(database) == self.kept)

    def _filled(self, database: psycopg.Connection[Any]) -> set[str]:
        names = [name for (name,) in database.execute(TABLES).fetchall()]
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
        return {name for (name,) in database.execute(asked).fetchall()}

    def _seals(self, database: psycopg.Connection[Any]) -> Any:
        return database.execute(SEALS).fetchone()

    def _connected(self, url: str) -> psycopg.Connection[Any]:
        named = postgresql_database(url)
        wanted = {
            "dbname": named["NAME"],
            "user": named["USER"],
            "password": named["PASSWORD"],
            "host": named["HOST"],
            "port": named["PORT"],
        }
        return psycopg.connect(**{name: value for name, value in wanted.items() if value}, autocommit=True)
