"""Which earlier run a new one builds on."""

from __future__ import annotations

from dataclasses import dataclass

from almoner.office.runs.calculation import Ground, code_version, figures_version
from almoner.office.runs.models import Run, RunEvent


@dataclass(frozen=True)
class Found:
    """The ground, None for a book's first run, and why everything must be worked out although there is one."""

    ground: Ground | None
    why_full: str


def find_ground(book: str, cycle: str, until_event: int) -> Found:
    """What a run of a book and cycle may take as looked at already, among what was sealed up to an event of the chain.

    The latest run that posted (at least) the same cycle; together with every run of the book sealed since that one was drafted,
    for those may know less than it did: the earliest instant and the earliest last day among them hold.
    """
    sealed = {event.subject: event.number for event in RunEvent.objects.filter(event="sealed", number__lte=until_event)}
    runs = [run for run in Run.objects.filter(book=book, origin="calculated") if run.id in sealed]
    covering = [run for run in runs if run.cycle in ("", cycle)]
    if not covering:
        return Found(None, "")
    latest = max(covering, key=lambda run: sealed[run.id])
    beside = [run for run in runs if sealed[run.id] > latest.drafted_after and (not cycle or run.cycle in ("", cycle))]
    ground = Ground(
        runs=tuple(sorted(run.id for run in beside)),
        after=min(run.as_of for run in beside),
        earlier_through=min(run.through for run in beside),
    )
    if {run.code_version for run in beside} != {code_version()}:
        return Found(ground, f"The rules changed since {latest.id}, so everything is worked out again.")
    if {run.figures_version for run in beside} != {figures_version()}:
        return Found(ground, f"The figures changed since {latest.id}, so everything is worked out again.")
    return Found(ground, "")
