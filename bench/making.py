"""Makes what a work measures, in a process of its own, for the makers print bars of theirs: `python -m bench.making WORK`."""

from __future__ import annotations

import subprocess
import sys

from bench.measure import HERE
from bench.works import WORKS


def make(name: str) -> None:
    """Make it, wherever it does not stand already. RuntimeError when that fails."""
    command = [sys.executable, "-m", "bench.making", name]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    WORKS[sys.argv[1]].sides()
