"""What may not be done with a run: typed, safe to show, each with a code and a remedy."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NoSuchRun(Refusal):
    """No draft or run has that id."""

    code = "NO-SUCH-RUN"


class NoSuchHold(Refusal):
    """No open hold has that id."""

    code = "NO-SUCH-HOLD"


class NoSuchReceipt(Refusal):
    """No sealed receipt has that id."""

    code = "NO-SUCH-RECEIPT"


class NoSuchLine(Refusal):
    """No line has that number."""

    code = "NO-SUCH-LINE"


class NotLookedAt(Refusal):
    """A run is sealed with receipts of its risk screen that nobody looked at, and no reason."""

    code = "NOT-LOOKED-AT"


class WrongState(Refusal):
    """The run is not in the state that this step begins from."""

    code = "STATE"


class DiscardSealed(Refusal):
    """A sealed run stands for ever."""

    code = "DISCARD-SEALED"


class SamePerson(Refusal):
    """Whoever sealed a run does not approve it."""

    code = "SAME-PERSON"


class Overlap(Refusal):
    """Another run has sealed a key that this draft would post."""

    code = "OVERLAP"


class DraftStale(Refusal):
    """A draft made by another version of the code or of the figures, or of tables that no longer read back as stored."""

    code = "DRAFT-STALE"


class BookBegun(Refusal):
    """What was paid before can be brought in only while its book has no run."""

    code = "BOOK-BEGUN"


class DaysNotKnown(Refusal):
    """A run or a preview through days whose bank holidays nobody knows."""

    code = "DAY-NOT-KNOWN"


class CycleOfCharges(Refusal):
    """Charges are billed to a person for a week, which has no contract and so no cycle."""

    code = "CYCLE"


class NotReleasable(Refusal):
    """A hold that only a mended fact ends."""

    code = "NOT-RELEASABLE"


class HoldChanged(Refusal):
    """A hold is no longer what the page showed."""

    code = "HOLD-CHANGED"


class OverLimit(Refusal):
    """More than this person may release of one hold."""

    code = "OVER-LIMIT"


class WaitsForAnother(Refusal):
    """A hold that somebody in another role decides."""

    code = "HOLD-ROLE"


class ReasonMissing(Refusal):
    """A decision without a reason."""

    code = "REASON"


class NotSettled(Refusal):
    """What the bank said does not fit what was paid."""

    code = "SETTLEMENT"


class OutOfOrder(Refusal):
    """A step dated before the last one in the chain."""

    code = "CLOCK"


class InvariantBroken(Exception):
    """We are wrong: nothing was sealed. Never caught by a page."""
