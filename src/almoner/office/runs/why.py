"""Why an amount is what it is, for the provider it is paid to: sentences, the days it was worked out from, and what was paid before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import accumulate
from typing import Any

from almoner.core.explain import Sentence, explain_week
from almoner.core.money import exact_pounds, rate_text
from almoner.office.accounts.readers import Reader
from almoner.office.care.queries import line_open_to
from almoner.office.runs.calendar import CalendarRule, Period
from almoner.office.runs.explanations import explain_receipt, nameless, without_names, workings_of
from almoner.office.runs.outlook import explained_week, outlook
from almoner.office.runs.payments import pay_dates, receipts_for
from almoner.office.runs.queries import receipt_numbered
from almoner.office.runs.shared_holds import own_words, people_shared_with

Row = dict[str, Any]


@dataclass(frozen=True)
class Posted:
    """One receipt of a line and week, with what had come to the provider of it when it was posted, itself included."""

    receipt: str
    kind: str
    amount_pence: int
    so_far_pence: int
    pay_date: date | None
    cause: str


@dataclass(frozen=True)
class Why:
    """An amount of one line and week. `receipt` is empty for one that is only expected, which then has a `period`."""

    line: Row
    week: date
    receipt: str
    amount_pence: int
    kind: str
    sentences: tuple[Sentence, ...]
    days: list[Row]
    posted: list[Posted]
    pay_date: date | None
    period: Period | None = None


def why_receipt(reader: Reader, receipt: str, at: datetime, rules: Sequence[CalendarRule] = ()) -> Why | None:
    """Why a sealed receipt of a line open to a reader is what it is; None when there is none."""
    run, _, number = receipt.partition(".")
    rows = receipt_numbered(run, int(number)).to_pylist() if number.isdecimal() and len(number) < 12 else []
    line = line_open_to(reader, rows[0]["line_id"], at) if rows and rows[0]["book"] == "payments" else None
    if line is None:
        return None
    explained = explain_receipt(receipt, names=False)
    row = explained.row
    posted = _posted(row["line_id"], row["week"], rules)
    days = [_day(day) for day in workings_of(row, "days")] if row["kind"] != "imported" else []
    told = own_words(explained.sentences, shared=line["person_id"] in people_shared_with(reader, at))
    pay_date = next((one.pay_date for one in posted if one.receipt == receipt), None)
    return Why(line, row["week"], receipt, row["amount_pence"], row["kind"], told, days, posted, pay_date)


def why_expected(reader: Reader, line_id: str, week: date, at: datetime, rules: Sequence[CalendarRule] = ()) -> Why | None:
    """Why a week of a line open to a reader is expected to bring what it does; None when it brings nothing."""
    line = line_open_to(reader, line_id, at)
    if line is None:
        return None
    for payment in outlook(reader.organisation_id, at=at, rules=rules).payments:
        receipts = [row for row in payment.receipts.to_pylist() if (row["line_id"], row["week"]) == (line_id, week)]
        if not receipts:
            continue
        row, workings = receipts[0], explained_week(payment, line, week, at).workings
        days, weeks = (
            [one for one in workings[name].to_pylist() if (one["line_id"], one["week"]) == (line_id, week)] for name in ("days", "weeks")
        )
        sentences = explain_week(days, nameless(weeks[0]), [] if row["kind"] == "regular" else [without_names(row["cause"])])
        told = own_words(sentences, shared=line["person_id"] in people_shared_with(reader, at))
        return Why(
            line, week, "", row["amount_pence"], row["kind"], told, [_day(day) for day in days], _posted(line_id, week, rules),
            payment.period.pay_date, payment.period,
        )  # fmt: skip
    return None


def _posted(line_id: str, week: date, rules: Sequence[CalendarRule]) -> list[Posted]:
    """Everything sealed of a line and week, in order, with a running total."""
    rows = [row for row in receipts_for([line_id], from_week=week).to_pylist() if row["week"] == week]
    days = pay_dates([row["run_id"] for row in rows], rules)
    totals = accumulate(row["amount_pence"] for row in rows)
    return [
        Posted(
            f"{row['run_id']}.{row['number']}",
            row["kind"],
            row["amount_pence"],
            total,
            days.get(row["run_id"]),
            without_names(row["cause"]),
        )
        for row, total in zip(rows, totals, strict=True)
    ]


def _day(day: Row) -> Row:
    """One row of the workings as it is read: minutes, rate and the exact amount in words."""
    start, rate = day["start_minute"], day["rate_centipence"]
    return {
        "date": day["date"], "start": time(start // 60 % 24, start % 60) if start is not None else None, "kind": day["kind"],
        "planned": day["planned_minutes"] if day["kind"] in ("visit", "planned visit") else None, "delivered": day["delivered_minutes"],
        "paid": day["payable_minutes"], "outcome": day["outcome"] or "", "rate": rate_text(rate) if rate else "",
        "unit": day["unit"] or "", "amount": exact_pounds(int(day["exact_parts"] or 0), day["split"] or 1), "held": day["held"] or "",
    }  # fmt: skip
