"""A change as the facts it would record, built on what is known at a moment: so that what is authorised is what would be recorded then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from almoner.core.tables import TABLES
from almoner.office.care.terms import UNITS, rate_line, rates_on, term
from almoner.office.changes.another_provider import another_provider
from almoner.office.changes.calendars import timing_facts
from almoner.office.changes.contract_terms import terms_facts
from almoner.office.changes.kinds import WEEKDAYS, Change, Order, Policy, Slot, Terms, Timing, Uplift
from almoner.office.changes.policies import policy_facts
from almoner.office.changes.proposal import ONE_DAY, WEEK, Proposed, Row, agreed_again, as_table, line_known, needed, rows_of, rows_under
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.changes.shares import another_share
from almoner.office.changes.uplifts import uplift_facts
from almoner.office.furniture.words import clock, day, rate_text

NEW_TERMS = ("start", "rate", "hours", "timetable")
"""Changes that give a line terms its provider has not agreed yet."""


def timetable(line_id: str, on: date, at: datetime) -> tuple[Slot, ...]:
    """The visits planned for a line on a day's terms, as known at a moment, in order."""
    rows = rows_of("schedule", line_id, at)
    slots = [_slot(row) for row in rows if row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] >= on)]
    return tuple(sorted(slots, key=lambda slot: (WEEKDAYS.index(slot.weekday), slot.start)))


def proposed(change: Order, at: datetime) -> Proposed:
    """What the change would record if it were now. Raises NoSuchLine, NothingChanges, ChangeRefused or OverTheLimit."""
    if isinstance(change, Uplift):
        return uplift_facts(change, at)
    if isinstance(change, Policy):
        return policy_facts(change, at)
    if isinstance(change, Terms):
        return terms_facts(change, at)
    if isinstance(change, Timing):
        return timing_facts(change, at)
    line = line_known(change.line_id, at)
    makers = {
        "end": _end, "start": _start, "rate": _rate, "hours": _hours, "timetable": _timetable, "authorise": _authorise,
        "provider": another_provider, "share": another_share,
    }  # fmt: skip
    found = makers[change.kind](change, line, at)
    return agreed_again(found, line, change.on, at) if change.kind in NEW_TERMS and change.on else found


def _end(change: Change, line: Row, at: datetime) -> Proposed:
    if line["end_date"] == change.on:
        raise NothingChanges(f"The line ends then already: {day(change.on)}.", "Choose another day.")
    if change.on is not None and change.on < line["start_date"] - ONE_DAY:
        raise ChangeRefused(
            f"The line starts on {day(line['start_date'])}.", "Its last day cannot be before; the day before it starts cancels it."
        )
    first = min(moved for moved in (line["end_date"], change.on) if moved)
    compared = (("Last day", day(line["end_date"]), day(change.on)),)
    return Proposed((line["person_id"],), {"lines": as_table("lines", [{**line, "end_date": change.on}])}, first - WEEK, compared)


def _start(change: Change, line: Row, at: datetime) -> Proposed:
    on = needed(change, "first day")
    if line["start_date"] == on:
        raise NothingChanges(f"The line starts then already: {day(on)}.", "Choose another day.")
    if line["end_date"] and on > line["end_date"] + ONE_DAY:
        raise ChangeRefused(f"The line ends on {day(line['end_date'])}.", "Its first day cannot be after.")
    compared = (("First day", day(line["start_date"]), day(on)),)
    first = min(line["start_date"], on)
    return Proposed((line["person_id"],), {"lines": as_table("lines", [{**line, "start_date": on}])}, first - WEEK, compared)


def _authorise(change: Change, line: Row, at: datetime) -> Proposed:
    on = needed(change, "day of authorisation")
    if line["authorised_on"]:
        raise NothingChanges(f"The line was authorised on {day(line['authorised_on'])}.", "Nothing needs to be done.")
    compared = (("Authorised", "not yet", day(on)),)
    return Proposed(
        (line["person_id"],), {"lines": as_table("lines", [{**line, "authorised_on": on}])}, line["start_date"] - WEEK, compared
    )


def _rate(change: Change, line: Row, at: datetime) -> Proposed:
    on = needed(change, "first day of the new rate")
    if change.rate_centipence is None or not change.unit:
        raise ChangeRefused("The new rate is missing.", "Enter it in pounds, with what it is for.")
    known = rows_of("line_rates", change.line_id, at)
    standing = next((row for row in known if row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] >= on)), None)
    if standing and (standing["rate"], standing["unit"]) == (change.rate_centipence, change.unit):
        raise NothingChanges("That is the line's rate then already.", "Choose another rate or day.")
    later = min((row["valid_from"] for row in known if row["valid_from"] > on), default=None)
    new = {"line_id": change.line_id, "rate": change.rate_centipence, "unit": change.unit, "valid_from": on,
           "valid_to": later - ONE_DAY if later else None}  # fmt: skip
    ended = [{**standing, "valid_to": on - ONE_DAY}] if standing and standing["valid_from"] < on else []
    before = f"{rate_text(standing['rate'])} {UNITS[standing['unit']]}" if standing else _contracts_rate(line, on, at)
    compared = ((f"Rate from {day(on)}", before, f"{rate_text(change.rate_centipence)} {UNITS[change.unit]}"),)
    return Proposed((line["person_id"],), {"line_rates": as_table("line_rates", [*ended, new])}, on - WEEK, compared)


def _contracts_rate(line: Row, on: date, at: datetime) -> str:
    contract = rows_under("contracts", [line["contract_id"]], at)[0]
    prices = rates_on({**line, "basis": contract["basis"]}, [], rows_under("rates", [line["contract_id"]], at), on)
    return rate_line(prices) or "no rate on that day"


def _hours(change: Change, line: Row, at: datetime) -> Proposed:
    on = needed(change, "first day of the new quantity")
    if change.quantity is None:
        raise ChangeRefused("The new quantity is missing.", "Enter how many hours, visits or days a week.")
    known = rows_of("line_terms", change.line_id, at)
    before = term(line, known, "quantity_per_week", on)
    if before == change.quantity:
        raise NothingChanges("That is the quantity then already.", "Choose another quantity or day.")
    same_day = next((row for row in known if row["valid_from"] == on), {})
    blank = dict.fromkeys(TABLES["line_terms"].schema.names)
    new = {**blank, **same_day, "line_id": change.line_id, "valid_from": on, "quantity_per_week": change.quantity}
    compared = ((f"A week, from {day(on)}", _quantity(before), _quantity(change.quantity)),)
    return Proposed((line["person_id"],), {"line_terms": as_table("line_terms", [new])}, on - WEEK, compared)


def _timetable(change: Change, line: Row, at: datetime) -> Proposed:
    on = needed(change, "first day of the new timetable")
    known = rows_of("schedule", change.line_id, at)
    later = [row["valid_from"] for row in known if row["valid_from"] >= on]
    if later:
        raise ChangeRefused(f"The timetable changes on {day(min(later))} already.", "Choose a day after it.")
    standing = [row for row in known if row["valid_to"] is None or row["valid_to"] >= on]
    wanted, before = set(change.slots), {_slot(row) for row in standing}
    if wanted == before:
        raise NothingChanges("That is the timetable already.", "Change a visit.")
    ended = [{**row, "valid_to": on - ONE_DAY} for row in standing if _slot(row) not in wanted]
    begun = [
        {"line_id": change.line_id, "weekday": slot.weekday, "start_time": slot.start, "minutes": slot.minutes, "carers": slot.carers,
         "valid_from": on, "valid_to": None}
        for slot in sorted(wanted - before)
    ]  # fmt: skip
    compared = tuple(
        (weekday.capitalize(), _spelled(weekday, before), _spelled(weekday, wanted))
        for weekday in WEEKDAYS
        if _spelled(weekday, before) != _spelled(weekday, wanted)
    )
    return Proposed((line["person_id"],), {"schedule": as_table("schedule", [*ended, *begun])}, on - WEEK, compared)


def _slot(row: Row) -> Slot:
    return Slot(row["weekday"], row["start_time"], row["minutes"], row["carers"])


def _spelled(weekday: str, slots: Iterable[Slot]) -> str:
    told = [
        f"{clock(slot.start)} {slot.minutes} minutes" + (f" × {slot.carers} carers" if slot.carers > 1 else "")
        for slot in sorted(slots, key=lambda slot: slot.start)
        if slot.weekday == weekday
    ]
    return ", ".join(told) or "none"


def _quantity(hundredths: int | None) -> str:
    return "–" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
