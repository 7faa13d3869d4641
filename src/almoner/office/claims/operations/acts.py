"""Adding one act about claim receipts, with its files and its line in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from django.db import connection

from almoner.office.accounts.own_organisation import refuse_own
from almoner.office.accounts.roles import Side
from almoner.office.claims.models import ClaimAct, ClaimFile
from almoner.office.claims.queries import MOVES, Row
from almoner.office.claims.refusals import DisputeIncomplete
from almoner.office.enquiries.kinds import MOST_CHARACTERS
from almoner.office.furniture.attachments import Sent, checked_files
from almoner.office.journal.operations import write
from almoner.office.records.bulk import append_rows

CLAIMS_LOCK = 0x_A1_40_4E_52_23


@dataclass(frozen=True)
class Who:
    """Who acts: `side` is partner or council, `by` their email address, `name` as the other side reads it."""

    side: str
    by: str
    name: str


def one_at_a_time() -> None:
    """Two acts at once are put in order. SQLite's transactions are so from their beginning."""
    assert connection.in_atomic_block, "what is claimed is looked at and acted on in one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS_LOCK])


def add_act(
    *,
    act: str,
    journalled: str,
    rows: Sequence[Row],
    standing: str,
    who: Who,
    at: datetime,
    text: str = "",
    reason: str = "",
    disputed_pence: int | None = None,
    basis: str = "",
    files: Sequence[Sent] = (),
) -> int:
    """Write an act about receipts of one funder (rows of `queries.book_of`), and its line; returns its number.

    Must be called inside the transaction that is `one_at_a_time`. Raises AttachmentRefused, DisputeIncomplete, and
    OwnOrganisation for who acts for the council and works for the funder.
    """
    if who.side == Side.COUNCIL:
        refuse_own(who.by, [rows[0]["funder_id"]])
    _check_length(text)
    kept = [ClaimFile(**cells) for cells in checked_files(files)]
    last = ClaimAct.objects.order_by("-number").values_list("number", flat=True).first() or 0
    made = ClaimAct.objects.create(
        number=last + 1, funder_id=rows[0]["funder_id"], act=act, side=who.side, by=who.by, by_name=who.name, at=at, text=text.strip(),
        reason=reason, disputed_pence=disputed_pence, basis=basis, receipt_count=len(rows), file_count=len(kept),
    )  # fmt: skip
    told = {
        "act_id": [made.number] * len(rows), "place": list(range(1, len(rows) + 1)), "run_id": [row["run_id"] for row in rows],
        "receipt_number": [row["number"] for row in rows], "standing": [standing] * len(rows),
    }  # fmt: skip
    append_rows("almoner_claim_act_receipts", pa.table(told, schema=MOVES))
    for file in kept:
        file.act = made
    ClaimFile.objects.bulk_create(kept)
    write(
        act=journalled, by=who.by, at=at, subject=f"claims {made.number}",
        summary={"funder": made.funder_id, "receipts": len(rows), "first": rows[0]["receipt"], "files": len(kept)},
    )  # fmt: skip
    return int(made.number)


def _check_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise DisputeIncomplete(f"That is {len(text):,} characters.", f"Use {MOST_CHARACTERS:,} or fewer, or attach a file.")
