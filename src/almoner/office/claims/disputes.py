"""Open disputes as both sides list them: what is disputed, why, how long, and who speaks next."""

from __future__ import annotations

from datetime import datetime

from almoner.office.claims.queries import Row, open_disputes
from almoner.office.claims.reasons import REASONS
from almoner.office.furniture.words import local, week_of
from almoner.office.parties.queries import funder_names


def dispute_rows(at: datetime, funder_id: str = "") -> list[Row]:
    """The open disputes of a funder, or of every one, the oldest first. `waits`: `council` or `funder`, who speaks next."""
    found = open_disputes(funder_id)
    names = funder_names(at) if found and not funder_id else {}
    return [
        {
            "receipt": row["receipt"], "line_id": row["line_id"], "called": row["called"], "week_words": week_of(row["week"]),
            "because": REASONS[row["reason"]], "disputed_pence": row["disputed_pence"], "amount_pence": row["amount_pence"],
            "since": local(row["since"]).date(), "waits": "funder" if row["is_answered"] else "council", "order": number,
            "funder": names.get(row["funder_id"], row["funder_id"]),
        }
        for number, row in enumerate(found)
    ]  # fmt: skip
