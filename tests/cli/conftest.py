"""A small invented council, made once, and the program run as a user runs it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from almoner.cli.sample.council import Sample, write_sample
from almoner.site.command import main

LAST_DAY = "2026-11-15"


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("council")
    write_sample(Sample(people=120, weeks=3, seed=5), folder)
    return folder


@pytest.fixture
def copy(council: Path, tmp_path: Path) -> Path:
    """The council in a folder that a test may spoil."""
    return Path(shutil.copytree(council, tmp_path / "facts"))


@pytest.fixture
def almoner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """The program as its users run it, at home in the test's folder, in this process: for commands that load no Django."""
    monkeypatch.setenv("ALMONER_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "argv", ["almoner", *map(str, arguments)])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        return Answer(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def apart(tmp_path: Path) -> Callable[..., Answer]:
    """The program in a process of its own, or other code that runs it."""

    def run(*arguments: object, code: str = "from almoner.site.command import main; main()") -> Answer:
        environment = {**os.environ, "ALMONER_HOME": str(tmp_path), "COLUMNS": "200"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-c", code, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=500, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, told: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, told[0].keys())
        writer.writeheader()
        writer.writerows(told)
