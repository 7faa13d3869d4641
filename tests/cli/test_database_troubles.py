"""A database that cannot be used is said in a sentence that helps: one from a later version, one that cannot be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Answer

WRITE_VERSION = 18
"""Where a SQLite file says which version of its format may write it: above 2 nobody may."""
COMMANDS = [
    ("init",),
    ("import", "FACTS", "--by", "ann"),
    ("run", "draft", "payments", "--through", "2026-05-31", "--by", "ann"),
    ("run", "show"),
    ("holds",),
    ("receipts",),
    ("explain", "R-0001.17"),
    ("verify",),
    ("due", "--by", "ann"),
]


def migrated_later(path: Path, *names: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for name in names:
            database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('runs', ?, '2031-01-01')", [name])


@pytest.fixture
def at_home(tmp_path: Path, apart: Callable[..., Answer]) -> Path:
    assert apart("init").status == 0
    return tmp_path / "almoner.sqlite3"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_of_a_later_version_is_refused(command: tuple[str, ...], at_home: Path, apart: Callable[..., Answer]) -> None:
    migrated_later(at_home, "0099_from_the_future")
    before = at_home.read_bytes()
    done = apart(*command)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("DATABASE: The database was brought up to a later version of Almoner than this one (")
    assert "which does not know runs.0099_from_the_future. Install that later version, or put back the copy" in done.err
    assert at_home.read_bytes() == before


def test_of_many_unknown_changes_three_are_named(at_home: Path, apart: Callable[..., Answer]) -> None:
    migrated_later(at_home, *(f"009{n}_later" for n in range(5)))
    assert "runs.0090_later, runs.0091_later, runs.0092_later and 2 more. " in apart("holds").err


def test_a_database_that_cannot_be_written_says_so(at_home: Path, apart: Callable[..., Answer]) -> None:
    content = bytearray(at_home.read_bytes())
    content[WRITE_VERSION] = 3
    at_home.write_bytes(content)
    done = apart("run", "draft", "payments", "--through", "2026-05-31", "--by", "ann")
    assert done.status == 1 and "init" not in done.err
    assert done.err.startswith(f"DATABASE: The database {at_home} cannot be written, so nothing was done. Give your user leave to write it")
