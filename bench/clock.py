"""What a measured process says of itself. Standard library only: the peers use it too."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path


def timed(work: Callable[[], str]) -> None:
    """Run `work`, which returns what there is to say, and print seconds, CPU seconds and peak memory as one line of JSON."""
    began, cpu = time.perf_counter(), time.process_time()
    said = work()
    tell(time.perf_counter() - began, time.process_time() - cpu, said)


def tell(seconds: float, cpu_seconds: float, said: str) -> None:
    """Print that line; the peak memory is this process's until now."""
    # Not getrusage: what a process held before it became this program counts there too.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mebibytes": peak, "said": said}))
