"""What may not be done with a query."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NoSuchQuery(Refusal):
    """No query has that number."""

    code = "NO-SUCH-QUERY"


class QueryClosed(Refusal):
    """A closed query is opened again before it is answered."""

    code = "QUERY-CLOSED"


class NothingToAccept(Refusal):
    """This query asks a question; there is no fact in it to accept, or it was accepted already."""

    code = "NOTHING-TO-ACCEPT"


class EffectMoved(Refusal):
    """Accepting does something else by now than the page showed."""

    code = "STALE"


class TextMissing(Refusal):
    """Something must be said."""

    code = "TEXT-MISSING"


class DateMissing(Refusal):
    """What is told needs its dates, or they cannot be."""

    code = "DATE-MISSING"


class NotAResident(Refusal):
    """What is told of residents is told of those who are asked about, for the month that is asked about."""

    code = "NOT-A-RESIDENT"
