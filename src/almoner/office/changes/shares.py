"""A funder's share of a line from a day: another percentage or amount, a new share, or none any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from almoner.core.memory import in_memory
from almoner.office.care.terms import in_force
from almoner.office.changes.kinds import Change
from almoner.office.changes.proposal import ONE_DAY, WEEK, Proposed, Row, as_table, needed, rows_of
from almoner.office.changes.refusals import ChangeRefused, NothingChanges
from almoner.office.funding.percentages import shares_over_hundred
from almoner.office.furniture.words import day, percent_text, pounds
from almoner.office.parties.queries import funder_names

SETTLED = {"claim": "claimed by us", "direct": "paid direct to the provider"}


def another_share(change: Change, line: Row, at: datetime) -> Proposed:
    """The facts of a line's share that is another from a day on. Raises NothingChanges or ChangeRefused."""
    on, names = needed(change, "first day of the new share"), funder_names(at)
    known = rows_of("shares", change.line_id, at)
    order = change.share_order if change.share_order is not None else max((row["share_order"] for row in known), default=0) + 1
    series = [row for row in known if row["share_order"] == order]
    if change.share_order is not None and not series:
        raise ChangeRefused(f"The line has no share {order}.", "Choose one of its shares, or a new one.")
    standing = next(iter(in_force(series, on)), None)
    funder = change.funder_id if change.share_order is None else (standing or series[-1])["funder_id"]
    if funder not in names:
        raise ChangeRefused("The funder is missing.", "Choose who owes the share.")
    given = (change.amount_pence, None) if change.amount_pence is not None else (None, change.basis_points or 0)
    settlement = change.settlement or (standing or {}).get("settlement") or "claim"
    if standing is None and not any(given):
        raise NothingChanges("There is no such share on that day.", "Choose another day.")
    if standing and ((standing["amount_per_week"], standing["percent"]), standing["settlement"]) == (given, settlement):
        raise NothingChanges("That is the share then already.", "Choose another amount or day.")
    later = min((row["valid_from"] for row in series if row["valid_from"] > on), default=None)
    new = {
        "line_id": change.line_id, "share_order": order, "funder_id": funder, "amount_per_week": given[0], "percent": given[1],
        "settlement": settlement, "scheme": (standing or {}).get("scheme"), "valid_from": on,
        "valid_to": (standing or {}).get("valid_to") or (later - ONE_DAY if later else None),
    }  # fmt: skip
    ended = [{**standing, "valid_to": on - ONE_DAY}] if standing and standing["valid_from"] < on else []
    begun = [new] if any(given) or not ended else []
    _refuse_over_hundred([*ended, *begun], known)
    compared = ((f"Share {order}, from {day(on)}", share_text(standing, names), share_text(new, names)),)
    return Proposed((line["person_id"],), {"shares": as_table("shares", [*ended, *begun])}, on - WEEK, compared)


def share_text(row: Mapping[str, Any] | None, names: dict[str, str]) -> str:
    """`Northshire ICB: 50%, claimed by us`; `none` for a share of nothing."""
    if row is None or not (row["amount_per_week"] or row["percent"]):
        return "none"
    much = f"{pounds(row['amount_per_week'])} a week" if row["amount_per_week"] is not None else percent_text(row["percent"])
    return f"{names.get(row['funder_id'], row['funder_id'])}: {much}, {SETTLED[row['settlement']]}"


def shares_to_change(line_id: str, at: datetime) -> list[tuple[str, str]]:
    """The line's shares, the latest row of each, as (order, words)."""
    names = funder_names(at)
    latest = {row["share_order"]: row for row in sorted(rows_of("shares", line_id, at), key=lambda row: (row["valid_from"], row["row"]))}
    return [(str(order), f"{share_text(row, names)}, from {day(row['valid_from'])}") for order, row in sorted(latest.items())]


def _refuse_over_hundred(incoming: Sequence[Row], standing: Sequence[Row]) -> None:
    with in_memory() as memory:
        over = shares_over_hundred(memory, as_table("shares", incoming), as_table("shares", standing))
    if over:
        total = percent_text(over[0].total_basis_points)
        raise ChangeRefused(f"Funders would owe {total} of the line on {day(over[0].day)}.", "Lower the percentage, or end a share first.")
