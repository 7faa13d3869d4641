"""LIN-3, LIN-4, LIN-7: what placements and one-offs earn, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.facts import Facts, Row, contract_term, days, died_on, latest, line_term, valid, week_of
from tests.oracle.rates import is_a_rate, prices_on, unbanded


def placement_last_day(facts: Facts, line: Row) -> date | None:
    """The line's end, or the day of death plus the days paid after it, whichever is first."""
    died = died_on(facts, line)
    if died is None:
        return line["end_date"]  # type: ignore[no-any-return]
    paid_after = contract_term(facts, facts.contract(line), "days_paid_after_death", died)
    last: date = died + timedelta(days=paid_after)
    if paid_after:
        facts.hit("LIN-7 days paid after death")
    return last if line["end_date"] is None else min(last, line["end_date"])


def paid_days(facts: Facts, line: Row) -> list[date]:
    """The days of a placement that count, up to `through`: the last one unless the contract or a nightly rate says not."""
    last = placement_last_day(facts, line)
    until = facts.through if last is None else min(last, facts.through)
    if until < line["start_date"]:
        return []
    counted = days(line["start_date"], until)
    if last is not None and counted[-1] == last and not _last_day_counts(facts, line, last):
        counted.pop()
    return counted


def _last_day_counts(facts: Facts, line: Row, last: date) -> bool:
    price = unbanded(prices_on(facts, line, last))
    if price is not None and price.unit == "night":
        facts.hit("LIN-3 the night after the last day")
        return False
    if not contract_term(facts, facts.contract(line), "pays_last_day", last):
        facts.hit("LIN-3 the last day is not paid")
        return False
    return True


def placement_day(facts: Facts, line: Row, day: date) -> tuple[Fraction, bool]:
    """(pence, whether there was a rate) of one paid day, absence policy applied."""
    percent = absence_percent(facts, line, day)
    if percent == 0:
        return Fraction(0), True
    price = unbanded(prices_on(facts, line, day))
    if price is None or not is_a_rate(price) or price.unit not in ("week", "day", "night"):
        return Fraction(0), False
    facts.hit(f"LIN-3 by the {price.unit}")
    return (price.rate / 7 if price.unit == "week" else price.rate) * percent, True


def absence_percent(facts: Facts, line: Row, day: date) -> Fraction:
    """LIN-3: the policy of the earliest absence that covers the day; no policy row is 100 %."""
    absences = [
        row
        for row in facts.of("absences", "person_id", line["person_id"])
        if row["first_day"] <= day and (row["last_day"] is None or day <= row["last_day"])
    ]
    if not absences:
        return Fraction(1)
    if len(absences) > 1:
        facts.hit("LIN-3 overlapping absences")
    absence = min(absences, key=lambda row: (row["first_day"], row["kind"]))
    number = (day - absence["first_day"]).days + 1
    rows = [
        row
        for row in facts.of("absence_policy", "contract_id", line["contract_id"])
        if row["kind"] == absence["kind"] and valid(row, day) and row["from_day"] <= number
    ]
    if not rows:
        return Fraction(1)
    facts.hit("LIN-3 absence policy")
    highest = max(row["from_day"] for row in rows)
    policy = latest([row for row in rows if row["from_day"] == highest])
    assert policy is not None
    return Fraction(policy["percent"], 10_000)


def one_off(facts: Facts, line: Row) -> tuple[date, Fraction, bool] | None:
    """LIN-4: (week, pence, whether there was a rate), or None when it earns nothing (yet)."""
    start = line["start_date"]
    if start > facts.through or (line["end_date"] is not None and line["end_date"] < start):
        return None
    price = unbanded(prices_on(facts, line, start))
    quantity = line_term(facts, line, "quantity_per_week", start)
    pence = Fraction(0) if price is None else price.rate * (Fraction(1) if quantity is None else Fraction(quantity, 100))
    died = died_on(facts, line)
    if pence >= 0 and died is not None and start > died:
        facts.hit("LIN-7 a one-off after the death")
        return None
    if pence < 0:
        facts.hit("RND-5 a negative one-off")
    facts.hit("LIN-4")
    return week_of(facts.contract(line), start), pence, price is not None
