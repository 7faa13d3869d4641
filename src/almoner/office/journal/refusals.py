"""What may not be done: the kind of all refusals, defined beside the operations that raise them."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Someone asked for what may not be done. `message` says what and why, `remedy` what to do instead."""

    code: ClassVar[str] = "REFUSED"

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}")


class ReasonForExport(Refusal):
    """The journal is exported without a reason."""

    code = "EXPORT-REASON"
