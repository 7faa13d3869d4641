"""What is claimed, month by month, as pages show it: the balance, the picture of it (chart F), and what a funder has to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from almoner.core.money import pounds
from almoner.office.claims.invoices import InvoiceShown, Ready, invoices_of, ready_for
from almoner.office.claims.paid import Standing, standings_of, unpaid_by_age
from almoner.office.claims.queries import Month, Row, book_of, months_of, open_disputes
from almoner.office.claims.receipts import Wanted, receipt_rows
from almoner.office.furniture.bars import Stack, stacks
from almoner.office.furniture.words import local
from almoner.office.parties.queries import funder_names
from almoner.office.runs.hold_rows import total_of

PARTS = ("Agreed", "Waiting", "Disputed under 30 days", "Disputed 30 to 60 days", "Disputed 61 to 90 days", "Disputed over 90 days")
MOST_MONTHS = 12
NEW_INVOICE = timedelta(days=31)


@dataclass(frozen=True)
class Picture:
    """Chart F: its finding as a title, the picture (None when there is too little of it), and its figures: month and pence by `PARTS`."""

    title: str
    picture: Any
    rows: list[tuple[str, list[int]]]


@dataclass(frozen=True)
class Home:
    """A funder's home. `waiting`: months with receipts to agree or dispute, the oldest first; `answered`: disputes the council answered;
    `invoices`: those of the last month."""

    months: list[Month]
    waiting: list[Month]
    answered: list[str]
    invoices: list[InvoiceShown]
    picture: Picture | None


def home_of(funder_id: str, at: datetime) -> Home:
    """What a funder's people have to do, and what is claimed of it."""
    months = months_by(funder_id, at)
    waiting = sorted((month for month in months if month.waiting), key=lambda month: month.month)
    new = [invoice for invoice in invoices_of(funder_id) if at - invoice.at <= NEW_INVOICE]
    answered = [row["receipt"] for row in open_disputes(funder_id) if row["is_answered"]]
    return Home(months, waiting, answered, new, picture_of(months))


def months_by(funder_id: str, at: datetime) -> list[Month]:
    """What is claimed of a funder month by month, the latest first, disputes as old as they are on that day."""
    return months_of(funder_id, local(at).date())


def usual_month(months: Sequence[Month]) -> date | None:
    """The month somebody probably wants to see: the oldest in which something waits, else the latest; None before any."""
    waiting = [month.month for month in months if month.waiting]
    return min(waiting) if waiting else max((month.month for month in months), default=None)


@dataclass(frozen=True)
class MonthShown:
    """One month of a funder for the council: what is claimed, what an invoice takes now, the invoices made for it, its receipts."""

    month: Month
    ready: Ready
    invoices: list[InvoiceShown]
    rows: list[Row]


def month_shown(funder_id: str, month: date, at: datetime, *, state: str = "") -> MonthShown | None:
    """One month of a funder, its receipts all or in one state; None when nothing is claimed for it."""
    book = book_of(funder_id)
    found = next((one for one in months_of(funder_id, local(at).date(), book=book) if one.month == month), None)
    if found is None:
        return None
    rows = receipt_rows(funder_id, Wanted(month, state=state), at, book=book)
    return MonthShown(found, ready_for(funder_id, month, book=book), invoices_of(funder_id, month=month), rows)


def register_of_claims(at: datetime) -> tuple[list[Row], Picture | None]:
    """Every funder's months, those with the oldest dispute first, then what waits, the latest month first; and all of them as a picture."""
    months, names = months_of("", local(at).date()), funder_names(at)
    unpaid = _unpaid_by_month(at)
    ordered = sorted(months, key=lambda one: (-(one.oldest_dispute if one.oldest_dispute is not None else -1), -one.month.toordinal()))
    rows = [
        {
            "order": number, "funder_id": one.funder_id, "funder": names.get(one.funder_id, one.funder_id), "month": f"{one.month:%B %Y}",
            "address_month": f"{one.month:%Y-%m}", "receipts": one.receipts, "agreed": one.agreed_pence, "disputed": one.disputed_pence,
            "waiting": one.waiting_pence, "ready": one.ready_pence, "invoiced": one.invoiced_pence, "to_60": one.to_60_pence,
            "to_90": one.to_90_pence, "over_90": one.over_90_pence, **_unpaid(unpaid.get((one.funder_id, one.month), ())),
            "is_open": bool(one.ready or one.disputed or one.unapproved or (one.funder_id, one.month) in unpaid),
        }
        for number, one in enumerate(ordered)
    ]  # fmt: skip
    return rows, picture_of(months)


def _unpaid_by_month(at: datetime) -> dict[tuple[str, date], list[Standing]]:
    """Invoices of which something is unpaid, by their funder and month."""
    found: dict[tuple[str, date], list[Standing]] = {}
    for one in standings_of(invoices_of(""), at):
        if one.unpaid_pence:
            found.setdefault((one.invoice.funder_id, one.invoice.month), []).append(one)
    return found


def _unpaid(standings: Sequence[Standing]) -> Row:
    """What a month's invoices are owed, in all and by their age."""
    aged = {words: pence for words, _, pence in unpaid_by_age(standings)}
    named = zip(("unpaid_under_30", "unpaid_60", "unpaid_90", "unpaid_older"), aged.values(), strict=True)
    return {"unpaid": total_of(aged.values()), **dict(named)}


def picture_of(months: Sequence[Month]) -> Picture | None:
    """The last twelve months, the latest first; None before anything is claimed."""
    latest = sorted({month.month for month in months}, reverse=True)[:MOST_MONTHS]
    rows = [(f"{month:%B %Y}", _parts([one for one in months if one.month == month])) for month in latest]
    if not rows:
        return None
    disputed = total_of(amount for _, parts in rows for amount in parts[2:])
    old = total_of(parts[-1] for _, parts in rows)
    title = f"{pounds(disputed)} is in dispute, {pounds(old)} of it for more than 90 days" if disputed else "Nothing is in dispute"
    return Picture(title, stacks(title, [Stack(name, parts, pounds(total_of(parts))) for name, parts in rows], PARTS), rows)


def _parts(months: Sequence[Month]) -> list[int]:
    return [
        total_of(getattr(one, name) for one in months)
        for name in ("agreed_pence", "waiting_pence", "under_30_pence", "to_60_pence", "to_90_pence", "over_90_pence")
    ]
