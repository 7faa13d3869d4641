"""`almoner calculate`: a folder of tables in; receipts, holds, findings, workings and a summary out. No database."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from os import cpu_count
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa

from almoner.cli.in_place import Read, read_facts
from almoner.cli.outputs import Workings, write_findings, write_holds, write_receipts
from almoner.core.calculate import Outcome
from almoner.core.findings import Finding, Severity
from almoner.core.parts import calculate_parts, parts_worth_making
from almoner.core.tables import BOOKS, HOLDS, RECEIPTS
from almoner.figures.bank_holidays import bank_holidays, require_known
from almoner.formats.tables import Count

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, steps done and steps in all."""


@dataclass(frozen=True)
class Asked:
    """What to calculate and where to write it. `parts`: in how many parts at most, to bound memory; the answer is the same.

    `since`: weeks that begin before that day stay as they were sealed.
    """

    folder: Path
    through: date
    out: Path
    books: tuple[str, ...] = BOOKS
    as_of: datetime | None = None
    since: date | None = None
    parts: int = 1
    strict: bool = False


@dataclass
class Calculated:
    """What came of it. `stopped`: strict, and a finding was an error, so that only the findings were written."""

    asked: Asked
    counts: dict[str, Count]
    findings: list[Finding]
    receipts: pa.Table
    holds: pa.Table
    stopped: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error, so that some row was left out."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def calculate_folder(asked: Asked, progress: Progress = lambda stage, done, of: None) -> Calculated:
    """Read, calculate and write. UnreadableFolder and DayNotKnown refuse the whole; everything else becomes a finding."""
    require_known(asked.through)
    seconds: dict[str, float] = {}
    steps = asked.parts + 2
    progress("Reading and checking the tables", 0, steps)
    with _timed(seconds, "read"):
        folder = read_facts(asked.folder, in_parts=asked.parts > 1)
    try:
        return _from_facts(asked, folder, seconds, progress)
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        if not folder.any_in_place:
            raise
    # A table that was left where it lies turned out to be damaged, or has changed since it was looked through: the full reading names it.
    with _timed(seconds, "read"):
        folder = read_facts(asked.folder, in_parts=asked.parts > 1, all_in_memory=True)
    return _from_facts(asked, folder, seconds, progress)


def _from_facts(asked: Asked, folder: Read, seconds: dict[str, float], progress: Progress) -> Calculated:
    """What comes of a folder that was read; all files are written."""
    people = folder.counts["people"].used if "people" in folder.counts else 0
    asked = replace(asked, parts=parts_worth_making(asked.parts, people))
    steps = asked.parts + 2
    asked.out.mkdir(parents=True, exist_ok=True)
    done = Calculated(asked, folder.counts, list(folder.findings), RECEIPTS.empty_table(), HOLDS.empty_table(), seconds=seconds)
    if asked.strict and folder.has_errors:
        done.stopped = True
        write_findings(done.findings, asked.out)
        return done
    outcomes = _calculated(asked, folder, seconds, progress)
    done.findings += outcomes.findings
    with _timed(seconds, "write"):
        progress("Writing the files", steps - 1, steps)
        done.receipts = write_receipts(outcomes.receipts, asked.out)
        done.holds = write_holds(outcomes.holds, asked.out)
        write_findings(done.findings, asked.out)
    progress("Done", steps, steps)
    return done


@dataclass
class Outcomes:
    """The parts' receipts, holds and findings together."""

    receipts: list[pa.Table] = field(default_factory=list)
    holds: list[pa.Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Take in one part's outcome."""
        self.receipts.append(outcome.receipts)
        self.holds.append(outcome.holds)
        self.findings += outcome.findings


def _calculated(asked: Asked, folder: Read, seconds: dict[str, float], progress: Progress) -> Outcomes:
    outcomes = Outcomes()
    figures = {"bank_holidays": bank_holidays()}
    steps = asked.parts + 2
    with Workings(asked.out) as workings:
        parts = calculate_parts(
            folder.tables, figures, count=asked.parts, workers=min(asked.parts, cpu_count() or 1), through=asked.through, as_of=asked.as_of,
            books=asked.books, since=asked.since,
        )  # fmt: skip
        for number in range(asked.parts):
            progress("Calculating" + (f" part {number + 1} of {asked.parts}" if asked.parts > 1 else ""), number + 1, steps)
            with _timed(seconds, "calculate"):
                outcome = next(parts, None)
            if outcome is None:  # people who share carers are calculated together, so that there may be fewer
                break
            with _timed(seconds, "write"):
                workings.add(outcome.workings)
            outcomes.add(outcome)
    return outcomes


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = perf_counter()
    try:
        yield
    finally:
        seconds[stage] = seconds.get(stage, 0.0) + perf_counter() - began


def peak_memory_mebibytes() -> int:
    """The most memory this process has held so far."""
    with suppress(OSError, IndexError):
        # Not getrusage first: on Linux what the process held before it became this program counts there too.
        return int(Path("/proc/self/status").read_text(encoding="ascii", errors="replace").split("VmHWM:")[1].split()[0]) // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)
