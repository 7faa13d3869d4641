"""What may not be changed."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NoSuchLine(Refusal):
    """No line has that id."""

    code = "NO-SUCH-LINE"


class NoSuchChange(Refusal):
    """No change order has that number."""

    code = "NO-SUCH-CHANGE"


class NothingChanges(Refusal):
    """What is asked for is so already."""

    code = "NOTHING-CHANGES"


class ChangeRefused(Refusal):
    """The change cannot be: a day is missing or impossible, or something begins later already."""

    code = "CHANGE"


class NotWaiting(Refusal):
    """The order was authorised or sent back already."""

    code = "NOT-WAITING"


class OwnChange(Refusal):
    """Whoever proposed a change does not authorise it."""

    code = "SAME-PERSON"


class OverTheLimit(Refusal):
    """Rates would change by more than the council's limit, and nobody said why."""

    code = "OVER-THE-LIMIT"


class LimitRefused(Refusal):
    """A limit that cannot be: no number, or from a day that is past."""

    code = "LIMIT"


class EffectMoved(Refusal):
    """What the change does in pounds is no longer what was shown."""

    code = "STALE"


class AccountRefused(Refusal):
    """Bank details that cannot be: misspelled, impossible, without evidence, or from a day that is not ahead."""

    code = "BANK-DETAILS"


class AccountsDiffer(Refusal):
    """What the verifier typed is not what was entered."""

    code = "ENTRIES-DIFFER"
