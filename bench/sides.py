"""What a work of the bench is made of: sides that are measured beside one another, and aims."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.measure import HERE, Ready, nothing
from bench.samples import stamp

PEERS = HERE / ".venv"


@dataclass(frozen=True)
class Aim:
    """At most so many seconds, so many mebibytes, and so many times the seconds of the side that is named."""

    seconds: float | None = None
    mebibytes: float | None = None
    times: tuple[float, str] | None = None

    def __str__(self) -> str:
        told = [f"≤ {self.seconds:g} s"] if self.seconds else []
        told += [f"≤ {self.mebibytes:g} MiB"] if self.mebibytes else []
        told += [f"≤ {self.times[0]:g} × {self.times[1]}"] if self.times else []
        return ", ".join(told)

    def met(self, seconds: float, mebibytes: float, beside: dict[str, float]) -> bool | None:
        """Whether a side met it; `beside`: the seconds of the sides measured in the same run, by name. None when that side is missing."""
        if self.times and self.times[1] not in beside:
            return None
        return (
            (self.seconds is None or seconds <= self.seconds)
            and (self.mebibytes is None or mebibytes <= self.mebibytes)
            and (self.times is None or seconds <= self.times[0] * beside[self.times[1]])
        )


@dataclass(frozen=True)
class Side:
    """One process: what it is called, its command, what is set up before each time, and how often at most it is measured."""

    what: str
    command: tuple[str, ...]
    aim: Aim | None = None
    ready: Ready = nothing
    at_most: int | None = None
    size: float | None = None
    """How many lines of care it works out, where growth is looked at."""


@dataclass(frozen=True)
class Work:
    """One row of the bench: in words, and what makes its data ready and says what is measured."""

    meaning: str
    sides: Callable[[], list[Side]]
    needs_postgresql: bool = field(default=False)


def ours(program: str, *arguments: object) -> tuple[str, ...]:
    """Almoner, in its own environment: a program of `bench.ours`."""
    return (sys.executable, "-m", f"bench.ours.{program}", *map(str, arguments))


def peer(program: str, *arguments: object, options: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A peer, in the peers' environment, which is made when missing or out of date; `options` are Python's own."""
    files = sorted((HERE / "peers").glob("requirements*.txt"))
    mark, made = stamp(sources=files), PEERS / "ready"
    if not made.exists() or made.read_text() != mark:
        venv.create(PEERS, with_pip=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *(part for file in files for part in ("-r", str(file)))], check=True)
        made.write_text(mark)
    return (
        "env",
        f"PYTHONPATH={HERE.parent}",
        str(PEERS / "bin" / "python"),
        *options,
        str(HERE / "peers" / program),
        *map(str, arguments),
    )


def beside(program: str, *arguments: object) -> tuple[str, ...]:
    """A peer that needs Almoner's own environment, for it writes into Almoner's tables."""
    return ("env", f"PYTHONPATH={HERE.parent}", sys.executable, str(HERE / "peers" / program), *map(str, arguments))
