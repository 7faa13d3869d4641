"""Packages that a funder shares, without names: what they are, its share, and each change with before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from almoner.core.money import percent_text, pounds
from almoner.office.care.history import value_text
from almoner.office.claims.queries import Row, book_of, of_book
from almoner.office.claims.receipts import shown_rows
from almoner.office.furniture.words import day, local
from almoner.office.runs.claimed import in_week, package_changes, package_lines, scheme_of, share_in_words, shares_of

CLAIMED = """
SELECT line_id, any_value(called) AS called, sum(amount_pence)::BIGINT AS claimed_pence, max(week) AS last_week FROM book GROUP BY line_id
"""
OF_LINE = "SELECT * FROM book WHERE line_id = ? ORDER BY week DESC, run_id DESC, number DESC"


@dataclass(frozen=True)
class PackageShown:
    """One line as its funder reads it. `shares`: rows of words; `changes`: when, from when, what, before, after;
    `receipts`: latest first."""

    row: Row
    shares: list[Row]
    changes: list[Row]
    receipts: list[Row]


def package_rows(funder_id: str, at: datetime) -> list[Row]:
    """The lines of which something is claimed of a funder, those in service first."""
    claimed = {row["line_id"]: row for row in of_book(book_of(funder_id), CLAIMED)}
    shares = shares_of(claimed, funder_id, at)
    lines = package_lines(sorted(claimed), at)
    today = local(at).date()
    rows = [_row(line, claimed[line["line_id"]], shares[line["line_id"]], today) for line in lines]
    return sorted(rows, key=lambda row: (row["end_date"] is not None and row["end_date"] < today, row["line_id"]))


def package_shown(funder_id: str, line_id: str, at: datetime) -> PackageShown | None:
    """One line; None when nothing of it is claimed of this funder."""
    book = book_of(funder_id)
    found = of_book(book, OF_LINE, [line_id])
    lines = package_lines([line_id], at) if found else []
    if not lines:
        return None
    claimed = of_book(book, f"SELECT * FROM ({CLAIMED}) WHERE line_id = ?", [line_id])[0]
    held = shares_of([line_id], funder_id, at)
    shares = held[line_id]
    row = _row(lines[0], claimed, shares, local(at).date())
    told = [
        {"words": share_in_words([one]), "scheme": one["scheme"] or "", "from": one["valid_from"], "to": one["valid_to"]} for one in shares
    ]
    return PackageShown(row, told, _changes(line_id, funder_id, at), shown_rows(found, funder_id, at, shares=held))


def _row(line: Row, claimed: Row, shares: Sequence[Row], today: date) -> Row:
    held_on = max(line["start_date"], min(today, line["end_date"] or today))
    now = in_week(shares, held_on, held_on)
    return {
        "line_id": line["line_id"], "called": claimed["called"], "service": line["service_type"] or "",
        "start_date": line["start_date"], "end_date": line["end_date"], "scheme": scheme_of(now), "share": share_in_words(now),
        "claimed_pence": claimed["claimed_pence"], "last_week": claimed["last_week"],
    }  # fmt: skip


def _changes(line_id: str, funder_id: str, at: datetime) -> list[Row]:
    """Every version of the line and of the funder's share, against the one before; the latest first."""
    rows = []
    for table, before, after in package_changes(line_id, funder_id, at):
        told = LINE if table == "lines" else SHARE
        changed = [name for name in told if before is None or before[name] != after[name]]
        if before is not None and not changed and not after["withdrawn"]:
            continue
        rows.append(
            {
                "known": after["recorded_at"], "from": after.get("valid_from") or after.get("start_date"),
                "what": "Your share" if table == "shares" else "The line",
                "before": "none" if before is None or before["withdrawn"] else _said(before, changed or told),
                "after": "taken back" if after["withdrawn"] else _said(after, changed or told),
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: row["known"], reverse=True)


LINE = ("start_date", "end_date", "quantity_per_week")
SHARE = ("amount_per_week", "percent", "scheme", "settlement", "valid_from", "valid_to")
SETTLED = {"claim": "claimed by the council", "direct": "paid to the provider by you"}
DAYS = {"start_date": "first day", "end_date": "last day", "valid_from": "from", "valid_to": "until"}


def _said(version: Row, names: Sequence[str]) -> str:
    return "; ".join(part for part in (_one(name, version[name]) for name in names) if part) or "none"


def _one(name: str, value: Any) -> str:
    if name in DAYS:
        return f"{DAYS[name]} {day(value)}" if value else ""
    if value is None or value == "":
        return ""
    match name:
        case "amount_per_week":
            return f"{pounds(value)} a week"
        case "percent":
            return f"{percent_text(value)} of the cost"
        case "settlement":
            return SETTLED[value]
    return value_text(name, value)
