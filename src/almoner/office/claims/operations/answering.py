"""Funders agree and dispute receipts; both sides speak; the council settles. Each is an act that is added, never a receipt changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from almoner.core.money import pounds
from almoner.office.claims.invoices import receipts_named
from almoner.office.claims.models import ClaimAct, ClaimActReceipt, ClaimFile
from almoner.office.claims.operations.acts import Who, add_act, one_at_a_time
from almoner.office.claims.queries import Row, book_of, claim_row, of_book
from almoner.office.claims.reasons import REASONS
from almoner.office.claims.refusals import (
    ClaimDisputed,
    ClaimInvoiced,
    ClaimNotDisputed,
    ClaimsMoved,
    DisputeIncomplete,
    NoSuchClaim,
    NotCorrected,
)
from almoner.office.furniture.attachments import Sent, brings_nothing_new, checked_files

STALE = "This changed while you were looking."
LOOK_AGAIN = "Check the new figures, then press again."
OUTCOMES = ("agreed", "corrected")
CHOSEN = """
SELECT book.*, coalesce(sum(amount_pence) OVER (), 0)::BIGINT AS total_pence FROM book
WHERE receipt IN (SELECT unnest(CAST(? AS VARCHAR[]))) ORDER BY week, line_id, run_id, number
"""


@dataclass(frozen=True)
class Agreed:
    """What an agreement came to: receipts, and their pence in all."""

    receipts: int
    pence: int


def agree_receipts(
    *,
    funder_id: str,
    receipts: Sequence[str],
    who: Who,
    at: datetime,
    basis: str = "",
    shown: Agreed | None = None,
    after_all: bool = False,
) -> Agreed:
    """Agree receipts by their ids; those agreed or invoiced already stay as they are.

    `shown`: what the page said they come to, and `basis` what names that page: agreed on the same basis before, it is that agreement.
    `after_all`: the page said that they are disputed, and their disputes end with it. Returns what was agreed by this press. Raises
    NoSuchClaim, or ClaimsMoved when they are not what was shown, or a colleague has disputed one since.
    """
    with transaction.atomic():
        one_at_a_time()
        if basis and (earlier := _agreed_on(funder_id, basis)):
            return earlier
        rows = of_book(book_of(funder_id), CHOSEN, [list(receipts)])
        if shown is not None and (shown.receipts != len(rows) or receipts_named(rows, funder_id) != basis):
            raise ClaimsMoved(STALE, LOOK_AGAIN)
        if len(rows) != len(set(receipts)) or not rows:
            raise NoSuchClaim("One of these receipts is not claimed of you.", "Look at the list of receipts.")
        if not after_all and any(row["state"] == "disputed" and not row["follows"] for row in rows):
            raise ClaimsMoved("One of these receipts is disputed by now.", "Look at why before you agree it.")
        chosen = [row for row in rows if row["state"] == "to_agree" or (row["state"] == "disputed" and not _stands_agreed(row))]
        if not chosen:
            return Agreed(0, 0)
        add_act(act="agreed", journalled="agree_claims", rows=chosen, standing="agreed", who=who, at=at, basis=basis)
    return _come_to(funder_id, chosen)


def dispute_receipt(
    *, funder_id: str, receipt: str, reason: str, disputed_pence: int, text: str, who: Who, at: datetime, files: Sequence[Sent] = ()
) -> None:
    """Dispute one receipt, or part of it: all of it stays out of invoices until it is settled.

    Raises NoSuchClaim, ClaimInvoiced, ClaimDisputed, DisputeIncomplete or AttachmentRefused. The same dispute again changes nothing.
    """
    with transaction.atomic():
        one_at_a_time()
        row = _there(funder_id, receipt)
        last = _last_said(row)
        if row["state"] == "disputed" and not row["follows"]:
            is_same = last and (last.act, last.by, last.reason, last.text) == ("disputed", who.by, reason, text.strip())
            if last and is_same and _files_kept(last, files):
                return
            raise ClaimDisputed(f"Receipt {receipt} is disputed already.", "Say more on its page.")
        if row["state"] == "invoiced":
            raise ClaimInvoiced(
                f"Receipt {receipt} is on invoice INV-{row['invoice_id']:06}.",
                "Ask the council about it: what is wrong is put right by a later receipt, on a later invoice.",
            )
        if row["follows"]:
            raise ClaimDisputed(f"Receipt {receipt} waits with {row['follows']}, which is disputed.", f"Say more on {row['follows']}.")
        _check_dispute(row, reason, disputed_pence, text)
        add_act(
            act="disputed", journalled="dispute_claim", rows=[row], standing="disputed", who=who, at=at, text=text, reason=reason,
            disputed_pence=disputed_pence, files=files,
        )  # fmt: skip


def reply_to_dispute(*, funder_id: str, receipt: str, text: str, who: Who, at: datetime, files: Sequence[Sent] = ()) -> None:
    """The funder says more about what it disputes. Raises NoSuchClaim, ClaimNotDisputed, DisputeIncomplete or AttachmentRefused."""
    _say("replied", "reply_claim", funder_id, receipt, text, who, at, files)


def answer_dispute(*, receipt: str, text: str, who: Who, at: datetime, files: Sequence[Sent] = ()) -> None:
    """The council answers what is disputed. Raises NoSuchClaim, ClaimNotDisputed, DisputeIncomplete or AttachmentRefused."""
    _say("answered", "answer_claim", "", receipt, text, who, at, files)


def settle_dispute(*, receipt: str, outcome: str, text: str, who: Who, at: datetime, files: Sequence[Sent] = ()) -> None:
    """The council records that a dispute is settled; the receipt joins the next invoice.

    `outcome`: `agreed` with the funder as it stands, or `corrected`, when a later receipt of the same line and week has put it right. A
    claim is not given up in any other way: nothing but facts moves money. Raises NoSuchClaim, ClaimNotDisputed, NotCorrected,
    DisputeIncomplete or AttachmentRefused. Settling it again changes nothing.
    """
    assert outcome in OUTCOMES, "the page offers these"
    with transaction.atomic():
        one_at_a_time()
        row = _there("", receipt)
        last = _last_said(row)
        if last and last.act == "settled" and row["state"] != "disputed":
            return
        _require_dispute(row)
        _require_words(text)
        if outcome == "corrected" and not _is_corrected(row):
            raise NotCorrected(
                "No later receipt of this line and week is sealed.",
                "Change the facts with a change order, and draft and seal the claims first.",
            )
        add_act(
            act="settled", journalled="settle_claim", rows=[row], standing="agreed", who=who, at=at, text=text, basis=outcome, files=files
        )


def _say(act: str, journalled: str, funder_id: str, receipt: str, text: str, who: Who, at: datetime, files: Sequence[Sent]) -> None:
    with transaction.atomic():
        one_at_a_time()
        row = _there(funder_id, receipt)
        _require_dispute(row)
        _require_words(text)
        last = _last_said(row)
        if last and (last.act, last.by, last.text) == (act, who.by, text.strip()) and _files_kept(last, files):
            return
        add_act(act=act, journalled=journalled, rows=[row], standing="", who=who, at=at, text=text, files=files)


def _there(funder_id: str, receipt: str) -> Row:
    row = claim_row(receipt, funder_id)
    if row is None:
        raise NoSuchClaim(f"There is no claim {receipt}.", "Look at the list of receipts.")
    return row


def _last_said(row: Row) -> ClaimAct | None:
    return ClaimAct.objects.filter(
        claimactreceipt__run_id=row["run_id"], claimactreceipt__receipt_number=row["number"]
    ).order_by("-number").first()  # fmt: skip


def _files_kept(last: ClaimAct, files: Sequence[Sent]) -> bool:
    """Whether what was said last came with these files: then it is a button pressed twice."""
    return brings_nothing_new(checked_files(files), ClaimFile.objects.filter(act=last).values_list("sha256", flat=True))


def _stands_agreed(row: Row) -> bool:
    """Whether a receipt that waits with a disputed one of its week was itself agreed."""
    return bool(row["follows"]) and row["act_id"] is not None


def _require_dispute(row: Row) -> None:
    if row["state"] != "disputed" or row["follows"]:
        raise ClaimNotDisputed(f"Receipt {row['receipt']} is not disputed.", "Look at where it stands.")


def _require_words(text: str) -> None:
    if not text.strip():
        raise DisputeIncomplete("Nothing was said.", "Say what you found, in words the other side can check.")


def _check_dispute(row: Row, reason: str, disputed_pence: int, text: str) -> None:
    if reason not in REASONS:
        raise DisputeIncomplete("The reason is missing.", "Choose why you dispute it.")
    if not 0 < disputed_pence <= abs(row["amount_pence"]):
        raise DisputeIncomplete(
            f"{pounds(disputed_pence)} is not a part of {pounds(row['amount_pence'])}.",
            f"Enter an amount up to {pounds(abs(row['amount_pence']))}.",
        )
    _require_words(text)


def _is_corrected(row: Row) -> bool:
    later = "SELECT 1 FROM book WHERE funder_id = ? AND line_id = ? AND week = ? AND run_id > ? LIMIT 1"
    return bool(of_book(book_of(row["funder_id"]), later, [row["funder_id"], row["line_id"], row["week"], row["run_id"]]))


def _agreed_on(funder_id: str, basis: str) -> Agreed | None:
    act = ClaimAct.objects.filter(funder_id=funder_id, act="agreed", basis=basis).first()
    if act is None:
        return None
    moved = ClaimActReceipt.objects.filter(act=act).values_list("run_id", "receipt_number")
    return _come_to(funder_id, [{"receipt": f"{run}.{number}"} for run, number in moved])


def _come_to(funder_id: str, rows: Sequence[Row]) -> Agreed:
    found = of_book(book_of(funder_id), CHOSEN, [[row["receipt"] for row in rows]])
    return Agreed(len(found), found[0]["total_pence"] if found else 0)
