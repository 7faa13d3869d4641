"""A line's terms on a day, its state in a word, its timetable and prices in words. Pure: rows in, words out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from almoner.core.money import rate_text
from almoner.core.tables import WEEKDAYS
from almoner.office.furniture.words import day as day_text
from almoner.office.furniture.words import duration

Row = Mapping[str, Any]
UNITS = {"hour": "an hour", "visit": "a visit", "day": "a day", "night": "a night", "week": "a week", "each": "each"}
DAY_TYPES = {"any": "Any day", "weekday": "Monday to Friday", "weekend": "Saturday and Sunday", "bank_holiday": "Bank holidays"}
BASES = {
    "actuals": "Paid on the actuals you submit",
    "planned": "Paid on plan; tell us only what differed",
    "placement": "Paid by the day in the placement",
    "one_off": "Paid once",
}


def in_force(rows: Iterable[Row], day: date) -> list[Row]:
    """The dated rows that hold on a day."""
    return [row for row in rows if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] >= day)]


def term(row: Row, dated: Iterable[Row], column: str, day: date) -> Any:
    """A line's or contract's term on a day: of the dated rows that hold and name it the latest, else the one for its whole life (CAL-5)."""
    named = [other for other in in_force(dated, day) if other[column] is not None]
    return max(named, key=lambda other: (other["valid_from"], other["row"]))[column] if named else row[column]


def state_of(
    line: Row, *, line_terms: Sequence[Row], contract_terms: Sequence[Row], rejected: bool, changes: Iterable[date], today: date
) -> str:
    """The line's state, a word of `furniture.statuses` (line). `changes`: first days of rates, terms and timetable still to come."""
    day = max(today, line["start_date"])
    last = min([end for end in (line["end_date"], line["date_of_death"]) if end], default=None)
    if line["end_date"] and line["end_date"] < line["start_date"]:
        return "cancelled"
    if last and last < today:
        return "ended"
    authorised = term(line, line_terms, "authorised_on", day)
    if authorised is None or authorised > today:
        return "not_authorised"
    agreed = term(line, line_terms, "agreed_on", day)
    if term(line, contract_terms, "needs_agreement", day) and (agreed is None or agreed > today):
        return "not_agreed" if rejected else "to_agree"
    if last:
        return "ending"
    return "changing" if line["start_date"] > today or any(change > today for change in changes) else "active"


def timetable_text(line: Row, schedule: Sequence[Row], line_terms: Sequence[Row], day: date) -> str:
    """A timetable in a line: `4 visits a day, 15 hours 45 minutes a week`; or its quantity; empty where nothing is planned."""
    visits = latest_visits(schedule, day)
    if visits:
        counts = {sum(visit["weekday"] == weekday for visit in visits) for weekday in WEEKDAYS}
        total = duration(sum(visit["minutes"] for visit in visits))
        a_day = f"{_counted(counts.pop(), 'visit')} a day" if len(counts) == 1 else f"{_counted(len(visits), 'visit')} a week"
        carers = max(visit["carers"] for visit in visits)
        return f"{a_day}, {total} a week" + (f", up to {carers} carers" if carers > 1 else "")
    quantity = term(line, line_terms, "quantity_per_week", day)
    return quantity_text(quantity, line["rate_unit"] or "hour") if quantity else ""


def latest_visits(schedule: Sequence[Row], day: date) -> list[Row]:
    """The visits of the timetable in force on a day; of a visit planned twice the latest stands (PRC-1)."""
    latest: dict[tuple[Any, ...], Row] = {}
    for visit in sorted(in_force(schedule, day), key=lambda row: (row["valid_from"], row["row"])):
        latest[visit["weekday"], visit["start_time"]] = visit
    return sorted(latest.values(), key=lambda row: (WEEKDAYS.index(row["weekday"]), row["start_time"]))


def quantity_text(hundredths: int, unit: str) -> str:
    """`14 hours a week`, `2.5 days a week`."""
    whole, rest = divmod(hundredths, 100)
    count = f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
    noun = unit if unit in ("hour", "visit", "day", "night") else ""
    return f"{count} {noun}{'' if count == '1' else 's'} a week" if noun else count


def rates_on(line: Row, own: Sequence[Row], of_contract: Sequence[Row], day: date) -> list[Row]:
    """The prices a line is paid at on a day: its own, else its contract's for its element (PRC-4)."""
    dated = in_force(own, day)
    if dated:
        return [max(dated, key=lambda row: (row["valid_from"], row["row"]))]
    if line["rate"] is not None:
        unit = line["rate_unit"] or {"placement": "week", "one_off": "each"}.get(line["basis"], "hour")
        return [{"rate": line["rate"], "unit": unit, "valid_from": line["start_date"], "valid_to": line["end_date"]}]
    series: dict[tuple[Any, ...], Row] = defaultdict(dict)
    for row in sorted(in_force(of_contract, day), key=lambda row: (row["valid_from"], row["row"])):
        if row["element"] == line["element"]:
            series[row["unit"], row["day_type"], row["band_minutes_up_to"]] = row
    return list(series.values())


def rate_line(rates: Sequence[Row]) -> str:
    """Prices in a line: `£24.60 an hour from 6 April 2026`; of several the lowest and the highest."""
    if not rates:
        return ""
    since = day_text(max(row["valid_from"] for row in rates))
    units = {row["unit"] if not row.get("band_minutes_up_to") else "visit" for row in rates}
    lowest, highest = min(row["rate"] for row in rates), max(row["rate"] for row in rates)
    amount = rate_text(lowest) if lowest == highest else f"{rate_text(lowest)} to {rate_text(highest)}"
    return f"{amount} {UNITS[units.pop()] if len(units) == 1 else 'by length'} from {since}"


def day_type_text(row: Row) -> str:
    """On which days, and up to which length, a price holds."""
    days = DAY_TYPES.get(row.get("day_type") or "any") or f"{str(row['day_type']).capitalize()}s"
    band = row.get("band_minutes_up_to")
    return f"{days}, visits up to {band} minutes" if band else days


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
