"""The commands shown in README.md, run again: blocks that begin with ```console, in the order they stand, in one empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tidy.sources import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)$", re.M)
# What differs from one time and one machine to the next.
PASSING = (
    (re.compile(r"\b\d+\.\d+ s\b"), "0.0 s"),
    (re.compile(r"\b\d[\d,]* MiB\b"), "0 MiB"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "0" * 64),
)
REWRITES = "REWRITE=1 .venv/bin/python -m pytest tests/docs/test_tour.py"


def shown() -> list[str]:
    """The blocks as they stand in the README."""
    return BLOCK.findall(README.read_text(encoding="utf-8"))


def run_again(folder: Path) -> list[str]:
    """The blocks as they come out when their commands are run in the folder."""
    return ["".join(f"$ {command}\n{_told(command, folder)}" for command in COMMAND.findall(block)) for block in shown()]


def _told(command: str, folder: Path) -> str:
    """What a command prints: on standard output, then on standard error."""
    scripts = Path(sys.executable).parent
    environment = {
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "COLUMNS": "100",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    told = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    lines = [line.rstrip() for line in (told.stdout + told.stderr).rstrip().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def lasting(text: str) -> str:
    """The text without what passes: seconds, memory, hashes."""
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text


def rewritten(blocks: list[str]) -> str:
    """The README with the blocks in place of those that stand in it."""
    new = iter(blocks)
    return BLOCK.sub(lambda _: f"```console\n{next(new)}```", README.read_text(encoding="utf-8"))
