"""One line of a remittance in words: how much of what was paid for, at which rate, and why it comes to what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from almoner.core.money import pounds, rate_text
from almoner.formats.remittances.remittance import RemittanceLine

UNITS = {"hour": "an hour", "visit": "a visit", "day": "a day", "night": "a night", "week": "a week", "each": "each"}


def advice_line(row: Mapping[str, Any]) -> RemittanceLine:
    """A row of `advice_rows` as its remittance tells it."""
    return RemittanceLine(
        row["person_id"], row["person_name"], row["line_id"], row["service"], row["week"], row["kind"], row["amount_pence"],
        quantity_text(row), rates_text(row), why(row),
    )  # fmt: skip


def quantity_text(row: Mapping[str, Any]) -> str:
    """What was paid for in the week, in words: '7 days', '21 visits, 14 h 00 min', '17 h 28 min in all', '25 hours a week'."""
    parts = []
    if row["day_count"]:
        parts.append(_counted(row["day_count"], "day"))
    if row["visit_count"]:
        parts.append(_counted(row["visit_count"], "visit") + (f", {_hours(row['minutes'])}" if row["minutes"] else ""))
    if row["total_minutes"]:
        parts.append(f"{_hours(row['total_minutes'])} in all")
    if row["quantity_hundredths"]:
        whole, rest = divmod(row["quantity_hundredths"], 100)
        count = f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
        noun = row["unit"] if row["unit"] in ("hour", "night", "day", "visit") else ""
        what = f"{count} {noun}{'' if count == '1' else 's'}" if noun else count
        part_week = f", {_counted(row['quantity_days'], 'day')}" if 0 < row["quantity_days"] < 7 else ""
        parts.append(f"{what} a week{part_week}" if row["quantity_days"] else what)
    return "; ".join(parts)


def rates_text(row: Mapping[str, Any]) -> str:
    """The rate, or the lowest and the highest of the week: '£24.60 an hour', '£24.60 to £26.05 an hour'."""
    lowest, highest = row["lowest_rate_centipence"], row["highest_rate_centipence"]
    if lowest is None:
        return ""
    amount = rate_text(lowest) if lowest == highest else f"{rate_text(lowest)} to {rate_text(highest)}"
    return f"{amount} {UNITS.get(row['unit'], '')}".strip()


def why(row: Mapping[str, Any]) -> str:
    """What changed since a week was paid; or, of a week paid for the first time, why it is not quantity times rate. Empty when it is."""
    if row["kind"] != "regular":
        return str(row["cause"])
    told = [f"{share['name']} pays you {pounds(share['amount_pence'])} of this itself." for share in row["direct"] or ()]
    if row["netted_pence"]:
        told.append(f"You collect {pounds(row['netted_pence'])} from the person, so we pay that much less.")
    if row["top_up_pence"]:
        told.append(f"{pounds(row['top_up_pence'])} of top-up is added, which we collect for you.")
    if row["held_pence"]:
        told.append(f"{pounds(row['held_pence'])} is held and will be paid when it is released.")
    return " ".join(told)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02} min"
