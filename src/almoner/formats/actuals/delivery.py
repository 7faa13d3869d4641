"""The published service-delivery layout: 24 columns, one row a visit, of which 19 are known. A row names contract and person, not a line.

What was given is ActualDuration, and DurationClaimed where that is blank; StartTimeClaimed names the visit. SecondaryVisit adds a carer
to the visit that it repeats.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from almoner.formats.actuals.cells import Meaning, Wrong, read_date, read_time

MARKS = ("contractnumber", "serviceuserref", "visitdate", "starttimeclaimed")
"""The columns that this layout is known by."""
NEEDED = (*MARKS, "durationclaimed")
KNOWN = (
    "filereference", "description", "created", "providerref", "contractnumber", "serviceuserref", "serviceuserdetails", "weekending",
    "ourref", "serviceusercontribution", "paymentclaimed", "servicetype", "visitdate", "starttimeclaimed", "durationclaimed",
    "actualstarttime", "actualduration", "secondaryvisit", "numberofcarers",
)  # fmt: skip


def read_visit(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str], list[tuple[str, str, Wrong]]]:
    """One row as an actual without its line, what it names (contract, person, service), and what is wrong: column, value, why."""
    wrong: list[tuple[str, str, Wrong]] = []

    def take(name: str, meaning: Meaning) -> Any:
        if isinstance(meaning, Wrong):
            wrong.append((name, cells.get(name, ""), meaning))
            return None
        return meaning

    for name in NEEDED:
        if not cells.get(name, "").strip():
            wrong.append((name, "", Wrong(f"{name} is blank, and is needed.", f"Fill in {name}.")))
    visit = {
        "date": take("visitdate", _if_filled(cells, "visitdate", read_date)),
        "start_time": take("starttimeclaimed", _if_filled(cells, "starttimeclaimed", read_time)),
        "actual_start_time": take("actualstarttime", _if_filled(cells, "actualstarttime", read_time)),
        "carers": take("numberofcarers", _carers(cells.get("numberofcarers", ""))) or 1,
    }
    claimed = take("durationclaimed", _if_filled(cells, "durationclaimed", read_span))
    given = take("actualduration", _if_filled(cells, "actualduration", read_span))
    visit["delivered_minutes"] = claimed if given is None else given
    named = {name: cells.get(column, "").strip() for name, column in NAMES.items()}
    return visit, named, wrong


NAMES = {"contract_id": "contractnumber", "person_id": "serviceuserref", "service_type": "servicetype", "secondary": "secondaryvisit"}


def is_secondary(named: Mapping[str, str]) -> bool:
    """Whether the row is of an additional carer."""
    return named["secondary"].lower() in ("true", "yes", "1", "y")


def read_span(text: str) -> Meaning:
    """A span of time as whole minutes, to the nearest: 01:30:00 or 01:30."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    if not found or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return Wrong(f"“{text[:40]}” is not a length of time.", "Write hours, minutes and seconds as 01:30:00.")
    return (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0) + 30) // 60


def with_second_carers(
    visits: Sequence[tuple[int, dict[str, Any], dict[str, str]]],
) -> tuple[list[tuple[int, dict[str, Any], dict[str, str]]], dict[int, Wrong]]:
    """The visits with their additional carers counted in, and the rows of carers who fit no visit. Each is row, actual, names."""
    kept: list[tuple[int, dict[str, Any], dict[str, str]]] = []
    first: dict[tuple[str, str, dt.date, dt.time], dict[str, Any]] = {}
    extra: dict[int, int] = {}
    lost: dict[int, Wrong] = {}
    for row, visit, named in sorted(visits, key=lambda one: (is_secondary(one[2]), one[0])):
        key = (named["contract_id"], named["person_id"], visit["date"], visit["start_time"])
        if not is_secondary(named):
            first.setdefault(key, visit)
            kept.append((row, visit, named))
            continue
        main = first.get(key)
        if main is None:
            lost[row] = Wrong("This second carer's row has no visit it belongs to.", "Send the first carer's row with the same start.")
        elif main["delivered_minutes"] != visit["delivered_minutes"]:
            lost[row] = Wrong("The second carer stayed for another time than the first.", "Enter the two as visits of their own.")
        else:
            extra[id(main)] = extra.get(id(main), 1) + 1
            main["carers"] = max(main["carers"], extra[id(main)])
    return sorted(kept, key=lambda one: one[0]), lost


def _if_filled(cells: Mapping[str, str], name: str, read: Any) -> Meaning:
    text = cells.get(name, "").strip()
    return read(text) if text else None


def _carers(text: str) -> Meaning:
    text = text.strip()
    if not text:
        return None
    return int(text) if re.fullmatch(r"[1-9]|1\d|20", text) else Wrong(f"“{text[:40]}” is not a number of carers.", "Write 1 to 20.")
