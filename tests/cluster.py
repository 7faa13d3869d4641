"""A PostgreSQL of our own for the length of a test run: a new cluster in a temporary folder, answering on a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPostgresql(Exception):
    """PostgreSQL is not here and could not be installed; says why."""


def programs() -> Path:
    """The folder of PostgreSQL's server programs, installed from the system's packages when missing and permitted."""
    found = _installed()
    if found is None:
        _install()
        found = _installed()
    if found is None:
        raise NoPostgresql("PostgreSQL was installed but its initdb is nowhere to be found.")
    return found


def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0]))
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _install() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoPostgresql("PostgreSQL is not installed, and only root with apt-get may install it here. Install it, or set DATABASE_URL.")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing PostgreSQL for the tests …", flush=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"]
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if command is install and done.returncode == 0:
            return
    why = "\n".join(done.stderr.strip().splitlines()[-2:])
    raise NoPostgresql(f"PostgreSQL could not be installed; is there a network?\n{why}")


def _as_owner(command: list[str]) -> list[str]:
    """The command as a user PostgreSQL runs under: it refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return [
        "setpriv",
        f"--reuid={pwd.getpwnam('postgres').pw_uid}",
        f"--regid={pwd.getpwnam('postgres').pw_gid}",
        "--clear-groups",
        *command,
    ]


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """A running cluster's URL; it is stopped and deleted at the end. Raises `NoPostgresql`."""
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="almoner-postgresql-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        data = folder / "data"
        _run([str(bin_folder / "initdb"), "-D", str(data), "-U", "almoner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        # Tests kill our processes, never the machine: what the server has handed to the system stays, flushed or not.
        unflushed = "-c fsync=off -c full_page_writes=off"
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_wal_size=2GB -c shared_buffers=256MB {unflushed}"
        _run([str(bin_folder / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", settings, "start"])
        try:
            yield f"postgres:///postgres?host={folder}&user=almoner"
        finally:
            _run([str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    # Output goes to a file: pg_ctl's child keeps the pipe open and a captured call would wait for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(_as_owner(command), stdout=output, stderr=output, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            raise NoPostgresql(f"{Path(command[0]).name} failed: {output.read().decode(errors='replace').strip()[-500:]}")
