"""Every change of a line in words, and when it reached its provider: the versions of the line and of what hangs on it, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from almoner.core.money import percent_text, rate_text
from almoner.office.care.models import LineRejected
from almoner.office.care.operations import WHY_NOT
from almoner.office.care.terms import UNITS, Row, day_type_text, quantity_text, timetable_text
from almoner.office.furniture.words import day as day_text
from almoner.office.records.queries import Known, versions_known

SHOWN = {
    "start_date": "first day", "end_date": "last day", "rate": "rate", "rate_unit": "unit of the rate", "quantity_per_week": "quantity",
    "authorised_on": "authorised on", "agreed_on": "agreed on", "tolerance_percent": "tolerance", "hold": "what a difference holds",
    "rounding_minutes": "rounding of minutes", "rounding_mode": "how minutes are rounded", "cap_at_planned": "capped at plan",
    "needs_agreement": "needs your agreement", "contract_id": "contract", "element": "service",
}  # fmt: skip
"""What is called how; what is not here is not the provider's business."""
HOLDS = {"person_week": "the whole week", "excess": "the excess only"}


@dataclass(frozen=True)
class Change:
    """One change: what it says, when it was recorded, and what comes of it first."""

    at: datetime
    words: str
    day: date | None = None


def versions_behind(line: Row, known: Known) -> dict[str, list[dict[str, Any]]]:
    """Every version that was known of a line (`OPEN_LINES`) and of what hangs on it, by table, in order."""
    of_line = {name: versions_known(name, known, line_id=line["line_id"]) for name in ("lines", "schedule", "line_rates", "line_terms")}
    rates = versions_known("rates", known, contract_id=line["contract_id"], element=line["element"])
    return of_line | {
        "rates": _in_its_life(rates, line),
        "contract_terms": versions_known("contract_terms", known, contract_id=line["contract_id"]),
    }


def history_of(line: Row, versions: Mapping[str, list[dict[str, Any]]]) -> tuple[list[Change], dict[int, datetime]]:
    """Every change of a line (`OPEN_LINES`) among its versions (`versions_behind`), the latest first; and when each version of a price of
    it was recorded, by the number of the version."""
    found = [
        *_of_line(versions["lines"]),
        *_of_timetable(line, versions["schedule"]),
        *_of_rates(versions["line_rates"], "The line's own rate"),
        *_of_rates(versions["rates"], "Rate"),
        *_of_terms(versions["line_terms"], "line"),
        *_of_terms(versions["contract_terms"], "contract"),
        *_of_answers(line["line_id"]),
    ]
    told = {row["version"]: row["recorded_at"] for row in (*versions["line_rates"], *versions["rates"])}
    return sorted(found, key=lambda change: change.at, reverse=True), told


def versions_of_line(line_id: str, known: Known) -> list[dict[str, Any]]:
    """Every version of a line that was known, in order."""
    return versions_known("lines", known, line_id=line_id)


def _in_its_life(rates: list[dict[str, Any]], line: Row) -> list[dict[str, Any]]:
    """Prices that a line was ever paid at: not those that had ended before it began."""
    return [row for row in rates if row["valid_to"] is None or row["valid_to"] >= line["start_date"]]


def _of_line(versions: Sequence[Row]) -> Iterable[Change]:
    before: Row | None = None
    for row in versions:
        if before is None:
            yield Change(row["recorded_at"], f"The line was made, from {day_text(row['start_date'])}.", row["start_date"])
        elif row["withdrawn"]:
            yield Change(row["recorded_at"], "The line was taken back.")
        elif told := _differences(before, row):
            yield Change(row["recorded_at"], f"{told}.")
        before = row


def _differences(before: Row, after: Row) -> str:
    changed = [name for name in SHOWN if name in after and before.get(name) != after[name]]
    told = "; ".join(f"{SHOWN[name]}: {value_text(name, before[name])} to {value_text(name, after[name])}" for name in changed)
    return told[:1].upper() + told[1:]


def value_text(name: str, value: Any) -> str:
    """A term's value as it is read; `none` for an empty one."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_text(value)
    match name:
        case "rate":
            return rate_text(value)
        case "tolerance_percent":
            return percent_text(value)
        case "hold":
            return HOLDS[value]
        case "quantity_per_week":
            return quantity_text(value, "hour")
        case "rounding_minutes":
            return f"{value} minutes" if value else "to the minute"
    return str(value)


def _of_timetable(line: Row, versions: Sequence[dict[str, Any]]) -> Iterable[Change]:
    """One change for all visits that were recorded together and begin on the same day."""
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    for at, together in groupby(versions, key=lambda row: row["recorded_at"]):
        rows = list(together)
        new = [row for row in rows if not row["withdrawn"] and not _stood(known, row)]
        ended = [row for row in rows if _stood(known, row) and (row["withdrawn"] or row["valid_to"] != _stood(known, row)["valid_to"])]
        for row in rows:
            known[_key(row)] = row
        for day in sorted({row["valid_from"] for row in new}):
            standing = [{**row, "row": row["version"]} for row in known.values() if not row["withdrawn"]]
            yield Change(at, f"Timetable from {day_text(day)}: {timetable_text(line, standing, (), day)}.", day)
        for last in sorted({row["valid_to"] for row in ended if not row["withdrawn"] and row["valid_to"]}):
            count = sum(row["valid_to"] == last for row in ended)
            yield Change(at, f"{count} planned visit{'' if count == 1 else 's'} of the week end on {day_text(last)}.", last)
        if taken := sum(row["withdrawn"] for row in ended):
            yield Change(at, f"{taken} planned visit{'' if taken == 1 else 's'} of the week taken out.")


def _key(row: Row) -> tuple[Any, ...]:
    return row["weekday"], row["start_time"], row["valid_from"]


def _stood(known: dict[tuple[Any, ...], dict[str, Any]], row: Row) -> dict[str, Any]:
    before = known.get(_key(row), {})
    return {} if before.get("withdrawn") else before


def _of_rates(versions: Sequence[Row], called: str) -> Iterable[Change]:
    known: list[Row] = []
    for row in versions:
        series = tuple(row.get(name) for name in ("unit", "day_type", "band_minutes_up_to"))
        same = [old for old in known if tuple(old.get(name) for name in ("unit", "day_type", "band_minutes_up_to")) == series]
        earlier = [old for old in same if old["valid_from"] < row["valid_from"]]
        replaced = next((old for old in reversed(same) if old["valid_from"] == row["valid_from"]), None)
        known.append(row)
        on = "" if row.get("day_type") in (None, "any") and not row.get("band_minutes_up_to") else f" ({day_type_text(row)})"
        amount = f"{rate_text(row['rate'])} {UNITS['visit' if row.get('band_minutes_up_to') else row['unit']]}"
        if row["withdrawn"]:
            yield Change(row["recorded_at"], f"{called} {amount} from {day_text(row['valid_from'])}{on} taken out.", row["valid_from"])
        elif replaced is not None and replaced["rate"] == row["rate"]:
            yield Change(row["recorded_at"], f"{called} {amount}{on} ends on {day_text(row['valid_to'])}.", row["valid_to"])
        else:
            old = replaced or max(earlier, key=lambda one: (one["valid_from"], one["version"]), default=None)
            was = f"{rate_text(old['rate'])} to " if old is not None else ""
            yield Change(row["recorded_at"], f"{called} {was}{amount} from {day_text(row['valid_from'])}{on}.", row["valid_from"])


def _of_terms(versions: Sequence[Row], of: str) -> Iterable[Change]:
    for row in versions:
        named = [name for name in SHOWN if row.get(name) is not None]
        told = ", ".join(f"{SHOWN[name]} {value_text(name, row[name])}" for name in named)
        until = f" to {day_text(row['valid_to'])}" if row["valid_to"] else ""
        what = "taken out" if row["withdrawn"] else told
        if told:
            yield Change(row["recorded_at"], f"Terms of the {of} from {day_text(row['valid_from'])}{until}: {what}.", row["valid_from"])


def _of_answers(line_id: str) -> Iterable[Change]:
    for said in LineRejected.objects.filter(line_id=line_id):
        comment = f" ‘{said.comment}’" if said.comment else ""
        yield Change(said.at, f"Not agreed by {said.by}: {WHY_NOT.get(said.reason, said.reason).lower()}.{comment}")
