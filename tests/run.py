"""Every test, on SQLite and then, those that use the database, on a real PostgreSQL. Arguments are handed on to pytest.

Files of tests go side by side, one to a core, unless `-n` says otherwise.

PostgreSQL is the one `DATABASE_URL` names, on which databases may be made; without it a cluster of our own is started from
the system's programs, which are installed when missing and permitted. Where there is none, that is said, and it is a
failure on a machine that checks changes (CI=true).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cluster import NoPostgresql, temporary_cluster

HERE = Path(__file__).resolve().parent
NOTHING_COLLECTED = 5
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
"""A file stays together: what its tests share is made once. More than four processes need more memory than many machines have."""


def run_pytest(arguments: list[str], url: str | None) -> int:
    """pytest's exit status, with the database of `url` (None = SQLite)."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL for the tests; raises `NoPostgresql`."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with temporary_cluster() as url:
        yield url


def main() -> int:
    # A stopped run stops its cluster: SIGTERM ends Python without its finally clauses unless it is made an exception.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments, began = [*SIDE_BY_SIDE, *sys.argv[1:]], time.monotonic()
    print("Every test, on SQLite:", flush=True)
    outcomes = {"SQLite": run_pytest(arguments, None)}
    print("\nThe tests that use the database, on PostgreSQL:", flush=True)
    missing = ""
    try:
        with postgresql() as url:
            outcomes["PostgreSQL"] = run_pytest([*arguments, "-m", "database"], url)
    except NoPostgresql as reason:
        missing = str(reason)
        print(missing, flush=True)
    if outcomes.get("PostgreSQL") == NOTHING_COLLECTED and sys.argv[1:]:
        outcomes["PostgreSQL"] = 0
    told = [f"{name}: {'passed' if status == 0 else f'FAILED (pytest {status})'}" for name, status in outcomes.items()]
    told += ["PostgreSQL: NOT RUN, there is none here"] if missing else []
    print(f"\n{'; '.join(told)}. {time.monotonic() - began:.0f} seconds.", flush=True)
    failed = any(outcomes.values()) or (bool(missing) and os.environ.get("CI", "").lower() in ("1", "true", "yes"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
