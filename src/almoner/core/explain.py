"""Why this amount: rows of workings into sentences a provider understands, each with the rules it rests on.

In this order, each only if it applies: what we were told, what counts of it, the rate and since when, the sum, any limit or hold or
release, what others pay, what was paid before, this receipt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from almoner.core.explain_holds import compared, held_visits, held_week
from almoner.core.money import exact_pounds, percent_text, pounds, rate_text
from almoner.core.sentences import (
    UNIT_WORDS,
    Row,
    Sentence,
    clock_text,
    day_text,
    instant_text,
    joined,
    minutes_text,
    plural,
    span_text,
)

__all__ = ["Sentence", "day_text", "explain_week", "plural", "week_of"]

OUTCOME_WORDS = {
    "delivered": "given",
    "extra": "extra",
    "frustrated": "frustrated (booked, but could not be given)",
    "missed": "missed",
    "cancelled": "cancelled",
}
PRICED_ALIKE = ("unit", "rate_centipence", "rate_from", "is_band", "basis_points", "carers", "absence_kind")
"""Days alike in these are told of in one sum."""


def explain_week(days: Sequence[Row], week: Row, changes: Iterable[str] = ()) -> list[Sentence]:
    """Why the payment for one line and week is what it is.

    `days`: the line's rows of `workings` in that week; `week`: its row of `week_workings`; `changes`: sentences on what changed since the
    last payment and who changed it, where the records know (DIF-2).
    """
    sentences = [*_told(days, week), *_counted(days, week), *_priced(days, week), *held_visits(days), *compared(week), *held_week(week)]
    sentences += [*_deductions(week)]
    sentences += [Sentence(change, ("DIF-2",)) for change in changes]
    return [*sentences, *_receipt(week)]


def _told(days: Sequence[Row], week: Row) -> list[Sentence]:
    reported = [d for d in days if d["kind"] == "visit"]
    silent = [d for d in days if d["kind"] == "planned visit" and d["held"] is None]
    totals = {d["row"]: d for d in days if d["kind"] == "week total"}
    when = f"On {instant_text(week['last_submitted_at'])} you told us" if week["last_submitted_at"] else "You told us"
    sentences = []
    if reported:
        counts = Counter(d["outcome"] for d in reported)
        said = joined([f"{plural(n, 'visit')} {'was' if n == 1 else 'were'} {OUTCOME_WORDS[o]}" for o, n in counts.items()])
        sentences.append(Sentence(f"{when} that {said} in the week of {day_text(week['week'])}.", ("LIN-1",)))
    for total in totals.values():
        amount = minutes_text(total["delivered_minutes"]) if total["delivered_minutes"] is not None else f"{_quantity(total)} units"
        spread = "in proportion to the plan" if any(d["planned_minutes"] != 1 for d in days if d["kind"] == "week total") else "evenly"
        sentences.append(Sentence(f"{when} one total for the week: {amount}. It is spread over the line's days {spread}.", ("LIN-6",)))
    if silent:
        stand = "it stands" if len(silent) == 1 else "they stand"
        told = f"{plural(len(silent), 'planned visit')} nobody told us otherwise about, so {stand} as planned."
        sentences.append(Sentence(told, ("LIN-2",)))
    if week["basis"] == "actuals" and not reported and not totals:
        sentences.append(Sentence("No actuals have been submitted for this week, so nothing is owed yet.", ("LIN-1",)))
    return [*sentences, *_death(days, week)]


def _death(days: Sequence[Row], week: Row) -> list[Sentence]:
    """That the person died and what that ends, where it is what ended the line by this week."""
    died, end = week["date_of_death"], week["end_date"]
    if died is None or died > week["week"] + timedelta(days=6) or (end is not None and end <= died):
        return []
    if any(d["kind"] in ("one-off", "correction") for d in days):
        return []
    last = week["last_day"]
    until = (
        "that day is the line's last"
        if last <= died
        else f"the contract goes on for {plural((last - died).days, 'day')} after it, to {day_text(last)}"
    )
    return [Sentence(f"The person died on {day_text(died)}: {until}.", ("LIN-7",))]


def _quantity(row: Row) -> str:
    whole, rest = divmod(row["units_hundredths"] or 0, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)


def _counted(days: Sequence[Row], week: Row) -> list[Sentence]:
    visits = [d for d in days if d["kind"] in ("visit", "planned visit") and d["payable_minutes"]]
    sentences = []
    if visits:
        to = "to the nearest" if week["rounding_mode"] == "nearest" else f"{week['rounding_mode']} to"
        rounds = f"Your contract rounds each visit {to} {minutes_text(week['rounding_minutes'])}"
        rule = rounds if week["rounding_minutes"] else "Your contract pays to the minute"
        cap = ", and pays no visit for longer than planned" if week["cap_at_planned"] else ""
        sentences.append(Sentence(f"{rule}{cap}.", ("PRC-1",)))
        changed = [d for d in visits if d["delivered_minutes"] is not None and d["delivered_minutes"] != d["payable_minutes"]]
        sentences += [Sentence(_banded_text(d), ("PRC-1",)) for d in changed]
    for d in days:
        if d["kind"] == "visit" and d["outcome"] == "frustrated":
            reason = f" with the reason ‘{d['reason']}’" if d["reason"] else ""
            sentences.append(Sentence(f"The frustrated visit on {day_text(d['date'])}{reason} {_frustrated_text(d)}.", ("PRC-5",)))
    return sentences


def _frustrated_text(d: Row) -> str:
    most = d.get("max_days")
    if most is not None and d["day_away"] > most:
        count = f"it is on day {d['day_away']} since the first frustrated one, and the contract pays for at most {plural(most, 'day')}"
        return f"pays nothing: {count}"
    planned = minutes_text(d["planned_minutes"]) if d["planned_minutes"] is not None else "visit, whose length we do not know"
    return f"pays {percent_text(d['basis_points'])} of the planned {planned}"


def _banded_text(d: Row) -> str:
    start = f" at {clock_text(d['start_minute'])}" if d["start_minute"] is not None else ""
    planned = f", planned {d['planned_minutes']}" if d["planned_minutes"] is not None else ""
    given = f"{minutes_text(d['delivered_minutes'])} given{planned}"
    return f"{day_text(d['date'], weekday=True)}{start}: {given}, {d['payable_minutes']} paid."


def _priced(days: Sequence[Row], week: Row) -> list[Sentence]:
    counting = [d for d in days if d["held"] is None and int(d["exact_parts"]) > 0]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for d in counting:
        kind = "visit" if d["kind"] == "planned visit" else d["kind"]
        key = (kind, *(d[column] for column in PRICED_ALIKE))
        groups.setdefault(key, []).append(d)
    sentences = [Sentence(_sum_text(group), ("PRC-2", "RND-2")) for group in groups.values()]
    if week.get("last_day_unpaid"):
        sentences.append(Sentence(f"The last day, {day_text(week['last_day'])}, is not paid.", ("LIN-3",)))
    if week["gross_pence"] or counting:
        exact = exact_pounds(int(week["cost_parts"] or 0), week["split"] or 1)
        rounded = pounds(week["gross_pence"])
        each_visit = week["money_rounding"] == "visit" and any(d["kind"] in ("visit", "planned visit") for d in counting)
        how = "Each visit is rounded to the nearest penny" if each_visit else "The week is rounded to the nearest penny, once"
        if len(groups) > 1 or exact != rounded:
            sentences.append(Sentence(f"Together {exact}." if exact == rounded else f"Together {exact}. {how}: {rounded}.", ("RND-2",)))
    return sentences


def _since(d: Row) -> str:
    return f", in force from {day_text(d['rate_from'])}" if d["rate_from"] else ", this line's own rate"


def _sum_text(group: Sequence[Row]) -> str:
    d = group[0]
    split = max(g["split"] for g in group)
    total = exact_pounds(sum(int(g["exact_parts"]) * (split // g["split"]) for g in group), split)
    when = span_text(min(g["date"] for g in group), max(g["date"] for g in group))
    rate = f"{rate_text(d['rate_centipence'])} {UNIT_WORDS[d['unit']]}{_since(d)}"
    share = f" × {percent_text(d['basis_points'])}" if d["basis_points"] != 10_000 else ""
    if d["kind"] in ("one-off", "correction"):
        back = " is taken back" if d["kind"] == "correction" else ""
        return f"{_quantity(d)} × {rate_text(d['rate_centipence'])} on {when}{back}: {total}."
    if d["kind"] == "placement day":
        away = f", away ({d['absence_kind']}) and paid {percent_text(d['basis_points'])}" if d["absence_kind"] else ""
        return f"{when}: {plural(len(group), 'night' if d['unit'] == 'night' else 'day')} in the placement{away}, at {rate}: {total}."
    if d["kind"] == "quantity":
        return f"{when}: {plural(len(group), 'day')} of {_quantity(d)} a week (a seventh each day), at {rate}: {total}."
    if d["kind"] == "week total":
        return f"{when}: the total's part for {plural(len(group), 'day')}, at {rate}: {total}."
    carers = f" × {d['carers']} carers" if d["carers"] != 1 else ""
    visits = plural(len(group), "visit")
    if d["is_band"]:
        price = f"the flat price of {rate_text(d['rate_centipence'])}{_since(d)}"
        return f"{when}: {visits} at {price}{carers}{share}: {total}."
    if d["unit"] == "hour":
        minutes = sum(g["payable_minutes"] for g in group)
        sum_text = f"{minutes} ÷ 60 × {rate_text(d['rate_centipence'])}{carers}{share} = {total}"
        return f"{when}: {visits}, {minutes_text(minutes)}, at {rate}: {sum_text}."
    return f"{when}: {visits} at {rate}{carers}{share}: {total}."


def _deductions(week: Row) -> list[Sentence]:
    sentences = [_share_sentence(s) for s in week["shares"] or [] if s["settlement"] != "council" and s["amount_pence"]]
    if week["netted_pence"]:
        netted = pounds(week["netted_pence"])
        sentences.append(Sentence(f"You collect {netted} of the person's contribution, so we pay that much less.", ("CHG-4",)))
    if week["top_up_pence"]:
        sentences.append(Sentence(f"We add {pounds(week['top_up_pence'])} of top-up, which we collect for you.", ("CHG-6",)))
    return sentences


def _share_sentence(share: Row) -> Sentence:
    amount, funder = pounds(share["amount_pence"]), share["funder_id"]
    if share["settlement"] == "direct":
        return Sentence(f"{funder} pays you {amount} of this itself.", ("FND-3",))
    return Sentence(f"The council claims {amount} of it from {funder}; that does not change your payment.", ("FND-1", "FND-3"))


def _receipt(week: Row) -> list[Sentence]:
    if week["posted_pence"] is None:
        return [Sentence("Nothing is paid for this line and week.", ("DIF-1",))]
    sealed, posted = week["sealed_pence"], week["posted_pence"]
    difference = posted - sealed
    before = f"{pounds(sealed)} had been paid" if week["was_sealed"] else "Nothing had been paid"
    if difference == 0:
        return [Sentence(f"{before} for this line and week, and {pounds(posted)} is due, so there is nothing to post.", ("DIF-1",))]
    kind = "an adjustment" if week["was_sealed"] else "a regular payment"
    taken = " It is taken from your payment." if difference < 0 else ""
    sum_text = f"{pounds(posted)} − {pounds(sealed)} = {pounds(difference)}"
    return [Sentence(f"{before} for this line and week. {sum_text}, {kind}.{taken}", ("DIF-1",))]


def week_of(day: date, first_weekday: int) -> date:
    """The first day of the week that holds `day`; `first_weekday` 1 = Monday."""
    return day - timedelta(days=(day.isoweekday() - first_weekday) % 7)
