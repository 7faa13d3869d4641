"""A PostgreSQL for measuring: a cluster under `bench/data` that keeps what was made, answers on a unix socket only, and writes to the
disk as one in production does (every commit flushed)."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.cluster import NoPostgresql, programs

from bench.samples import DATA

__all__ = ["NoPostgresql", "cluster", "copied_database", "fresh_database", "has_database", "settle", "url_of"]

CLUSTER = DATA / "postgresql"
SETTINGS = {"listen_addresses": "''", "shared_buffers": "512MB", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}
"""All else is as PostgreSQL comes: fsync, full_page_writes and synchronous_commit are on."""


def _socket_folder() -> Path:
    # A socket's path has at most 107 letters, and this project may lie deep.
    return Path(tempfile.gettempdir()) / f"almoner-bench-{os.getuid()}"


def url_of(name: str) -> str:
    """The URL of one of the cluster's databases."""
    return f"postgres:///{name}?host={_socket_folder()}&user=almoner"


@contextmanager
def cluster() -> Iterator[None]:
    """The cluster, made when missing, running for as long as this lasts. Raises `NoPostgresql`."""
    binaries, socket = programs(), _socket_folder()
    socket.mkdir(exist_ok=True)
    if not (CLUSTER / "PG_VERSION").exists():
        CLUSTER.mkdir(parents=True, exist_ok=True)
        _own(CLUSTER)
        _run([str(binaries / "initdb"), "-D", str(CLUSTER), "-U", "almoner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
    _own(socket)
    settings = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": socket}.items())
    control = [str(binaries / "pg_ctl"), "-D", str(CLUSTER), "-w"]
    _run([*control, "-l", str(CLUSTER / "log"), "-o", settings, "start"])
    try:
        yield
    finally:
        _run([*control, "-m", "fast", "stop"])


def has_database(name: str) -> bool:
    """Whether the running cluster has it."""
    with _master() as master:
        return master.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def fresh_database(name: str) -> str:
    """An empty database of that name, in place of one there may be; its URL."""
    with _master() as master:
        master.execute(f'DROP DATABASE IF EXISTS "{name}"')
        master.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return url_of(name)


def settle(name: str) -> None:
    """What PostgreSQL does by itself sooner or later: clear up a database and learn what is in it."""
    with psycopg.connect(f"dbname={name} user=almoner host={_socket_folder()}", autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def copied_database(template: str) -> Iterator[str]:
    """The URL of a copy of a database, on the disk and not still on its way there; it is dropped at the end."""
    name = f"{template}_once"
    with _master() as master:
        master.execute(f'DROP DATABASE IF EXISTS "{name}"')
        master.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    os.sync()
    try:
        yield url_of(name)
    finally:
        with _master() as master:
            master.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _master() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(f"dbname=postgres user=almoner host={_socket_folder()}", autocommit=True)


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(command: list[str]) -> None:
    """Run a program of PostgreSQL's, as the user it runs under when we are root, for it refuses to run as that."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    # Output goes to a file: pg_ctl's child keeps the pipe open and a captured call would wait for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            raise NoPostgresql(f"{Path(command[0]).name} failed: {output.read().decode(errors='replace').strip()[-500:]}")
