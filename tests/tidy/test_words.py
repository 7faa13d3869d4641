"""What is written is finished, belongs to the project alone, and is tested for real."""

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.tidy.sources import ROOT, name_of, python_files

HERE = Path(__file__)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD)\b|raise NotImplementedError")
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.~/])/(home|root|work|Users|mnt)/\w")
OTHER_INDEX = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host")
LEFT_OUT = re.compile(r"pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)\b|unittest import mock|unittest\.mock|\bMagicMock\b")


@cache
def texts() -> dict[str, str]:
    """Every text file of the project that is kept, by name; the lock file's and published files' contents are others' words."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode().split("\0")
    found = [ROOT / name for name in listed if name] or [path for path in ROOT.rglob("*") if not {".venv", ".git"} & set(path.parts)]
    kept = {}
    for path in found:
        if path.suffix in (".py", ".sql", ".md", ".toml", ".typ", "") and path.is_file() and path != HERE:
            kept[name_of(path)] = path.read_text(encoding="utf-8")
    return kept


def _with(pattern: re.Pattern[str]) -> dict[str, str]:
    assert len(texts()) > 150
    return {name: found.group() for name, text in texts().items() if (found := pattern.search(text))}


def test_nothing_is_left_for_later() -> None:
    assert not _with(UNFINISHED)


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    assert not _with(SOMEBODYS_MACHINE)


def test_dependencies_come_from_wherever_the_installer_is_told() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = [line for line in lock.splitlines() if line and not line.lstrip().startswith(("#", "--hash"))]
    assert len(pinned) > 20
    assert all(re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+( ;[^\\]*)? \\", line) for line in pinned)
    assert not OTHER_INDEX.search("\n".join(line for line in lock.splitlines() if not line.startswith("#")))


def test_no_test_is_left_out_or_plays_pretend() -> None:
    tests = [path for path in python_files() if name_of(path).startswith("tests/") and path != HERE]
    assert not [name_of(path) for path in tests if LEFT_OUT.search(path.read_text(encoding="utf-8"))]


def test_every_test_file_can_fail() -> None:
    asserting = re.compile(r"^\s+(assert\b|raise AssertionError|with pytest\.raises|compare\()", re.M)
    tests = [path for path in python_files() if path.name.startswith("test_")]
    assert not [name_of(path) for path in tests if not asserting.search(path.read_text(encoding="utf-8"))]
