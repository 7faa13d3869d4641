"""Why a file cannot be written or read: a typed refusal with a sentence that is safe to show, a code and a remedy."""

from __future__ import annotations

from typing import ClassVar


class FormatRefusal(ValueError):
    """What may not be put in a file, or cannot be read from one. Each kind is a subclass with its own `code`."""

    code: ClassVar[str] = "FORMAT"

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}")

    def __reduce__(self) -> tuple[type[FormatRefusal], tuple[str, str]]:
        """Refusals cross the border of a worker process whole."""
        return (type(self), (self.message, self.remedy))
