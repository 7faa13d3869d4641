"""What the council holds about a provider, and the cut-offs that bind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from almoner.figures.bank_holidays import DayNotKnown
from almoner.office.accounts.readers import Reader
from almoner.office.care.queries import lines_open_to
from almoner.office.furniture.words import day, local
from almoner.office.records.queries import known_at, rows_known
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


def our_details(reader: Reader, at: datetime) -> list[tuple[str, str]]:
    """What the council holds, in labels and values; of accounts the last three digits only."""
    known = known_at(at)
    found = rows_known("providers", known, {"provider_id": [reader.organisation_id]}).to_pylist()
    provider = found[0] if found else {}
    accounts = rows_known("bank_accounts", known, {"party_id": [reader.organisation_id]}).to_pylist()
    return [
        ("Name", provider.get("name") or reader.organisation_id),
        ("Our number for you", reader.organisation_id),
        ("Creditor reference", provider.get("creditor_reference") or "None yet: finance enters it before anything can be paid"),
        ("CQC provider id", provider.get("cqc_provider_id") or "None"),
        ("Email for notices", provider.get("email") or "None"),
        *_accounts(accounts, at),
    ]


def _accounts(accounts: list[dict[str, object]], at: datetime) -> list[tuple[str, str]]:
    today = local(at).date()
    rows = sorted(accounts, key=lambda row: str(row["valid_from"]))
    used = [row for row in rows if str(row["valid_from"]) <= today.isoformat()]
    told = [(f"ending {str(row['account_number'])[-3:]}", row) for row in [*used[-1:], *(row for row in rows if row not in used)]]
    if not told:
        return [("Bank account", "None here: your payments go to the account that our finance system holds")]
    return [
        (
            "Bank account" if row in used else "New bank account",
            f"{ending}, {'in use since' if row in used else 'from'} {day(row['valid_from'])}"  # type: ignore[arg-type]
            + ("" if row["verified_by"] and row["verified_by"] != row["entered_by"] else "; waiting for a second person to check it"),
        )
        for ending, row in told
    ]
