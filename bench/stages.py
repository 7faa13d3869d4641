"""Databases to measure with: made once under `bench/data`, and copied afresh for each measurement, so that every one finds the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.histories import History, kept_history
from bench.measure import HERE, Ready
from bench.payees import kept_payees
from bench.postgresql import copied_database, fresh_database, has_database, settle
from bench.samples import DATA, stamp

ALMONER = Path(__file__).parents[1] / "src" / "almoner"
DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Stage:
    """A database and how it is made: a program with its arguments, run with `DATABASE_URL` or `ALMONER_HOME` set."""

    name: str
    on: str
    command: tuple[str, ...]
    mark: str

    def ready(self) -> Ready:
        """Makes a copy before each time: its place goes into the environment."""
        return lambda: _copied(self)

    def make(self) -> None:
        """Make it, unless it stands already and nothing that made it has changed."""
        made = DATA / "stages" / f"{self.name}-{self.on}"
        if made.exists() and made.read_text() == self.mark and self._stands():
            return
        made.parent.mkdir(parents=True, exist_ok=True)
        made.unlink(missing_ok=True)
        if self.on == "PostgreSQL":
            run(self.command, {"DATABASE_URL": fresh_database(self.name)})
            settle(self.name)
        else:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home.mkdir(parents=True)
            run(self.command, {"ALMONER_HOME": str(self._home)})
        made.write_text(self.mark)

    def _stands(self) -> bool:
        return has_database(self.name) if self.on == "PostgreSQL" else (self._home / "almoner.sqlite3").exists()

    @property
    def _home(self) -> Path:
        return DATA / f"database-{self.name}"


@contextmanager
def _copied(stage: Stage) -> Iterator[Mapping[str, str]]:
    if stage.on == "PostgreSQL":
        with copied_database(stage.name) as url:
            yield {"DATABASE_URL": url}
        return
    with tempfile.TemporaryDirectory(dir=DATA) as home:
        shutil.copy(stage._home / "almoner.sqlite3", home)
        os.sync()
        yield {"ALMONER_HOME": home}


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a program that makes something ready. RuntimeError when it fails."""
    plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ALMONER_HOME")}
    done = subprocess.run(command, cwd=HERE.parent, env={**plain, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


def peers_mark(program: str, *parts: object) -> str:
    """What a database that a peer makes depends on."""
    peers = HERE / "peers"
    return stamp(*parts, sources=[peers / program, *sorted(peers.glob("requirements*.txt"))])


def _mark(*parts: object) -> str:
    """Of the calculation too: a run builds only on runs that the same rules worked out, and what is measured would be one of everything."""
    runs = ("calculation.py", "earlier.py", "recent.py", "scope.py", "scope.sql", "causes.sql")
    patterns = ("office/*/migrations/*.py", "core/*.py", "core/rules/*", "figures/*.toml", *(f"office/runs/{name}" for name in runs))
    sources = [path for pattern in patterns for path in sorted(ALMONER.glob(pattern)) if path.is_file()]
    return stamp(*parts, sources=[*sources, HERE / "ours" / "staging.py"])


def _staging(*arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-m", "bench.ours.staging", *map(str, arguments))


def council_with_history(people: int, years: int, on: str) -> Stage:
    """That council, its years sealed, and the four weeks taken in and not yet paid."""
    history = History(people, years)
    folder = kept_history(history)
    command = _staging("stage_history", folder, people, years)
    return Stage(f"history_{people}_{years}", on, command, _mark(history, (folder / "made").read_text()))


def payees(count: int, on: str) -> Stage:
    """So many payees to be paid."""
    folder = kept_payees(count)
    return Stage(f"payees_{count}", on, _staging("stage_folder", folder), _mark((folder / "made").read_text()))
