"""What may not be done with a care package: typed, safe to show, each with a code and a remedy."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NothingToAgree(Refusal):
    """The line does not wait for its provider's agreement."""

    code = "NOTHING-TO-AGREE"


class LineChanged(Refusal):
    """The line was changed since its page was opened."""

    code = "LINE-CHANGED"


class WhyNot(Refusal):
    """A line is not agreed without a reason."""

    code = "WHY-NOT"
