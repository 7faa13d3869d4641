"""A line's terms as rows of a page: what it is, what it was and is, and its prices with when they were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from almoner.core.money import percent_text, pounds, rate_text
from almoner.office.care.packages import Package
from almoner.office.care.terms import BASES, UNITS, day_type_text, term
from almoner.office.furniture.words import day as day_text
from almoner.office.runs.packages import LinePriced, ToAgree

CYCLES = {"weekly": "Every week", "four_weekly": "Every four weeks", "monthly": "Every month"}


def summary_rows(priced: LinePriced) -> list[tuple[str, str]]:
    """What a line is, in labels and values."""
    package, line = priced.package, priced.package.line
    rows = [
        ("Service", " at ".join(part for part in (line["service_type"], line["site_name"]) if part)),
        ("First day", day_text(line["start_date"])),
        ("Last day", day_text(line["end_date"]) if line["end_date"] else "None yet"),
        ("How it is paid", f"{BASES[line['basis']]}. {CYCLES[line['cycle']]}."),
        ("Minutes", _rounding(package)),
        ("Tolerance", _tolerance(package)),
        ("Purchase order", term(line, package.line_terms, "cost_code", package.day) or "None"),
        ("Contract", line["contract_id"]),
        ("Agreed", _agreed(package)),
    ]
    if priced.week_pence is not None:
        rows.insert(3, ("A week at plan", pounds(priced.week_pence)))
    if line["date_of_death"]:
        rows.insert(3, ("Died", f"Our records show that this person died on {day_text(line['date_of_death'])}. The line ends on that day."))
    return rows


def _rounding(package: Package) -> str:
    line, day = package.line, package.day
    minutes = term(line, package.contract_terms, "rounding_minutes", day)
    mode = term(line, package.contract_terms, "rounding_mode", day)
    to = {"nearest": "to the nearest", "up": "up to", "down": "down to"}[mode]
    told = f"Each visit is rounded {to} {minutes} minutes" if minutes else "Paid to the minute"
    return f"{told}, and no visit is paid for longer than planned" if term(line, package.contract_terms, "cap_at_planned", day) else told


def _tolerance(package: Package) -> str:
    line, day = package.line, package.day
    percent = percent_text(term(line, package.contract_terms, "tolerance_percent", day))
    if term(line, package.contract_terms, "hold", day) == "excess":
        return f"{percent} more than planned; what is beyond it is held for a check"
    return f"{percent} either way; a week beyond it is held for a check"


def _agreed(package: Package) -> str:
    agreed = term(package.line, package.line_terms, "agreed_on", package.day)
    if agreed:
        return day_text(agreed)
    return "Not yet" if term(package.line, package.contract_terms, "needs_agreement", package.day) else "No agreement is needed"


def price_rows(package: Package, told: Mapping[int, datetime]) -> list[dict[str, Any]]:
    """The prices that hold or will hold, each with its dates and when it was told."""
    of_contract = [row for row in package.rates if row["element"] == package.line["element"]]
    of_contract = [row for row in of_contract if row["valid_to"] is None or row["valid_to"] >= package.line["start_date"]]
    standing = package.prices if package.line["rate"] is not None and not package.line_rates else package.line_rates or of_contract
    return [
        {
            "rate": rate_text(row["rate"]), "unit": UNITS["visit" if row.get("band_minutes_up_to") else row["unit"]],
            "days": day_type_text(row), "from": row["valid_from"], "to": row["valid_to"], "told": told.get(row.get("row", 0)),
        }
        for row in sorted(standing, key=lambda row: (row["valid_from"], row.get("row", 0)), reverse=True)
    ]  # fmt: skip


def terms_rows(found: ToAgree) -> list[tuple[str, str, str, bool]]:
    """What · before · after, and whether they differ, of a line that waits for an answer."""
    after, before = found.priced.package, found.before
    told = _terms(after)
    if before is None:
        return [(what, "", value, False) for what, value in told]
    was = dict(_terms(before))
    return [(what, was.get(what, ""), value, was.get(what, "") != value) for what, value in told]


def _terms(package: Package) -> list[tuple[str, str]]:
    line = package.line
    return [
        ("Service", line["service_type"]),
        ("Timetable", package.timetable or "None"),
        ("Rate", package.rate or "None yet"),
        ("First day", day_text(line["start_date"])),
        ("Last day", day_text(line["end_date"]) if line["end_date"] else "None yet"),
        ("Minutes", _rounding(package)),
        ("Tolerance", _tolerance(package)),
    ]
