"""One measurement: a process of its own, its seconds as it tells them, its peak memory as the system tells it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measured:
    """Medians: wall seconds and CPU seconds of the work alone (not of starting Python), peak memory of the whole process."""

    seconds: float
    cpu_seconds: float
    peak_mebibytes: float
    said: str


def measure(command: Sequence[str], *, times: int, environment: Mapping[str, str] | None = None) -> Measured:
    """Run `command` so often. Its last line is JSON: seconds, cpu_seconds, peak_mebibytes, said. RuntimeError when it fails."""
    told = []
    for _ in range(times):
        done = subprocess.run(
            command, cwd=HERE.parent, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
        told.append(json.loads(done.stdout.strip().splitlines()[-1]))
    return Measured(
        statistics.median(t["seconds"] for t in told),
        statistics.median(t["cpu_seconds"] for t in told),
        statistics.median(t["peak_mebibytes"] for t in told),
        told[-1].get("said", ""),
    )
