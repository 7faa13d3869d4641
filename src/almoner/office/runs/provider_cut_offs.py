"""The cut-offs that bind a provider: those to come and those of the last year. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.accounts.readers import Reader
from almoner.office.care.queries import lines_open_to
from almoner.office.furniture.words import local
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.cycles import periods_around

BACK, AHEAD = timedelta(days=365), timedelta(days=92)


@dataclass(frozen=True)
class CutOff:
    """A period that is paid, and the services paid by it."""

    period: Period
    services: tuple[str, ...]


def cut_offs(reader: Reader, at: datetime, rules: Sequence[CalendarRule] = ()) -> list[CutOff]:
    """The periods of a year back and three months ahead: those to come first, the next cut-off at the top; then those past."""
    services: dict[str, set[str]] = defaultdict(set)
    for line in lines_open_to(reader, at).select(["cycle", "service_type"]).to_pylist():
        services[line["cycle"]].add(line["service_type"])
    today = local(at).date()
    found = [
        CutOff(period, tuple(sorted(named)))
        for cycle, named in services.items()
        for period in _periods(cycle, at, rules)
        if today - BACK <= period.last_day <= today + AHEAD
    ]
    coming = sorted((one for one in found if one.period.cut_off_at > at), key=lambda one: (one.period.cut_off_at, one.services))
    past = sorted(
        (one for one in found if one.period.cut_off_at <= at), key=lambda one: (one.period.cut_off_at, one.services), reverse=True
    )
    return [*coming, *past]


def _periods(cycle: str, at: datetime, rules: Sequence[CalendarRule]) -> list[Period]:
    today = local(at).date()
    try:
        return periods_around(cycle, today - BACK, today + AHEAD, rules)
    except DayNotKnown:
        return periods_around(cycle, today - BACK, today, rules)
