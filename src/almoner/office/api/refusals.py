"""What the API does not do: typed, safe to show, each with a code and a remedy."""

from __future__ import annotations

from collections.abc import Sequence

from almoner.office.api.reported import RowRejected
from almoner.office.journal.refusals import Refusal


class KeyUsed(Refusal):
    """An Idempotency-Key belongs to the body it first came with."""

    code = "KEY-USED"


class NothingReported(Refusal):
    """Not one visit that was sent may count."""

    code = "NOTHING-REPORTED"

    def __init__(self, message: str, remedy: str, rejected: Sequence[RowRejected]) -> None:
        super().__init__(message, remedy)
        self.rejected = tuple(rejected)


class AlreadySubmitted(Refusal):
    """A file with this content was submitted before, whatever its name was."""

    code = "ALREADY-SUBMITTED"
