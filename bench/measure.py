"""One measurement: a process of its own, its seconds as it tells them, its peak memory as the system tells it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Ready = Callable[[], AbstractContextManager[Mapping[str, str]]]
"""What is set up afresh before each time and taken down after it; gives variables of the environment."""


@dataclass(frozen=True)
class Measured:
    """Medians: wall seconds and CPU seconds of the work alone (not of starting Python), peak memory of the whole process.

    `each`: the wall seconds of every time. `said`: what the last one said of itself.
    """

    seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    each: tuple[float, ...]
    said: str


@contextmanager
def nothing() -> Iterator[Mapping[str, str]]:
    """Nothing to set up."""
    yield {}


def measure(command: Sequence[str], *, times: int, ready: Ready = nothing, told: Callable[[int], None] = lambda done: None) -> Measured:
    """Run `command` so often, in the folder above. Its last line is JSON: seconds, cpu_seconds, peak_mebibytes, said.

    `told` hears how many times are done. RuntimeError when it fails.
    """
    found = []
    for done in range(times):
        told(done)
        with ready() as environment:
            found.append(_run(command, environment))
    return Measured(
        statistics.median(one["seconds"] for one in found),
        statistics.median(one["cpu_seconds"] for one in found),
        statistics.median(one["peak_mebibytes"] for one in found),
        tuple(round(one["seconds"], 4) for one in found),
        found[-1]["said"],
    )


def _run(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ALMONER_HOME")}
    done = subprocess.run(command, cwd=HERE.parent, env={**plain, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
