"""Why money is held: sentences on held visits, on the comparison with the plan, and on a week that waits (HLD)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from almoner.core.money import PARTS_PER_PENNY, exact_pounds, percent_text, pounds
from almoner.core.sentences import UNIT_WORDS, Row, Sentence, day_text, instant_text, minutes_text, plural

HOLD_WORDS = {
    "FUT": "it is dated later than the day it was submitted",
    "DUP": "it is told of twice",
    "DTH": "it is after the person died",
    "DAT": "it is outside the line's dates",
    "HOS": "the person was in hospital that day",
    "RAT": "no rate was in force that day",
    "AUT": "the line is not authorised yet",
    "AGR": "the provider has not agreed the line yet",
    "BNK": "the provider's bank account is not verified by a second person",
    "CRD": "the provider has no creditor reference",
}
DOUBLED_WORDS = {
    "visit": "it begins before an earlier visit of this line and day has ended",
    "carer": "its carer was still at an earlier visit",
    "named": "an earlier row tells of the same planned visit",
    "total": "the week also has a total",
}
HELD_THINGS = {
    "planned visit": "The planned visit",
    "week total": "The week's total",
    "placement day": "The day",
    "quantity": "The quantity",
    "one-off": "The one-off",
}


def held_visits(days: Sequence[Row]) -> list[Sentence]:
    """Why each held visit, total, day or one-off of the week is not in the amount (HLD-3)."""
    seen: set[tuple[Any, ...]] = set()
    sentences = []
    for d in days:
        key = (d["held"], d["row"] if d["kind"] == "week total" else (d["date"], d["start_minute"], d["row"]))
        if d["held"] is None or key in seen:
            continue
        seen.add(key)
        what = HELD_THINGS.get(d["kind"], "The visit")
        worth = "" if d["held"] == "RAT" else f": {exact_pounds(int(d['exact_parts']), d['split'])} is held"
        why = f"because {_why_held(d, days)}{worth}"
        sentences.append(Sentence(f"{what} on {day_text(d['date'])} is not in this amount, {why}.", ("HLD-3",)))
    return sentences


def _why_held(d: Row, days: Sequence[Row]) -> str:
    if d["held"] == "DUP":
        return DOUBLED_WORDS.get(d.get("doubled_by") or "", HOLD_WORDS["DUP"])
    if d["held"] != "RAT":
        return HOLD_WORDS[d["held"]]
    parts = [part for part in days if part["kind"] == d["kind"] == "week total" and part["row"] == d["row"]] or [d]
    return _why_unpriced(next((part for part in parts if part["rate_centipence"] is None), d))


def _why_unpriced(d: Row) -> str:
    """The reason for `RAT`: no price at all, none that long, none for a total or for units, one that no placement can have, or a slip."""
    if longest := d.get("longest_priced_minutes"):
        bands = f"flat prices go up to {minutes_text(longest)} that day, and there is no rate"
        if d["kind"] == "week total" or d["payable_minutes"] is None:
            return f"{bands} for {'a total' if d['kind'] == 'week total' else 'units'}"
        return f"{bands} for a longer visit ({d['payable_minutes']} minutes)"
    if d["rate_centipence"] is not None:
        return f"the rate in force that day is for {UNIT_WORDS[d['unit']]}, and a placement is priced by the day, night or week"
    if d["unit"] is not None:
        return "the rate in force that day is above £100,000, which is taken for a slip"
    return f"no rate was in force on {day_text(d['date'])}" if d["kind"] == "week total" else HOLD_WORDS["RAT"]


def compared(week: Row) -> list[Sentence]:
    """How the claim compares with the plan, and what that holds on this line (HLD-1, HLD-2)."""
    if week["claimed_parts"] is None:
        return []
    found = _comparison(week)
    if left_out := week.get("hospital_days_left_out"):
        found.append(Sentence(f"{plural(left_out, 'day')} in hospital {'is' if left_out == 1 else 'are'} left out of both.", ("HLD-1",)))
    return found


def _comparison(week: Row) -> list[Sentence]:
    split = int(week["compared_split"])
    claimed, planned = int(week["claimed_parts"]), int(week["planned_parts"])
    limit = percent_text(week["tolerance_basis_points"])
    if claimed == planned:
        return [Sentence("What was claimed for this person's week is what was planned, so the tolerance holds nothing.", ("HLD-1",))]
    difference = f"{exact_pounds(abs(claimed - planned), split)} {'more' if claimed > planned else 'less'}"
    share = f" or {_share_text(abs(claimed - planned), planned)}" if planned else ""
    plan = f"For this person's week the plan comes to {exact_pounds(planned, split)}"
    sides = f"{plan} and the claim to {exact_pounds(claimed, split)}: {difference}{share}"
    if abs(claimed - planned) * 10_000 <= planned * week["tolerance_basis_points"]:
        return [Sentence(f"{sides}. The contract allows {limit}, so nothing is held.", ("HLD-1",))]
    if week["is_breach"]:
        return [Sentence(f"{sides}. The contract allows {limit}. {_breach_text(week)}.", ("HLD-1", "HLD-5"))]
    lifted = "the hold was lifted by a release, by a reason the contract lists, or because only an excess is held"
    return [Sentence(f"{sides}. The contract allows {limit}, but {lifted}.", ("HLD-2", "HLD-4"))]


def allowance(week: Row) -> tuple[int, int]:
    """The least and the most, in whole pence, that a person's week may be claimed at without being held (HLD-1). `week`: a row of
    `week_workings` whose plan is compared."""
    plan = Fraction(int(week["planned_parts"]), PARTS_PER_PENNY * int(week["compared_split"]))
    part = plan * week["tolerance_basis_points"] / 10_000
    return math.ceil(plan - part), math.floor(plan + part)


def _breach_text(week: Row) -> str:
    """What a difference beyond the tolerance does to this line."""
    if week["held_code"] in ("AUT", "AGR"):
        return "This line takes no part in that: it waits for another reason"
    if week["held_code"] != "TOL":
        return _untouched_text(week)
    if week["posted_pence"] is not None and week["posted_pence"] < week["sealed_pence"]:
        return "Only an increase would be held: what is less than before comes back at once"
    if week["hi_pence"] is None or week["hi_pence"] == week["cleared_pence"]:
        nothing = "All that is due on this line has been paid before" if week["hi_pence"] else "Nothing is due on this line"
        others = week.get("group_held_pence")
        return f"{nothing}, so {'none of it waits' if others else 'nothing waits for a decision'}"
    return f"Only the part above the plan is held{_own_plan(week)}" if week["holds_excess_only"] else "The whole week waits for a decision"


def _untouched_text(week: Row) -> str:
    """Why a line is not held although its person's week with the provider is."""
    if week.get("is_freed", True):
        return "This line was freed"
    if not week.get("holds_excess"):
        return "A correction is never held"
    return "Only what lines have above their own plan is held" + (_own_plan(week) or ", and this line is not compared with one")


def _own_plan(week: Row) -> str:
    """'; this line claims £70.00, and its own plan comes to £80.00'; nothing when it is not compared, or alone."""
    if week.get("own_claimed_parts") is None:
        return ""
    sides = (("own_claimed_parts", "claimed_parts"), ("own_planned_parts", "planned_parts"))
    split, whole = int(week["own_split"]), int(week["compared_split"])
    if all(int(week[own]) * whole == int(week[every]) * split for own, every in sides):
        return ""
    claimed, planned = (exact_pounds(int(week[own]), split) for own, _ in sides)
    return f"; this line claims {claimed}, and its own plan comes to {planned}"


def _share_text(part: int, whole: int) -> str:
    tenths = (Fraction(part, whole) * 1000 + Fraction(1, 2)) // 1
    return f"{tenths // 10}.{tenths % 10}%"


def held_week(week: Row) -> list[Sentence]:
    """What was released, and what of the week still waits and why (HLD-4, HLD-5, LIN-8)."""
    sentences = [Sentence(_released_text(release), ("HLD-4",)) for release in week["releases"] or []]
    if week["held_code"] in ("AUT", "AGR"):
        why = HOLD_WORDS[week["held_code"]]
        sentences.append(
            Sentence(f"Nothing more is paid for this week yet, because {why}. Arrears run from the start.", ("LIN-8", "HLD-3"))
        )
    if week["held_code"] and week["hi_pence"] is not None and week["hi_pence"] > week["cleared_pence"]:
        held = pounds(week["hi_pence"] - week["cleared_pence"])
        sentences.append(Sentence(f"{held} is held and will be paid when it is released. A held week is not lost.", ("HLD-5",)))
    if week["payee_code"]:
        waiting = pounds(week["cleared_pence"] - week["posted_pence"])
        sentences.append(Sentence(f"{waiting} waits, because {HOLD_WORDS[week['payee_code']]}.", ("HLD-3",)))
    return sentences


def _released_text(release: Row) -> str:
    when = f"On {instant_text(release['at'])} " if release["at"] else ""
    who = release["by"] or "the payments team"
    who = who if when else who[0].upper() + who[1:]
    return f"{when}{who} released a hold ({release['code']}): ‘{release['reason'].rstrip('.')}’."
